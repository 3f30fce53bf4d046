"""Refunding: payments that have arrived, refunds of them, and what the processor says of those, in one line each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.payments import queries as payments
from domain.payments.model import Payment
from domain.payments.snapshots import RefundSnapshot, RefundState
from domain.processing.reconciling.refunds import reconcile_refund
from domain.processing.refunds import asking
from domain.processing.refunds.drawing import Wish
from domain.receivables.model import Invoice
from domain.refunds.model import Refund, RefundSource, RefundWay
from domain.shared.actor import Actor
from domain.shared.db.session import Database, now, today
from domain.shared.money import Money
from domain.staff.model import Role
from tests.support.builders import a_receipt, money
from tests.support.clearing import a_movement
from tests.support.fakes import FakeProcessor
from tests.support.paying import Debt, a_debt, open_page, succeed

COLLEAGUE = Actor.staff(1)
MANAGER = Actor.staff(2)
LOST = "The bank sent the refund back and did not say why."


@dataclass
class Paid:
    """A debt of which some was paid by card, at the processor as `pi_1` and `ch_1` unless said otherwise."""

    debt: Debt
    payment_id: int
    public_id: str
    number: str = "1"

    @property
    def account_id(self) -> int:
        """Whose payment it is."""
        return self.debt.account_id


def paid(db: Database, *amounts: str, number: str = "1", processor: FakeProcessor | None = None) -> Paid:
    """An account that owed an invoice of each amount and has paid them all at once."""
    debt, processor = a_debt(db, *amounts), processor or FakeProcessor()
    return pay(db, processor, debt, dict(zip(debt.invoices, map(money, amounts), strict=True)), number=number)


def pay(db: Database, processor: FakeProcessor, debt: Debt, wanted: dict[int, Money], *, number: str = "1") -> Paid:
    """Pay so much of these invoices of a debt."""
    started = open_page(db, processor, debt, wanted)
    succeed(db, started.public_id, Money.sum(wanted.values(), "GBP"), intent_id=f"pi_{number}")
    return Paid(debt, started.payment_id, started.public_id, number)


def paid_twice(db: Database, amount: str) -> Paid:
    """An account that has paid its invoice by hand and by card at once: what came by card is credit."""
    debt, processor = a_debt(db, amount), FakeProcessor()
    started = open_page(db, processor, debt, {debt.invoices[0]: money(amount)})
    with db.transaction() as session:
        account = session.get_one(Account, debt.account_id)
        a_receipt(session, account, amount, today(session), session.get_one(Invoice, debt.invoices[0]))
    succeed(db, started.public_id, money(amount))
    return Paid(debt, started.payment_id, started.public_id)


def ask(
    db: Database,
    given: Paid,
    amount: str,
    source: RefundSource = RefundSource.REVERSAL,
    *,
    role: Role = Role.MANAGER,
    actor: Actor = COLLEAGUE,
    invoice_id: int | None = None,
    way: RefundWay | None = None,
) -> Refund:
    """Staff ask for a refund of a payment."""
    wish = Wish(given.payment_id, money(amount), source, "Paid twice", invoice_id, way)
    with db.transaction() as session:
        return asking.request(session, given.account_id, wish, role=role, actor=actor)


def reported(
    refund: Refund | None,
    amount: str,
    at: datetime,
    state: RefundState = RefundState.SUCCEEDED,
    *,
    number: str = "1",
    ref: str = "re_1",
    booked: bool = True,
) -> RefundSnapshot:
    """What the processor says of a refund of ours, or of somebody else's on the same payment (None)."""
    failed = state in (RefundState.FAILED, RefundState.CANCELED)
    back = a_movement(money(amount), at, ref=f"txn_{ref}_back", category="refund_failure", source=ref)
    return RefundSnapshot(
        refund_ref=ref,
        refund_id=refund.public_id if refund else None,
        installation="quittance" if refund else None,
        charge_id=f"ch_{number}",
        intent_id=f"pi_{number}",
        amount=money(amount),
        state=state,
        failure=LOST if state is RefundState.FAILED else None,
        created_at=at,
        movement=a_movement(-money(amount), at, ref=f"txn_{ref}", category="refund", source=ref) if booked else None,
        failure_movement=back if failed and booked else None,
    )


def report(
    db: Database, refund: Refund | None, amount: str, state: RefundState = RefundState.SUCCEEDED, *, ref: str = "re_1"
) -> Refund | None:
    """The processor's word on a refund has come, and is applied."""
    with db.transaction() as session:
        return reconcile_refund(session, reported(refund, amount, now(session), state, ref=ref))


def again(db: Database, refund: Refund) -> Refund:
    """The refund as it stands now."""
    with db.reading() as session:
        return session.get_one(Refund, refund.id)


def payment_of(session: Session, given: Paid) -> Payment:
    """The payment as it stands."""
    return payments.by_public_id(session, given.public_id)
