"""Bearing: from which day on, and at which rate, what is handed over bears interest that nobody has charged yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts.model import LegalForm
from domain.late_charges import facts
from domain.late_charges.model import ChargeAct, ChargeKind, LateCharge
from domain.late_charges.reckoning import is_reached
from domain.policies.rates import RateMissing, rate_on

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Owed:
    """Principal that was handed over: its invoice, the version that governs it, and its due day then."""

    invoice_id: int
    version_id: int | None
    due_on: date


@dataclass(frozen=True, slots=True)
class Run:
    """The first day whose interest is not charged, and the yearly rate in per cent."""

    first: date
    rate: Decimal


def runs(
    session: Session, owed: Sequence[Owed], legal_form: LegalForm, *, sent_on: date, sent_at: datetime
) -> dict[int, Run]:
    """What bears interest by its terms as they were on the day it was sent, by invoice.

    What bears none, is within its grace, or follows a rate that nobody has entered for that day is left out: nothing
    is said on a guess.
    """
    ruling, charged = facts.rules(session), _charged_through(session, owed, sent_at)
    found = {}
    for each in owed:
        terms = None if each.version_id is None else ruling.terms.get(each.version_id)
        rule = None if terms is None else terms.late_interest
        if rule is None or not is_reached(legal_form, rule) or each.due_on + rule.grace_days * A_DAY >= sent_on:
            continue
        try:
            rate = rate_on(rule, sent_on, started_on=each.due_on + A_DAY, table=ruling.table)
        except RateMissing:
            continue
        if rate > 0:
            found[each.invoice_id] = Run(charged.get(each.invoice_id, each.due_on) + A_DAY, rate)
    return found


def _charged_through(session: Session, owed: Sequence[Owed], sent_at: datetime) -> dict[int, date]:
    """The last day through which interest had been charged by then, where any had."""
    rows = session.execute(
        select(LateCharge.invoice_id, func.max(LateCharge.through_on).label("through_on"))
        .where(
            LateCharge.invoice_id.in_([each.invoice_id for each in owed]),
            LateCharge.kind == ChargeKind.INTEREST,
            LateCharge.act == ChargeAct.CHARGED,
            LateCharge.recorded_at <= sent_at,
        )
        .group_by(LateCharge.invoice_id)
    )
    return {row.invoice_id: row.through_on for row in rows}
