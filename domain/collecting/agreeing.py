"""Agreeing: the words under which an account is paid automatically, each version for good, and who agreed to them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.collecting.model import AutopayConsent
from domain.collecting.rules import Rules
from domain.saved_methods.consenting import LONGEST_AGENT, Agreement
from domain.saved_methods.model import SavedMethod
from domain.shared.db.session import now
from domain.shared.errors import N_
from domain.shared.words import Words

CONSENT_TEXTS = {
    "2026-11": N_(
        "On the day that each invoice of this account is due, take what is then open on it from {label}. I am told by "
        "email at least {days} days before, with the amount and the day, and never more than that is taken. If the "
        "bank says no, it may be tried again on later days. I can turn this off at any time."
    ),
}
"""Every version of the words that anybody has agreed to; a version is never changed, a new one is added."""
CURRENT_VERSION = "2026-11"


def consent_words(method: SavedMethod, rules: Rules, version: str = CURRENT_VERSION) -> Words:
    """What somebody agrees to who turns automatic payment on with this method."""
    return Words.of(CONSENT_TEXTS[version], label=method.label, days=rules.lead_days[method.kind])


def agree(session: Session, method: SavedMethod, login_id: int, agreement: Agreement, rules: Rules) -> AutopayConsent:
    """Write down that this login agrees to today's words."""
    consent = AutopayConsent(
        account_id=method.account_id,
        login_id=login_id,
        saved_method_id=method.id,
        text_version=CURRENT_VERSION,
        rules_version=rules.version,
        language=agreement.language,
        given_at=now(session),
        address=agreement.address,
        user_agent=agreement.user_agent[:LONGEST_AGENT] if agreement.user_agent else None,
    )
    session.add(consent)
    session.flush()
    return consent
