"""Disputes: what of them crosses packages."""
