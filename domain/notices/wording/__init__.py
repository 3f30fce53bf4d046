"""Wording: what notices say: built-in texts, those that staff have changed, and how they are filled."""
