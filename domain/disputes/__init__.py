"""Disputes: what a customer contests of an invoice, with us; heard, decided, and never chased meanwhile."""
