"""Codes: the time-based six digits of a staff member's phone (TOTP, RFC 6238)."""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp

SECONDS = 30
DRIFT = 1
"""So many steps before and after the present one are taken too: phones are a little fast or slow."""


def new_secret() -> str:
    """160 random bits in base 32, to be shown once and typed or scanned."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, *, email: str, issuer: str) -> str:
    """The `otpauth:` address that an authenticator reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def code_at(secret: str, at: datetime) -> str:
    """The six digits that the phone shows at this instant."""
    return pyotp.TOTP(secret).at(at)


def step_of(secret: str, code: str, *, at: datetime, after: int) -> int | None:
    """The step whose code this is, or None; a step not later than `after`, the last one used, is never taken again."""
    typed = "".join(code.split()).encode()
    present = int(at.timestamp()) // SECONDS
    totp = pyotp.TOTP(secret)
    matches = [
        step
        for step in range(present - DRIFT, present + DRIFT + 1)
        if hmac.compare_digest(totp.generate_otp(step).encode(), typed) and step > after
    ]
    return matches[-1] if matches else None
