"""The case: the payment that a bank contests, what it was for, and who paid it, read once for everything told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.audit.queries import Act, acts_on, acts_on_account
from domain.chargebacks import queries as chargebacks
from domain.payments.model import Payment, PaymentStatus
from domain.policies import acceptances
from domain.receivables.model import Allocation, CreditItem, CreditKind, Invoice, InvoiceLine
from domain.refunds.model import Refund, RefundStatus
from domain.shared.actor import ActorKind
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.money import Money

CUSTOMERS = frozenset({ActorKind.LOGIN, ActorKind.PAY_LINK})
"""Who acts for a customer."""
LOOKED_BACK = timedelta(days=180)
"""How long before the payment an act of the customer still tells something about it."""
MOST_ACTS = 1000
"""Acts of an account that are looked through."""
ALIKE_WITHIN = timedelta(days=60)
"""How far apart two payments of the same amount may be for a bank to take them for one."""


@dataclass(frozen=True, slots=True)
class Case:
    """All that is told of a contested payment. `invoices` is what it was for, the first due first."""

    chargeback: AnyRow
    payment: Payment
    account: Account
    invoices: Sequence[Invoice]
    lines: dict[int, list[InvoiceLine]]
    payer: AnyRow | None
    started: Act | None
    acts: Sequence[Act]
    names: dict[int, str]
    accepted: AnyRow | None
    refunds: AnyRows
    alike: Sequence[Payment]

    @property
    def amount(self) -> Money:
        """How much is contested."""
        return Money(self.chargeback.amount_minor, self.chargeback.currency)


def case_of(session: Session, chargeback_ref: str) -> Case | None:
    """The case of a chargeback; None where the payment is none that we recorded. NotFound for no such chargeback."""
    row = chargebacks.by_ref(session, chargeback_ref)
    if row.account_id is None:
        return None
    payment = session.get_one(Payment, row.payment_id)
    invoices = _invoices(session, payment)
    acts = _acts(session, payment, until=row.opened_at)
    people = {act.actor_id for act in acts if act.actor_kind == ActorKind.LOGIN and act.actor_id is not None}
    begun = (act for act in acts_on(session, ("payment", payment.id)) if act.act == "payment.started")
    return Case(
        chargeback=row,
        payment=payment,
        account=session.get_one(Account, row.account_id),
        invoices=invoices,
        lines={invoice.id: _lines(session, invoice.id) for invoice in invoices},
        payer=accounts.login(session, payment.login_id) if payment.login_id is not None else None,
        started=next(begun, None),
        acts=acts,
        names=accounts.login_names(session, people),
        accepted=next(iter(_accepted(session, row.account_id, payment)), None),
        refunds=_refunds(session, payment),
        alike=_alike(session, payment),
    )


def _invoices(session: Session, payment: Payment) -> Sequence[Invoice]:
    """What the payment has settled at any time, also where the bank has taken the money from it again."""
    wanted = (
        select(Allocation.invoice_id)
        .join(CreditItem, CreditItem.id == Allocation.credit_item_id)
        .where(
            CreditItem.kind == CreditKind.PAYMENT,
            CreditItem.source == payment.public_id,
            Allocation.amount_minor > 0,
        )
    )
    return session.scalars(select(Invoice).where(Invoice.id.in_(wanted)).order_by(Invoice.due_on, Invoice.id)).all()


def _lines(session: Session, invoice_id: int) -> list[InvoiceLine]:
    wanted = select(InvoiceLine).where(InvoiceLine.invoice_id == invoice_id).order_by(InvoiceLine.position)
    return list(session.scalars(wanted))


def _acts(session: Session, payment: Payment, *, until: datetime) -> list[Act]:
    """What the customer did around the payment, the first first."""
    since = payment.created_at - LOOKED_BACK
    found = acts_on_account(session, payment.account_id, limit=MOST_ACTS)
    return [act for act in reversed(found) if act.actor_kind in CUSTOMERS and since <= act.at <= until]


def _accepted(session: Session, account_id: int, payment: Payment) -> list[AnyRow]:
    """The terms that were accepted before the payment, the last first."""
    accepted = acceptances.standing(session, account_id).accepted
    return [row for row in accepted if row.accepted_at <= (payment.occurred_at or payment.created_at)]


def _refunds(session: Session, payment: Payment) -> AnyRows:
    return session.execute(
        select(Refund.public_id, Refund.amount_minor, Refund.currency, Refund.requested_at)
        .where(Refund.payment_id == payment.id, Refund.status == RefundStatus.SUCCEEDED)
        .order_by(Refund.id)
    ).all()


def _alike(session: Session, payment: Payment) -> Sequence[Payment]:
    """Other payments of the same amount that a bank may take for this one, the nearest first."""
    at = payment.occurred_at or payment.created_at
    found = session.scalars(
        select(Payment).where(
            Payment.account_id == payment.account_id,
            Payment.id != payment.id,
            Payment.status == PaymentStatus.SUCCEEDED,
            Payment.charge_id.is_not(None),
            Payment.amount_minor == payment.amount_minor,
            Payment.occurred_at.between(at - ALIKE_WITHIN, at + ALIKE_WITHIN),
        )
    ).all()
    return sorted(found, key=lambda other: abs((other.occurred_at or at) - at))
