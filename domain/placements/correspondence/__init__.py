"""Correspondence: what a partner tells us of a placement, and the files that it sends."""
