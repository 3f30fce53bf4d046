"""Mapping: Stripe's objects as the port's snapshots. Pure."""
