"""Policies: the terms that a business writes down, publishes, has accepted, and then applies to the letter."""
