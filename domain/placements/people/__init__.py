"""People: who signs in for a partner, and what was agreed with it on paper."""
