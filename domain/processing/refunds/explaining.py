"""Refund explaining: staff name what a refund that was made outside Quittance is taken from; only then it is posted."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.audit import recording as audit
from domain.invoicing import credit_notes
from domain.invoicing.credit_notes import Effect
from domain.invoicing.model import CreditNote
from domain.ledger import posting as ledger
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, credit, debit
from domain.payments.model import Payment
from domain.policies import authority
from domain.policies.acts import Act
from domain.processing import money_left
from domain.processing.refunds import drawing
from domain.processing.refunds.asking import settle_surplus
from domain.processing.refunds.drawing import Wish
from domain.receivables.withdrawing import Uncovered
from domain.refunds.model import ENDED, Refund, RefundSource
from domain.shared.actor import Actor
from domain.shared.clock import day_in
from domain.shared.db.session import business
from domain.shared.errors import N_, Conflict, Invalid
from domain.staff.model import Role
from domain.tasks import working
from domain.tasks.model import TaskKind


def would_reopen(session: Session, refund: Refund, wish: Wish, *, role: Role) -> list[Uncovered]:
    """Which invoices the source would open again; raises what `explain` would raise."""
    payment = session.get_one(Payment, refund.payment_id)
    _weigh(session, refund, payment, wish, role)
    if wish.source is not RefundSource.REVERSAL:
        return []
    return money_left.would_uncover(session, payment, refund.amount)


def explain(session: Session, refund: Refund, wish: Wish, *, role: Role, actor: Actor) -> list[Uncovered]:
    """Take a refund that nobody had explained from the source of the wish; which invoices are open again.

    It takes effect on the day on which the money went, or once all was there that it is taken from. The money is gone,
    so nothing waits for approval: Invalid and Conflict as for a refund of ours, NotAllowed beyond the role's authority.
    """
    account = accounts.lock(session, refund.account_id)
    session.refresh(refund)
    payment = session.get_one(Payment, refund.payment_id, populate_existing=True)
    effect = _weigh(session, refund, payment, wish, role)
    note = _issue_note(session, account, payment, wish, actor) if effect is not None else None
    refund.source, refund.reason, refund.decided_by = wish.source, wish.reason.strip(), actor.id
    refund.credit_note_id = note.id if note else None
    entry = ledger.post(
        session,
        kind=EntryKind.REFUND_EXPLAINED,
        source=refund.name,
        effective_on=max(
            day_in(refund.requested_at, business(session).time_zone),
            drawing.there_since(session, payment, refund, note),
        ),
        legs=[
            debit(LedgerAccount.RECEIVABLE, refund.amount, account_id=account.id),
            credit(refund.passes_through, refund.amount),
        ],
    )
    reopened = drawing.draw(session, account, payment, refund, effective_on=entry.effective_on, note=note, actor=actor)
    working.settle(session, TaskKind.REFUND_TO_EXPLAIN, subject=("refund", refund.public_id))
    settle_surplus(session, payment)
    audit.record(
        session,
        "refund.explained",
        actor=actor,
        subject=("refund", refund.id),
        account_id=account.id,
        entry_id=entry.id,
        after={
            "amount": refund.amount,
            "source": refund.source,
            "why": refund.reason,
            "reopens": [part.number for part in reopened],
        },
    )
    return reopened


def _weigh(session: Session, refund: Refund, payment: Payment, wish: Wish, role: Role) -> Effect | None:
    if refund.source is not RefundSource.UNEXPLAINED or refund.status in ENDED:
        raise Conflict(N_("This refund is not waiting for an explanation."))
    if payment.recorded_at is None:
        raise Conflict(N_("The payment itself is not in the books yet. Try again in a minute."))
    if not wish.reason.strip():
        raise Invalid(N_("Say why the money went back."), field="reason")
    if wish.source is RefundSource.UNEXPLAINED:
        raise Invalid(N_("Say what the money is taken from."), field="source")
    authority.check(session, role, Act.REFUND, refund.amount, account_id=refund.account_id)
    if wish.source is RefundSource.CREDIT:
        drawing.refuse_above_credit(drawing.available_credit(session, payment), refund.amount)
    effect = drawing.credit_note_effect(session, payment, wish)
    if effect is not None:
        authority.check(session, role, Act.CREDIT_NOTE, wish.amount, account_id=refund.account_id)
        if effect.becomes_credit != refund.amount:
            raise Invalid(
                N_("The credit note must set free what was refunded, {amount}; this one would set free {free}."),
                field="amount",
                amount=refund.amount,
                free=effect.becomes_credit,
            )
    return effect


def _issue_note(session: Session, account: Account, payment: Payment, wish: Wish, actor: Actor) -> CreditNote:
    invoice = drawing.credited_invoice(session, payment, wish.invoice_id)
    return credit_notes.issue_credit_note(session, account, invoice, wish.amount, reason=wish.reason, actor=actor)
