"""Legal cases: what is before a court, what it decided, and how that is enforced."""
