"""Figures: the key figures of the whole business over a period, one set for each currency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from domain.invoicing.model import CreditNote
from domain.receivables.ageing import Ageing, ageing
from domain.receivables.due_days import ORIGINAL_DUE_ON, days_after
from domain.receivables.model import Allocation, CreditItem, CreditKind, Extension, Invoice, InvoiceKind, InvoiceStatus
from domain.reporting import formulas
from domain.reporting.formulas import Grade, Month, Settled
from domain.shared.errors import N_, Invalid
from domain.shared.home import home_first
from domain.shared.money import Money

DailySales = Mapping[date, int]
"""Credit sales of each day that had any, in minor units."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The key figures of one period and currency; days and per cent with two decimals, None where there is none.

    `open` is the receivable at the end with the unapplied credit still in it.
    """

    first: date
    last: date
    currency: str
    credit_sales: Money
    opening: Money
    closing: Money
    open: Money
    current: Money
    dso: Decimal | None
    best_possible_dso: Decimal | None
    average_days_delinquent: Decimal | None
    count_back_dso: Decimal | None
    collection_effectiveness: Decimal | None
    weighted_average_delay: Decimal | None
    grade: Grade | None
    invoice_lag: Decimal | None

    @property
    def days(self) -> int:
        """The days of the period."""
        return formulas.days_of(self.first, self.last)


def figures(session: Session, first: date, last: date) -> dict[str, Figures]:
    """The figures from `first` to `last`, both included, by currency; Invalid when the period ends before it begins."""
    if last < first:
        raise Invalid(N_("The period ends on {last}, before it begins on {first}."), field="to", first=first, last=last)
    sales = daily_sales(session, last)
    opening, closing = ageing(session, first - timedelta(days=1)), ageing(session, last)
    paid, lags = settled(session, first, last), invoice_lags(session, first, last)
    return {
        currency: _figures(
            first,
            last,
            currency,
            sales.get(currency, {}),
            opening.get(currency),
            closing.get(currency),
            paid[currency],
            lags.get(currency),
        )
        for currency in home_first(session, sales.keys() | opening.keys() | closing.keys())
    }


def daily_sales(session: Session, upto: date) -> dict[str, DailySales]:
    """Credit sales by currency and day: invoices (with tax, no debit notes, none void) less their credit notes."""
    issued = select(Invoice.currency, Invoice.issued_on.label("day"), Invoice.amount_minor.label("minor")).where(
        Invoice.kind == InvoiceKind.INVOICE, Invoice.status == InvoiceStatus.ISSUED, Invoice.issued_on <= upto
    )
    credited = (
        select(CreditNote.currency, CreditNote.issued_on.label("day"), -CreditNote.amount_minor)
        .join(Invoice, Invoice.id == CreditNote.invoice_id)
        .where(CreditNote.issued_on <= upto, Invoice.kind == InvoiceKind.INVOICE)
    )
    both = union_all(issued, credited).subquery().c
    query = select(both.currency, both.day, func.sum(both.minor).label("minor")).group_by(both.currency, both.day)
    sales: dict[str, dict[date, int]] = defaultdict(dict)
    for row in session.execute(query):
        sales[row.currency][row.day] = int(row.minor)
    return dict(sales)


def settled(session: Session, first: date, last: date) -> dict[str, list[Settled]]:
    """What payments settled from `first` to `last` and was not taken back by then, summed by due day and day paid."""
    taken_back = aliased(Allocation)
    undone = select(literal(1)).where(taken_back.reverses_id == Allocation.id, taken_back.effective_on <= last)
    query = (
        select(
            Invoice.currency,
            ORIGINAL_DUE_ON.label("due_on"),
            Allocation.effective_on,
            func.sum(Allocation.amount_minor).label("minor"),
        )
        .join(Invoice, Invoice.id == Allocation.invoice_id)
        .outerjoin(Extension, Extension.invoice_id == Invoice.id)
        .join(CreditItem, CreditItem.id == Allocation.credit_item_id)
        .where(
            Allocation.effective_on.between(first, last),
            Allocation.reverses_id.is_(None),
            CreditItem.kind == CreditKind.PAYMENT,
            Invoice.status == InvoiceStatus.ISSUED,
            ~undone.exists(),
        )
        .group_by(Invoice.currency, ORIGINAL_DUE_ON, Allocation.effective_on)
    )
    found: dict[str, list[Settled]] = defaultdict(list)
    for row in session.execute(query):
        found[row.currency].append(Settled(Money(int(row.minor), row.currency), row.due_on, row.effective_on))
    return found


def invoice_lags(session: Session, first: date, last: date) -> dict[str, Decimal]:
    """The average days from delivery to issue, by currency, of what was issued from `first` to `last`.

    Of invoices whose delivery is known; one that was issued before it counts as prompt.
    """
    lag = func.sum(days_after(Invoice.delivered_on, Invoice.issued_on)).label("days")
    query = (
        select(Invoice.currency, lag, func.count().label("invoices"))
        .where(
            Invoice.delivered_on.is_not(None),
            Invoice.issued_on.between(first, last),
            Invoice.kind == InvoiceKind.INVOICE,
            Invoice.status == InvoiceStatus.ISSUED,
        )
        .group_by(Invoice.currency)
    )
    rows = session.execute(query)
    return {row.currency: formulas.rounded(Fraction(int(row.days), row.invoices)) for row in rows}


def months_back(sales: DailySales, last: date, currency: str) -> Iterator[Month]:
    """The months' sales from the one that `last` is in (up to that day) back to the first that had any."""
    by_month: dict[tuple[int, int], int] = defaultdict(int)
    for day, minor in sales.items():
        by_month[day.year, day.month] += minor
    oldest = min(by_month, default=(last.year, last.month))
    end = last
    while (end.year, end.month) >= oldest:
        yield Month(Money(by_month[end.year, end.month], currency), end.day)
        end = end.replace(day=1) - timedelta(days=1)


def _figures(
    first: date,
    last: date,
    currency: str,
    sales: DailySales,
    opening: Ageing | None,
    closing: Ageing | None,
    paid: Iterable[Settled],
    lag: Decimal | None,
) -> Figures:
    nothing = Money.zero(currency)
    before, after = opening.total if opening else nothing, closing.total if closing else nothing
    current = closing.current if closing else nothing
    credit_sales = Money(sum(minor for day, minor in sales.items() if first <= day), currency)
    days = formulas.days_of(first, last)
    delay = formulas.weighted_average_delay(paid)
    return Figures(
        first=first,
        last=last,
        currency=currency,
        credit_sales=credit_sales,
        opening=before,
        closing=after,
        open=closing.open if closing else nothing,
        current=current,
        dso=formulas.days_sales_outstanding(after, credit_sales, days),
        best_possible_dso=formulas.days_sales_outstanding(current, credit_sales, days),
        average_days_delinquent=formulas.average_days_delinquent(after, current, credit_sales, days),
        count_back_dso=formulas.count_back_dso(after, months_back(sales, last, currency)),
        collection_effectiveness=formulas.collection_effectiveness(before, credit_sales, after, current),
        weighted_average_delay=delay,
        grade=None if delay is None else formulas.grade(delay),
        invoice_lag=lag,
    )
