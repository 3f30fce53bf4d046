"""Approval details: exactly what a request would do, each value with what it is called."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from backoffice.approvals_views import day_words, money
from domain.approvals import wishes
from domain.approvals.wishes import Wish
from domain.credit.model import HOLD_WORDS
from domain.disputes.model import Dispute
from domain.disputes.reasons import CAUSE_NAMES
from domain.plans.schedule import Shape
from domain.policies.sections import FREQUENCY_NAMES
from domain.receivables.model import Invoice, InvoiceLine
from domain.shared.errors import N_
from domain.shared.words import Words

Details = list[tuple[str, Words]]
MOST_NAMED = 12
"""So many invoices are named; of more it is said how many there are."""


def details_of(session: Session, wish: Wish, currency: str) -> Details:
    """What each value of a request is called, and the value; amounts are in the account's currency."""
    return [*_invoices(session, wish), *_amounts(session, wish, currency), *_days(wish), *_plan(wish, currency)]


def _invoices(session: Session, wish: Wish) -> Details:
    match wish:
        case wishes.RecordPromise() | wishes.OfferPlan():
            return [(N_("Invoices"), _numbers(session, wish.invoice_ids))]
        case wishes.AcceptDispute():
            contested = session.get_one(Dispute, wish.dispute_id).invoice_id
            return [(N_("Invoice"), _numbers(session, (contested,)))]
        case (
            wishes.CreditInvoice()
            | wishes.WaiveCharge()
            | wishes.VoidInvoice()
            | wishes.ExtendInvoice()
            | wishes.ShortenExtension()
        ):
            return [(N_("Invoice"), _numbers(session, (wish.invoice_id,)))]
        case _:
            return []


def _amounts(session: Session, wish: Wish, currency: str) -> Details:
    match wish:
        case wishes.CreditInvoice() | wishes.AcceptDispute() | wishes.WaiveCharge():
            return [(N_("Credit"), money(wish.amount_minor, currency)), *_of_credit(session, wish)]
        case wishes.RecordPromise():
            everything = Words.of(N_("all that is open"))
            amount = everything if wish.amount_minor is None else money(wish.amount_minor, currency)
            return [(N_("How much"), amount)]
        case wishes.SetLimit():
            return [(N_("Limit of this account"), money(wish.limit_minor, currency))]
        case wishes.EndLimit():
            return [(N_("Limit of this account"), Words.of(N_("that of the credit policy")))]
        case wishes.ApproveApplication():
            days = Words.of("{days}", days=wish.terms_days)
            return [(N_("Credit limit"), money(wish.limit_minor, currency)), (N_("Days to pay"), days)]
        case _:
            return []


def _of_credit(session: Session, wish: wishes.CreditInvoice | wishes.AcceptDispute | wishes.WaiveCharge) -> Details:
    found: Details = []
    if not isinstance(wish, wishes.WaiveCharge) and wish.line_id is not None:
        line = session.scalars(select(InvoiceLine.description).where(InvoiceLine.id == wish.line_id)).one()
        found.append((N_("Line"), Words.of("{line}", line=line)))
    if isinstance(wish, wishes.AcceptDispute) and wish.cause is not None:
        found.append((N_("What was behind it"), Words.of(CAUSE_NAMES[wish.cause])))
    return found


def _days(wish: Wish) -> Details:
    match wish:
        case wishes.ExtendInvoice() | wishes.ShortenExtension():
            return [(N_("New due day"), day_words(wish.due_on))]
        case wishes.RecordPromise():
            return [(N_("By when"), day_words(wish.promised_on))]
        case wishes.LiftHold():
            return [(N_("Which hold"), Words.of(HOLD_WORDS[wish.reason])), (N_("Until"), day_words(wish.until_on))]
        case wishes.EndLifting():
            return [(N_("Which lifted hold"), Words.of(HOLD_WORDS[wish.reason]))]
        case wishes.PausePlan():
            return [(N_("First day"), day_words(wish.from_on)), (N_("Last day"), day_words(wish.until_on))]
        case _:
            return []


def _plan(wish: Wish, currency: str) -> Details:
    if isinstance(wish, wishes.OfferPlan | wishes.AgreePlan | wishes.CounterPlan):
        return _shape(wish.shape, currency)
    return []


def _shape(shape: Shape, currency: str) -> Details:
    rows = [
        (N_("Instalments"), Words.of("{count}", count=shape.count)),
        (N_("How often"), Words.of(FREQUENCY_NAMES[shape.frequency])),
        (N_("First on"), day_words(shape.first_on)),
    ]
    return [*rows, (N_("At once"), money(shape.down_minor, currency))] if shape.down_minor else rows


def _numbers(session: Session, invoice_ids: Sequence[int]) -> Words:
    if len(invoice_ids) > MOST_NAMED:
        return Words.of(N_("{count} invoices"), count=len(invoice_ids))
    wanted = select(Invoice.number).where(Invoice.id.in_(invoice_ids)).order_by(Invoice.due_on, Invoice.id)
    return Words.of("{numbers}", numbers=tuple(session.scalars(wanted)))
