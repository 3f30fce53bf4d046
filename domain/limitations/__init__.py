"""Limitations: how long a debt can be enforced, by whose law, and what starts the time anew."""
