"""Contested: what we hold against a chargeback, put together as an answer, and what becomes of a debt that is lost."""
