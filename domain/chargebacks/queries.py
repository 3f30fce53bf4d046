"""Queries: chargebacks for lists and pages, what they uncovered and moved, and fraud warnings."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from enum import StrEnum

from sqlalchemy import Subquery, func, literal, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.chargebacks.model import (
    Chargeback,
    ChargebackChange,
    ChargebackChoice,
    ChargebackMovement,
    FraudWarning,
)
from domain.chargebacks.states import LOST, OPEN, ChargebackState
from domain.payments.model import Payment
from domain.receivables.model import Invoice, OwedAgain, Uncovering, WithdrawalKind
from domain.receivables.withdrawing import Uncovered, still_gone, withdrawals_of
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import N_, NotFound
from domain.shared.money import Money

NO_SUCH_CHARGEBACK = N_("We could not find that chargeback.")


class View(StrEnum):
    """The lists of chargebacks."""

    OPEN = "open"
    LOST = "lost"
    WON = "won"
    CLOSED = "closed"


_STATES: dict[View, frozenset[ChargebackState]] = {
    View.OPEN: OPEN,
    View.LOST: LOST,
    View.WON: frozenset({ChargebackState.WON}),
    View.CLOSED: frozenset({ChargebackState.INQUIRY_CLOSED, ChargebackState.PREVENTED}),
}

_SHOWN = (
    select(
        Chargeback.id,
        Chargeback.chargeback_ref,
        Chargeback.account_id,
        Chargeback.payment_id,
        Chargeback.currency,
        Chargeback.amount_minor,
        Chargeback.reason,
        Chargeback.state,
        Chargeback.processor_state,
        Chargeback.respond_by,
        Chargeback.can_answer,
        Chargeback.opened_at,
        Chargeback.closed_at,
        Chargeback.accepting_since,
        Chargeback.card,
        Payment.account_id.label("payer_id"),
        Account.name.label("payer"),
        Payment.public_id,
        Payment.receipt_number,
        Payment.means,
    )
    .outerjoin(Payment, Payment.id == Chargeback.payment_id)
    .outerjoin(Account, Account.id == Payment.account_id)
)


def by_ref(session: Session, chargeback_ref: str) -> AnyRow:
    """One chargeback with its account and payment, by the processor's name for it; NotFound otherwise."""
    row = session.execute(_SHOWN.where(Chargeback.chargeback_ref == chargeback_ref)).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_CHARGEBACK)
    return row


def chargebacks(session: Session, view: View, *, before: int | None = None, limit: int) -> AnyRows:
    """A page of a list, newest first; the open ones all at once, the one that must be answered first on top."""
    wanted = _SHOWN.where(Chargeback.state.in_(_STATES[view]))
    if view is View.OPEN:
        last = Chargeback.respond_by.is_(None) | ~Chargeback.can_answer
        return session.execute(wanted.order_by(last, Chargeback.respond_by, Chargeback.id)).all()
    if before is not None:
        wanted = wanted.where(Chargeback.id < before)
    return session.execute(wanted.order_by(Chargeback.id.desc()).limit(limit)).all()


def choice_of(session: Session, chargeback_id: int) -> AnyRow | None:
    """What staff chose last for the debt of a lost chargeback; None before they did."""
    return session.execute(
        select(
            ChargebackChoice.choice,
            ChargebackChoice.amount_minor,
            ChargebackChoice.currency,
            ChargebackChoice.why,
            ChargebackChoice.at,
        )
        .where(ChargebackChoice.chargeback_id == chargeback_id)
        .order_by(ChargebackChoice.id.desc())
        .limit(1)
    ).one_or_none()


def deadlines() -> Subquery:
    """By when the chargebacks that still wait for our answer must have it, as lists of tasks are ordered by."""
    waits = select(
        literal("chargeback").label("subject_kind"),
        Chargeback.chargeback_ref.label("subject_id"),
        Chargeback.respond_by.label("due"),
    ).where(
        Chargeback.state.in_(OPEN),
        Chargeback.can_answer,
        Chargeback.respond_by.is_not(None),
        Chargeback.accepting_since.is_(None),
    )
    return waits.subquery()


def counts(session: Session) -> dict[View, int]:
    """How many stand in each list."""
    rows = session.execute(select(Chargeback.state, func.count().label("many")).group_by(Chargeback.state))
    by_state = {row.state: row.many for row in rows}
    return {view: sum(by_state.get(state, 0) for state in states) for view, states in _STATES.items()}


def of_payment(session: Session, payment_id: int) -> AnyRows:
    """The chargebacks against one payment, the oldest first."""
    return session.execute(_SHOWN.where(Chargeback.payment_id == payment_id).order_by(Chargeback.id)).all()


def changes(session: Session, chargeback_id: int) -> AnyRows:
    """How its state came about, step by step."""
    return session.execute(
        select(
            ChargebackChange.before,
            ChargebackChange.after,
            ChargebackChange.processor_state,
            ChargebackChange.at,
            ChargebackChange.actor_kind,
            ChargebackChange.actor_id,
        )
        .where(ChargebackChange.chargeback_id == chargeback_id)
        .order_by(ChargebackChange.id)
    ).all()


def movements(session: Session, chargeback_ids: Collection[int]) -> AnyRows:
    """What these chargebacks took and brought back, in order, in the payer's currency."""
    return session.execute(
        select(
            ChargebackMovement.chargeback_id,
            ChargebackMovement.external_id,
            ChargebackMovement.amount_minor,
            ChargebackMovement.occurred_at,
            ChargebackMovement.recorded_at,
        )
        .where(ChargebackMovement.chargeback_id.in_(chargeback_ids))
        .order_by(ChargebackMovement.id)
    ).all()


def uncovered(
    session: Session, source: str, currency: str, *, kind: WithdrawalKind = WithdrawalKind.CHARGEBACK
) -> list[Uncovered]:
    """The invoices that the withdrawals of a chargeback, or of `kind`, opened and that it has not covered since.

    Each by how much: what came back covers the one that is due first, as in `withdrawing.give_back`. What is owed a
    second time because the money had been refunded before is among them.
    """
    withdrawals = withdrawals_of(session, kind, source)
    came_back = {one.id: one.amount_minor - still_gone(session, one, currency).minor for one in withdrawals}
    parts = session.execute(
        select(Uncovering.withdrawal_id, Uncovering.amount_minor, Invoice.id, Invoice.number)
        .join(Invoice, Invoice.id == Uncovering.invoice_id)
        .where(Uncovering.withdrawal_id.in_(came_back))
        .order_by(Invoice.due_on, Invoice.id)
    ).all()
    opened: dict[int, Uncovered] = {}
    for part in parts:
        covered = min(part.amount_minor, came_back[part.withdrawal_id])
        came_back[part.withdrawal_id] -= covered
        before = opened[part.id].amount.minor if part.id in opened else 0
        opened[part.id] = Uncovered(part.id, part.number, Money(before + part.amount_minor - covered, currency))
    again = session.execute(
        select(Invoice.id, Invoice.number, Invoice.open_minor.label("minor"))
        .join(OwedAgain, OwedAgain.invoice_id == Invoice.id)
        .where(OwedAgain.source == source, Invoice.open_minor > 0)
        .order_by(Invoice.id)
    ).all()
    found = [opened[invoice_id] for invoice_id in sorted(opened) if opened[invoice_id].amount]
    return found + [Uncovered(row.id, row.number, Money(row.minor, currency)) for row in again]


def _fallen(session: Session, source: str, currency: str) -> list[Uncovered]:
    """The early discounts that fell because of it, by the invoices that they are open on again."""
    fallen = withdrawals_of(session, WithdrawalKind.REVOKED, source)
    return uncovered(session, source, currency, kind=WithdrawalKind.REVOKED) if fallen else []


def _together(parts: Sequence[Uncovered]) -> list[Uncovered]:
    """Several parts of one invoice as one."""
    sums: dict[int, Uncovered] = {}
    for part in parts:
        before = sums.get(part.invoice_id)
        sums[part.invoice_id] = replace(part, amount=part.amount + before.amount) if before else part
    return list(sums.values())


def still_open(
    session: Session, source: str, currency: str, *, kind: WithdrawalKind = WithdrawalKind.CHARGEBACK
) -> list[Uncovered]:
    """What of `uncovered` is open today, with the early discounts that fell with it; the rest was paid or credited."""
    parts = _together([*uncovered(session, source, currency, kind=kind), *_fallen(session, source, currency)])
    wanted = select(Invoice.id, Invoice.open_minor).where(Invoice.id.in_([part.invoice_id for part in parts]))
    left = {row.id: Money(row.open_minor, currency) for row in session.execute(wanted)}
    return [replace(part, amount=min(part.amount, left[part.invoice_id])) for part in parts if left[part.invoice_id]]


def warnings_of(session: Session, payment_id: int) -> AnyRows:
    """The early fraud warnings about one payment, the oldest first."""
    return session.execute(
        select(FraudWarning.warning_ref, FraudWarning.kind, FraudWarning.actionable, FraudWarning.warned_at)
        .where(FraudWarning.payment_id == payment_id)
        .order_by(FraudWarning.id)
    ).all()
