"""Explaining: what no rule could place is decided by a person, once, and the books follow."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.clearing import queries as clearing
from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
from domain.payments import queries as payments
from domain.payments.model import Payment, PaymentStatus
from domain.processing.reconciling.explaining import explain, may_be_taken, not_ours, take_as_payment
from domain.processing.reconciling.movements import reconcile_movement
from domain.processing.reconciling.payments import reconcile_charge, reconcile_intent
from domain.reporting.waiting_money import Standing, standings
from domain.shared.actor import Actor
from domain.shared.db.session import Database, now
from domain.shared.errors import Conflict, Invalid
from domain.tasks.model import Task
from tests.support.builders import an_account, money
from tests.support.clearing import a_movement
from tests.support.fakes import FakeProcessor, a_success
from tests.support.paying import a_debt, open_minor, open_page

OLU = Actor.staff(1)


def balance(db: Database, ledger_account: LedgerAccount) -> str:
    """What stands on a ledger account, in pounds."""
    with db.reading() as session:
        return str(balances.balance_of(session, ledger_account, "GBP").decimal)


def open_tasks(db: Database) -> int:
    """How many tasks wait."""
    with db.reading() as session:
        return len(session.scalars(select(Task).where(Task.done_at.is_(None))).all())


def standing(db: Database, ledger_account: LedgerAccount) -> Standing | None:
    """What waits on a ledger account."""
    with db.reading() as session:
        found = standings(session)
    return next((each for each in found if each.ledger_account is ledger_account), None)


def an_unknown(db: Database, amount: str = "-5") -> int:
    """A movement in suspense."""
    with db.transaction() as session:
        reconcile_movement(session, a_movement(money(amount), now(session), category="something_new"))
        return int(clearing.by_ref(session, "txn_1").id)


def a_foreign(db: Database, amount: str = "75") -> int:
    """A charge that another system made."""
    with db.transaction() as session:
        seen = a_success("not-ours", money(amount), now(session), installation="another")
        assert seen.charge is not None
        reconcile_charge(session, seen.charge)
        return int(clearing.by_ref(session, "ch_1").id)


def a_mismatch(db: Database, asked: str, came: str) -> tuple[int, int, str, int]:
    """A payment for which another amount came: movement, account, payment and invoice."""
    debt, processor = a_debt(db, asked), FakeProcessor()
    started = open_page(db, processor, debt, {debt.invoices[0]: money(asked)})
    with db.transaction() as session:
        reconcile_intent(session, a_success(started.public_id, money(came), now(session)))
        return int(clearing.by_ref(session, "ch_1").id), debt.account_id, started.public_id, debt.invoices[0]


@pytest.mark.parametrize("amount", ["-5", "5"])
def test_a_movement_in_suspense_becomes_what_a_person_says(db: Database, amount: str) -> None:
    movement = an_unknown(db, amount)

    with db.transaction() as session:
        explain(session, movement, LedgerAccount.PROCESSOR_FEES, reason="A device rental", actor=OLU)

    assert balance(db, LedgerAccount.PROCESSOR_SUSPENSE) == "0.00"
    assert balance(db, LedgerAccount.PROCESSOR_FEES) == str((-money(amount)).decimal)
    assert open_tasks(db) == 0
    assert standing(db, LedgerAccount.PROCESSOR_SUSPENSE) is None


def test_a_decision_is_made_once_with_a_reason_and_from_the_list(db: Database) -> None:
    movement = an_unknown(db)

    with pytest.raises(Invalid), db.transaction() as session:
        explain(session, movement, LedgerAccount.SALES, reason="Why not", actor=OLU)
    with pytest.raises(Invalid), db.transaction() as session:
        explain(session, movement, LedgerAccount.PROCESSOR_FEES, reason="  ", actor=OLU)
    with db.transaction() as session:
        explain(session, movement, LedgerAccount.PROCESSOR_FEES, reason="Rental", actor=OLU)
    with pytest.raises(Conflict), db.transaction() as session:
        explain(session, movement, LedgerAccount.OPENING_BALANCES, reason="Rental", actor=OLU)
    with pytest.raises(Conflict), db.transaction() as session:
        not_ours(session, movement, reason="Rental", actor=OLU)

    assert balance(db, LedgerAccount.PROCESSOR_FEES) == "5.00"


def test_a_foreign_receipt_may_stay_where_it_is_and_nobody_is_asked_again(db: Database) -> None:
    movement = a_foreign(db)

    with db.transaction() as session:
        not_ours(session, movement, reason="The shop's till", actor=OLU)

    found = standing(db, LedgerAccount.FOREIGN_RECEIPTS)
    assert found is not None
    assert (found.items[0].decided, found.unexplained.minor, found.unnamed.minor) == (True, 0, 0)
    assert open_tasks(db) == 0


def test_a_foreign_receipt_is_taken_as_a_payment_and_settles_the_oldest_first(db: Database) -> None:
    movement, debt = a_foreign(db), a_debt(db, "50", "40")
    with db.reading() as session:
        before = may_be_taken(session, clearing.movement(session, movement))

    with db.transaction() as session:
        taken = take_as_payment(session, movement, debt.account_id, reason="By telephone", actor=OLU)

    with db.transaction() as session:
        seen = a_success("not-ours", money("75"), now(session), installation="another")
        assert reconcile_intent(session, seen) is None
        assert not may_be_taken(session, clearing.movement(session, movement))
    assert before
    assert (taken.status, taken.amount, taken.charge_id) == (PaymentStatus.SUCCEEDED, money("75"), "ch_1")
    assert [open_minor(db, invoice) for invoice in debt.invoices] == [0, 1500]
    assert balance(db, LedgerAccount.FOREIGN_RECEIPTS) == "0.00"
    assert balance(db, LedgerAccount.AWAITING_SETTLEMENT) == "0.00"
    assert standing(db, LedgerAccount.FOREIGN_RECEIPTS) is None
    assert open_tasks(db) == 0


def test_a_foreign_receipt_is_not_taken_for_an_account_in_another_currency(db: Database) -> None:
    movement = a_foreign(db)
    with db.transaction() as session:
        dollars = an_account(session, currency="USD").id

    with pytest.raises(Invalid), db.transaction() as session:
        take_as_payment(session, movement, dollars, reason="By telephone", actor=OLU)

    assert balance(db, LedgerAccount.FOREIGN_RECEIPTS) == "-75.00"


@pytest.mark.parametrize(("came", "left_open"), [("100", 2000), ("150", 0)])
def test_a_payment_that_brought_another_amount_takes_what_really_came(db: Database, came: str, left_open: int) -> None:
    movement, account_id, public_id, invoice = a_mismatch(db, "120", came)

    with db.transaction() as session:
        taken = take_as_payment(session, movement, account_id, reason="The page was changed", actor=OLU)
    for _ in range(2):
        with db.transaction() as session:
            reconcile_intent(session, a_success(public_id, money(came), now(session)))

    assert (taken.public_id, taken.amount) == (public_id, money(came))
    assert open_minor(db, invoice) == left_open
    assert balance(db, LedgerAccount.FOREIGN_RECEIPTS) == "0.00"
    with db.reading() as session:
        assert not payments.live_claims(session, [invoice])
        assert len(clearing.movements_of_payment(session, taken.id)) == 1


def test_a_payment_whose_money_is_not_ours_is_over_and_frees_its_invoices(db: Database) -> None:
    movement, _, public_id, invoice = a_mismatch(db, "120", "100")

    with db.transaction() as session:
        not_ours(session, movement, reason="A test of somebody's", actor=OLU)
    with db.transaction() as session:
        reconcile_intent(session, a_success(public_id, money("100"), now(session)))

    with db.reading() as session:
        payment = payments.by_public_id(session, public_id)
        assert payment.status is PaymentStatus.FAILED
        assert not payments.live_claims(session, [invoice])
    assert balance(db, LedgerAccount.FOREIGN_RECEIPTS) == "-100.00"
    assert open_tasks(db) == 0


def test_the_payment_of_one_customer_is_not_taken_for_another(db: Database) -> None:
    movement, _, _, _ = a_mismatch(db, "120", "100")
    other = a_debt(db, "100")

    with pytest.raises(Invalid), db.transaction() as session:
        take_as_payment(session, movement, other.account_id, reason="Mixed up", actor=OLU)

    with db.reading() as session:
        assert session.scalars(select(Payment).where(Payment.account_id == other.account_id)).all() == []
