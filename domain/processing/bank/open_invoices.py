"""Open invoices that the lines of a bank statement may pay: looked up by index, for many lines at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from domain.banking.candidates import OpenInvoice
from domain.banking.files import FileLine
from domain.banking.numbers import spellings
from domain.banking.payers import words_of
from domain.invoicing import early_discounts
from domain.invoicing.early_discounts import Offer
from domain.receivables.model import Invoice, InvoiceStatus
from domain.shared.chunking import chunks
from domain.shared.db.rows import AnyRow
from domain.shared.money import Money

MOST_ALIKE = 20
"""Open invoices of one amount that are looked at: among more of them the amount says nothing."""
MOST_OF_AN_ACCOUNT = 200
"""Open invoices of one account that are looked at; of an account with more, sums of them are not."""

IS_OPEN = and_(Invoice.open_minor > 0, Invoice.status == InvoiceStatus.ISSUED)
INVOICES = select(
    Invoice.id,
    Invoice.account_id,
    Invoice.number,
    Invoice.open_minor,
    Invoice.currency,
    Invoice.due_on,
    Invoice.purchase_order,
)


def by_reference(session: Session, ids: Sequence[int]) -> Iterator[AnyRow]:
    """Issued invoices by their ids, settled ones too."""
    fitting = [each for each in ids if each < 2**63]
    for some in chunks(fitting):
        yield from session.execute(INVOICES.where(Invoice.id.in_(some), Invoice.status == InvoiceStatus.ISSUED))


def open_among(session: Session, ids: Sequence[int]) -> Iterator[AnyRow]:
    """Those of these invoices that are open."""
    for some in chunks(ids):
        yield from session.execute(INVOICES.where(Invoice.id.in_(some), IS_OPEN))


def by_number(session: Session, lines: Sequence[FileLine], currency: str) -> Iterator[AnyRow]:
    """Open invoices whose numbers may stand in the words of the lines."""
    numbers = sorted(set().union(*(spellings(words_of(line)) for line in lines)))
    for some in chunks(numbers):
        yield from session.execute(INVOICES.where(Invoice.number.in_(some), IS_OPEN, Invoice.currency == currency))


def by_amount(session: Session, amounts: Collection[int], currency: str) -> Iterator[AnyRow]:
    """Some open invoices of each of these amounts, the longest due first."""
    place = func.row_number().over(partition_by=Invoice.open_minor, order_by=(Invoice.due_on, Invoice.id))
    for some in chunks(sorted(amounts)):
        wanted = INVOICES.add_columns(place.label("place")).where(
            Invoice.open_minor.in_(some), Invoice.currency == currency, IS_OPEN
        )
        ranked = wanted.subquery()
        yield from session.execute(select(ranked).where(ranked.c.place <= MOST_ALIKE))


def of_accounts(session: Session, accounts: Collection[int], currency: str) -> tuple[list[AnyRow], set[int]]:
    """Open invoices of these accounts, and those accounts that have more of them than are looked at."""
    place = func.row_number().over(partition_by=Invoice.account_id, order_by=(Invoice.due_on, Invoice.id))
    rows: list[AnyRow] = []
    for some in chunks(sorted(accounts)):
        wanted = INVOICES.add_columns(place.label("place")).where(
            Invoice.account_id.in_(some), IS_OPEN, Invoice.currency == currency
        )
        ranked = wanted.subquery()
        rows.extend(session.execute(select(ranked).where(ranked.c.place <= MOST_OF_AN_ACCOUNT + 1)))
    return rows, {row.account_id for row in rows if row.place > MOST_OF_AN_ACCOUNT}


def open_invoices(session: Session, rows: Collection[AnyRow], first_on: date) -> list[OpenInvoice]:
    """Rows of this file as the matching wants them, with what was enough since `first_on` where it is paid early."""
    by_id = {row.id: row for row in rows}
    offers: dict[int, Offer] = {}
    for some in chunks(sorted(by_id)):
        offers |= early_discounts.offers(session, some, first_on)
    return [_open_invoice(row, offers.get(row.id)) for row in by_id.values()]


def _open_invoice(row: AnyRow, offer: Offer | None) -> OpenInvoice:
    return OpenInvoice(
        id=row.id,
        account_id=row.account_id,
        number=row.number,
        open=Money(row.open_minor, row.currency),
        due_on=row.due_on,
        purchase_order=row.purchase_order or "",
        discounted=offer.settles if offer else None,
        discount_until=offer.honoured_until if offer else None,
    )
