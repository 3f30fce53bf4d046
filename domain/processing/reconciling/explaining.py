"""Explaining: staff decide what a movement at the processor is that no rule could place, once, and with a reason."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.audit import recording as audit
from domain.clearing import queries
from domain.clearing.categories import EXPLANATIONS as CHOICES
from domain.clearing.categories import Category
from domain.clearing.model import EXPLANATIONS
from domain.ledger import posting as ledger
from domain.ledger.chart import LedgerAccount
from domain.ledger.model import ENTRIES, POSTINGS
from domain.ledger.posting import EntryKind, Leg
from domain.payments import changing
from domain.payments.model import Payment, PaymentMethod, PaymentStatus
from domain.payments.recording import Received
from domain.processing.money import money_arrived
from domain.shared.actor import Actor
from domain.shared.db.inserting import insert_if_new
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.ids import new_public_id
from domain.shared.money import Money
from domain.tasks.model import TaskKind
from domain.tasks.working import settle

DECIDED = N_("This has been decided already.")


def stands_on(session: Session, movement: AnyRow) -> tuple[LedgerAccount, Money] | None:
    """Where a movement waits for a person, suspense or foreign receipts, and how much of it, debit positive."""
    places = (LedgerAccount.PROCESSOR_SUSPENSE, LedgerAccount.FOREIGN_RECEIPTS)
    row = session.execute(
        select(POSTINGS.c.ledger_account, POSTINGS.c.currency, func.sum(POSTINGS.c.amount).label("minor"))
        .join_from(POSTINGS, ENTRIES)
        .where(
            ENTRIES.c.source == _source(movement),
            ENTRIES.c.kind != EntryKind.MOVEMENT_EXPLAINED.value,
            POSTINGS.c.ledger_account.in_([place.value for place in places]),
        )
        .group_by(POSTINGS.c.ledger_account, POSTINGS.c.currency)
    ).first()
    return None if row is None else (LedgerAccount(row.ledger_account), Money(int(row.minor), row.currency))


def may_be_taken(session: Session, movement: AnyRow) -> bool:
    """Whether a movement is money that came in and that nobody has taken as a payment of one of our accounts yet."""
    place = stands_on(session, movement)
    came = place is not None and place[0] is LedgerAccount.FOREIGN_RECEIPTS and place[1].minor < 0
    return came and movement.category == Category.CHARGE and queries.explanation_of(session, movement.id) is None


def payment_of(session: Session, movement: AnyRow, decision: AnyRow | None) -> tuple[str, str] | None:
    """The payment that a movement belongs to: its public id and its account's number; None where it has none."""
    payment_id = movement.payment_id or (decision.payment_id if decision is not None else None)
    asked_for = _asked_for(session, movement)
    wanted = select(Payment.public_id, Account.number).join(Account, Account.id == Payment.account_id)
    if payment_id is None and asked_for is None:
        return None
    row = session.execute(wanted.where(Payment.id == (payment_id or (asked_for and asked_for.id)))).one()
    return row.public_id, row.number


def explain(session: Session, movement_id: int, ledger_account: LedgerAccount, *, reason: str, actor: Actor) -> None:
    """Say what a movement in suspense is: it moves to one of the ledger accounts that staff may choose from.

    Invalid for another ledger account or no reason, Conflict where it was decided before or does not wait.
    """
    movement = queries.movement(session, movement_id)
    if ledger_account not in CHOICES:
        raise Invalid(N_("Choose what it is."), field="ledger_account")
    amount = _waiting(session, movement, LedgerAccount.PROCESSOR_SUSPENSE)
    _decide(session, movement, ledger_account, None, reason, actor)
    entry = ledger.post(
        session,
        kind=EntryKind.MOVEMENT_EXPLAINED,
        source=_source(movement),
        effective_on=today(session),
        legs=[Leg(ledger_account, amount), Leg(LedgerAccount.PROCESSOR_SUSPENSE, -amount)],
        stream=f"processor:{movement.currency.lower()}",
    )
    settle(session, TaskKind.MOVEMENT_UNKNOWN, subject=("movement", movement.external_id))
    _record(session, "movement.explained", movement, amount, reason, actor, entry_id=entry.id)


def not_ours(session: Session, movement_id: int, *, reason: str, actor: Actor) -> None:
    """Say that money on foreign receipts is another system's: it stays there, and nobody is asked about it again.

    A payment of ours for which another amount came is over then, and its invoices are free.
    """
    movement = queries.movement(session, movement_id)
    payment = _asked_for(session, movement)
    if payment is not None:
        accounts.lock(session, payment.account_id)
        session.refresh(payment)
    amount = _waiting(session, movement, LedgerAccount.FOREIGN_RECEIPTS)
    _decide(session, movement, LedgerAccount.FOREIGN_RECEIPTS, None, reason, actor)
    if payment is not None and changing.change(session, payment, PaymentStatus.FAILED, actor=actor, why=reason):
        changing.release_claims(session, payment)
    _settle_tasks(session, movement, payment)
    account_id = payment.account_id if payment else None
    _record(session, "movement.not_ours", movement, amount, reason, actor, account_id=account_id)


def take_as_payment(session: Session, movement_id: int, account_id: int, *, reason: str, actor: Actor) -> Payment:
    """Take a foreign receipt as a payment of an account, with the amount that really came, and settle its invoices.

    Where it is a payment of ours that brought another amount than was asked for, that payment takes the real amount,
    and what the payer named is settled first. Otherwise the oldest due first. Invalid for an account in another
    currency, Conflict where it was decided before.
    """
    movement = queries.movement(session, movement_id)
    account = accounts.lock(session, account_id)
    amount = -_waiting(session, movement, LedgerAccount.FOREIGN_RECEIPTS)
    if movement.category != Category.CHARGE or amount.minor <= 0:
        raise Conflict(N_("This is no money that came in."))
    if account.currency != amount.currency:
        raise Invalid(N_("This account is kept in {currency}."), field="account", currency=account.currency)
    payment = _asked_for(session, movement)
    if payment is not None and payment.account_id != account_id:
        raise Invalid(N_("The customer of another account made this payment."), field="account")
    payment = payment or _new_payment(session, movement, account_id, amount, actor)
    before = payment.amount
    payment.amount_minor, payment.currency = amount.minor, amount.currency
    payment.settled_at = now(session)
    session.flush()
    _decide(session, movement, LedgerAccount.RECEIVABLE, payment.id, reason, actor)
    received = Received(
        amount=amount,
        occurred_at=movement.created_at,
        intent_id=payment.intent_id,
        charge_id=movement.source_ref,
        debited=LedgerAccount.FOREIGN_RECEIPTS,
    )
    money_arrived(session, payment.id, received, actor=actor)
    _settle_tasks(session, movement, payment)
    audit.record(
        session,
        "movement.taken",
        actor=actor,
        subject=("movement", movement.id),
        account_id=account_id,
        before={"amount": before},
        after={"amount": amount, "why": reason.strip()},
    )
    return payment


def _source(movement: AnyRow) -> str:
    return f"balance_transaction:{movement.external_id}"


def _waiting(session: Session, movement: AnyRow, place: LedgerAccount) -> Money:
    """How much of a movement waits on a ledger account, debit positive; Conflict where nothing does."""
    found = stands_on(session, movement)
    if found is None or found[0] is not place:
        raise Conflict(N_("This movement is not waiting for a decision."))
    return found[1]


def _decide(
    session: Session,
    movement: AnyRow,
    ledger_account: LedgerAccount,
    payment_id: int | None,
    reason: str,
    actor: Actor,
) -> None:
    if not reason.strip():
        raise Invalid(N_("Say why."), field="reason")
    row = {
        "balance_transaction_id": movement.id,
        "ledger_account": ledger_account.value,
        "payment_id": payment_id,
        "reason": reason.strip(),
        "at": now(session),
        "actor_kind": actor.kind.value,
        "actor_id": actor.id,
    }
    if insert_if_new(session, EXPLANATIONS, ("balance_transaction_id",), row) is None:
        raise Conflict(DECIDED)


def _asked_for(session: Session, movement: AnyRow) -> Payment | None:
    """The payment of ours, even one that we had given up, for which this charge brought another amount than asked."""
    if movement.source_ref is None:
        return None
    unrecorded = (Payment.charge_id == movement.source_ref, Payment.recorded_at.is_(None))
    return session.scalars(select(Payment).where(*unrecorded)).one_or_none()


def _new_payment(session: Session, movement: AnyRow, account_id: int, amount: Money, actor: Actor) -> Payment:
    payment = Payment(
        public_id=new_public_id(now(session)),
        account_id=account_id,
        method=PaymentMethod.CHECKOUT,
        status=PaymentStatus.PENDING,
        currency=amount.currency,
        amount_minor=amount.minor,
        created_at=now(session),
        charge_id=movement.source_ref,
    )
    session.add(payment)
    session.flush()
    changing.note(session, payment, None, actor=actor)
    return payment


def _settle_tasks(session: Session, movement: AnyRow, payment: Payment | None) -> None:
    settle(session, TaskKind.FOREIGN_RECEIPT, subject=("charge", movement.source_ref))
    if payment is not None:
        settle(session, TaskKind.PAYMENT_MISMATCH, subject=("payment", payment.public_id))


def _record(
    session: Session,
    act: str,
    movement: AnyRow,
    amount: Money,
    reason: str,
    actor: Actor,
    *,
    account_id: int | None = None,
    entry_id: int | None = None,
) -> None:
    audit.record(
        session,
        act,
        actor=actor,
        subject=("movement", movement.id),
        account_id=account_id,
        entry_id=entry_id,
        after={"amount": amount, "why": reason.strip()},
    )
