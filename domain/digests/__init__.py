"""Digests: what waits for somebody of staff, told to them by mail each working morning, if they want it."""
