"""Provider: the port to whoever knows how creditworthy a customer is, and the ways in which they may not say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol, runtime_checkable

from domain.shared.money import Money


@dataclass(frozen=True, slots=True)
class CheckSubject:
    """Whom we ask about; numbers and country are None where we do not know them."""

    account_number: str
    name: str
    legal_form: str
    currency: str
    country: str | None = None
    company_number: str | None = None
    tax_number: str | None = None


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What they said: a score from 0 (worst) to 100, a limit they recommend, a rating in words, and the raw answer.

    `expires_on` is the last day on which they stand by it; None leaves that to us.
    """

    score: int | None
    limit: Money | None
    rating: str | None
    as_of: date
    expires_on: date | None
    raw: bytes = b""
    media_type: str = ""


class CheckUnavailable(Exception):
    """They could not be asked just now: another try may help."""


class CheckRefused(Exception):
    """They did not let us ask, or what came is not to be believed: somebody has to look at the settings."""


@runtime_checkable
class CreditChecks(Protocol):
    """Somebody who can be asked about a customer."""

    @property
    def name(self) -> str:
        """What the provider is called, for people."""
        ...

    def look_up(self, subject: CheckSubject) -> CheckResult | None:
        """What they know; None where they know nobody of that kind. Raises CheckUnavailable, CheckRefused."""
        ...
