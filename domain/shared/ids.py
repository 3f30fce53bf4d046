"""Public ids: time-ordered, unguessable names for what leaves the house, such as payments in Stripe's metadata."""

import secrets
from datetime import datetime

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32 in lower case: no letter that is taken for a digit."""


def new_public_id(now: datetime) -> str:
    """26 characters: 48 bits of milliseconds, then 80 random bits, so that ids sort by the time they were made."""
    value = int(now.timestamp() * 1000) << 80 | secrets.randbits(80)
    return "".join(ALPHABET[value >> shift & 31] for shift in range(125, -1, -5))
