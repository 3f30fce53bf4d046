"""Stops: the one register of what holds chasing, interest, collection, handoff or credit."""
