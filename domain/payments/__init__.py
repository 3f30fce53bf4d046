"""Payments: one receipt of money for one account, from the first click to the processor's word."""
