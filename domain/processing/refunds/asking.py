"""Refunding: staff ask for a refund, which is posted at once; where it is beyond their authority, somebody decides."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.audit import recording as audit
from domain.invoicing import credit_notes
from domain.invoicing.model import CreditNote
from domain.ledger import posting as ledger
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, credit, debit
from domain.outbox import sending as outbox
from domain.payments import queries as payments
from domain.payments.model import Payment
from domain.policies import authority
from domain.policies.acts import Act
from domain.processing import aftermath
from domain.processing.messages import SendRefund
from domain.processing.refunds import drawing, payees, progress
from domain.processing.refunds.drawing import Wish
from domain.receivables import withdrawing
from domain.receivables.model import CreditKind
from domain.refunds import changing
from domain.refunds.model import Refund, RefundSource, RefundStatus, RefundWay
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid, NotAllowed, NotFound
from domain.shared.ids import new_public_id
from domain.shared.money import Money
from domain.staff.model import Role
from domain.tasks import opening as tasks
from domain.tasks import working
from domain.tasks.model import TaskKind


def request(session: Session, account_id: int, wish: Wish, *, role: Role, actor: Actor) -> Refund:
    """Post a refund of a payment of the account and take it from its source, so that the credit is gone at once.

    Within the role's authority, which counts what they have let go before, it is on its way; beyond it, it waits for
    somebody who may approve it. Raises Invalid, Conflict, NotFound, and NotAllowed where the credit note that it needs
    is beyond the role.
    """
    account = accounts.lock(session, account_id)
    payment = session.get(Payment, wish.payment_id, populate_existing=True)
    if payment is None or payment.account_id != account_id:
        raise NotFound(payments.NO_SUCH_PAYMENT)
    what = drawing.preview(session, payment, wish, role=role, actor=actor)
    note = _issue_note(session, account, payment, wish, actor)
    refund = Refund(
        public_id=new_public_id(now(session)),
        account_id=account_id,
        payment_id=payment.id,
        currency=payment.currency,
        amount_minor=what.amount.minor,
        source=wish.source,
        way=what.way,
        outside=False,
        status=RefundStatus.REQUESTED,
        reason=wish.reason.strip(),
        credit_note_id=note.id if note else None,
        requested_at=now(session),
        requested_by=actor.id,
    )
    session.add(refund)
    session.flush()
    changing.note(session, refund, None, actor=actor, why=refund.reason)
    entry = ledger.post(
        session,
        kind=EntryKind.REFUND,
        source=refund.name,
        effective_on=today(session),
        legs=[
            debit(LedgerAccount.RECEIVABLE, refund.amount, account_id=account_id),
            credit(LedgerAccount.REFUNDS_IN_TRANSIT, refund.amount),
        ],
    )
    reopened = drawing.draw(session, account, payment, refund, effective_on=entry.effective_on, note=note, actor=actor)
    settle_surplus(session, payment)
    audit.record(
        session,
        "refund.requested",
        actor=actor,
        subject=("refund", refund.id),
        account_id=account_id,
        entry_id=entry.id,
        after={
            "amount": refund.amount,
            "receipt": payment.receipt_number,
            "source": refund.source,
            "why": refund.reason,
            "reopens": [part.number for part in reopened],
        },
    )
    if what.needs_approval:
        _ask_for_approval(session, refund, actor)
    else:
        _let_go(session, refund, actor)
    return refund


def approve(session: Session, refund: Refund, *, role: Role, actor: Actor, payee_seen: str | None = None) -> None:
    """Let a refund that waits go; one from our bank to the bank account `payee_seen`, and to no other.

    NotAllowed for one's own, and where it and what one has let go before are beyond the role's authority; Conflict for
    one that does not wait, or whose payment was taken back meanwhile. Raises what `payees.approve_payee` raises.
    """
    payment = _deciding(session, refund, role, actor)
    let_go = drawing.let_go_alone(session, payment, actor)
    authority.check(session, role, Act.REFUND, let_go + refund.amount, account_id=refund.account_id)
    if aftermath.overdrawn(session, payment):
        raise Conflict(N_("The payment has been taken back meanwhile: refuse this refund."))
    if refund.way is RefundWay.BANK:
        payees.approve_payee(session, refund, payee_seen, actor=actor)
    refund.decided_by = actor.id
    _record(session, "refund.approved", refund, actor)
    _let_go(session, refund, actor)


def refuse(session: Session, refund: Refund, *, why: str, role: Role, actor: Actor) -> None:
    """Turn down a refund that waits: what was taken for it comes back. As `approve`; Invalid without a reason."""
    _deciding(session, refund, role, actor)
    if not why.strip():
        raise Invalid(N_("Say why it is refused."), field="why")
    refund.decided_by = actor.id
    progress.came_to_nothing(session, refund, RefundStatus.REFUSED, why=why.strip(), actor=actor)


def settle_surplus(session: Session, payment: Payment) -> None:
    """The question what becomes of a payment's surplus has answered itself once nothing of it is left."""
    item = withdrawing.item_of(session, CreditKind.PAYMENT, payment.public_id)
    if not item.unapplied:
        working.settle(session, TaskKind.SURPLUS, subject=("payment", payment.public_id))


def _issue_note(session: Session, account: Account, payment: Payment, wish: Wish, actor: Actor) -> CreditNote | None:
    if wish.source is not RefundSource.CREDIT_NOTE:
        return None
    invoice = drawing.credited_invoice(session, payment, wish.invoice_id)
    return credit_notes.issue_credit_note(session, account, invoice, wish.amount, reason=wish.reason, actor=actor)


def _ask_for_approval(session: Session, refund: Refund, actor: Actor) -> None:
    changing.change(session, refund, RefundStatus.AWAITING_APPROVAL, actor=actor)
    tasks.open_task(
        session,
        TaskKind.REFUND_APPROVAL,
        subject=("refund", refund.public_id),
        account_id=refund.account_id,
        worth=refund.amount,
        detail={"why": refund.reason},
        roles=authority.who_covers(session, Act.REFUND, refund.amount, account_id=refund.account_id),
    )


def _let_go(session: Session, refund: Refund, actor: Actor) -> None:
    """It may go out: the worker sends it through the processor; from the bank somebody has to pay it."""
    changing.change(session, refund, RefundStatus.PENDING, actor=actor)
    working.settle(session, TaskKind.REFUND_APPROVAL, subject=("refund", refund.public_id))
    if refund.way is RefundWay.PROCESSOR:
        outbox.add(session, SendRefund(refund_id=refund.id), account_id=refund.account_id)


def _deciding(session: Session, refund: Refund, role: Role, actor: Actor) -> Payment:
    """The payment of a refund that waits for approval, with both read again under the lock."""
    accounts.lock(session, refund.account_id)
    session.refresh(refund)
    if refund.status is not RefundStatus.AWAITING_APPROVAL:
        raise Conflict(N_("This refund is not waiting for approval."))
    authority.check(session, role, Act.REFUND, refund.amount, account_id=refund.account_id)
    if refund.requested_by == actor.id:
        raise NotAllowed(N_("Nobody decides on a refund that they asked for: a colleague has to."))
    return session.get_one(Payment, refund.payment_id, populate_existing=True)


def _record(session: Session, act: str, refund: Refund, actor: Actor) -> None:
    after: dict[str, Money] = {"amount": refund.amount}
    audit.record(session, act, actor=actor, subject=("refund", refund.id), account_id=refund.account_id, after=after)
