"""Fault 5 without servers: several do at one instant what only one of them may do, and nothing is doubled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import func, select

from app.handlers import collecting, inbox, outbox
from app.handlers.looking import Busy, look_up_payment
from app.wired import Wired
from domain.banking.model import LineState
from domain.chargebacks import accepting, answering
from domain.ledger.model import ENTRIES
from domain.ledger.posting import EntryKind
from domain.payments import queries as payments
from domain.payments import sending
from domain.payments.model import Payment, PaymentClaim, PaymentMethod
from domain.processing.bank import booking
from domain.processing.bank.booking import Part
from domain.processing.receipts import recording
from domain.processing.receipts.recording import Slip
from domain.processing.refunds import asking
from domain.processing.refunds.drawing import Wish
from domain.receivables.queries import totals
from domain.refunds.model import RefundSource
from domain.shared.actor import Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import Refused
from domain.staff.model import Role
from tests.faults.conftest import Prove
from tests.faults.contesting import contested_payment, draft_an_answer
from tests.faults.scene import Scene, a_scene
from tests.support.bank_files import a_line
from tests.support.banking import CLERK, lines_of, state_of
from tests.support.builders import money
from tests.support.collecting import Days, a_payer, keep_a_card, owes, turn_on
from tests.support.house import ledger_owes
from tests.support.paying import Debt, a_debt
from tests.support.simulated import open_page, payment, start

ROUNDS = [pytest.param(2, id="sample"), pytest.param(25, id="in full", marks=pytest.mark.faults)]
DUE = date(2026, 4, 15)
DONE = "done"


@pytest.fixture
def scene(committed_db: Database, clock: MovableClock, tmp_path: Path) -> Iterator[Scene]:
    """The product on a database that really commits; at the end all is told, and the books are whole."""
    with a_scene(committed_db, clock, tmp_path) as found:
        yield found
        found.simulator.settle()
        found.told()
        found.expect_whole_books()


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Do all of it from the same instant on; what became of each: done, or why it was refused."""
    barrier = Barrier(len(acts))

    def one(act: Callable[[], object]) -> str:
        barrier.wait(60)
        try:
            act()
        except (Refused, Busy) as refusal:
            return type(refusal).__name__
        return DONE

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def entries(database: Database, kind: EntryKind, account_id: int) -> int:
    """How many entries of a kind an account has."""
    wanted = select(func.count()).where(ENTRIES.c.account_id == account_id, ENTRIES.c.kind == kind)
    with database.reading() as session:
        return session.scalar(wanted) or 0


def paid(scene: Scene, amount: str) -> tuple[Debt, Payment]:
    """A debt that was paid by card."""
    debt = a_debt(scene.wired.database, amount)
    opened = open_page(scene.wired, debt, amount)
    scene.simulator.pay_session(opened.checkout_id or "")
    scene.simulator.settle()
    scene.simulator.flush(scene.deliver)
    work(scene.wired)
    return debt, payment(scene.wired, opened.public_id)


def work(wired: Wired) -> None:
    """Do what has come in."""
    while inbox.handle_due(wired) + outbox.handle_due(wired):
        pass


@pytest.mark.parametrize("rounds", ROUNDS)
def test_two_tabs_and_two_people_claim_an_invoice_once(scene: Scene, rounds: int, prove: Prove) -> None:
    database = scene.wired.database
    for _ in range(rounds):
        debt = a_debt(database, "120.00")
        sending.know_customer(database, scene.wired.processor, debt.account_id)
        ben = Debt(debt.account_id, debt.invoices, debt.ben, debt.ana)

        at_once(*(lambda who=who: start(scene.wired, who, "120.00") for who in (debt, debt, ben, ben)))

        with database.reading() as session:
            live = select(func.count()).where(PaymentClaim.invoice_id == debt.invoices[0])
            assert session.scalar(live) == 1
    prove(5, "two tabs and two people at one invoice", f"{rounds} races, 0 doubled")


@pytest.mark.parametrize("rounds", ROUNDS)
def test_webhook_return_page_and_backfill_post_a_payment_once(scene: Scene, rounds: int, prove: Prove) -> None:
    wired = scene.wired
    for _ in range(rounds):
        debt = a_debt(wired.database, "120.00")
        opened = open_page(wired, debt, "120.00")
        scene.simulator.pay_session(opened.checkout_id or "")
        scene.simulator.settle()
        scene.simulator.flush(scene.deliver)

        at_once(
            *[lambda: inbox.handle_due(wired)] * 3,
            *[lambda opened=opened: look_up_payment(wired, opened.id)] * 2,
        )
        work(wired)

        assert entries(wired.database, EntryKind.CARD_PAYMENT, debt.account_id) == 1
        assert ledger_owes(wired.database, debt.account_id) == money("0")
    prove(5, "webhooks beside look-ups of the same payment", f"{rounds} races, 0 doubled")


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_cheque_beside_a_card_payment_of_the_same_invoice_leaves_the_second_as_credit(
    scene: Scene, rounds: int, prove: Prove
) -> None:
    wired = scene.wired
    for _ in range(rounds):
        debt = a_debt(wired.database, "120.00")
        opened = open_page(wired, debt, "120.00")
        scene.simulator.pay_session(opened.checkout_id or "")
        scene.simulator.flush(scene.deliver)

        def record(debt: Debt = debt) -> None:
            with wired.database.transaction() as session:
                wanted = {debt.invoices[0]: money("120")}
                slip = Slip(PaymentMethod.CHEQUE, money("120"), today(session), wanted=wanted)
                recording.record_receipt(session, debt.account_id, slip, actor=CLERK)

        at_once(record, lambda: inbox.handle_due(wired))
        work(wired)

        with wired.database.reading() as session:
            stands = totals(session, debt.account_id, "GBP")
        assert (stands.open, stands.credit) == (money("0"), money("120"))
        assert ledger_owes(wired.database, debt.account_id) == money("-120")
    prove(5, "a cheque beside a card payment", f"{rounds} races, 0 doubled")


@pytest.mark.parametrize("source", [RefundSource.CREDIT, RefundSource.REVERSAL])
@pytest.mark.parametrize("rounds", ROUNDS)
def test_three_of_the_staff_refund_the_same_money_once(
    scene: Scene, rounds: int, source: RefundSource, prove: Prove
) -> None:
    database = scene.wired.database
    for _ in range(rounds):
        debt, card = paid(scene, "120.00")
        if source is RefundSource.CREDIT:
            with database.transaction() as session:
                slip = Slip(PaymentMethod.CASH, money("120"), today(session))
                recording.record_receipt(session, debt.account_id, slip, actor=CLERK)

        def refund(who: int, debt: Debt = debt, card: Payment = card) -> None:
            with database.transaction() as session:
                wish = Wish(card.id, money("120"), source, "Paid twice")
                asking.request(session, debt.account_id, wish, role=Role.MANAGER, actor=Actor.staff(who))

        outcomes = at_once(*(lambda who=who: refund(who) for who in (1, 2, 3)))
        scene.told()

        assert outcomes.count(DONE) == 1
        assert entries(database, EntryKind.REFUND, debt.account_id) == 1
        assert scene.simulator.truth().refunded[card.charge_id or ""] == 12000
    prove(5, f"three refunds of the same {source.value}", f"{rounds} races, 0 doubled")


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_refund_beside_a_chargeback_of_the_same_payment_ends_in_books_that_tie(
    scene: Scene, rounds: int, prove: Prove
) -> None:
    wired = scene.wired
    for _ in range(rounds):
        debt, card = paid(scene, "120.00")
        contested = scene.simulator.dispute(card.charge_id or "", 120_00)
        scene.simulator.flush(scene.deliver)

        def refund(debt: Debt = debt, card: Payment = card) -> None:
            with wired.database.transaction() as session:
                wish = Wish(card.id, money("120"), RefundSource.REVERSAL, "Paid twice")
                asking.request(session, debt.account_id, wish, role=Role.MANAGER, actor=Actor.staff(1))

        at_once(refund, lambda: inbox.handle_due(wired), lambda: inbox.handle_due(wired))
        scene.told()
        scene.later(minutes=10)
        scene.told()
        scene.expect_whole_books()
        assert ledger_owes(wired.database, debt.account_id) == money("120")

        scene.simulator.decide_dispute(contested["id"], won=True)
        scene.told()
        assert ledger_owes(wired.database, debt.account_id) == money("0")
    prove(5, "a refund beside a chargeback", f"{rounds} races, 0 doubled")


@pytest.mark.parametrize("rounds", ROUNDS)
def test_answering_a_bank_beside_giving_in_does_one_of_both_once(scene: Scene, rounds: int, prove: Prove) -> None:
    database = scene.wired.database
    for _ in range(rounds):
        debt, ref = contested_payment(scene)
        version = draft_an_answer(scene.wired, debt.account_id, ref, hand_in=False)

        def answer(who: int, ref: str = ref, version: int = version) -> None:
            with database.transaction() as session:
                answering.submit(session, ref, version=version, actor=Actor.staff(who))

        def give_in(ref: str = ref) -> None:
            with database.transaction() as session:
                accepting.accept(session, ref, actor=Actor.staff(3))

        outcomes = at_once(lambda: answer(1), lambda: answer(2), give_in)
        scene.told()
        scene.later(minutes=10)
        scene.told()

        assert outcomes.count(DONE) == 1
        handed_in = scene.simulator.world.find("dispute", ref)["evidence_details"]["submission_count"]
        assert handed_in == (0 if outcomes[2] == DONE else 1)
        assert scene.simulator.truth().disputes[ref] == ("won" if handed_in else "lost")
    prove(5, "two who answer a bank beside one who gives in", f"{rounds} races, 0 doubled")


@pytest.mark.parametrize("rounds", ROUNDS)
def test_a_bank_line_that_three_accept_at_once_is_booked_once(scene: Scene, rounds: int, prove: Prove) -> None:
    database = scene.wired.database
    for number in range(rounds):
        debt = a_debt(database, "50.00")
        [line] = lines_of(database, a_line("50", f"thanks {number}", currency="GBP"))

        def accept(debt: Debt = debt, line: int = line) -> None:
            with database.transaction() as session:
                part = Part(debt.account_id, money("50"), {debt.invoices[0]: money("50")})
                booking.book_payments(session, line, [part], actor=CLERK)

        outcomes = at_once(accept, accept, accept)

        assert sorted(outcomes) == ["Conflict", "Conflict", DONE]
        assert state_of(database, line) is LineState.BOOKED
        assert ledger_owes(database, debt.account_id) == money("0")
    prove(5, "a bank line accepted by three", f"{rounds} races, 0 doubled")


@pytest.mark.parametrize("rounds", ROUNDS)
def test_automatic_payment_beside_a_person_takes_an_invoice_once(scene: Scene, rounds: int, prove: Prove) -> None:
    wired = scene.wired
    scene.simulator.webhooks.resume()
    days = Days(wired, scene.simulator, scene.clock, scene.deliver)
    payers = [a_payer(wired, email=f"ana{number}@example.com") for number in range(rounds)]
    invoices = [owes(wired, payer, "120.00", DUE) for payer in payers]
    for payer in payers:
        turn_on(days, payer, keep_a_card(days, payer))
    days.until(date(2026, 4, 14))
    scene.clock.move_to(datetime(2026, 4, 14, 23, 10, tzinfo=UTC))

    def press() -> None:
        for payer, invoice in zip(payers, invoices, strict=True):
            debt = Debt(payer.account_id, [invoice], payer.login_id, payer.login_id)
            try:
                opened = open_page(wired, debt, "120.00")
            except Refused:
                continue
            scene.simulator.pay_session(opened.checkout_id or "")

    at_once(press, lambda: collecting.do_due(wired), lambda: collecting.do_due(wired))
    days.until(date(2026, 4, 25))

    taken = scene.simulator.truth().charges
    assert len(taken) == rounds
    assert set(taken.values()) == {1}
    assert [ledger_owes(wired.database, payer.account_id) for payer in payers] == [money("0")] * rounds
    with wired.database.reading() as session:
        assert all(payments.live_claims(session, [invoice]) == [] for invoice in invoices)
    prove(5, "automatic payment beside a person", f"{rounds} races, 0 doubled")
