"""Placements: debts that are handed to an agency or an attorney, by criteria, with the whole file, and watched."""
