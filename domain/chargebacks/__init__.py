"""Chargebacks: money that the card network takes back, by when we may answer, and how it ends."""
