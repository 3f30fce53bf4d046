"""Early discounts in numbers: to whom they were open, who took them, and what they cost as interest for a year."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.invoicing.granted_discounts import gone
from domain.invoicing.model import EarlyDiscount
from domain.policies import terms_versions
from domain.policies.sections import EarlyDiscount as Terms
from domain.receivables.due_days import days_after
from domain.receivables.model import Invoice, InvoiceKind, InvoiceStatus
from domain.reporting.brought.rates import percent, yearly_percent
from domain.reporting.sheets.asking import Asked, When
from domain.reporting.sheets.report import Group, Report
from domain.reporting.sheets.values import Cell, Column, Kind, Row, Section, Sheet, cells, cut
from domain.shared.chunking import chunks
from domain.shared.errors import N_
from domain.shared.home import home_place
from domain.shared.money import Money
from domain.shared.percent import Percent
from domain.shared.words import Words

NAME = "discounts"
OFFERED, TAKEN = "offered", "taken"
COLUMNS = (
    Column("terms", Words(N_("Terms"))),
    Column(OFFERED, Words(N_("Open to invoices")), Kind.COUNT),
    Column("offered_amount", Words(N_("They came to")), Kind.MONEY),
    Column(TAKEN, Words(N_("Taken")), Kind.COUNT),
    Column("taken_share", Words(N_("Taken, of the invoices")), Kind.PERCENT),
    Column("discount", Words(N_("Discounts given")), Kind.MONEY),
    Column("sooner", Words(N_("Days sooner")), Kind.DAYS),
    Column("yearly", Words(N_("Cost as interest for a year")), Kind.PERCENT),
)
ROW_COLUMNS = (
    Column("account", Words(N_("Account"))),
    Column("invoice", Words(N_("Invoice"))),
    Column("paid_on", Words(N_("Paid on")), Kind.DAY),
    Column("sooner", Words(N_("Days sooner")), Kind.DAYS),
    Column("amount", Words(N_("Invoice amount")), Kind.MONEY),
    Column("discount", Words(N_("Discount")), Kind.MONEY),
)


@dataclass(frozen=True, slots=True)
class Taken:
    """One discount that was taken and stands, and by how many days before the due day its money came."""

    account_id: int
    account_name: str
    number: str
    version_id: int
    paid_on: date
    sooner: int
    amount: Money
    discount: Money


@dataclass(slots=True)
class Offered:
    """What the terms of one policy version offered in one currency, and what of it was taken."""

    version_id: int
    currency: str
    invoices: int
    minor: int
    taken: list[Taken] = field(default_factory=list)

    @property
    def discount(self) -> int:
        """What was given, in minor units."""
        return sum(one.discount.minor for one in self.taken)

    @property
    def paid_minor_days(self) -> int:
        """What was paid for it, times the days by which that was sooner."""
        return sum((one.amount.minor - one.discount.minor) * one.sooner for one in self.taken)

    @property
    def yearly(self) -> Decimal | None:
        """What the discounts cost as simple interest for a year."""
        return yearly_percent(self.discount, self.paid_minor_days)

    @property
    def sooner(self) -> Decimal | None:
        """By how many days its money came sooner, weighted by amount, to a tenth."""
        paid = sum(one.amount.minor - one.discount.minor for one in self.taken)
        return round(Decimal(self.paid_minor_days) / paid, 1) if paid else None


def offered(session: Session, first: date, last: date) -> list[Offered]:
    """What was offered on the invoices issued in the period, and taken of it until now."""
    terms = terms_versions.early_discounts(session)
    rows = session.execute(
        select(
            Invoice.terms_version_id,
            Invoice.currency,
            func.count().label("invoices"),
            cast(func.sum(Invoice.amount_minor), BigInteger).label("minor"),
        )
        .where(
            Invoice.issued_on.between(first, last),
            Invoice.kind == InvoiceKind.INVOICE,
            Invoice.status == InvoiceStatus.ISSUED,
            Invoice.terms_version_id.in_(list(terms)),
        )
        .group_by(Invoice.terms_version_id, Invoice.currency)
        .order_by(Invoice.terms_version_id, home_place(session, Invoice.currency), Invoice.currency)
    )
    found = {
        (row.terms_version_id, row.currency): Offered(row.terms_version_id, row.currency, row.invoices, int(row.minor))
        for row in rows
    }
    for one in taken(session, first, last):
        if (one.version_id, one.amount.currency) in found:
            found[one.version_id, one.amount.currency].taken.append(one)
    return list(found.values())


def taken(session: Session, first: date, last: date) -> list[Taken]:
    """The discounts that were taken on invoices issued in the period and still stand, the latest first."""
    rows = session.execute(
        select(
            EarlyDiscount.id,
            EarlyDiscount.account_id,
            EarlyDiscount.version_id,
            EarlyDiscount.currency,
            EarlyDiscount.amount_minor,
            EarlyDiscount.effective_on,
            Account.name.label("account_name"),
            Invoice.number,
            Invoice.amount_minor.label("invoice_minor"),
            days_after(EarlyDiscount.effective_on, Invoice.due_on).label("sooner"),
        )
        .join(Invoice, Invoice.id == EarlyDiscount.invoice_id)
        .join(Account, Account.id == EarlyDiscount.account_id)
        .where(Invoice.issued_on.between(first, last))
        .order_by(EarlyDiscount.effective_on.desc(), EarlyDiscount.id.desc())
    ).all()
    fallen = {each: minor for some in chunks([row.id for row in rows]) for each, minor in gone(session, some).items()}
    return [
        Taken(
            row.account_id,
            row.account_name,
            row.number,
            row.version_id,
            row.effective_on,
            int(row.sooner),
            Money(row.invoice_minor, row.currency),
            Money(row.amount_minor - fallen.get(row.id, 0), row.currency),
        )
        for row in rows
        if row.amount_minor > fallen.get(row.id, 0)
    ]


def make(session: Session, asked: Asked) -> Sheet:
    """The discounts on the invoices issued in the period, by the terms that granted them."""
    terms = terms_versions.early_discounts(session)
    found = offered(session, asked.since, asked.last)
    section = Section(
        key="terms",
        title=Words(N_("By terms")),
        columns=COLUMNS,
        rows=tuple(_row(one, terms[one.version_id], asked) for one in found),
    )
    return Sheet(
        NAME,
        Words(DISCOUNTS.words),
        (section,),
        lead=Words(DISCOUNTS.lead),
        notes=(
            Words(
                N_(
                    "Cost as interest for a year: discounts ÷ (what was paid × days before the due day) × 365. "
                    "2 per cent for paying 20 days sooner is 37.2 per cent a year."
                )
            ),
        ),
        empty=Words(N_("No invoice of this period was open to an early discount.")),
    )


def rows(session: Session, asked: Asked, limit: int | None) -> Sheet:
    """The discounts that were taken, the latest first."""
    found = [
        one
        for one in taken(session, asked.since, asked.last)
        if asked.get("key") in {"", f"{one.version_id}-{one.amount.currency}"}
    ]
    made = tuple(
        Row(
            cells(one.account_name, one.number, one.paid_on, one.sooner, one.amount, one.discount),
            href=f"/accounts/{one.account_id}",
        )
        for one in found
    )
    section, more_than = cut(Section("taken", Words(N_("Taken")), ROW_COLUMNS, made), limit)
    return Sheet(
        NAME,
        Words(N_("Early discounts that were taken")),
        (section,),
        empty=Words(N_("Nothing of this kind happened in the period.")),
        back=asked.only().href(NAME),
        more_than=more_than,
    )


def _row(one: Offered, terms: Terms, asked: Asked) -> Row:
    behind = asked.behind(NAME, TAKEN, key=f"{one.version_id}-{one.currency}")
    return Row(
        cells(
            Words.of(N_("{percent} within {days} days"), percent=Percent(terms.percent), days=terms.days),
            one.invoices,
            Money(one.minor, one.currency),
            Cell(len(one.taken), behind),
            Cell(percent(len(one.taken), one.invoices), behind),
            Cell(Money(one.discount, one.currency), behind),
            Cell(one.sooner, behind),
            Cell(one.yearly, behind),
        )
    )


DISCOUNTS = Report(
    name=NAME,
    words=N_("Early discounts"),
    lead=N_("Of the invoices issued in a period: which could be paid sooner for less, which were, and what that cost."),
    group=Group.COMING,
    make=make,
    rows=rows,
    when=When.PERIOD,
    from_words=N_("Issued from"),
    icon="back",
)
"""What early discounts cost, by the terms that granted them."""
