"""Changing: put right what is known of an account itself; its number and its currency stay for good."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from domain.accounts import checking, queries, searching
from domain.accounts.model import LegalForm
from domain.accounts.opening import LONGEST_TERMS
from domain.audit.recording import record
from domain.shared.actor import Actor
from domain.shared.errors import N_, Conflict, Invalid

LONGEST_ADDRESS = 1_000
FIELD_NAMES = {
    "name": N_("name"),
    "legal_form": N_("legal form"),
    "email": N_("email"),
    "phone": N_("phone"),
    "address": N_("address"),
    "country": N_("country"),
    "language": N_("language"),
    "time_zone": N_("time zone"),
    "terms_days": N_("days to pay"),
}
"""What can be changed, and what each is called within a sentence."""


def change(
    session: Session, account_id: int, wanted: Mapping[str, str], seen: Mapping[str, str], *, actor: Actor
) -> list[str]:
    """Let these fields of an account be what was typed, and return those that are other than before.

    `seen` is what each field was when it was shown, as `as_typed` writes it. Raises NotFound, Invalid beside a field,
    and Conflict where somebody has changed one of them since.
    """
    account = queries.lock(session, account_id)
    values = {name: CHECKS[name](typed) for name, typed in wanted.items()}
    before = {name: getattr(account, name) for name in values}
    changed = [name for name, value in values.items() if before[name] != value]
    for name in changed:
        if seen.get(name, "").split() != as_typed(before[name]).split():
            raise Conflict(
                N_("Somebody has changed this meanwhile: it is “{now}” now. Save again to replace it."),
                field=name,
                now=as_typed(before[name]),
            )
    if not changed:
        return []
    for name in changed:
        setattr(account, name, values[name])
    searching.refresh(session, account_id)
    record(
        session,
        "account.changed",
        actor=actor,
        subject=("account", account_id),
        account_id=account_id,
        before={name: before[name] for name in changed},
        after={name: values[name] for name in changed},
    )
    return changed


def as_typed(value: object) -> str:
    """A value of an account as its field shows it."""
    return "" if value is None else str(value)


def _legal_form(typed: str) -> LegalForm:
    if typed not in set(LegalForm):
        raise Invalid(N_("Choose one of these."), field="legal_form")
    return LegalForm(typed)


def _address(typed: str) -> str | None:
    words = "\n".join(line.strip() for line in typed.replace("\r\n", "\n").strip().split("\n"))
    if len(words) > LONGEST_ADDRESS:
        raise Invalid(N_("This may have {length} characters at most."), field="address", length=LONGEST_ADDRESS)
    return words or None


def _terms(typed: str) -> int:
    given = typed.strip()
    if not (given.isascii() and given.isdigit() and len(given) <= 3 and int(given) <= LONGEST_TERMS):
        raise Invalid(N_("Terms are between 0 and {longest} days."), field="terms_days", longest=LONGEST_TERMS)
    return int(given)


CHECKS: Mapping[str, Callable[[str], object]] = {
    "name": lambda typed: checking.text(typed, field="name", length=200),
    "legal_form": _legal_form,
    "email": lambda typed: checking.email_address(typed) if typed.strip() else None,
    "phone": lambda typed: checking.optional_text(typed, field="phone", length=40),
    "address": _address,
    "country": lambda typed: checking.country(typed) if typed.strip() else None,
    "language": checking.language,
    "time_zone": lambda typed: checking.time_zone(typed.strip()),
    "terms_days": _terms,
}
"""What is kept of what was typed into each field; Invalid where nothing can be."""
