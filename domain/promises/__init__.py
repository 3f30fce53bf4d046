"""Promises: a day and an amount that a customer has named, and whether they kept their word."""
