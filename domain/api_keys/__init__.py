"""API keys: what other systems show when they ask us, made by staff, shown once, and taken back."""
