"""Asking for refunds: each source, its limits, who may, and what comes back when it is refused."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import func, select

from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
from domain.outbox.model import OutboxMessage
from domain.payments.snapshots import RefundState
from domain.processing import aftermath
from domain.processing.refunds import asking, drawing
from domain.processing.refunds.drawing import Wish
from domain.receivables.queries import totals
from domain.refunds.model import Refund, RefundSource, RefundStatus, RefundWay
from domain.shared.actor import Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid, NotAllowed, NotFound
from domain.shared.money import Money
from domain.staff.model import Role
from domain.tasks.model import Task, TaskKind
from tests.support.builders import money
from tests.support.fakes import FakeProcessor
from tests.support.paying import a_debt, open_minor, open_page
from tests.support.refunding import COLLEAGUE, MANAGER, Paid, again, ask, paid, paid_twice, pay, payment_of, report


def owed(db: Database, given: Paid) -> Money:
    """What the account owes now."""
    with db.reading() as session:
        return balances.receivable(session, given.account_id)


def credit_of(db: Database, given: Paid) -> Money:
    """The account's unapplied credit."""
    with db.reading() as session:
        return totals(session, given.account_id, "GBP").credit


def in_transit(db: Database) -> Money:
    """What stands on refunds in transit, in pounds."""
    with db.reading() as session:
        return balances.balance_of(session, LedgerAccount.REFUNDS_IN_TRANSIT, "GBP")


def open_tasks(db: Database) -> list[TaskKind]:
    """What waits for somebody."""
    with db.reading() as session:
        return list(session.scalars(select(Task.kind).where(Task.done_at.is_(None)).order_by(Task.id)))


def to_send(db: Database) -> int:
    """How many refunds the worker is to send."""
    with db.reading() as session:
        return session.scalar(select(func.count()).where(OutboxMessage.kind == "send_refund")) or 0


def test_credit_is_gone_at_once_and_the_surplus_has_answered_itself(db: Database) -> None:
    given = paid_twice(db, "120")
    before = open_tasks(db)

    refund = ask(db, given, "120", RefundSource.CREDIT)

    assert refund.status is RefundStatus.PENDING
    assert (owed(db, given), credit_of(db, given), in_transit(db)) == (money("0"), money("0"), money("-120"))
    assert (before, open_tasks(db), to_send(db)) == ([TaskKind.SURPLUS], [], 1)


def test_credit_is_refunded_in_part_until_there_is_none(db: Database) -> None:
    given = paid_twice(db, "120")

    ask(db, given, "50", RefundSource.CREDIT)
    with pytest.raises(Invalid) as refused:
        ask(db, given, "70.01", RefundSource.CREDIT)
    ask(db, given, "70", RefundSource.CREDIT)

    assert refused.value.field == "amount"
    assert credit_of(db, given) == money("0")


def test_no_credit_is_no_source(db: Database) -> None:
    given = paid(db, "120")

    with pytest.raises(Invalid) as refused:
        ask(db, given, "1", RefundSource.CREDIT)

    assert refused.value.params["credit"] == money("0")


def test_a_reversal_opens_the_invoices_that_the_preview_named(db: Database) -> None:
    given = paid(db, "120", "30")
    wish = Wish(given.payment_id, money("100"), RefundSource.REVERSAL, "Not theirs")
    with db.reading() as session:
        seen = drawing.preview(session, payment_of(session, given), wish, role=Role.MANAGER, actor=MANAGER)

    ask(db, given, "100")

    assert [(part.invoice_id, part.amount) for part in seen.reopens] == [
        (given.debt.invoices[1], money("30")),
        (given.debt.invoices[0], money("70")),
    ]
    assert [open_minor(db, invoice) for invoice in given.debt.invoices] == [7000, 3000]
    assert (seen.still_refundable, owed(db, given)) == (money("50"), money("100"))


def test_a_credit_note_and_the_refund_of_what_it_sets_free_are_one_act(db: Database) -> None:
    given = paid(db, "120")

    refund = ask(db, given, "45", RefundSource.CREDIT_NOTE, invoice_id=given.debt.invoices[0])

    assert refund.credit_note_id is not None
    assert refund.amount == money("45")
    assert (owed(db, given), credit_of(db, given)) == (money("0"), money("0"))
    assert open_minor(db, given.debt.invoices[0]) == 0


def test_what_a_credit_note_settles_first_does_not_go_back(db: Database) -> None:
    debt = a_debt(db, "120")
    given = pay(db, FakeProcessor(), debt, {debt.invoices[0]: money("100")})

    with pytest.raises(Invalid):
        ask(db, given, "20", RefundSource.CREDIT_NOTE, invoice_id=debt.invoices[0])
    refund = ask(db, given, "50", RefundSource.CREDIT_NOTE, invoice_id=debt.invoices[0])

    assert refund.amount == money("30")
    assert open_minor(db, debt.invoices[0]) == 0


def test_a_credit_note_beyond_the_role_is_not_written_for_a_refund_either(db: Database) -> None:
    given = paid(db, "900")

    with pytest.raises(NotAllowed):
        ask(db, given, "600", RefundSource.CREDIT_NOTE, invoice_id=given.debt.invoices[0], role=Role.COLLECTOR)


def test_a_credit_note_on_somebody_elses_invoice_is_none(db: Database) -> None:
    processor = FakeProcessor()
    given, other = paid(db, "120", processor=processor), paid(db, "120", number="2", processor=processor)

    with pytest.raises(Invalid) as refused:
        ask(db, given, "10", RefundSource.CREDIT_NOTE, invoice_id=other.debt.invoices[0])

    assert refused.value.field == "invoice"


def test_no_more_goes_back_than_came(db: Database) -> None:
    given = paid(db, "120")
    ask(db, given, "70")

    with pytest.raises(Invalid) as refused:
        ask(db, given, "50.01")
    ask(db, given, "50")

    assert refused.value.params["left"] == money("50")
    assert owed(db, given) == money("120")


def test_beyond_ones_authority_it_waits_with_the_credit_reserved(db: Database) -> None:
    given = paid_twice(db, "900")

    refund = ask(db, given, "900", RefundSource.CREDIT, role=Role.COLLECTOR)

    assert refund.status is RefundStatus.AWAITING_APPROVAL
    assert (credit_of(db, given), to_send(db)) == (money("0"), 0)
    assert open_tasks(db) == [TaskKind.REFUND_APPROVAL]


def test_a_colleague_with_authority_lets_it_go(db: Database) -> None:
    given = paid_twice(db, "900")
    refund = ask(db, given, "900", RefundSource.CREDIT, role=Role.COLLECTOR)

    with db.transaction() as session:
        asking.approve(session, session.get_one(Refund, refund.id), role=Role.MANAGER, actor=MANAGER)

    assert again(db, refund).status is RefundStatus.PENDING
    assert (again(db, refund).decided_by, to_send(db), open_tasks(db)) == (MANAGER.id, 1, [])


def test_nobody_decides_on_their_own_request_nor_beyond_their_authority(db: Database) -> None:
    given = paid_twice(db, "900")
    refund = ask(db, given, "900", RefundSource.CREDIT, role=Role.COLLECTOR)

    with pytest.raises(NotAllowed, match="asked for"), db.transaction() as session:
        asking.approve(session, session.get_one(Refund, refund.id), role=Role.MANAGER, actor=COLLEAGUE)
    with pytest.raises(NotAllowed, match="more than you can decide"), db.transaction() as session:
        asking.refuse(session, session.get_one(Refund, refund.id), why="No", role=Role.COLLECTOR, actor=MANAGER)

    assert again(db, refund).status is RefundStatus.AWAITING_APPROVAL


@pytest.mark.parametrize("source", [RefundSource.CREDIT, RefundSource.REVERSAL])
def test_refused_everything_is_as_it_was(db: Database, source: RefundSource) -> None:
    given = paid_twice(db, "900") if source is RefundSource.CREDIT else paid(db, "900")
    before = (owed(db, given), credit_of(db, given), open_minor(db, given.debt.invoices[0]))
    refund = ask(db, given, "900", source, role=Role.COLLECTOR)

    with db.transaction() as session:
        asking.refuse(
            session, session.get_one(Refund, refund.id), why="Not ours to pay", role=Role.MANAGER, actor=MANAGER
        )

    assert again(db, refund).status is RefundStatus.REFUSED
    assert (owed(db, given), credit_of(db, given), open_minor(db, given.debt.invoices[0])) == before
    assert (in_transit(db), to_send(db)) == (money("0"), 0)
    with pytest.raises(Conflict), db.transaction() as session:
        asking.approve(session, session.get_one(Refund, refund.id), role=Role.MANAGER, actor=MANAGER)


def test_a_payment_that_has_not_arrived_is_not_refunded(db: Database) -> None:
    debt, processor = a_debt(db, "120"), FakeProcessor()
    started = open_page(db, processor, debt, {debt.invoices[0]: money("120")})

    with pytest.raises(Conflict):
        ask(db, Paid(debt, started.payment_id, started.public_id), "120")


@pytest.mark.parametrize(("amount", "reason", "field"), [("0", "Why not", "amount"), ("10", " ", "reason")])
def test_what_is_missing_is_asked_for(db: Database, amount: str, reason: str, field: str) -> None:
    given = paid(db, "120")
    wish = Wish(given.payment_id, money(amount), RefundSource.REVERSAL, reason)

    with pytest.raises(Invalid) as refused, db.transaction() as session:
        asking.request(session, given.account_id, wish, role=Role.MANAGER, actor=MANAGER)

    assert refused.value.field == field


def test_small_refunds_of_one_payment_add_up_to_one_that_needs_approval(db: Database, clock: MovableClock) -> None:
    given = paid(db, "900")

    first = ask(db, given, "200", role=Role.COLLECTOR)
    clock.advance(days=2)
    second = ask(db, given, "50", role=Role.COLLECTOR)
    third = ask(db, given, "0.01", role=Role.COLLECTOR)
    other = ask(db, given, "250", role=Role.COLLECTOR, actor=Actor.staff(3))

    waiting, pending = RefundStatus.AWAITING_APPROVAL, RefundStatus.PENDING
    assert [first.status, second.status, third.status, other.status] == [pending, pending, waiting, pending]


def test_small_refunds_of_one_account_add_up_for_a_day(db: Database, clock: MovableClock) -> None:
    debt, processor = a_debt(db, "300", "300"), FakeProcessor()
    one = pay(db, processor, debt, {debt.invoices[0]: money("300")})
    two = pay(db, processor, debt, {debt.invoices[1]: money("300")}, number="2")

    first = ask(db, one, "250", role=Role.COLLECTOR)
    same_day = ask(db, two, "1", role=Role.COLLECTOR)
    clock.advance(days=1)
    next_day = ask(db, two, "250", role=Role.COLLECTOR)

    assert [first.status, same_day.status] == [RefundStatus.PENDING, RefundStatus.AWAITING_APPROVAL]
    assert next_day.status is RefundStatus.PENDING


def test_what_waits_for_approval_or_came_to_nothing_leaves_the_authority_whole(db: Database) -> None:
    given = paid(db, "900")
    waiting = ask(db, given, "300", role=Role.COLLECTOR)
    gone = ask(db, given, "250", role=Role.COLLECTOR)
    report(db, gone, "250", RefundState.FAILED)

    refund = ask(db, given, "250", role=Role.COLLECTOR)

    assert [waiting.status, refund.status] == [RefundStatus.AWAITING_APPROVAL, RefundStatus.PENDING]


def test_whoever_approves_many_parts_needs_the_authority_for_their_sum(db: Database) -> None:
    given, colleague = paid(db, "2400"), Actor.staff(3)
    first, second = (ask(db, given, "600", role=Role.COLLECTOR) for _ in range(2))
    with db.transaction() as session:
        asking.approve(session, session.get_one(Refund, first.id), role=Role.DISPUTE_HANDLER, actor=colleague)

    with pytest.raises(NotAllowed) as refused, db.transaction() as session:
        asking.approve(session, session.get_one(Refund, second.id), role=Role.DISPUTE_HANDLER, actor=colleague)
    with db.transaction() as session:
        asking.approve(session, session.get_one(Refund, second.id), role=Role.MANAGER, actor=MANAGER)

    assert refused.value.params["amount"] == money("1200")
    assert again(db, second).status is RefundStatus.PENDING


def test_another_accounts_payment_is_not_found(db: Database) -> None:
    processor = FakeProcessor()
    given, other = paid(db, "120", processor=processor), paid(db, "30", number="2", processor=processor)
    wish = Wish(other.payment_id, money("10"), RefundSource.REVERSAL, "Why not")

    with pytest.raises(NotFound), db.transaction() as session:
        asking.request(session, given.account_id, wish, role=Role.MANAGER, actor=MANAGER)


def test_a_card_payment_can_go_back_from_our_bank_and_then_nobody_sends_it(db: Database) -> None:
    given = paid(db, "120")

    refund = ask(db, given, "120", way=RefundWay.BANK)

    assert (refund.way, refund.status, to_send(db)) == (RefundWay.BANK, RefundStatus.PENDING, 0)


def test_two_people_refunding_at_once_give_back_no_more_than_came(committed_db: Database) -> None:
    db, barrier = committed_db, Barrier(8)
    given = paid(db, "120")

    def press(_: int) -> str:
        barrier.wait()
        try:
            ask(db, given, "50")
        except Invalid:
            return "refused"
        return "done"

    with ThreadPoolExecutor(8) as pool:
        ends = list(pool.map(press, range(8)))

    with db.reading() as session:
        left = aftermath.refundable(session, payment_of(session, given))
    assert (ends.count("done"), left) == (2, money("20"))
    assert owed(db, given) == money("100")
