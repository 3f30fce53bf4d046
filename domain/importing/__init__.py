"""Importing: load a file of receivables from another system, all or nothing, and take it back again."""
