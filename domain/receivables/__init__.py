"""Receivables: what is owed, what settles it, and how much is still open."""
