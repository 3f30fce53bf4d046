"""Outbox: what has to be done once a transaction has committed."""
