"""What became of payments: refunded, on its way back, contested, taken back, returned; and what of them is left."""

from __future__ import annotations

import pytest

from domain.processing.aftermath import NOTHING, Aftermath, aftermath_of, refundable
from domain.processing.moving import move_credit
from domain.processing.receipts.returning import return_receipt
from domain.refunds.model import RefundSource
from domain.shared.db.session import Database, now, today
from domain.shared.money import Money
from domain.staff.model import Role
from tests.support.builders import an_account, money
from tests.support.contesting import a_chargeback, contest, reconcile, reinstated, withdrawn
from tests.support.counting import counted
from tests.support.credit import a_cheque
from tests.support.fakes import FakeProcessor
from tests.support.refunding import COLLEAGUE, MANAGER, Paid, ask, paid, paid_twice, payment_of, report


def left(db: Database, given: Paid) -> Money:
    """What of the payment can still go back."""
    with db.reading() as session:
        return refundable(session, payment_of(session, given))


def aftermath(db: Database, given: Paid) -> Aftermath:
    """What became of the payment."""
    with db.reading() as session:
        return aftermath_of(session, [given.payment_id])[given.payment_id]


def test_of_an_untouched_payment_there_is_nothing_to_tell(db: Database) -> None:
    given = paid(db, "120")

    assert (aftermath(db, given), left(db, given)) == (NOTHING, money("120"))


def test_refunds_count_by_how_far_they_are(db: Database) -> None:
    given = paid(db, "900")

    sent = ask(db, given, "20")
    report(db, sent, "20")
    ask(db, given, "30")
    ask(db, given, "300", role=Role.COLLECTOR)

    assert aftermath(db, given) == Aftermath(refunded=2000, refunding=3000, set_aside=30000)
    assert left(db, given) == money("550")


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("warning_needs_response", NOTHING),
        ("needs_response", Aftermath(taken=12000, contested=True)),
        ("lost", Aftermath(taken=12000)),
        ("won", NOTHING),
    ],
)
def test_a_chargeback_is_contested_then_taken_or_nothing(db: Database, state: str, expected: Aftermath) -> None:
    given = paid(db, "120")

    contest(db, state, "120")

    assert aftermath(db, given) == expected


def test_what_the_bank_took_after_the_credit_had_been_moved_is_not_there_to_be_refunded(db: Database) -> None:
    given = paid_twice(db, "120")
    with db.transaction() as session:
        other = an_account(session, name="Another")
    with db.transaction() as session:
        move_credit(session, given.account_id, other.id, money("120"), reason="Theirs", actor=COLLEAGUE)

    contest(db, "needs_response", "120")

    assert left(db, given) == money("0")


def test_what_comes_back_from_the_bank_can_be_refunded_again_even_where_it_was_owed_again(db: Database) -> None:
    given = paid_twice(db, "120")
    ask(db, given, "70", RefundSource.CREDIT)
    with db.reading() as session:
        at = now(session)
    out = withdrawn(money("120"), at)

    reconcile(db, a_chargeback("needs_response", money("120"), at, out))
    while_contested = left(db, given)
    reconcile(db, a_chargeback("won", money("120"), at, out, reinstated(money("120"), at)))

    assert (while_contested, left(db, given)) == (money("0"), money("50"))


def test_of_a_returned_cheque_nothing_is_left(db: Database) -> None:
    with db.transaction() as session:
        payment = a_cheque(session, an_account(session), "100")
        return_receipt(session, payment, today(session), reason="Bounced", actor=MANAGER)

    with db.reading() as session:
        assert aftermath_of(session, [payment.id]) == {payment.id: Aftermath(returned=True)}
        assert refundable(session, payment) == money("0")


def test_many_payments_cost_as_many_queries_as_one(db: Database) -> None:
    processor = FakeProcessor()
    given = [paid(db, "120", number=str(number), processor=processor) for number in range(3)]
    for one in given:
        ask(db, one, "20")

    with db.reading() as session, counted(db.bind) as sent:
        found = aftermath_of(session, [one.payment_id for one in given])

    assert (len(found), len(sent)) == (3, 4)
