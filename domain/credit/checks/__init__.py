"""Checks: recorded looks at creditworthiness, by hand or by an agency, each with the day on which it expires."""
