"""Refunds: money that goes back to whoever paid, and from what it is taken."""
