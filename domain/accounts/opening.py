"""Opening: a new account, with its stream in the ledger."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts import checking
from domain.accounts.model import ACCOUNTS, Account, LegalForm
from domain.audit.recording import record
from domain.ledger.streams import open_account_stream
from domain.shared.actor import Actor
from domain.shared.db.inserting import insert_if_new
from domain.shared.db.session import business, now
from domain.shared.errors import N_, Conflict, Invalid

LONGEST_TERMS = 365
"""Days after the invoice's date; nobody grants more."""


def open_account(
    session: Session,
    *,
    number: str,
    name: str,
    currency: str,
    legal_form: LegalForm = LegalForm.UNKNOWN,
    language: str | None = None,
    time_zone: str | None = None,
    country: str | None = None,
    email: str | None = None,
    phone: str | None = None,
    address: str | None = None,
    terms_days: int = 30,
    actor: Actor,
) -> Account:
    """Open an account in `currency` for good; language and time zone are the business's where none are given.

    Raises Invalid with the field that cannot be used, Conflict where the number is taken.
    """
    if not 0 <= terms_days <= LONGEST_TERMS:
        raise Invalid(N_("Terms are between 0 and {longest} days."), field="terms_days", longest=LONGEST_TERMS)
    ours = business(session)
    values = {
        "number": checking.text(number, field="number", length=64),
        "name": checking.text(name, field="name", length=200),
        "legal_form": legal_form,
        "currency": checking.currency(currency),
        "language": checking.language(language or ours.language),
        "time_zone": checking.time_zone(time_zone or ours.time_zone),
        "country": checking.country(country) if country else None,
        "email": checking.email_address(email) if email else None,
        "phone": checking.optional_text(phone, field="phone", length=40),
        "address": address.strip() or None if address else None,
        "terms_days": terms_days,
    }
    account_id = insert_if_new(session, ACCOUNTS, ("number",), {**values, "created_at": now(session)})
    if account_id is None:
        raise Conflict(N_("There is an account {number} already."), field="number", number=values["number"])
    open_account_stream(session, account_id, currency)
    record(session, "account.opened", actor=actor, subject=("account", account_id), account_id=account_id, after=values)
    return session.get_one(Account, account_id)
