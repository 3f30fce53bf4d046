"""Notices: every message to a customer that we decided on: what it said, to whom, when, and what became of it."""
