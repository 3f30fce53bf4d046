"""Settlements: less than the balance in full discharge, offered, accepted, paid and confirmed by the quittance."""
