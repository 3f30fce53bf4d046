"""Reconciling chargebacks: what a bank contests, takes and gives back, brought to what the processor says of it now.

Snapshots come late, twice and in any order: each movement of money has its effect once, and no state moves back.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.audit.recording import record
from domain.chargebacks import keeping, owning, queries
from domain.chargebacks.model import Chargeback
from domain.chargebacks.states import LOST, PROCESSOR_WORDS, WAITING
from domain.clearing import booking
from domain.clearing.booking import Against
from domain.clearing.categories import Category
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind
from domain.payments import queries as payments
from domain.payments.model import Payment
from domain.payments.snapshots import ChargebackSnapshot, Movement
from domain.processing.money_left import give_payment_back, take_payment_back
from domain.receivables.model import WithdrawalKind
from domain.shared.actor import PROCESSOR
from domain.shared.money import Money
from domain.stops import queries as stops
from domain.stops import writing
from domain.stops.model import StopKind
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task
from domain.tasks.working import settle

CATEGORIES = frozenset({Category.DISPUTE, Category.DISPUTE_REVERSAL})
"""The movements that are the contested money itself; what else a case costs is booked by its own category."""


def reconcile_chargeback(session: Session, seen: ChargebackSnapshot) -> Chargeback:
    """Post what a chargeback took and gave back, open and cover invoices by it, and bring its state up to date.

    One on a payment that is not ours, or that we have not recorded, moves foreign receipts and no account; somebody
    looks at it all the same.
    """
    payment = payments.of_processor(session, intent_id=seen.intent_id, charge_id=seen.charge_id)
    account = accounts.lock(session, payment.account_id) if payment is not None else None
    chargeback, is_new = keeping.keep(session, seen, actor=PROCESSOR)
    if payment is not None:
        session.refresh(payment)
        keeping.belong(session, chargeback, payment)
    if keeping.is_old_news(session, chargeback, seen):
        return chargeback
    money = (movement for movement in seen.movements if movement.category in CATEGORIES)
    for movement in sorted(money, key=lambda one: (one.created_at, one.amount.minor)):
        _book(session, chargeback, movement, account, payment)
    changed = keeping.follow(session, chargeback, seen, actor=PROCESSOR)
    if is_new or changed:
        _tell(session, chargeback)
    _hold(session, chargeback)
    return chargeback


def _book(
    session: Session, chargeback: Chargeback, movement: Movement, account: Account | None, payment: Payment | None
) -> None:
    amount = _in_the_payers_currency(session, chargeback, movement)
    if not amount:
        _book_apart(session, chargeback, movement)
        return
    is_back = amount.minor > 0
    kind = EntryKind.CHARGEBACK_REINSTATED if is_back else EntryKind.CHARGEBACK
    against = Against(LedgerAccount.FOREIGN_RECEIPTS, amount)
    if chargeback.account_id is not None:
        against = Against(LedgerAccount.RECEIVABLE, amount, chargeback.account_id)
    entry = booking.book(session, movement, against, kind=kind, payment=payment)
    if entry is None:
        return
    keeping.moved(session, chargeback, movement, amount)
    if chargeback.account_id is None or account is None or payment is None:
        return
    if is_back:
        give_payment_back(
            session,
            account,
            amount,
            kind=WithdrawalKind.CHARGEBACK,
            source=chargeback.source,
            returning=f"balance_transaction:{movement.external_id}",
            effective_on=entry.effective_on,
            actor=PROCESSOR,
        )
    else:
        take_payment_back(
            session,
            account,
            payment,
            -amount,
            kind=WithdrawalKind.CHARGEBACK,
            source=chargeback.source,
            effective_on=entry.effective_on,
            actor=PROCESSOR,
        )
    record(
        session,
        "chargeback.reinstated" if is_back else "chargeback.withdrawn",
        actor=PROCESSOR,
        subject=("chargeback", chargeback.id),
        account_id=account.id,
        entry_id=entry.id,
        after={"amount": amount if is_back else -amount, "fee": movement.fee},
    )


def _in_the_payers_currency(session: Session, chargeback: Chargeback, movement: Movement) -> Money:
    """What a movement takes (negative) or brings back; nothing where there is nothing to take or to bring back.

    Where the processor settled in another currency, the rates of the two days differ, and what is owed does not: a
    withdrawal takes what is contested and not yet gone, and what comes back is all that had gone.
    """
    if movement.amount.currency == chargeback.currency:
        return movement.amount
    gone = keeping.taken(session, chargeback)
    if movement.amount.minor > 0:
        return gone
    return -(chargeback.amount - gone) if movement.amount else Money.zero(chargeback.currency)


def _book_apart(session: Session, chargeback: Chargeback, movement: Movement) -> None:
    """A movement that takes nothing from the payer: its fee is booked, and an amount is for a person to explain."""
    against = Against(LedgerAccount.PROCESSOR_SUSPENSE, movement.amount)
    entry = booking.book(session, movement, against, kind=EntryKind.PROCESSOR_MOVEMENT)
    if entry is not None and movement.amount:
        open_task(
            session,
            TaskKind.MOVEMENT_UNKNOWN,
            subject=("movement", movement.external_id),
            worth=movement.amount,
            detail={"processor": chargeback.chargeback_ref},
        )


def _tell(session: Session, chargeback: Chargeback) -> None:
    """Put the change on the audit trail, and ask for a person where one has to act."""
    subject = ("chargeback", chargeback.chargeback_ref)
    record(
        session,
        f"chargeback.{chargeback.state.value}",
        actor=PROCESSOR,
        subject=("chargeback", chargeback.id),
        account_id=chargeback.account_id,
        after={"amount": chargeback.amount, "reason": chargeback.reason, "word": chargeback.processor_state},
    )
    owner_id = owning.owners(session, [chargeback.chargeback_ref]).get(chargeback.chargeback_ref)
    known = chargeback.processor_state in PROCESSOR_WORDS
    asked = {
        TaskKind.CHARGEBACK: not known or (chargeback.state in WAITING and chargeback.can_answer),
        TaskKind.CHARGEBACK_LOST: chargeback.state in LOST and chargeback.account_id is not None,
    }
    for kind, is_asked in asked.items():
        if not is_asked:
            settle(session, kind, subject=subject)
            continue
        open_task(
            session,
            kind,
            subject=subject,
            account_id=chargeback.account_id,
            worth=chargeback.amount,
            detail={"processor": chargeback.chargeback_ref, "found": chargeback.processor_state},
        )
    if owner_id is not None:
        owning.keep(session, chargeback.chargeback_ref, owner_id)
    if not chargeback.is_open:
        settle(session, TaskKind.CHARGEBACK_NOT_ACCEPTED, subject=subject)
    if not chargeback.can_answer:
        settle(session, TaskKind.CHARGEBACK_NOT_ANSWERED, subject=subject)


def _hold(session: Session, chargeback: Chargeback) -> None:
    """While nothing is decided, hold what the chargeback opened again, or the account where it opened nothing."""
    if chargeback.account_id is None:
        return
    wanted: dict[int | None, Money | None] = {}
    if chargeback.is_open:
        opened = queries.uncovered(session, chargeback.source, chargeback.currency)
        wanted = {part.invoice_id: part.amount for part in opened} or {None: None}
    live = stops.live(session, chargeback.account_id)
    ours = [row for row in live if (row.kind, row.source) == (StopKind.CHARGEBACK, chargeback.source)]
    held = {row.invoice_id: Money(row.amount_minor, chargeback.currency) if row.amount_minor else None for row in ours}
    if held == wanted:
        return
    writing.lift(session, StopKind.CHARGEBACK, chargeback.source, actor=PROCESSOR, why=chargeback.state.value)
    for invoice_id, amount in wanted.items():
        writing.write(
            session,
            chargeback.account_id,
            StopKind.CHARGEBACK,
            chargeback.source,
            actor=PROCESSOR,
            invoice_id=invoice_id,
            amount=amount,
        )
