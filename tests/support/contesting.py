"""Contesting: chargebacks and fraud warnings as a processor reports them, made by hand, and payments for them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from domain.chargebacks.model import Chargeback
from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
from domain.payments.snapshots import ChargebackSnapshot, FraudWarningSnapshot, Movement
from domain.processing.reconciling.chargebacks import reconcile_chargeback
from domain.receivables.queries import totals
from domain.shared.db.session import Database, now
from domain.shared.money import Money
from domain.stops import queries as stops
from domain.tasks.model import Task, TaskKind
from tests.support.builders import money
from tests.support.fakes import FakeProcessor
from tests.support.paying import Debt, a_debt, start, succeed

FEE = "15"


def a_paid_debt(db: Database, *amounts: str, intent_id: str = "pi_1") -> tuple[Debt, str]:
    """An account whose invoices were all paid in one payment by card: the debt, and the payment's public id."""
    debt = a_debt(db, *amounts)
    wanted = {invoice: money(amount) for invoice, amount in zip(debt.invoices, amounts, strict=True)}
    started = start(db, FakeProcessor(), debt, wanted)
    succeed(db, started.public_id, Money.sum(wanted.values(), "GBP"), intent_id=intent_id)
    return debt, started.public_id


def withdrawn(amount: Money, at: datetime, *, name: str = "txn_out", fee: str = FEE) -> Movement:
    """The bank takes so much, and the processor its fee."""
    return _movement(name, "dispute", -amount, money(fee, amount.currency), at)


def reinstated(amount: Money, at: datetime, *, name: str = "txn_back", fee: str = "0") -> Movement:
    """So much comes back; a fee below nothing comes back with it."""
    return _movement(name, "dispute_reversal", amount, money(fee, amount.currency), at)


def a_chargeback(
    state: str,
    amount: Money,
    at: datetime,
    *movements: Movement,
    name: str = "du_1",
    intent_id: str = "pi_1",
    can_answer: bool = True,
) -> ChargebackSnapshot:
    """What the processor says of a chargeback that was opened at that instant and is to be answered in nine days."""
    return ChargebackSnapshot(
        chargeback_ref=name,
        charge_id=intent_id.replace("pi", "ch"),
        intent_id=intent_id,
        amount=amount,
        state=state,
        reason="fraudulent",
        evidence_by=at + timedelta(days=9),
        can_answer=can_answer and state in {"needs_response", "warning_needs_response"},
        created_at=at,
        movements=movements,
    )


def a_warning(at: datetime, *, actionable: bool = True, intent_id: str = "pi_1") -> FraudWarningSnapshot:
    """An early fraud warning about a payment."""
    return FraudWarningSnapshot(
        warning_ref="issfr_1",
        charge_id=intent_id.replace("pi", "ch"),
        intent_id=intent_id,
        kind="made_with_stolen_card",
        actionable=actionable,
        created_at=at,
    )


def reconcile(db: Database, seen: ChargebackSnapshot) -> Chargeback:
    """The processor reports it."""
    with db.transaction() as session:
        return reconcile_chargeback(session, seen)


def contest(db: Database, state: str, amount: str, *, name: str = "du_1", intent_id: str = "pi_1") -> Chargeback:
    """A chargeback as it looks in this state, with the money moved that belongs to it, reported now."""
    with db.reading() as session:
        at = now(session)
    whole = money(amount)
    moves: list[Movement] = []
    if not state.startswith("warning_"):
        moves.append(withdrawn(whole, at, name=f"txn_out_{name}"))
    if state == "won":
        moves.append(reinstated(whole, at, name=f"txn_back_{name}"))
    return reconcile(db, a_chargeback(state, whole, at, *moves, name=name, intent_id=intent_id))


def balance(db: Database, account: LedgerAccount, currency: str = "GBP") -> Money:
    """The balance of a ledger account."""
    with db.reading() as session:
        return balances.balance_of(session, account, currency)


def owes(db: Database, account_id: int) -> Money:
    """What the ledger says that an account owes."""
    with db.reading() as session:
        return balances.receivable(session, account_id)


def credit(db: Database, account_id: int) -> Money:
    """What the account has and has not used."""
    with db.reading() as session:
        return totals(session, account_id, "GBP").credit


def open_tasks(db: Database) -> set[TaskKind]:
    """The kinds of the tasks that wait."""
    with db.reading() as session:
        return set(session.scalars(select(Task.kind).where(Task.done_at.is_(None))))


def held(db: Database, account_id: int) -> list[tuple[int | None, int | None]]:
    """What chargebacks hold: invoices with how much of them, or the whole account."""
    with db.reading() as session:
        return [(row.invoice_id, row.amount_minor) for row in stops.live(session, account_id)]


def _movement(name: str, category: str, amount: Money, fee: Money, at: datetime) -> Movement:
    return Movement(
        external_id=name,
        category=category,
        source_ref="du_1",
        amount=amount,
        fee=fee,
        created_at=at,
        available_on=at.date(),
    )
