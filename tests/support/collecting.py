"""Collecting: an account that is paid automatically, and days that go by with everything due done on each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from adapters.stripe.simulator import Simulator
from app.handlers import collecting, inbox, keeping, outbox
from app.wired import Wired
from domain.accounts import queries as accounts
from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS, Right
from domain.collecting import turning
from domain.collecting.model import Autopay, Collection, CollectionChange, CollectionState, EndReason
from domain.payments import sending, setting_up
from domain.payments.model import Payment
from domain.saved_methods import queries as saved_methods
from domain.saved_methods.model import MethodSetup
from domain.shared.actor import OPERATOR, Actor
from domain.shared.clock import MovableClock
from domain.tasks.model import TaskKind
from tests.support.builders import an_account, an_invoice
from tests.support.outside import MemoryMail
from tests.support.saving import AGREED
from tests.support.tasks import open_tasks as waiting_tasks

Deliver = Callable[[bytes, Mapping[str, str]], int]
GOOD, DECLINES, ASKS = "4242424242424242", "4000000000000341", "4000002760003184"
NEAR = 4
STEPS = 12
"""More rounds than anything that is due takes."""


@dataclass
class Payer:
    """An account and somebody who may pay for it."""

    account_id: int
    login_id: int
    email: str


@dataclass
class Days:
    """Lets time go by, and does all that is due at each stop."""

    wired: Wired
    simulator: Simulator
    clock: MovableClock
    deliver: Deliver

    def settle(self) -> None:
        """Everything that is due now: automatic payment, webhooks, events, messages, what was cut off."""
        for _ in range(STEPS):
            self.simulator.settle()
            done = collecting.do_due(self.wired).done + self.simulator.deliver_pending(self.deliver)
            done += inbox.handle_due(self.wired) + outbox.handle_due(self.wired)
            done += keeping.end_unknown_outcomes(self.wired).done
            if not done:
                break

    def hear(self) -> None:
        """All that the processor says now, and what follows from it at once; no duty has its turn."""
        while True:
            self.simulator.settle()
            done = self.simulator.deliver_pending(self.deliver)
            while more := inbox.handle_due(self.wired) + outbox.handle_urgent(self.wired):
                done += more
            if not done:
                return

    def until(self, day: date, *, every: int = NEAR) -> None:
        """To the noon of that day, at first in one leap and then, over the last `every` days, day by day."""
        at = datetime(day.year, day.month, day.day, 12, 0, tzinfo=UTC)
        if at - self.clock.now() > timedelta(days=every):
            self.clock.move_to(at - timedelta(days=every))
            self.settle()
        while self.clock.now() < at:
            self.clock.move_to(min(at, self.clock.now() + timedelta(days=1)))
            self.settle()

    def jump(self, moment: datetime) -> None:
        """Straight to that moment, as if nobody had been there in between."""
        self.clock.move_to(moment)
        self.settle()


def a_payer(wired: Wired, *, rights: frozenset[Right] = ALL_RIGHTS, email: str = "ana@example.com") -> Payer:
    """An account, and Ana who may see to it."""
    with wired.database.transaction() as session:
        account = an_account(session)
        login = grant(session, account, email=email, name="Ana", rights=rights, actor=OPERATOR)
        session.flush()
        return Payer(account.id, login.id, email)


def owes(wired: Wired, payer: Payer, amount: str, due_on: date) -> int:
    """An invoice that is due on that day; its id."""
    with wired.database.transaction() as session:
        account = accounts.lock(session, payer.account_id)
        return an_invoice(session, account, amount, due_on=due_on).id


def keep_a_card(days: Days, payer: Payer, card: str = GOOD) -> int:
    """Keep a card on the processor's page; its id."""
    page = _page_to_keep(days, payer)
    days.simulator.pay_session(page, card=card, authenticate=True)
    return _kept(days, payer)


def keep_a_bank_account(days: Days, payer: Payer, number: str) -> int:
    """Keep a bank account to be debited; its id."""
    page = _page_to_keep(days, payer)
    days.simulator.pay_session_by_debit(page, number)
    return _kept(days, payer)


def _page_to_keep(days: Days, payer: Payer) -> str:
    wired = days.wired
    sending.know_customer(wired.database, wired.processor, payer.account_id)
    with wired.database.transaction() as session:
        setup_id = setting_up.start_setup(
            session,
            wired.processor,
            payer.account_id,
            login_id=payer.login_id,
            agreement=AGREED,
            return_url="http://127.0.0.1:1/ways/{setup}",
            cancel_url="http://127.0.0.1:1/ways",
        ).id
    setting_up.send_setup(wired.database, wired.processor, setup_id)
    with wired.database.reading() as session:
        return session.get_one(MethodSetup, setup_id).checkout_id or ""


def _kept(days: Days, payer: Payer) -> int:
    days.hear()
    with days.wired.database.reading() as session:
        return int(saved_methods.of_login(session, payer.account_id, payer.login_id)[-1].id)


def turn_on(days: Days, payer: Payer, method_id: int) -> None:
    """Ana turns automatic payment on, and what is due at once is done."""
    with days.wired.database.transaction() as session:
        turning.turn_on(
            session, payer.account_id, method_id, AGREED, login_id=payer.login_id, actor=Actor.login(payer.login_id)
        )
    days.settle()


def standing(wired: Wired, invoice_id: int) -> list[tuple[CollectionState, EndReason | None]]:
    """The collections of an invoice, the first one first."""
    with wired.database.reading() as session:
        rows = session.scalars(select(Collection).where(Collection.subject_id == invoice_id).order_by(Collection.id))
        return [(row.state, row.ends_why) for row in rows]


def collection_of(wired: Wired, invoice_id: int) -> Collection:
    """The latest collection of an invoice."""
    with wired.database.reading() as session:
        return session.scalars(
            select(Collection).where(Collection.subject_id == invoice_id).order_by(Collection.id.desc()).limit(1)
        ).one()


def payment_of(wired: Wired, invoice_id: int) -> Payment:
    """The payment of an invoice's latest collection."""
    with wired.database.reading() as session:
        return session.get_one(Payment, collection_of(wired, invoice_id).payment_id)


def open_tasks(wired: Wired) -> list[TaskKind]:
    """What waits for a person."""
    with wired.database.reading() as session:
        return [task.kind for task in waiting_tasks(session)]


def path_of(wired: Wired, collection: Collection) -> list[CollectionState]:
    """The states that a collection went through."""
    with wired.database.reading() as session:
        return list(
            session.scalars(
                select(CollectionChange.after)
                .where(CollectionChange.collection_id == collection.id)
                .order_by(CollectionChange.id)
            )
        )


def autopay_of(wired: Wired, payer: Payer) -> Autopay:
    """How automatic payment of the account stands, or stood last."""
    with wired.database.reading() as session:
        return session.scalars(
            select(Autopay).where(Autopay.account_id == payer.account_id).order_by(Autopay.id.desc()).limit(1)
        ).one()


def subjects(wired: Wired, to: str) -> list[str]:
    """What was mailed to somebody."""
    assert isinstance(wired.mailer, MemoryMail)
    return [mail.subject for mail in wired.mailer.sent if mail.to == to]
