"""Incoming: what customers, mail servers and carriers tell us, and whose it is."""
