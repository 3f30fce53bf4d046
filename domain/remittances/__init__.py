"""Remittances: what partners collect for us, what they take for it, and what they pay over."""
