"""Courtesy selecting: who is to be told of what beside reminders; one statement a courtesy, however many they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, TypeVarTuple

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, Subquery, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from domain.collecting.model import Autopay
from domain.dunning import courtesy_rules as rules
from domain.dunning.courtesy_rules import SWITCHES
from domain.late_charges.model import ChargeAct, LateCharge
from domain.ledger.model import ENTRIES, STREAMS
from domain.notices.model import Notice, NoticePart
from domain.policies.contacting import Wording
from domain.policies.whom import ruled
from domain.receivables.due_days import ORIGINAL_DUE_ON
from domain.receivables.model import (
    Allocation,
    CreditItem,
    CreditKind,
    Extension,
    Invoice,
    InvoiceKind,
    InvoiceStatus,
)
from domain.saved_methods.model import MethodKind, SavedMethod
from domain.shared.clock import start_of_day
from domain.shared.db.session import business, today
from domain.shared.months import month_end, months_later
from domain.shared.working_week import working_week

Columns = TypeVarTuple("Columns")
SAVED_METHOD = "saved_method"
"""The kind of what a card is told of by, before the month in which it expires."""
LEAST_INVOICES = 2
"""Who had fewer invoices in a quarter is not thanked for paying them."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A courtesy that is due: for which account, about what (told once), and about which invoices, if about any."""

    account_id: int
    wording: Wording
    subject: tuple[str, int]
    invoice_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Scope:
    """Of whom a courtesy is asked: the policies that have it on, since when, on which day, and of which accounts."""

    policies: Mapping[int, date]
    on: date
    account_ids: Collection[int] | None
    whom: Subquery

    def since(self, begins: date) -> _Scope:
        """Only the policies that had it on by that day."""
        policies = {policy_id: since for policy_id, since in self.policies.items() if since <= begins}
        return _Scope(policies, self.on, self.account_ids, self.whom)

    def of(self, query: Select[*Columns], account_id: SQLColumnExpression[Any]) -> Select[*Columns]:
        """The rows of a query that are of these accounts, by account."""
        query = query.join(self.whom, self.whom.c.account_id == account_id).order_by(account_id)
        query = query.where(self.whom.c.policy_id.in_(list(self.policies)))
        return query if self.account_ids is None else query.where(account_id.in_(self.account_ids))


def waiting(
    session: Session, account_ids: Collection[int] | None = None, wordings: Collection[Wording] = tuple(SWITCHES)
) -> list[Waiting]:
    """Every courtesy of these kinds that is due now, of all accounts or of these, and was not decided on yet."""
    on = today(session)
    whom = ruled(on)
    found: list[Waiting] = []
    for wording, policies in rules.switched_on(session, on).items():
        if policies and wording in wordings:
            found += _SELECTS[wording](session, _Scope(policies, on, account_ids, whom))
    return found


def _invoices(session: Session, scope: _Scope) -> Iterator[Waiting]:
    """New invoices that no notice has told of; those of one account go together."""
    told = exists().where(
        NoticePart.invoice_id == Invoice.id, Notice.id == NoticePart.notice_id, Notice.wording == Wording.INVOICE
    )
    new: dict[int, list[int]] = defaultdict(list)
    for row in session.execute(_fresh(session, scope).where(Invoice.kind == InvoiceKind.INVOICE, ~told)):
        new[row.account_id].append(row.id)
    for account_id, ids in new.items():
        yield Waiting(account_id, Wording.INVOICE, ("invoice", ids[0]), tuple(ids))


def _late_charges(session: Session, scope: _Scope) -> Iterator[Waiting]:
    """The debit notes for lateness of one account and day."""
    is_charge = exists().where(LateCharge.debit_note_id == Invoice.id, LateCharge.act == ChargeAct.CHARGED)
    told = exists().where(
        NoticePart.invoice_id == Invoice.id, Notice.id == NoticePart.notice_id, Notice.wording == Wording.LATE_CHARGES
    )
    notes: dict[tuple[int, date], list[int]] = defaultdict(list)
    query = _fresh(session, scope).where(Invoice.kind == InvoiceKind.DEBIT_NOTE, is_charge, ~told)
    for row in session.execute(query):
        notes[row.account_id, row.issued_on].append(row.id)
    told_days = _told_days(session, scope.on - rules.FRESH)
    for (account_id, day), ids in notes.items():
        number = rules.day_number(day)
        if (account_id, number) not in told_days:
            yield Waiting(account_id, Wording.LATE_CHARGES, ("day", number), tuple(ids))


def _statements(session: Session, scope: _Scope) -> Iterator[Waiting]:
    """The accounts with something on their statement of last month, or with something owed one way or the other."""
    begins = rules.first_working_day(scope.on, working_week(session))
    if not rules.is_time(begins, scope.on):
        return
    first, last = rules.month_before(scope.on)
    number, account_id = rules.month_number(first), STREAMS.c.account_id
    moved = exists().where(ENTRIES.c.account_id == account_id, ENTRIES.c.effective_on.between(first, last))
    query = select(account_id).where(
        or_(STREAMS.c.balance != 0, moved), ~_is_told(account_id, Wording.STATEMENT, "month", number)
    )
    for found in session.scalars(scope.since(begins).of(query, account_id)):
        yield Waiting(found, Wording.STATEMENT, ("month", number))


def _expiring_cards(session: Session, scope: _Scope) -> Iterator[Waiting]:
    """Cards from which invoices are paid by themselves and whose last day is near; one that was renewed counts anew."""
    this_month = scope.on.replace(day=1)
    for month in (this_month, months_later(this_month, 1)):
        if month_end(month) - scope.on > rules.CARD_AHEAD:
            continue
        kind = f"{SAVED_METHOD}.{rules.month_number(month)}"
        query = (
            select(Autopay.account_id, SavedMethod.id)
            .join(SavedMethod, SavedMethod.id == Autopay.saved_method_id)
            .where(
                Autopay.stopped_at.is_(None),
                SavedMethod.kind == MethodKind.CARD,
                SavedMethod.removed_at.is_(None),
                SavedMethod.lost_at.is_(None),
                SavedMethod.expires_year == month.year,
                SavedMethod.expires_month == month.month,
                ~_is_told(Autopay.account_id, Wording.CARD_EXPIRING, kind, SavedMethod.id),
            )
        )
        for account_id, method_id in session.execute(scope.of(query, Autopay.account_id)):
            yield Waiting(account_id, Wording.CARD_EXPIRING, (kind, method_id))


def _thanks(session: Session, scope: _Scope) -> Iterator[Waiting]:
    """Who paid every invoice that was due in the last quarter by the day that it named, and has nothing late today."""
    first, last = rules.quarter_before(scope.on)
    begins = rules.first_working_day(last + timedelta(days=1), working_week(session))
    if not rules.is_time(begins, scope.on):
        return
    number, late = rules.quarter_number(first), aliased(Invoice)
    query = (
        select(Invoice.account_id)
        .outerjoin(Extension, Extension.invoice_id == Invoice.id)
        .where(
            Invoice.kind == InvoiceKind.INVOICE,
            Invoice.status == InvoiceStatus.ISSUED,
            ORIGINAL_DUE_ON.between(first, last),
            ~exists().where(
                late.account_id == Invoice.account_id,
                late.open_minor > 0,
                late.status == InvoiceStatus.ISSUED,
                late.due_on < scope.on,
            ),
            ~_is_told(Invoice.account_id, Wording.THANK_YOU, "quarter", number),
        )
        .group_by(Invoice.account_id)
        .having(func.count() >= LEAST_INVOICES, func.count() == func.count().filter(_is_paid_in_time()))
    )
    for account_id in session.scalars(scope.since(begins).of(query, Invoice.account_id)):
        yield Waiting(account_id, Wording.THANK_YOU, ("quarter", number))


_SELECTS: Mapping[Wording, Callable[[Session, _Scope], Iterator[Waiting]]] = {
    Wording.INVOICE: _invoices,
    Wording.LATE_CHARGES: _late_charges,
    Wording.STATEMENT: _statements,
    Wording.CARD_EXPIRING: _expiring_cards,
    Wording.THANK_YOU: _thanks,
}


def _fresh(session: Session, scope: _Scope) -> Select[int, int, date]:
    """Selects what was issued lately, recorded since the courtesy is on, and is open: what is paid needs no telling."""
    query = select(Invoice.account_id, Invoice.id, Invoice.issued_on).where(
        Invoice.open_minor > 0,
        Invoice.status == InvoiceStatus.ISSUED,
        Invoice.issued_on > scope.on - rules.FRESH,
        Invoice.issued_on <= scope.on,
    )
    zone = business(session).time_zone
    since = (
        and_(scope.whom.c.policy_id == policy_id, Invoice.recorded_at >= start_of_day(day, zone))
        for policy_id, day in scope.policies.items()
    )
    return scope.of(query, Invoice.account_id).where(or_(*since)).order_by(Invoice.id)


def _is_paid_in_time() -> ColumnElement[bool]:
    """Of an invoice with its extension: nothing is open, and no payment that stands came after its first due day."""
    back = aliased(Allocation)
    paid_late = exists().where(
        Allocation.invoice_id == Invoice.id,
        Allocation.reverses_id.is_(None),
        Allocation.effective_on > ORIGINAL_DUE_ON,
        CreditItem.id == Allocation.credit_item_id,
        CreditItem.kind == CreditKind.PAYMENT,
        ~exists().where(back.reverses_id == Allocation.id),
    )
    return and_(Invoice.open_minor == 0, ~paid_late)


def _is_told(
    account_id: SQLColumnExpression[Any], wording: Wording, kind: str, about: SQLColumnExpression[int] | int
) -> ColumnElement[bool]:
    """Whether a notice about that was decided on or held back: each is decided once."""
    return exists().where(
        Notice.account_id == account_id,
        Notice.wording == wording,
        Notice.subject_kind == kind,
        Notice.subject_id == about,
    )


def _told_days(session: Session, since: date) -> set[tuple[int, int | None]]:
    """The accounts that were told of a day's late charges, of days after this one, with the number of that day."""
    rows = session.execute(
        select(Notice.account_id, Notice.subject_id).where(
            Notice.wording == Wording.LATE_CHARGES,
            Notice.subject_kind == "day",
            Notice.subject_id > rules.day_number(since),
        )
    )
    return {(row.account_id, row.subject_id) for row in rows}
