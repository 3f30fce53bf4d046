"""Late failures: told while something of them is open, and on the invoice's story on their day."""

from __future__ import annotations

from datetime import timedelta

from domain.payments import late_failures
from domain.receivables.queries import invoice
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, now
from domain.statements.story import Step, StepKind, story_of
from tests.support.builders import money
from tests.support.fakes import FakeProcessor
from tests.support.paying import NO_MONEY, Debt, a_debt, fail_late, open_page, succeed


def failed(db: Database, processor: FakeProcessor | None = None) -> tuple[Debt, str]:
    """A debt of two invoices whose one payment failed late: the debt, and the payment's public id."""
    debt = a_debt(db, "120", "30")
    wanted = dict(zip(debt.invoices, (money("120"), money("30")), strict=True))
    started = open_page(db, processor or FakeProcessor(), debt, wanted)
    fail_late(db, started.public_id, money("150"))
    return debt, started.public_id


def open_numbers(db: Database, debt: Debt, days: int = 30) -> list[list[int]]:
    """Which invoices of each late failure of the last days are still open."""
    with db.reading() as session:
        found = late_failures.unmended(session, debt.account_id, since=now(session) - timedelta(days=days))
        return [[line.id for line in opened] for _, opened in found]


def story(db: Database, debt: Debt) -> list[Step]:
    """The story of the first invoice."""
    with db.reading() as session:
        return story_of(session, invoice(session, debt.account_id, debt.invoices[0]))


def test_it_is_told_until_what_it_was_for_is_settled(db: Database) -> None:
    processor = FakeProcessor()
    debt, _ = failed(db, processor)

    told = [open_numbers(db, debt)]
    for number, amount in enumerate((money("120"), money("30"))):
        again = open_page(db, processor, debt, {debt.invoices[number]: amount})
        succeed(db, again.public_id, amount, intent_id=f"pi_again_{number}")
        told.append(open_numbers(db, debt))

    assert told == [[debt.invoices], [debt.invoices[1:]], []]


def test_it_is_told_for_so_long_only(db: Database, clock: MovableClock) -> None:
    debt, _ = failed(db)

    clock.advance(days=31)

    assert open_numbers(db, debt) == []


def test_a_payment_that_came_in_the_end_has_not_failed(db: Database) -> None:
    debt, public_id = failed(db)

    succeed(db, public_id, money("150"))

    assert open_numbers(db, debt) == []


def test_the_invoices_story_tells_it_on_its_day_and_that_it_changed_nothing(db: Database, clock: MovableClock) -> None:
    processor = FakeProcessor()
    debt, public_id = failed(db, processor)
    clock.advance(days=1)
    again = open_page(db, processor, debt, {debt.invoices[0]: money("120")})
    succeed(db, again.public_id, money("120"), intent_id="pi_2")

    steps = story(db, debt)

    assert [step.kind for step in steps] == [StepKind.ISSUED, StepKind.FAILED, StepKind.PAID]
    told = steps[1]
    assert (told.payment, told.change, told.balance, told.why) == (public_id, money("0"), money("120"), NO_MONEY)
