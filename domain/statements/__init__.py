"""Statements: an account's movements over a period."""
