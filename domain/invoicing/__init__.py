"""Invoicing: issuing, voiding, credit notes and their numbers."""
