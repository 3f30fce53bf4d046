"""Tokens: secrets that somebody carries around, of which we keep no more than a hash."""

import secrets
from hashlib import sha256


def new_token() -> str:
    """256 random bits as text that fits a URL and a cookie."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """SHA-256 in hexadecimal: enough for a secret that nobody can guess."""
    return sha256(token.encode()).hexdigest()
