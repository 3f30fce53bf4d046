"""Figure rows: what a key figure is made of: its working part by part, and the papers and payments behind each part."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session, aliased

from domain.accounts.model import Account
from domain.disputes.ageing import contested_invoices
from domain.invoicing.model import CreditNote
from domain.promises.model import JUDGED, PROMISE_NAMES, PromiseToPay
from domain.receivables.due_days import ORIGINAL_DUE_ON
from domain.receivables.model import Allocation, CreditItem, CreditKind, Extension, Invoice, InvoiceKind, InvoiceStatus
from domain.reporting import ageing_sheet
from domain.reporting.figures import Figures, daily_sales, figures, months_back
from domain.reporting.kept.day_figures import FIGURE_NAMES, SPAN_DAYS, Figure, first_of_span
from domain.reporting.sheets import values
from domain.reporting.sheets.asking import Asked, as_of
from domain.reporting.sheets.values import Cell, Column, Kind, Row, Section, Sheet, cells
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

PARTS = (Column("part", Words(N_("Part"))), Column("value", Words(N_("Amount")), Kind.MONEY))
PAPERS = (
    Column("number", Words(N_("Number"))),
    Column("kind", Words(N_("What"))),
    Column("account", Words(N_("Account"))),
    Column("issued_on", Words(N_("Issued")), Kind.DAY),
    Column("amount", Words(N_("Amount")), Kind.MONEY),
)
PAID = (
    Column("invoice", Words(N_("Invoice"))),
    Column("account", Words(N_("Account"))),
    Column("due_on", Words(N_("Due")), Kind.DAY),
    Column("paid_on", Words(N_("Paid")), Kind.DAY),
    Column("days", Words(N_("Days late")), Kind.COUNT),
    Column("amount", Words(N_("Paid amount")), Kind.MONEY),
)
LAGS = (
    Column("invoice", Words(N_("Invoice"))),
    Column("account", Words(N_("Account"))),
    Column("delivered_on", Words(N_("Delivered")), Kind.DAY),
    Column("issued_on", Words(N_("Issued")), Kind.DAY),
    Column("days", Words(N_("Days from delivery to invoice")), Kind.COUNT),
)
PROMISED = (
    Column("promise", Words(N_("Promise"))),
    Column("account", Words(N_("Account"))),
    Column("promised_on", Words(N_("For")), Kind.DAY),
    Column("status", Words(N_("State"))),
    Column("amount", Words(N_("Amount")), Kind.MONEY),
)
DISPUTED = (
    Column("invoice", Words(N_("Invoice"))),
    Column("account", Words(N_("Account"))),
    Column("due_on", Words(N_("Due")), Kind.DAY),
    Column("contested", Words(N_("Open and in dispute")), Kind.MONEY),
)
MONTHS = (
    Column("month", Words(N_("Month")), Kind.MONTH),
    Column("days", Words(N_("Days")), Kind.COUNT),
    Column("sales", Words(N_("Credit sales")), Kind.MONEY),
    Column("left", Words(N_("Left of the receivable")), Kind.MONEY),
)


def rows(session: Session, asked: Asked, limit: int | None, *, back: str) -> Sheet:
    """What is behind a figure of a day in one currency; `back` is where the figure stands."""
    typed, currency, day = asked.get("what"), asked.get("currency"), asked.last
    figure = Figure(typed) if typed in set(Figure) else Figure.RECEIVABLE
    first, more = first_of_span(day), None if limit is None else limit + 1
    match figure:
        case Figure.SALES:
            section = _papers(session, currency, first, day, more)
        case Figure.DELAY:
            section = _paid(session, currency, first, day, more)
        case Figure.LAG:
            section = _lags(session, currency, first, day, more)
        case Figure.PROMISES:
            section = _promised(session, currency, first, day, more)
        case Figure.DISPUTED:
            section = _disputed(session, currency, day)
        case Figure.COUNT_BACK:
            section = _months(session, currency, day)
        case _:
            section = _working(session, figure, currency, day)
    shown, more_than = values.cut(section, limit)
    return Sheet(
        name="figures",
        title=Words.of(N_("{figure}, {currency}"), figure=Words(FIGURE_NAMES[figure]), currency=currency or "–"),
        sections=(shown,),
        empty=Words(N_("Nothing is behind this figure.")),
        back=back,
        more_than=more_than,
    )


def _working(session: Session, figure: Figure, currency: str, day: date) -> Section:
    """The parts of a quotient, each with where its rows are, and what it comes to."""
    found = figures(session, first_of_span(day), day).get(currency)
    parts = [] if found is None else _parts(figure, found)
    notes = () if found is None else _formula(figure, found)
    return Section("working", Words(FIGURE_NAMES[figure]), PARTS, tuple(parts), notes=notes)


def _parts(figure: Figure, found: Figures) -> list[Row]:
    asked = as_of(found.last)
    before = as_of(found.first - timedelta(days=1))

    def aged(day: Asked, what: str = ageing_sheet.INVOICES, bucket: str = "") -> str:
        return day.behind(ageing_sheet.NAME, what, currency=found.currency, bucket=bucket)

    sales = Cell(found.credit_sales, asked.behind("figures", Figure.SALES.value, currency=found.currency))
    open_ = Row(cells(Words(N_("Open invoices at the end")), Cell(found.open, aged(asked))))
    credit = Row(
        cells(
            Words(N_("Less unapplied credit")),
            Cell(found.closing - found.open, aged(asked, ageing_sheet.CREDITS)),
        )
    )
    receivable = Row(cells(Words(N_("Receivable at the end")), found.closing))
    current = Row(cells(Words(N_("Not yet due at the end")), Cell(found.current, aged(asked, bucket="current"))))
    sold = Row(cells(Words.of(N_("Credit sales of {days} days"), days=found.days), sales))
    opening = Row(cells(Words(N_("Receivable at the beginning")), Cell(found.opening, aged(before))))
    match figure:
        case Figure.DSO:
            return [open_, credit, receivable, sold]
        case Figure.BEST_DSO:
            return [current, sold]
        case Figure.DELINQUENT:
            return [open_, credit, receivable, current, sold]
        case Figure.CEI:
            return [opening, sold, open_, credit, receivable, current]
        case _:
            return [open_, credit, receivable]


def _formula(figure: Figure, found: Figures) -> tuple[Words, ...]:
    """The working in one line."""
    match figure:
        case Figure.DSO:
            words, value = N_("Receivable ÷ credit sales × {days} days = {value}"), found.dso
        case Figure.BEST_DSO:
            words, value = N_("Not yet due ÷ credit sales × {days} days = {value}"), found.best_possible_dso
        case Figure.DELINQUENT:
            words = N_("(Receivable − not yet due) ÷ credit sales × {days} days = {value}")
            value = found.average_days_delinquent
        case Figure.CEI:
            words = N_(
                "(Beginning + credit sales − receivable) ÷ (beginning + credit sales − not yet due) × 100 = {value} %"
            )
            value = found.collection_effectiveness
        case _:
            return ()
    shown: object = Words(N_("no figure: it would divide by nothing")) if value is None else value
    return (Words.of(words, days=SPAN_DAYS, value=shown),)


def _papers(session: Session, currency: str, first: date, last: date, limit: int | None) -> Section:
    """The invoices and credit notes of the credit sales, the newest first."""
    issued = select(
        Invoice.id,
        Invoice.number,
        Invoice.account_id,
        Invoice.issued_on,
        Invoice.amount_minor,
        literal(1).label("sign"),
    ).where(
        Invoice.kind == InvoiceKind.INVOICE,
        Invoice.status == InvoiceStatus.ISSUED,
        Invoice.issued_on.between(first, last),
        Invoice.currency == currency,
    )
    credited = (
        select(
            CreditNote.invoice_id,
            CreditNote.number,
            CreditNote.account_id,
            CreditNote.issued_on,
            CreditNote.amount_minor,
            literal(-1),
        )
        .join(Invoice, Invoice.id == CreditNote.invoice_id)
        .where(
            CreditNote.issued_on.between(first, last),
            Invoice.kind == InvoiceKind.INVOICE,
            CreditNote.currency == currency,
        )
    )
    both = union_all(issued, credited).subquery("both").c
    query = (
        select(both.id, both.number, both.account_id, both.issued_on, both.amount_minor, both.sign, Account.name)
        .join(Account, Account.id == both.account_id)
        .order_by(both.issued_on.desc(), both.id.desc())
        .limit(limit)
    )
    found = [
        Row(
            cells(
                row.number,
                Words(N_("Invoice") if row.sign > 0 else N_("Credit note")),
                Cell(row.name, f"/accounts/{row.account_id}"),
                row.issued_on,
                Money(row.sign * row.amount_minor, currency),
            ),
            href=f"/accounts/{row.account_id}/invoices/{row.id}",
        )
        for row in session.execute(query)
    ]
    return Section("papers", Words(N_("Invoices and credit notes")), PAPERS, tuple(found))


def _paid(session: Session, currency: str, first: date, last: date, limit: int | None) -> Section:
    """What was paid in the period and not taken back by its end, the latest part first."""
    taken_back = aliased(Allocation)
    undone = select(literal(1)).where(taken_back.reverses_id == Allocation.id, taken_back.effective_on <= last)
    query = (
        select(
            Invoice.id,
            Invoice.number,
            Invoice.account_id,
            Account.name,
            ORIGINAL_DUE_ON.label("due_on"),
            Allocation.effective_on,
            Allocation.amount_minor,
        )
        .join(Invoice, Invoice.id == Allocation.invoice_id)
        .join(Account, Account.id == Invoice.account_id)
        .outerjoin(Extension, Extension.invoice_id == Invoice.id)
        .join(CreditItem, CreditItem.id == Allocation.credit_item_id)
        .where(
            Allocation.effective_on.between(first, last),
            Allocation.reverses_id.is_(None),
            CreditItem.kind == CreditKind.PAYMENT,
            Invoice.status == InvoiceStatus.ISSUED,
            Invoice.currency == currency,
            ~undone.exists(),
        )
        .order_by(Allocation.effective_on.desc(), Allocation.id.desc())
        .limit(limit)
    )
    found = [
        Row(
            cells(
                row.number,
                Cell(row.name, f"/accounts/{row.account_id}"),
                row.due_on,
                row.effective_on,
                max((row.effective_on - row.due_on).days, 0),
                Money(row.amount_minor, currency),
            ),
            href=f"/accounts/{row.account_id}/invoices/{row.id}",
        )
        for row in session.execute(query)
    ]
    note = Words(N_("Σ (amount × days late) ÷ Σ amount. What was paid early counts as punctual."))
    return Section("paid", Words(N_("What was paid")), PAID, tuple(found), notes=(note,))


def _lags(session: Session, currency: str, first: date, last: date, limit: int | None) -> Section:
    query = (
        select(Invoice.id, Invoice.number, Invoice.account_id, Account.name, Invoice.delivered_on, Invoice.issued_on)
        .join(Account, Account.id == Invoice.account_id)
        .where(
            Invoice.delivered_on.is_not(None),
            Invoice.issued_on.between(first, last),
            Invoice.kind == InvoiceKind.INVOICE,
            Invoice.status == InvoiceStatus.ISSUED,
            Invoice.currency == currency,
        )
        .order_by(Invoice.issued_on.desc(), Invoice.id.desc())
        .limit(limit)
    )
    found = []
    for row in session.execute(query):
        assert row.delivered_on is not None
        lag = max((row.issued_on - row.delivered_on).days, 0)
        account = Cell(row.name, f"/accounts/{row.account_id}")
        href = f"/accounts/{row.account_id}/invoices/{row.id}"
        found.append(Row(cells(row.number, account, row.delivered_on, row.issued_on, lag), href=href))
    return Section("lags", Words(N_("Invoices whose delivery is known")), LAGS, tuple(found))


def _promised(session: Session, currency: str, first: date, last: date, limit: int | None) -> Section:
    query = (
        select(PromiseToPay, Account.name)
        .join(Account, Account.id == PromiseToPay.account_id)
        .where(
            PromiseToPay.status.in_(JUDGED),
            PromiseToPay.promised_on.between(first, last),
            PromiseToPay.currency == currency,
        )
        .order_by(PromiseToPay.promised_on.desc(), PromiseToPay.id.desc())
        .limit(limit)
    )
    found = [
        Row(
            cells(
                Words.of(N_("Promise {id}"), id=str(one.id)),
                Cell(name, f"/accounts/{one.account_id}"),
                one.promised_on,
                Words(PROMISE_NAMES[one.status]),
                one.amount,
            ),
            href=f"/promises/{one.id}",
        )
        for one, name in session.execute(query)
    ]
    return Section("promised", Words(N_("Promises that fell due")), PROMISED, tuple(found))


def _disputed(session: Session, currency: str, day: date) -> Section:
    found = [
        Row(
            cells(one.number, Cell(one.account_name, f"/accounts/{one.account_id}"), one.due_on, one.amount),
            href=f"/accounts/{one.account_id}/invoices/{one.invoice_id}",
        )
        for one in contested_invoices(session, day, currency)
    ]
    return Section("disputed", Words(N_("Invoices in dispute")), DISPUTED, tuple(found))


def _months(session: Session, currency: str, day: date) -> Section:
    """Month by month, the newest first, until nothing of the receivable is left."""
    found = figures(session, first_of_span(day), day).get(currency)
    made: list[Row] = []
    left = found.closing if found else Money.zero(currency or "GBP")
    month = day.replace(day=1)
    for each in months_back(daily_sales(session, day).get(currency, {}), day, left.currency):
        if left.minor <= 0:
            break
        left = Money(max(left.minor - max(each.sales.minor, 0), 0), left.currency)
        made.append(Row(cells(month, each.days, each.sales, left)))
        month = (month - timedelta(days=1)).replace(day=1)
    value: Decimal | None = found.count_back_dso if found else None
    note = Words(
        N_("Whole months' sales are taken off the receivable, the newest first; of the last one only the days needed.")
    )
    whole = [Words.of(N_("It comes to {value} days."), value=value)] if value is not None else []
    return Section("months", Words(N_("Months taken off")), MONTHS, tuple(made), notes=(note, *whole))
