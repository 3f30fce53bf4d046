"""Payments as the two sites read them, and the locks and look-ups that use cases need."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import and_, bindparam, literal, select
from sqlalchemy.orm import Session, aliased

from domain.accounts.model import Login
from domain.payments.model import (
    LIVE,
    WAITING,
    AttemptState,
    Payment,
    PaymentAttempt,
    PaymentChange,
    PaymentClaim,
    PaymentLine,
    PaymentMethod,
    PaymentStatus,
    ProcessorCustomer,
    SavedAttempt,
)
from domain.receivables.model import Allocation, CreditItem, CreditKind, Invoice
from domain.shared.actor import ActorKind
from domain.shared.db.rows import AnyRows
from domain.shared.db.session import now
from domain.shared.errors import N_, NotFound

NO_SUCH_PAYMENT = N_("We could not find that payment.")

_BEGUN_BY_LINK = (PaymentChange.before.is_(None), PaymentChange.actor_kind == ActorKind.PAY_LINK)
_CLAIMS = (
    select(
        PaymentClaim.invoice_id,
        PaymentClaim.payment_id,
        PaymentClaim.claimed_at,
        Payment.public_id,
        Payment.status,
        Payment.method,
        Payment.login_id,
        Login.name.label("payer"),
        PaymentChange.actor_id.label("pay_link_id"),
        PaymentLine.amount_minor,
        Invoice.open_minor,
        Invoice.currency,
    )
    .join(Payment, Payment.id == PaymentClaim.payment_id)
    .join(
        PaymentLine,
        (PaymentLine.payment_id == PaymentClaim.payment_id) & (PaymentLine.invoice_id == PaymentClaim.invoice_id),
    )
    .join(Invoice, Invoice.id == PaymentClaim.invoice_id)
    .outerjoin(Login, Login.id == Payment.login_id)
    .outerjoin(PaymentChange, and_(PaymentChange.payment_id == Payment.id, *_BEGUN_BY_LINK))
    .where(PaymentClaim.released_at.is_(None))
    .order_by(PaymentClaim.id)
)
_CLAIMS_OF = _CLAIMS.where(Payment.account_id.in_(bindparam("accounts", expanding=True)))


def by_public_id(session: Session, public_id: str, *, account_id: int | None = None) -> Payment:
    """The payment of that public id, of this account if one is given; NotFound otherwise."""
    query = select(Payment).where(Payment.public_id == public_id)
    if account_id is not None:
        query = query.where(Payment.account_id == account_id)
    payment = session.scalars(query).one_or_none()
    if payment is None:
        raise NotFound(NO_SUCH_PAYMENT)
    return payment


def of_processor(session: Session, *, intent_id: str | None, charge_id: str) -> Payment | None:
    """The payment that an intent or charge of the processor's belongs to, where it is one of ours."""
    for column, name in ((Payment.intent_id, intent_id), (Payment.charge_id, charge_id)):
        found = session.scalars(select(Payment).where(column == name)).one_or_none() if name else None
        if found is not None:
            return found
    return None


def attempt_of(session: Session, payment_id: int) -> PaymentAttempt:
    """The latest attempt of a payment."""
    return session.scalars(
        select(PaymentAttempt)
        .where(PaymentAttempt.payment_id == payment_id)
        .order_by(PaymentAttempt.number.desc())
        .limit(1)
    ).one()


def saved_method_of(session: Session, payment_id: int) -> int | None:
    """The saved method from which the latest try of a payment was to take the money; None for a page."""
    return session.scalar(
        select(SavedAttempt.saved_method_id)
        .join(PaymentAttempt, PaymentAttempt.id == SavedAttempt.attempt_id)
        .where(PaymentAttempt.payment_id == payment_id)
        .order_by(PaymentAttempt.number.desc())
        .limit(1)
    )


def waits_for_bank(session: Session, payment: Payment) -> bool:
    """Whether an automatic payment has stopped because the bank wants to be answered by the payer themselves."""
    if payment.method is not PaymentMethod.AUTOMATIC or payment.status not in WAITING or payment.checkout_url:
        return False
    attempt = attempt_of(session, payment.id)
    asked = decline_of(session, attempt.id) == "authentication_required"
    answered_wrongly = payment.status is PaymentStatus.REQUIRES_ACTION and bool(attempt.request.get("return_url"))
    return attempt.state is AttemptState.ANSWERED and (asked or answered_wrongly)


def decline_of(session: Session, attempt_id: int) -> str | None:
    """The bank's own word for why an attempt on a saved method was declined, such as `authentication_required`."""
    return session.scalar(select(SavedAttempt.failure_code).where(SavedAttempt.attempt_id == attempt_id))


def customer_id(session: Session, account_id: int) -> str | None:
    """The processor's name for the account, once it has one."""
    return session.scalar(select(ProcessorCustomer.customer_id).where(ProcessorCustomer.account_id == account_id))


def pay_link_of(session: Session, payment_id: int) -> int | None:
    """The link by whose holder a payment was begun; None where nobody held one."""
    begun = select(PaymentChange.actor_id).where(PaymentChange.payment_id == payment_id, *_BEGUN_BY_LINK)
    return session.scalar(begun)


def lines(session: Session, payment_id: int) -> AnyRows:
    """What the payment was meant for: invoice id, number, due day and amount."""
    return session.execute(
        select(PaymentLine.invoice_id, Invoice.number, Invoice.due_on, PaymentLine.amount_minor)
        .join(Invoice, Invoice.id == PaymentLine.invoice_id)
        .where(PaymentLine.payment_id == payment_id)
        .order_by(Invoice.due_on, Invoice.id)
    ).all()


def settled(session: Session, public_id: str) -> AnyRows:
    """What the payment settled in fact: allocation and invoice, number, how much (what was taken back is left out)."""
    taken_back = aliased(Allocation)
    undone = select(literal(1)).where(taken_back.reverses_id == Allocation.id)
    return session.execute(
        select(Allocation.id, Allocation.invoice_id, Invoice.number, Allocation.amount_minor, Invoice.open_minor)
        .join(CreditItem, CreditItem.id == Allocation.credit_item_id)
        .join(Invoice, Invoice.id == Allocation.invoice_id)
        .where(
            CreditItem.kind == CreditKind.PAYMENT,
            CreditItem.source == public_id,
            Allocation.amount_minor > 0,
            ~undone.exists(),
        )
        .order_by(Invoice.due_on, Invoice.id)
    ).all()


def live_claims(session: Session, invoice_ids: Collection[int]) -> AnyRows:
    """Who is paying these invoices right now: invoice, payment, who started it and when, how much of what is open."""
    return session.execute(_CLAIMS.where(PaymentClaim.invoice_id.in_(invoice_ids))).all()


def live_claims_of(session: Session, account_ids: Collection[int]) -> AnyRows:
    """Who is paying which of these accounts' invoices right now, in the shape of `live_claims`."""
    return session.execute(_CLAIMS_OF, {"accounts": list(account_ids)}).all()


def confirmed_at(session: Session, payment: Payment) -> datetime:
    """When the payer confirmed a payment that arrived: when it succeeded, or when they agreed to a debit of some days.

    A debit that failed counts for nothing when the payment was tried again.
    """
    last = session.execute(
        select(PaymentChange.after, PaymentChange.at)
        .where(PaymentChange.payment_id == payment.id, PaymentChange.after != PaymentStatus.SUCCEEDED)
        .order_by(PaymentChange.id.desc())
        .limit(1)
    ).one_or_none()
    agreed = last.at if last is not None and last.after is PaymentStatus.PROCESSING else None
    return min((at for at in (agreed, payment.occurred_at) if at), default=now(session))


SHOWN = (
    Payment.id,
    Payment.public_id,
    Payment.account_id,
    Payment.method,
    Payment.status,
    Payment.currency,
    Payment.amount_minor,
    Payment.created_at,
    Payment.occurred_at,
    Payment.effective_on,
    Payment.receipt_number,
    Payment.means,
    Payment.failure,
    Payment.voided_at,
)


def of_account(session: Session, account_id: int, *, before: int | None = None, limit: int = 50) -> AnyRows:
    """A page of the account's payments, newest first; `before` is the id of the last one shown."""
    query = select(*SHOWN).where(Payment.account_id == account_id, Payment.voided_at.is_(None))
    if before is not None:
        query = query.where(Payment.id < before)
    return session.execute(query.order_by(Payment.id.desc()).limit(limit)).all()


def live_of_account(session: Session, account_id: int) -> AnyRows:
    """The account's payments from which money may still come by itself."""
    return session.execute(
        select(*SHOWN).where(Payment.account_id == account_id, Payment.status.in_(LIVE)).order_by(Payment.id)
    ).all()


def receipts(session: Session, public_ids: Collection[str]) -> dict[str, str | None]:
    """The receipt numbers of payments by their public id; None for those that have no receipt."""
    if not public_ids:
        return {}
    rows = session.execute(select(Payment.public_id, Payment.receipt_number).where(Payment.public_id.in_(public_ids)))
    return {row.public_id: row.receipt_number for row in rows}
