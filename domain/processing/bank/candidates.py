"""Bank candidates: what of ours the lines of a bank statement could be, looked up for many of them at once.

The number of queries does not grow with the open invoices: they are found by index, through the references, numbers,
amounts and payers of the lines, and only what is found is compared. Names are compared with those of all accounts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from domain.accounts.model import ACCOUNTS
from domain.advices.queries import open_advices
from domain.banking.candidates import (
    Candidates,
    ExpectedPayout,
    ExpectedRefund,
    KnownAccount,
    OpenInvoice,
    Receipt,
    ToldTransfer,
)
from domain.banking.files import FileLine
from domain.banking.model import PAYER_BANK_ACCOUNTS, BookedAs, LineBooking
from domain.banking.names import KnownNames
from domain.banking.numbers import spellings
from domain.banking.payers import words_of
from domain.clearing.model import PAYOUTS
from domain.payments.model import BY_HAND, Payment, PaymentReturn, ReceiptSlip
from domain.processing.bank import lines
from domain.processing.receipts.returning import ReturnReason
from domain.processing.reconciling.payouts import BACK
from domain.receivables import references
from domain.receivables.model import Invoice, InvoiceStatus
from domain.refunds import queries as refunds
from domain.shared.clock import day_in
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import business
from domain.shared.money import Money

AT_ONCE = 2_000
"""How many keys are asked for in one query."""
MOST_ALIKE = 20
"""Open invoices of one amount that are looked at: among more of them the amount says nothing."""
MOST_OF_AN_ACCOUNT = 200
"""Open invoices of one account that are looked at; of an account with more, sums of them are not."""
PROCESSOR_NAMES = ("STRIPE",)
"""What the bank's lines call the processor that pays out."""

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


def candidates_for(session: Session, lines: Sequence[FileLine]) -> Candidates:
    """Everything in our books that these lines, all in one currency, could be."""
    if not lines:
        return Candidates()
    currency = lines[0].amount.currency
    coming = [line for line in lines if line.amount.minor > 0]
    mentioned = list(dict.fromkeys(each for line in coming for each in references.invoices_in(words_of(line))))
    found = {row.id: row for row in _by_reference(session, mentioned)}
    settled = {row.id: row.account_id for row in found.values() if not row.open_minor}
    accounts = _payers(session, lines, currency)
    of_payers, too_many = _of_accounts(session, accounts, currency)
    told = _told(session, {line.amount for line in coming})
    rows = [
        *(row for row in found.values() if row.open_minor),
        *_by_number(session, coming, currency),
        *_by_amount(session, {line.amount.minor for line in coming}, currency),
        *of_payers,
        *_open_of(session, [invoice_id for each in told for invoice_id, _ in each.lines]),
    ]
    return Candidates(
        invoices=list({row.id: _open_invoice(row) for row in rows}.values()),
        accounts=_known(session, accounts, too_many),
        receipts=_receipts(session, {line.amount.minor for line in coming}, currency),
        banked=_banked(session, {-line.amount.minor for line in lines if line.amount.minor < 0}, currency),
        payouts=_payouts(session, {line.amount.minor for line in lines}, currency),
        refunds=_refunds(session, currency) if len(coming) < len(lines) else [],
        told=told,
        settled=settled,
    )


def _by_reference(session: Session, ids: Sequence[int]) -> Iterator[AnyRow]:
    fitting = [each for each in ids if each < 2**63]
    for some in _chunks(fitting):
        yield from session.execute(INVOICES.where(Invoice.id.in_(some), Invoice.status == InvoiceStatus.ISSUED))


def _open_of(session: Session, ids: Sequence[int]) -> Iterator[AnyRow]:
    for some in _chunks(ids):
        yield from session.execute(INVOICES.where(Invoice.id.in_(some), IS_OPEN))


def _by_number(session: Session, lines: Sequence[FileLine], currency: str) -> Iterator[AnyRow]:
    numbers = sorted(set().union(*(spellings(words_of(line)) for line in lines)))
    for some in _chunks(numbers):
        yield from session.execute(INVOICES.where(Invoice.number.in_(some), IS_OPEN, Invoice.currency == currency))


def _by_amount(session: Session, amounts: Collection[int], currency: str) -> Iterator[AnyRow]:
    """Some open invoices of each of these amounts, the longest due first."""
    place = func.row_number().over(partition_by=Invoice.open_minor, order_by=(Invoice.due_on, Invoice.id))
    for some in _chunks(sorted(amounts)):
        wanted = INVOICES.add_columns(place.label("place")).where(
            Invoice.open_minor.in_(some), Invoice.currency == currency, IS_OPEN
        )
        ranked = wanted.subquery()
        yield from session.execute(select(ranked).where(ranked.c.place <= MOST_ALIKE))


def _payers(session: Session, lines: Sequence[FileLine], currency: str) -> set[int]:
    """The accounts that the lines may come from: by learned bank account, number in the words, or name."""
    found: set[int] = set()
    bank_accounts = sorted({line.counterparty_account for line in lines if line.counterparty_account})
    learned = PAYER_BANK_ACCOUNTS.c
    for some in _chunks(bank_accounts):
        found.update(session.scalars(select(learned.account_id).where(learned.bank_account.in_(some))))
    numbers = sorted(set().union(*(spellings(words_of(line)) for line in lines)))
    for some in _chunks(numbers):
        found.update(session.scalars(select(ACCOUNTS.c.id).where(ACCOUNTS.c.number.in_(some))))
    wanted = {line.counterparty_name for line in lines if line.counterparty_name}
    if wanted:
        rows = session.execute(select(ACCOUNTS.c.id, ACCOUNTS.c.name).where(ACCOUNTS.c.currency == currency))
        known = KnownNames({row.id: row.name for row in rows})
        found.update(key for name in wanted for key in known.alike(name))
    return found


def _of_accounts(session: Session, accounts: Collection[int], currency: str) -> tuple[list[AnyRow], set[int]]:
    """Open invoices of these accounts, and those accounts that have more of them than are looked at."""
    place = func.row_number().over(partition_by=Invoice.account_id, order_by=(Invoice.due_on, Invoice.id))
    rows: list[AnyRow] = []
    for some in _chunks(sorted(accounts)):
        wanted = INVOICES.add_columns(place.label("place")).where(
            Invoice.account_id.in_(some), IS_OPEN, Invoice.currency == currency
        )
        ranked = wanted.subquery()
        rows.extend(session.execute(select(ranked).where(ranked.c.place <= MOST_OF_AN_ACCOUNT + 1)))
    return rows, {row.account_id for row in rows if row.place > MOST_OF_AN_ACCOUNT}


def _known(session: Session, accounts: Collection[int], too_many: Collection[int]) -> list[KnownAccount]:
    learned: dict[int, set[str]] = defaultdict(set)
    labels: list[AnyRow] = []
    for some in _chunks(sorted(accounts)):
        labels.extend(
            session.execute(select(ACCOUNTS.c.id, ACCOUNTS.c.number, ACCOUNTS.c.name).where(ACCOUNTS.c.id.in_(some)))
        )
        for row in session.execute(select(PAYER_BANK_ACCOUNTS).where(PAYER_BANK_ACCOUNTS.c.account_id.in_(some))):
            learned[row.account_id].add(row.bank_account)
    return [
        KnownAccount(row.id, row.number, row.name, frozenset(learned[row.id]), whole=row.id not in too_many)
        for row in labels
    ]


def _told(session: Session, amounts: Collection[Money]) -> list[ToldTransfer]:
    """The transfers of these amounts that payers have told us of and that have not come."""
    waited_for = open_advices(session) if amounts else []
    return [ToldTransfer(each.account_id, each.total, each.lines) for each in waited_for if each.total in amounts]


def _receipts(session: Session, amounts: Collection[int], currency: str) -> list[Receipt]:
    """Recorded receipts that no line has shown, banked on somebody's word or not; a mistake never comes."""
    came_back = and_(PaymentReturn.payment_id == Payment.id, PaymentReturn.reason == ReturnReason.MISTAKE.value)
    return _slips(session, amounts, currency, ~lines.shown_by_line(), ~exists().where(came_back))


def _banked(session: Session, amounts: Collection[int], currency: str) -> list[Receipt]:
    """Receipts that the bank has shown, and whose return it has not."""
    came_back = and_(PaymentReturn.payment_id == Payment.id, PaymentReturn.banked_on.is_not(None))
    return _slips(session, amounts, currency, ReceiptSlip.banked_on.is_not(None), ~exists().where(came_back))


def _slips(session: Session, amounts: Collection[int], currency: str, *which: ColumnElement[bool]) -> list[Receipt]:
    found: list[Receipt] = []
    for some in _chunks(sorted(amounts)):
        rows = session.execute(
            select(
                Payment.id,
                Payment.account_id,
                Payment.amount_minor,
                Payment.currency,
                ReceiptSlip.received_on,
                ReceiptSlip.reference,
            )
            .join(ReceiptSlip, ReceiptSlip.payment_id == Payment.id)
            .where(
                Payment.amount_minor.in_(some),
                Payment.currency == currency,
                Payment.method.in_(BY_HAND),
                Payment.recorded_at.is_not(None),
                Payment.voided_at.is_(None),
                *which,
            )
            .order_by(ReceiptSlip.received_on.desc(), Payment.id.desc())
        )
        found.extend(
            Receipt(row.id, row.account_id, Money(row.amount_minor, row.currency), row.received_on, row.reference or "")
            for row in rows
        )
    return found


def _payouts(session: Session, amounts: Collection[int], currency: str) -> list[ExpectedPayout]:
    """Payouts that no line is of yet, whether the processor has told of their arrival or not."""
    seen = and_(LineBooking.booked_as == BookedAs.PAYOUT, LineBooking.subject == PAYOUTS.c.external_id)
    found: list[ExpectedPayout] = []
    for some in _chunks(sorted(amounts)):
        rows = session.execute(
            select(PAYOUTS).where(
                PAYOUTS.c.amount_minor.in_(some),
                PAYOUTS.c.currency == currency,
                PAYOUTS.c.state.not_in(BACK),
                ~exists().where(seen),
            )
        )
        found.extend(
            ExpectedPayout(
                row.id, Money(row.amount_minor, row.currency), row.arrives_on, row.external_id, PROCESSOR_NAMES
            )
            for row in rows
        )
    return found


def _refunds(session: Session, currency: str) -> list[ExpectedRefund]:
    zone = business(session).time_zone
    return [
        ExpectedRefund(
            row.id,
            row.account_id,
            Money(row.amount_minor, row.currency),
            day_in(_sent(row), zone),
            row.receipt_number or "",
        )
        for row in refunds.awaited_at_bank(session, currency)
    ]


def _sent(row: AnyRow) -> datetime:
    moment: datetime = row.sent_at or row.requested_at
    return moment


def _open_invoice(row: AnyRow) -> OpenInvoice:
    return OpenInvoice(
        id=row.id,
        account_id=row.account_id,
        number=row.number,
        open=Money(row.open_minor, row.currency),
        due_on=row.due_on,
        purchase_order=row.purchase_order or "",
    )


def _chunks(keys: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]
