"""Identity: the port to the house's own identity provider (OpenID Connect), where staff may sign in instead."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is there: its issuer and their subject; and whether they proved themselves by several factors."""

    issuer: str
    subject: str
    is_multi_factor: bool


class IdentityUnreachable(Exception):
    """The provider gave no answer that can be read; it may a little later."""


class IdentityRefused(Exception):
    """What came back does not prove anybody: refused there, or not signed, meant or timed as it must be."""


class IdentityProvider(Protocol):
    """The provider; both calls go over the network, so never inside a transaction."""

    @property
    def name(self) -> str:
        """What people call it."""

    @property
    def issuer(self) -> str:
        """Its own address, which every proof names."""

    def way_there(self, *, state: str, nonce: str, verifier: str) -> str:
        """Where the browser is sent to; IdentityUnreachable where nobody knows."""

    def who(self, *, code: str, nonce: str, verifier: str) -> Identity:
        """Who came back with this code.

        Raises IdentityRefused where it proves nobody, IdentityUnreachable where the provider does not answer.
        """
