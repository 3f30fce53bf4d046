"""Dividends: what a proceeding declares on our claim, checked against what was admitted of it, and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.insolvencies import queries
from domain.insolvencies.details import SUBJECT, check_open
from domain.insolvencies.model import Dividend
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.money import Money, half_even

MILLION = 1_000_000
HUNDREDTH = MILLION // 100
"""One per cent, or one penny in the pound, in millionths."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What was declared: so many hundredths of what was admitted (pence in the pound), an amount, or both."""

    declared_on: date
    hundredths: Decimal | None = None
    amount: Money | None = None


def would_pay(admitted: Money, per_million: int) -> Money:
    """What a rate pays on an admitted claim, to the nearest unit."""
    return Money(half_even(Fraction(admitted.minor * per_million, MILLION)), admitted.currency)


def declare(session: Session, account_id: int, insolvency_id: int, declared: Declared, *, actor: Actor) -> Dividend:
    """Write a dividend down. Where both rate and amount are known they have to agree, to one unit.

    NotFound; Invalid beside the field; Conflict where nothing was admitted yet or the proceeding has ended.
    """
    accounts.lock(session, account_id)
    found = queries.entity(session, account_id, insolvency_id)
    check_open(found)
    admitted = queries.admitted(session, found.id)
    if admitted is None:
        raise Conflict(N_("Enter first what of our claim was admitted."))
    if not found.started_on <= declared.declared_on <= today(session):
        raise Invalid(N_("Enter a day from {first} to today."), field="declared_on", first=found.started_on)
    per_million = _per_million(declared.hundredths)
    amount = _amount(declared.amount, admitted, per_million)
    before = queries.declared(session, found.id, admitted.currency)
    if before + amount > admitted:
        raise Invalid(
            N_("With the {before} that were declared before it is more than the {admitted} that were admitted."),
            field="amount",
            before=before,
            admitted=admitted,
        )
    made = Dividend(
        insolvency_id=found.id,
        currency=admitted.currency,
        amount_minor=amount.minor,
        per_million=per_million,
        declared_on=declared.declared_on,
        recorded_at=now(session),
    )
    session.add(made)
    session.flush()
    _record(session, "insolvency.dividend_declared", account_id, made, actor=actor)
    return made


def withdraw(session: Session, account_id: int, insolvency_id: int, dividend_id: int, *, actor: Actor) -> None:
    """Take back what was declared by mistake. NotFound; Conflict where its money is here, or it was done before."""
    accounts.lock(session, account_id)
    queries.entity(session, account_id, insolvency_id)
    made = queries.dividend(session, insolvency_id, dividend_id)
    check_expected(session, made)
    made.withdrawn_at, made.payment_id = now(session), None
    session.flush()
    _record(session, "insolvency.dividend_withdrawn", account_id, made, actor=actor)


def check_expected(session: Session, made: Dividend) -> None:
    """Do nothing for a dividend whose money is still to come; Conflict otherwise."""
    if made.withdrawn_at is not None:
        raise Conflict(N_("This dividend was taken back."))
    if queries.is_here(session, made.id):
        raise Conflict(N_("The money of this dividend is here already."))


def _per_million(hundredths: Decimal | None) -> int | None:
    if hundredths is None:
        return None
    scaled = hundredths * HUNDREDTH
    if not 0 < hundredths <= 100 or scaled != scaled.to_integral_value():
        raise Invalid(N_("Enter a rate from 0 to 100, with four places at most."), field="rate")
    return int(scaled)


def _amount(told: Money | None, admitted: Money, per_million: int | None) -> Money:
    if per_million is None:
        if told is None:
            raise Invalid(N_("Enter the rate or the amount."), field="rate")
        if told.minor <= 0:
            raise Invalid(N_("Enter an amount above zero."), field="amount")
        return told
    pays = would_pay(admitted, per_million)
    if told is None:
        told = pays
    if abs(told.minor - pays.minor) > 1:
        raise Invalid(
            N_("At this rate our admitted claim of {admitted} gets {pays}. Ask whoever runs it."),
            field="amount",
            admitted=admitted,
            pays=pays,
        )
    if told.minor <= 0:
        raise Invalid(N_("At this rate we get nothing."), field="rate")
    return told


def _record(session: Session, act: str, account_id: int, made: Dividend, *, actor: Actor) -> None:
    audit.record(
        session,
        act,
        actor=actor,
        subject=(SUBJECT, made.insolvency_id),
        account_id=account_id,
        after={"amount": made.amount, "declared_on": made.declared_on, "per_million": made.per_million},
    )
