"""Reach: at which addresses and hours somebody may be contacted, and what became known of an address."""
