"""Story: how an invoice came to its balance, step by step, in words that either site can show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from domain.payments import queries as payments
from domain.receivables import queries as receivables
from domain.receivables.model import CreditKind
from domain.shared.clock import day_in
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import business
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words


class StepKind(StrEnum):
    """What happened to the invoice."""

    ISSUED = "issued"
    PAID = "paid"
    TAKEN_BACK = "taken_back"
    CREDITED = "credited"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: by how much it changed what is open, and what was open after it; `payment` is its public id."""

    kind: StepKind
    on: date
    words: Words
    payment: str | None
    change: Money
    balance: Money


def story_of(session: Session, invoice: AnyRow) -> list[Step]:
    """The steps of an invoice (a row of `receivables.queries`), from its issue to what is open on it today."""
    rows = receivables.story(session, invoice.id)
    receipts = payments.receipts(session, [row.source for row in rows if row.kind is CreditKind.PAYMENT])
    balance = Money(invoice.amount_minor, invoice.currency)
    steps = [Step(StepKind.ISSUED, invoice.issued_on, Words.of(N_("Invoiced")), None, balance, balance)]
    for row in rows:
        change = Money(-row.amount_minor, invoice.currency)
        balance = balance + change
        kind, words, payment = _told(row, receipts)
        steps.append(Step(kind, row.effective_on, words, payment, change, balance))
    if invoice.voided_at is not None:
        day = day_in(invoice.voided_at, business(session).time_zone)
        nothing = Money.zero(invoice.currency)
        steps.append(Step(StepKind.WITHDRAWN, day, Words.of(N_("Withdrawn")), None, -balance, nothing))
    return steps


def _told(row: AnyRow, receipts: dict[str, str | None]) -> tuple[StepKind, Words, str | None]:
    if row.kind is not CreditKind.PAYMENT:
        return _of_other_credit(row)
    if row.reverses_id is not None:
        return StepKind.TAKEN_BACK, Words.of(N_("Payment taken back")), row.source
    number = receipts.get(row.source)
    words = Words.of(N_("Paid, receipt {number}"), number=number) if number else Words.of(N_("Paid"))
    return StepKind.PAID, words, row.source


def _of_other_credit(row: AnyRow) -> tuple[StepKind, Words, None]:
    """Credit that was no payment of this account."""
    if row.reverses_id is not None:
        return StepKind.TAKEN_BACK, Words.of(N_("Credit taken back")), None
    if row.kind is CreditKind.CREDIT_NOTE:
        return StepKind.CREDITED, Words.of(N_("Credit note {number}"), number=row.source), None
    if row.kind is CreditKind.MOVED:
        return StepKind.CREDITED, Words.of(N_("Credit from another account")), None
    return StepKind.CREDITED, Words.of(N_("Money that had been taken back came again")), None
