"""Saving: methods that are kept already, and payments from them, for tests."""

from __future__ import annotations

from sqlalchemy import select

from domain.outbox.model import OutboxMessage
from domain.payments import queries, sending, starting
from domain.payments.model import Payment, PaymentMethod
from domain.payments.processor import Processor
from domain.payments.snapshots import IntentSnapshot, IntentState
from domain.payments.starting import Started
from domain.saved_methods.consenting import Agreement, agree
from domain.saved_methods.keeping import Kept, keep
from domain.saved_methods.model import MethodKind
from domain.shared.actor import WORKER, Actor
from domain.shared.db.session import Database
from domain.shared.money import Money
from tests.support.builders import money
from tests.support.paying import Debt

AGREED = Agreement(language="en", address="203.0.113.7", user_agent="a browser")
BANK = "https://bank.example/question"
NO_MONEY = "The account has not enough money."
VISA = Kept("pm_1", MethodKind.CARD, "Visa •••• 4242", (2030, 4))


def a_method(db: Database, account_id: int, login_id: int, kept: Kept = VISA, *, shared: bool = False) -> int:
    """A method that this login has saved; its id."""
    with db.transaction() as session:
        consent = agree(session, account_id, login_id, AGREED, source=f"setup:{kept.method_ref}")
        method = keep(session, consent, kept, actor=WORKER)
        method.shared = shared
        return method.id


def start_saved(
    db: Database,
    processor: Processor,
    debt: Debt,
    wanted: dict[int, Money],
    method_id: int,
    *,
    login_id: int | None = None,
) -> Started:
    """Start a payment from a saved method at the press of a button, Ana's unless said otherwise."""
    payer = login_id or debt.ana
    sending.know_customer(db, processor, debt.account_id)
    with db.transaction() as session:
        return starting.start_saved(
            session,
            processor,
            debt.account_id,
            wanted,
            saved_method_id=method_id,
            login_id=payer,
            return_url="https://portal.example/payments/{payment}",
            actor=Actor.login(payer),
        )


def start_automatic(
    db: Database, processor: Processor, debt: Debt, wanted: dict[int, Money], method_id: int
) -> Started:
    """Start a payment from a saved method that nobody presses a button for."""
    sending.know_customer(db, processor, debt.account_id)
    with db.transaction() as session:
        return starting.start_saved(
            session,
            processor,
            debt.account_id,
            wanted,
            saved_method_id=method_id,
            login_id=None,
            return_url=None,
            actor=WORKER,
            method=PaymentMethod.AUTOMATIC,
        )


def an_intent(
    public_id: str,
    state: IntentState,
    *,
    amount: Money,
    failure: str | None = None,
    failure_code: str | None = None,
    confirm_url: str | None = None,
    intent_id: str = "pi_1",
) -> IntentSnapshot:
    """What the processor says of a payment from a saved method that has brought nothing yet."""
    return IntentSnapshot(
        intent_id=intent_id,
        payment_id=public_id,
        installation="quittance",
        state=state,
        amount=amount,
        charge=None,
        failure=failure,
        failure_code=failure_code,
        confirm_url=confirm_url,
        method_ref="pm_1",
    )


def key(started: Started, number: int = 1) -> str:
    """The idempotency key of a try."""
    return f"pay:{started.public_id}:{number}"


def payment(db: Database, started: Started) -> Payment:
    """The payment as it stands."""
    with db.reading() as session:
        return queries.by_public_id(session, started.public_id)


def claimed(db: Database, debt: Debt) -> int:
    """How many of the debt's invoices somebody is paying."""
    with db.reading() as session:
        return len(queries.live_claims(session, debt.invoices))


def messages(db: Database) -> list[str]:
    """What waits in the outbox."""
    with db.reading() as session:
        return list(session.scalars(select(OutboxMessage.kind).order_by(OutboxMessage.id)))


def declined(
    started: Started, code: str = "insufficient_funds", state: IntentState = IntentState.WAITING
) -> IntentSnapshot:
    """The bank says no."""
    return an_intent(started.public_id, state, amount=money("120"), failure=NO_MONEY, failure_code=code)
