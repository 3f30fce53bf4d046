"""Waiting money: what stands between customers, processor and bank right now, each cent by name and age."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from domain.banking.model import BankLine, LineState
from domain.clearing import queries as clearing
from domain.clearing.categories import CATEGORY_WORDS, Category
from domain.clearing.model import BALANCE_TRANSACTIONS, EXPLANATIONS, PAYOUTS
from domain.ledger.balances import trial_balance
from domain.ledger.chart import AccountType, LedgerAccount
from domain.ledger.model import ENTRIES, POSTINGS
from domain.ledger.posting import EntryKind
from domain.payments.model import BY_PROCESSOR, Payment, PaymentReturn, PaymentStatus, ReceiptSlip
from domain.refunds.model import ENDED, Refund, RefundSource
from domain.shared.clock import day_in
from domain.shared.db.session import business, today
from domain.shared.errors import N_
from domain.shared.money import Money

WATCHED = (
    LedgerAccount.AWAITING_SETTLEMENT,
    LedgerAccount.PAYOUTS_IN_TRANSIT,
    LedgerAccount.REFUNDS_IN_TRANSIT,
    LedgerAccount.RECEIPTS_TO_BANK,
    LedgerAccount.REFUNDS_TO_EXPLAIN,
    LedgerAccount.UNIDENTIFIED_RECEIPTS,
    LedgerAccount.FOREIGN_RECEIPTS,
    LedgerAccount.PROCESSOR_SUSPENSE,
    LedgerAccount.TRANSFERS_IN_TRANSIT,
)
"""Ledger accounts on which money only passes through: whatever stands there has a name and an age."""

TO_EXPLAIN = frozenset(
    {
        LedgerAccount.REFUNDS_TO_EXPLAIN,
        LedgerAccount.UNIDENTIFIED_RECEIPTS,
        LedgerAccount.FOREIGN_RECEIPTS,
        LedgerAccount.PROCESSOR_SUSPENSE,
    }
)
"""Those on which money waits for a person to say what it is; on the others it is only on its way."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits: a payment, payout, refund, receipt, bank line or movement, named by `subject`.

    `amount` is debit positive, as on its ledger account. `decided` where a person has said that it may stay there.
    """

    subject: tuple[str, str]
    words: str
    name: str
    amount: Money
    since: date
    decided: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands on one ledger account in one currency, and everything that it consists of, the oldest first."""

    ledger_account: LedgerAccount
    balance: Money
    items: tuple[Waiting, ...]

    @property
    def unnamed(self) -> Money:
        """What no item stands for; zero when each cent is named."""
        return self.balance - Money.sum((item.amount for item in self.items), self.balance.currency)

    def as_read(self, amount: Money) -> Money:
        """An amount of this standing with the sign that people read: what came in, or is under way, is above zero."""
        turned = self.ledger_account is LedgerAccount.PROCESSOR_SUSPENSE
        return -amount if turned or self.ledger_account.line.type is AccountType.LIABILITY else amount

    @property
    def unexplained(self) -> Money:
        """How much of it still waits for a person's word, counted without its sign."""
        waits = self.ledger_account in TO_EXPLAIN
        open_items = (item.amount for item in self.items if waits and not item.decided)
        sizes = [abs(amount.minor) for amount in (*open_items, self.unnamed)]
        return Money(sum(sizes), self.balance.currency)


def standings(session: Session) -> list[Standing]:
    """Every watched ledger account on which anything stands, by currency."""
    found: defaultdict[tuple[LedgerAccount, str], list[Waiting]] = defaultdict(list)
    for source in (_unsettled, _failed_late, _payouts, _refunds, _slips, _parked, _unplaced):
        for ledger_account, item in source(session):
            found[ledger_account, item.amount.currency].append(item)
    stands = {(line.ledger_account, line.balance.currency): line.balance for line in trial_balance(session)}
    for used in stands:
        if used[0] in WATCHED:
            found.setdefault(used, [])
    made = []
    for (ledger_account, currency), items in found.items():
        named = tuple(sorted(items, key=lambda item: (item.since, item.name)))
        standing = Standing(ledger_account, stands.get((ledger_account, currency), Money.zero(currency)), named)
        if standing.balance or named:
            made.append(standing)
    return sorted(made, key=lambda each: (each.balance.currency, WATCHED.index(each.ledger_account)))


def age(session: Session, item: Waiting) -> int:
    """For how many days it has waited."""
    return (today(session) - item.since).days


Found = Iterator[tuple[LedgerAccount, Waiting]]


def _unsettled(session: Session) -> Found:
    """Payments that succeeded and whose movement has not come."""
    rows = session.scalars(
        select(Payment).where(
            Payment.method.in_(BY_PROCESSOR), Payment.status == PaymentStatus.SUCCEEDED, Payment.settled_at.is_(None)
        )
    )
    for row in rows:
        assert row.effective_on is not None
        name = row.receipt_number or row.public_id
        item = Waiting(("payment", row.public_id), N_("Payment"), name, row.amount, row.effective_on)
        yield LedgerAccount.AWAITING_SETTLEMENT, item


def _failed_late(session: Session) -> Found:
    """Charges with a movement that have not succeeded: their money goes back, or the success is still to come."""
    column = BALANCE_TRANSACTIONS.c
    source = literal("balance_transaction:").concat(column.external_id)
    rows = session.execute(
        select(column.source_ref, column.currency, func.sum(column.amount_minor), func.min(column.created_at))
        .join(ENTRIES, (ENTRIES.c.source == source) & (ENTRIES.c.kind == EntryKind.PROCESSOR_MOVEMENT.value))
        .outerjoin(Payment, Payment.charge_id == column.source_ref)
        .where(column.category.in_((Category.CHARGE.value, Category.CHARGE_FAILURE.value)))
        .where(Payment.recorded_at.is_(None))
        .group_by(column.source_ref, column.currency)
        .having(func.sum(column.amount_minor) != 0)
    )
    for ref, currency, minor, at in rows:
        words = N_("Payment that is not confirmed yet") if minor > 0 else CATEGORY_WORDS[Category.CHARGE_FAILURE]
        item = Waiting(("charge", ref), words, ref, Money(-int(minor), currency), _day(session, at))
        yield LedgerAccount.AWAITING_SETTLEMENT, item


def _payouts(session: Session) -> Found:
    for row in clearing.payouts_on_their_way(session):
        amount = Money(row.amount_minor, row.currency)
        item = Waiting(("payout", str(row.id)), N_("Payout"), row.external_id, amount, _day(session, row.created_at))
        yield LedgerAccount.PAYOUTS_IN_TRANSIT, item
    early = (PAYOUTS.c.arrived_on.is_not(None), PAYOUTS.c.movement_ref.is_(None), PAYOUTS.c.undone_at.is_(None))
    for row in session.execute(select(PAYOUTS).where(*early)):
        amount = Money(-row.amount_minor, row.currency)
        item = Waiting(("payout", str(row.id)), N_("Payout"), row.external_id, amount, row.arrived_on)
        yield LedgerAccount.PAYOUTS_IN_TRANSIT, item


def _refunds(session: Session) -> Found:
    """Refunds that were granted and have not moved, or moved and were not granted."""
    moved = Refund.moved_at.is_not(None) & Refund.moved_back_at.is_(None)
    granted = Refund.status.not_in(ENDED) & (Refund.source != RefundSource.UNEXPLAINED)
    for row in session.scalars(select(Refund).where(moved != granted)):
        has_moved = row.moved_at is not None and row.moved_back_at is None
        amount = row.amount if has_moved else -row.amount
        item = Waiting(
            ("refund", row.public_id),
            N_("Refund"),
            row.refund_ref or row.public_id,
            amount,
            _day(session, row.requested_at),
        )
        yield row.passes_through, item


def _slips(session: Session) -> Found:
    """Receipts by hand that the bank has not shown, and returns of them that it has not."""
    rows = session.execute(
        select(Payment, ReceiptSlip, PaymentReturn)
        .join(ReceiptSlip, ReceiptSlip.payment_id == Payment.id)
        .outerjoin(PaymentReturn, PaymentReturn.payment_id == Payment.id)
        .where(
            (ReceiptSlip.banked_on.is_(None) & PaymentReturn.id.is_(None))
            | (PaymentReturn.id.is_not(None) & PaymentReturn.banked_on.is_(None))
        )
    )
    for payment, slip, back in rows:
        name = payment.receipt_number or payment.public_id
        if back is None:
            item = Waiting(
                ("payment", payment.public_id), N_("Recorded receipt"), name, payment.amount, slip.received_on
            )
            yield LedgerAccount.RECEIPTS_TO_BANK, item
        elif slip.banked_on is not None:
            item = Waiting(("payment", payment.public_id), N_("Return"), name, -payment.amount, back.returned_on)
            yield LedgerAccount.RECEIPTS_TO_BANK, item


def _parked(session: Session) -> Found:
    """Money at the bank that nobody has identified."""
    for line in session.scalars(select(BankLine).where(BankLine.state == LineState.PARKED)):
        name = line.counterparty_name or line.bank_ref or str(line.id)
        item = Waiting(("bank_line", str(line.id)), N_("Bank line"), name, -line.amount, line.booked_on)
        yield LedgerAccount.UNIDENTIFIED_RECEIPTS, item


def _unplaced(session: Session) -> Found:
    """Movements at the processor that stand on suspense or foreign receipts, with what staff decided of them."""
    column = BALANCE_TRANSACTIONS.c
    source = literal("balance_transaction:").concat(column.external_id)
    places = (LedgerAccount.FOREIGN_RECEIPTS, LedgerAccount.PROCESSOR_SUSPENSE)
    rows = session.execute(
        select(
            column.id,
            column.external_id,
            column.category,
            column.created_at,
            POSTINGS.c.ledger_account,
            POSTINGS.c.currency,
            func.sum(POSTINGS.c.amount).label("minor"),
            func.max(EXPLANATIONS.c.id).label("explanation"),
        )
        .join(ENTRIES, ENTRIES.c.source == source)
        .join(POSTINGS, POSTINGS.c.entry_id == ENTRIES.c.id)
        .outerjoin(EXPLANATIONS, EXPLANATIONS.c.balance_transaction_id == column.id)
        .where(POSTINGS.c.ledger_account.in_([place.value for place in places]), EXPLANATIONS.c.payment_id.is_(None))
        .group_by(
            column.id,
            column.external_id,
            column.category,
            column.created_at,
            POSTINGS.c.ledger_account,
            POSTINGS.c.currency,
        )
        .having(func.sum(POSTINGS.c.amount) != 0)
    )
    for row in rows:
        item = Waiting(
            ("movement", row.external_id),
            CATEGORY_WORDS.get(row.category, row.category),
            row.external_id,
            Money(int(row.minor), row.currency),
            _day(session, row.created_at),
            decided=row.explanation is not None,
        )
        yield LedgerAccount(row.ledger_account), item


def _day(session: Session, at: datetime) -> date:
    return day_in(at, business(session).time_zone)
