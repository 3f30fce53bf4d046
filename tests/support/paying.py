"""Paying: start, open and finish payments in tests the way the portal and the worker do."""

from __future__ import annotations

from dataclasses import dataclass, replace

from domain.accounts.model import Login
from domain.payments import sending, starting
from domain.payments.snapshots import CheckoutSnapshot, CheckoutState, IntentState
from domain.payments.starting import Started
from domain.processing.reconciling.payments import reconcile_checkout, reconcile_intent
from domain.receivables.model import Invoice
from domain.shared.actor import WORKER, Actor
from domain.shared.db.session import Database, now
from domain.shared.money import Money
from tests.support.builders import an_account, an_invoice
from tests.support.fakes import FakeProcessor, a_success

NO_MONEY = "There was not enough money on the account."


@dataclass
class Debt:
    """An account with open invoices and two people who may pay them."""

    account_id: int
    invoices: list[int]
    ana: int
    ben: int


def a_debt(db: Database, *amounts: str) -> Debt:
    """An account that owes an invoice of each amount."""
    with db.transaction() as session:
        account = an_account(session)
        people = [
            Login(email=f"{name}.{account.id}@example.com", name=name.title(), language="en", created_at=now(session))
            for name in ("ana", "ben")
        ]
        session.add_all(people)
        invoices = [an_invoice(session, account, amount) for amount in amounts]
        session.flush()
        return Debt(account.id, [invoice.id for invoice in invoices], people[0].id, people[1].id)


def start(
    db: Database,
    processor: FakeProcessor,
    debt: Debt,
    wanted: dict[int, Money],
    *,
    login_id: int | None = None,
    link_id: int | None = None,
) -> Started:
    """Start a payment of these invoices: Ana unless said otherwise, or whoever holds a pay link."""
    payer = None if link_id is not None else login_id or debt.ana
    actor = Actor.pay_link(link_id) if link_id is not None else Actor.login(login_id or debt.ana)
    sending.know_customer(db, processor, debt.account_id)
    with db.transaction() as session:
        return starting.start(
            session,
            processor,
            debt.account_id,
            wanted,
            login_id=payer,
            return_url="https://portal.example/payments/{payment}",
            cancel_url="https://portal.example/invoices",
            language="en",
            actor=actor,
        )


def open_page(db: Database, processor: FakeProcessor, debt: Debt, wanted: dict[int, Money]) -> Started:
    """Start a payment and have the processor's page opened."""
    started = start(db, processor, debt, wanted)
    assert sending.send(db, processor, started.attempt_id, actor=WORKER) is sending.Outcome.OPENED
    return started


def succeed(db: Database, public_id: str, amount: Money, *, intent_id: str = "pi_1") -> None:
    """The processor reports that the payment succeeded."""
    with db.transaction() as session:
        reconcile_intent(session, a_success(public_id, amount, now(session), intent_id=intent_id))


def open_minor(db: Database, invoice_id: int) -> int:
    """What is open on an invoice, in minor units."""
    with db.reading() as session:
        return session.get_one(Invoice, invoice_id).open_minor


def fail_late(db: Database, public_id: str, amount: Money, words: str = NO_MONEY, *, intent_id: str = "pi_1") -> None:
    """The payment, made on the processor's page, was on its way as a bank debit is, and did not come after all."""
    complete = CheckoutSnapshot(f"cs_{intent_id}", public_id, "quittance", CheckoutState.COMPLETE, None, intent_id)
    with db.transaction() as session:
        intent = replace(a_success(public_id, amount, now(session), intent_id=intent_id), charge=None)
    for seen in (
        replace(intent, state=IntentState.PROCESSING),
        replace(intent, state=IntentState.WAITING, failure=words),
    ):
        with db.transaction() as session:
            reconcile_checkout(session, complete, seen)
