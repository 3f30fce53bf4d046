"""Collecting: due amounts that are taken from a saved method by themselves, as somebody agreed."""
