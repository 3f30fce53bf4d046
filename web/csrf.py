"""CSRF: forms carry a token that only this site, for this session, can have made, and that a cookie repeats.

A signed double submit: the cookie and the form must agree, and the signature binds both to the session, so that a
token planted by somebody else is worth nothing. It needs no script: the form field is enough; htmx sends a header.
"""

import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256
from hmac import compare_digest, digest
from typing import Final

FIELD: Final = "csrf_token"
"""The hidden field of every form."""
HEADER: Final = b"x-csrf-token"
"""The header in which htmx sends the same."""


class CsrfRefused(Exception):
    """The form did not come from a page of ours, or from one of an earlier session."""


class TokenMaker:
    """Makes and recognises the tokens of one site."""

    def __init__(self, site: str, secret: bytes) -> None:
        self._key = digest(secret, f"csrf:{site}".encode(), sha256)

    def make(self, session: str) -> str:
        """A new token for a session (empty for somebody who is not signed in)."""
        nonce = secrets.token_urlsafe(18)
        return f"{nonce}.{self._seal(nonce, session)}"

    def holds(self, token: str, session: str) -> bool:
        """Whether we made this token, for this session."""
        nonce, _, seal = token.partition(".")
        return bool(nonce) and compare_digest(seal.encode(), self._seal(nonce, session).encode())

    def agrees(self, submitted: str, kept: str, session: str) -> bool:
        """Whether the token of a form is the cookie's, and ours."""
        return compare_digest(submitted.encode(), kept.encode()) and self.holds(kept, session)

    def _seal(self, nonce: str, session: str) -> str:
        mac = digest(self._key, f"{nonce}|{session}".encode(), sha256)
        return urlsafe_b64encode(mac).rstrip(b"=").decode()
