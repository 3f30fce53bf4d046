"""Acts: everything that we ask Stripe to do, each asked in trouble and then found out about.

Each says whether we ended up knowing what became of it, and how often it really happened.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from adapters.stripe.simulator import Fault
from app.handlers import outbox
from app.worker import Worker
from domain.chargebacks import accepting
from domain.chargebacks.model import AnswerState, Chargeback, ChargebackAnswer
from domain.collecting.model import CollectionState
from domain.payments import queries as payments
from domain.payments import sending, setting_up
from domain.payments.model import LIVE, AttemptState, PaymentClaim, PaymentStatus
from domain.payments.processor import ProcessorUnreachable
from domain.processing.refunds import asking
from domain.processing.refunds.drawing import Wish
from domain.refunds.model import Refund, RefundSource, RefundStatus
from domain.saved_methods.model import MethodSetup
from domain.saved_methods.model import SetupState as PageState
from domain.shared.actor import WORKER, Actor
from domain.shared.db.session import today
from domain.staff.model import Role
from tests.faults.contesting import contested_payment, draft_an_answer
from tests.faults.scene import Scene
from tests.support.builders import money
from tests.support.collecting import ASKS, DECLINES, Days, Payer, a_payer, collection_of, keep_a_card, owes, turn_on
from tests.support.house import ledger_owes
from tests.support.paying import Debt, a_debt
from tests.support.saving import AGREED, start_saved
from tests.support.simulated import open_page, payment, start

EVERY_REPEAT = 3
"""A call and the two repeats of the SDK."""


@dataclass(frozen=True)
class Trouble:
    """What goes wrong with a call, and how long nobody looks after it."""

    name: str
    kind: str
    status: int = 500
    executes: bool = True
    pause: timedelta = timedelta(minutes=2)

    def befall(self, scene: Scene, path: str) -> Fault:
        """Have it befall the next call of that path, and its repeats."""
        kind: Any = self.kind
        fault = Fault(kind, "POST", path, status=self.status, executes=self.executes, times=EVERY_REPEAT)
        return scene.simulator.order_fault(fault)

    def pass_over(self, scene: Scene, fault: Fault) -> None:
        """The trouble is over, having befallen somebody, and the worker finds out."""
        assert fault.times < EVERY_REPEAT, fault
        scene.simulator.faults.clear()
        for pause in (self.pause, timedelta(minutes=6), timedelta(minutes=6), timedelta(hours=2)):
            scene.clock.advance(seconds=pause.total_seconds())
            scene.simulator.settle()
            Worker(scene.wired).drain()


TROUBLES = (
    Trouble("cut after it was done", "cut"),
    Trouble("cut before it was done", "cut", executes=False),
    Trouble("a 500 that did it", "answer"),
    Trouble("a 500 that did nothing", "answer", executes=False),
    Trouble("429", "answer", status=429),
    Trouble("cut, and nobody looks for a day", "cut", pause=timedelta(hours=25)),
)


@dataclass(frozen=True)
class Known:
    """Whether we know what became of it, and how often it happened."""

    resolved: bool
    times: int


Act = Callable[[Scene, Trouble], Known]


def open_a_page(scene: Scene, trouble: Trouble) -> Known:
    """A page for a new card."""
    wired, debt = scene.wired, a_debt(scene.wired.database, "120.00")
    public_id, attempt_id = start(wired, debt, "120.00")
    fault = trouble.befall(scene, "/v1/checkout/sessions")
    sending.send(wired.database, wired.processor, attempt_id, actor=WORKER)
    trouble.pass_over(scene, fault)
    with wired.database.reading() as session:
        found = payments.by_public_id(session, public_id)
        answered = payments.attempt_of(session, found.id).state is AttemptState.ANSWERED
        customer = payments.customer_id(session, debt.account_id)
    return Known(answered and found.status not in LIVE, len(_of_customer(scene, "checkout.session", customer)))


def press_once(scene: Scene, trouble: Trouble) -> Known:
    """A payment from a saved card."""
    wired, days = scene.wired, _days(scene)
    payer = _payer(scene)
    method, invoice = keep_a_card(days, payer), owes(wired, payer, "120.00", _today(scene))
    debt = Debt(payer.account_id, [invoice], payer.login_id, payer.login_id)
    started = start_saved(wired.database, wired.processor, debt, {invoice: money("120")}, method)
    fault = trouble.befall(scene, "/v1/payment_intents")
    sending.send(wired.database, wired.processor, started.attempt_id, actor=WORKER)
    trouble.pass_over(scene, fault)
    times = scene.simulator.charges_by_metadata("payment").get(started.public_id, 0)
    ended = payment(wired, started.public_id).status is (PaymentStatus.SUCCEEDED if times else PaymentStatus.FAILED)
    return Known(ended and ledger_owes(wired.database, payer.account_id) == money("0" if times else "120"), times)


def try_again(scene: Scene, trouble: Trouble) -> Known:
    """A further try of an automatic payment that the bank had declined; charges beyond its tries would be doubled."""
    days, payer = _days(scene), _payer(scene)
    due = _today(scene) + timedelta(days=30)
    invoice = owes(scene.wired, payer, "120.00", due)
    turn_on(days, payer, keep_a_card(days, payer, DECLINES))
    days.until(due)
    fault = trouble.befall(scene, "/v1/payment_intents/*/confirm")
    days.until(due + timedelta(days=1))
    trouble.pass_over(scene, fault)
    days.until(due + timedelta(days=12))
    found = collection_of(scene.wired, invoice)
    with scene.wired.database.reading() as session:
        customer = payments.customer_id(session, payer.account_id)
    charges = [each for each in _of_customer(scene, "charge", customer) if each["status"] == "failed"]
    ended = found.state in {CollectionState.CANCELLED, CollectionState.EXHAUSTED}
    return Known(ended, 1 if len(charges) <= found.tries else 2)


def refund(scene: Scene, trouble: Trouble) -> Known:
    """A refund."""
    wired, debt = scene.wired, a_debt(scene.wired.database, "120.00")
    opened = open_page(wired, debt, "120.00")
    scene.simulator.pay_session(opened.checkout_id or "")
    scene.simulator.settle()
    scene.told()
    fault = trouble.befall(scene, "/v1/refunds")
    with wired.database.transaction() as session:
        wish = Wish(opened.id, money("120"), RefundSource.REVERSAL, "Paid twice")
        asked = asking.request(session, debt.account_id, wish, role=Role.MANAGER, actor=Actor.staff(1))
    outbox.handle_due(wired)
    trouble.pass_over(scene, fault)
    charge = payment(wired, opened.public_id).charge_id
    times = sum(1 for each in scene.simulator.world.store.all("refund") if each["charge"] == charge)
    with wired.database.reading() as session:
        ended = session.get_one(Refund, asked.id).status
    resolved = ended is (RefundStatus.SUCCEEDED if times else RefundStatus.FAILED)
    return Known(resolved and ledger_owes(wired.database, debt.account_id) == money("120" if times else "0"), times)


def keep_a_method(scene: Scene, trouble: Trouble) -> Known:
    """A page on which a card is kept; the person presses again when nothing came. An expired page is no page."""
    wired, payer = scene.wired, _payer(scene)
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
    fault = trouble.befall(scene, "/v1/checkout/sessions")
    setting_up.send_setup(wired.database, wired.processor, setup_id)
    scene.simulator.faults.clear()
    setting_up.send_setup(wired.database, wired.processor, setup_id)
    with wired.database.reading() as session:
        state, customer = session.get_one(MethodSetup, setup_id).state, payments.customer_id(session, payer.account_id)
    times = len(_of_customer(scene, "checkout.session", customer))
    trouble.pass_over(scene, fault)
    return Known(state in {PageState.OPEN, PageState.ENDED}, times)


def give_in(scene: Scene, trouble: Trouble) -> Known:
    """A chargeback is accepted."""
    wired = scene.wired
    _, contested = contested_payment(scene)
    with wired.database.transaction() as session:
        accepting.accept(session, contested, actor=Actor.staff(1))
    fault = trouble.befall(scene, "/v1/disputes/*/close")
    outbox.handle_due(wired)
    trouble.pass_over(scene, fault)
    with wired.database.reading() as session:
        found = session.scalars(select(Chargeback).where(Chargeback.chargeback_ref == contested)).one()
    return Known(not found.is_open, 1)


def answer_a_bank(scene: Scene, trouble: Trouble) -> Known:
    """A chargeback is answered with words and a file; `trouble` befalls the handing in."""
    return _answered(scene, trouble, "/v1/disputes/*")


def upload_evidence(scene: Scene, trouble: Trouble) -> Known:
    """The same, with the trouble over its file."""
    return _answered(scene, trouble, "/v1/files")


def _answered(scene: Scene, trouble: Trouble, path: str) -> Known:
    wired = scene.wired
    debt, contested = contested_payment(scene)
    draft_an_answer(wired, debt.account_id, contested)
    fault = trouble.befall(scene, path)
    outbox.handle_due(wired)
    trouble.pass_over(scene, fault)
    with wired.database.reading() as session:
        case = session.scalars(select(Chargeback).where(Chargeback.chargeback_ref == contested)).one()
        answer = session.scalars(select(ChargebackAnswer).where(ChargebackAnswer.chargeback_id == case.id)).one()
    details = scene.simulator.world.find("dispute", contested)["evidence_details"]
    return Known(answer.state is AnswerState.SUBMITTED, details["submission_count"])


def close_a_page(scene: Scene, trouble: Trouble) -> Known:
    """Somebody else takes over: the page that is open is closed, at the second press where the first had trouble."""
    debt = a_debt(scene.wired.database, "120.00")
    public_id = open_page(scene.wired, debt, "120.00").public_id
    return _cancelled(scene, trouble, public_id, "/v1/checkout/sessions/*/expire")


def cancel_a_payment(scene: Scene, trouble: Trouble) -> Known:
    """A payment that waits for its bank's question is given up, at the second press where the first had trouble."""
    wired, days = scene.wired, _days(scene)
    payer = _payer(scene)
    method, invoice = keep_a_card(days, payer, ASKS), owes(wired, payer, "120.00", _today(scene))
    debt = Debt(payer.account_id, [invoice], payer.login_id, payer.login_id)
    started = start_saved(wired.database, wired.processor, debt, {invoice: money("120")}, method)
    sending.send(wired.database, wired.processor, started.attempt_id, actor=WORKER)
    return _cancelled(scene, trouble, started.public_id, "/v1/payment_intents/*/cancel")


ACTS: dict[str, Act] = {
    "open a page": open_a_page,
    "pay by a saved card": press_once,
    "try again": try_again,
    "refund": refund,
    "keep a card": keep_a_method,
    "accept a chargeback": give_in,
    "answer a bank": answer_a_bank,
    "upload evidence": upload_evidence,
    "close a page": close_a_page,
    "cancel a payment": cancel_a_payment,
}


def _cancelled(scene: Scene, trouble: Trouble, public_id: str, path: str) -> Known:
    wired = scene.wired
    fault = trouble.befall(scene, path)
    with suppress(ProcessorUnreachable):
        sending.cancel(wired.database, wired.processor, public_id, actor=WORKER)
    scene.simulator.faults.clear()
    sending.cancel(wired.database, wired.processor, public_id, actor=WORKER)
    trouble.pass_over(scene, fault)
    found = payment(wired, public_id)
    held = select(func.count()).where(PaymentClaim.payment_id == found.id, PaymentClaim.released_at.is_(None))
    with wired.database.reading() as session:
        return Known(found.status is PaymentStatus.CANCELED and session.scalar(held) == 0, 1)


def _payer(scene: Scene) -> Payer:
    return a_payer(scene.wired, email=f"ana{scene.clock.now().timestamp():.0f}@example.com")


def _days(scene: Scene) -> Days:
    scene.simulator.webhooks.resume()
    return Days(scene.wired, scene.simulator, scene.clock, scene.deliver)


def _today(scene: Scene) -> Any:
    with scene.wired.database.reading() as session:
        return today(session)


def _of_customer(scene: Scene, kind: str, customer: str | None) -> list[dict[str, Any]]:
    return [each for each in scene.simulator.world.store.all(kind) if each["customer"] == customer]
