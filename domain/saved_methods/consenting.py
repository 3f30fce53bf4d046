"""Consenting: the words under which a method is kept, each version for good, and who agreed to them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.saved_methods.model import MethodConsent
from domain.shared.db.session import now
from domain.shared.errors import N_

CONSENT_TEXTS = {
    "2026-11": N_(
        "Keep this card or bank account with the payment service, to pay with it when I say so on this site, or "
        "automatically where I have agreed to that. I can remove it at any time."
    ),
}
"""Every version of the words that anybody has agreed to; a version is never changed, a new one is added."""
CURRENT_VERSION = "2026-11"
LONGEST_AGENT = 300


@dataclass(frozen=True, slots=True)
class Agreement:
    """Somebody ticked the box: the language in which they read the words, and from where."""

    language: str
    address: str | None
    user_agent: str | None


def source_of_payment(public_id: str) -> str:
    """The source of a consent that was given with a payment."""
    return f"payment:{public_id}"


def source_of_setup(public_id: str) -> str:
    """The source of a consent that was given by itself."""
    return f"setup:{public_id}"


def agree(session: Session, account_id: int, login_id: int, agreement: Agreement, *, source: str) -> MethodConsent:
    """Write down that this login agrees to today's words."""
    consent = MethodConsent(
        account_id=account_id,
        login_id=login_id,
        source=source,
        text_version=CURRENT_VERSION,
        language=agreement.language,
        given_at=now(session),
        address=agreement.address,
        user_agent=agreement.user_agent[:LONGEST_AGENT] if agreement.user_agent else None,
    )
    session.add(consent)
    session.flush()
    return consent


def consent_for(session: Session, source: str) -> MethodConsent | None:
    """The consent that was given there, if it was."""
    return session.scalars(select(MethodConsent).where(MethodConsent.source == source)).one_or_none()
