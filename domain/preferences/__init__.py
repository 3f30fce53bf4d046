"""Preferences: what the business decides about itself on the screen: its name and looks, its days, its papers."""
