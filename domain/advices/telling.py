"""Telling: a payer says what a transfer is for, takes that back, or the transfer comes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.advices.model import RemittanceAdvice, RemittanceAdviceLine
from domain.advices.queries import open_advices
from domain.audit import recording as audit
from domain.receivables import queries as receivables
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid, NotFound
from domain.shared.money import Money

LATEST = timedelta(days=60)
"""So far ahead a transfer can be announced."""


def check_advice(
    session: Session, account_id: int, currency: str, wanted: Mapping[int, Money], expected_on: date
) -> Money:
    """What the transfer comes to; Invalid, beside its field, for what cannot be meant, NotFound for another's."""
    if not wanted:
        raise Invalid(N_("Enter an amount for at least one invoice."), field="invoice")
    day = today(session)
    if not day - LATEST <= expected_on <= day + LATEST:
        between = {"first": day - LATEST, "last": day + LATEST}
        raise Invalid(N_("Enter a day from {first} to {last}."), field="expected_on", **between)
    for row in receivables.invoices(session, account_id, wanted):
        still_open = Money(row.open_minor, row.currency)
        if not Money.zero(currency) < wanted[row.id] <= still_open:
            raise Invalid(
                N_("Only {open} is open on invoice {number}. Enter that or less."),
                field=f"amount-{row.id}",
                open=still_open,
                number=row.number,
            )
    return Money.sum(wanted.values(), currency)


def tell(
    session: Session,
    account_id: int,
    wanted: Mapping[int, Money],
    *,
    expected_on: date,
    actor: Actor,
    login_id: int | None = None,
    document_id: int | None = None,
) -> RemittanceAdvice:
    """Keep what a payer says of a transfer; Conflict where the very same is expected already."""
    account = accounts.lock(session, account_id)
    total = check_advice(session, account_id, account.currency, wanted, expected_on)
    if any(dict(one.lines) == dict(wanted) for one in open_advices(session, account_id)):
        raise Conflict(N_("We know of this transfer already."))
    advice = RemittanceAdvice(
        account_id=account_id,
        login_id=login_id,
        document_id=document_id,
        currency=account.currency,
        total_minor=total.minor,
        expected_on=expected_on,
        told_at=now(session),
    )
    session.add(advice)
    session.flush()
    session.add_all(
        RemittanceAdviceLine(advice_id=advice.id, invoice_id=invoice_id, amount_minor=amount.minor)
        for invoice_id, amount in wanted.items()
    )
    session.flush()
    _record(session, "advice.told", advice, actor)
    return advice


def take_back(session: Session, account_id: int, advice_id: int, *, actor: Actor) -> None:
    """The transfer is not coming after all; NotFound for another account's, Conflict where it is closed."""
    accounts.lock(session, account_id)
    advice = session.get(RemittanceAdvice, advice_id, populate_existing=True)
    if advice is None or advice.account_id != account_id:
        raise NotFound
    if advice.closed_at is not None:
        raise Conflict(N_("We no longer wait for this transfer."))
    advice.closed_at = now(session)
    _record(session, "advice.taken_back", advice, actor)


def came(session: Session, account_id: int, wanted: Mapping[int, Money], payment_id: str) -> None:
    """A receipt for just what an advice says has come, under the account's lock: nobody waits for it any more."""
    for one in open_advices(session, account_id):
        if dict(one.lines) == dict(wanted):
            advice = session.get_one(RemittanceAdvice, one.id)
            advice.closed_at, advice.payment_id = now(session), payment_id
            return


def went_again(session: Session, payment_id: str) -> None:
    """The receipt that had come for an advice was booked by mistake: the transfer is still waited for."""
    undone = update(RemittanceAdvice).where(RemittanceAdvice.payment_id == payment_id)
    session.execute(undone.values(closed_at=None, payment_id=None))


def _record(session: Session, act: str, advice: RemittanceAdvice, actor: Actor) -> None:
    session.flush()
    audit.record(
        session,
        act,
        actor=actor,
        subject=("remittance_advice", advice.id),
        account_id=advice.account_id,
        after={"amount": advice.total, "expected_on": advice.expected_on},
    )
