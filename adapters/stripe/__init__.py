"""Stripe: the gateway that speaks to it, and a simulator that speaks like it."""
