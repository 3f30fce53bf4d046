"""Withdrawing: credit leaves, what it covered is open again, and what comes back covers it once more."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.receivables import allocating, withdrawing
from domain.receivables.ageing import ageing_of
from domain.receivables.model import WithdrawalKind
from domain.receivables.withdrawing import withdraw, withdraw_covering
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.credit import item_of, open_of, stands
from tests.support.ledgers import owed_on

REFUND = WithdrawalKind.REFUND
pytestmark = pytest.mark.tampers
"""The ledger's side of a withdrawal is whoever withdraws; here the items are looked at alone."""


def test_unapplied_credit_is_taken_and_no_more_than_there_is(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        item = item_of(session, a_receipt(session, account, "50", today(session)))

        withdraw(session, item, money("20"), kind=REFUND, source="refund:1")

        assert item.unapplied == money("30")
        with pytest.raises(Conflict, match="30"):
            withdraw(session, item, money("30.01"), kind=REFUND, source="refund:2")


def test_what_is_unapplied_goes_first_then_the_invoice_named_then_the_newest(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        first, second, third = (an_invoice(session, account, "40") for _ in range(3))
        item = item_of(session, a_receipt(session, account, "130", today(session), first, second, third))

        _, uncovered = withdraw_covering(
            session, item, money("75"), kind=REFUND, source="refund:1", first_from=[first.id]
        )

        assert [(part.invoice_id, part.amount) for part in uncovered] == [
            (first.id, money("40")),
            (third.id, money("25")),
        ]
        assert open_of(session, first, second, third) == [money("40"), money("0"), money("25")]
        assert item.unapplied == money("0")


def test_a_preview_says_what_would_be_uncovered_and_changes_nothing(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "40")
        item = item_of(session, a_receipt(session, account, "50", today(session), invoice))

        (part,) = withdrawing.uncovering(session, item, money("30"))

        assert (part.number, part.amount) == (invoice.number, money("20"))
        assert open_of(session, invoice) == [money("0")]
        with pytest.raises(Conflict, match="50"):
            withdrawing.uncovering(session, item, money("50.01"))


def test_what_stays_of_an_allocation_stays_since_the_day_on_which_it_was_made(
    db: Database, clock: MovableClock
) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "100")
        item = item_of(session, a_receipt(session, account, "100", today(session)))
    clock.advance(days=10)
    with db.transaction() as session:
        item, invoice = session.merge(item), session.merge(invoice)
        allocating.apply(session, item, invoice, money("100"), effective_on=today(session))

        withdraw_covering(session, item, money("30"), kind=REFUND, source="r", effective_on=date(2026, 3, 20))

        assert ageing_of(session, account.id, date(2026, 3, 19)).open == money("100")
        assert ageing_of(session, account.id, date(2026, 3, 25)).open == money("100")
        assert ageing_of(session, account.id, date(2026, 3, 25)).credit.amount == money("70")
        assert ageing_of(session, account.id, today(session)).open == money("30")


def test_what_comes_back_covers_what_it_covered(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoices = [an_invoice(session, account, "40") for _ in range(2)]
        item = item_of(session, a_receipt(session, account, "90", today(session), *invoices))
        withdrawal, _ = withdraw_covering(session, item, money("90"), kind=REFUND, source="refund:1")

        withdrawing.give_back(session, withdrawal, source="refund:1")

        assert (open_of(session, *invoices), item.unapplied) == ([money("0")] * 2, money("10"))
        with pytest.raises(Conflict):
            withdrawing.give_back(session, withdrawal, source="refund:1")


def test_what_comes_back_in_parts_covers_in_parts_and_never_more_than_went(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoices = [an_invoice(session, account, "40") for _ in range(2)]
        item = item_of(session, a_receipt(session, account, "90", today(session), *invoices))
        withdrawal, _ = withdraw_covering(session, item, money("90"), kind=REFUND, source="refund:1")

        seen = []
        for part in ("30", "30", "30"):
            withdrawing.give_back(session, withdrawal, money(part), source=part)
            seen.append([*open_of(session, *invoices), item.unapplied])

        assert seen == [
            [money("10"), money("40"), money("0")],
            [money("0"), money("20"), money("0")],
            [money("0"), money("0"), money("10")],
        ]
        assert not withdrawing.still_gone(session, withdrawal, "GBP")


def test_what_was_paid_otherwise_meanwhile_makes_credit_of_what_comes_back(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "40")
        item = item_of(session, a_receipt(session, account, "40", today(session), invoice))
        withdrawal, _ = withdraw_covering(session, item, money("40"), kind=REFUND, source="refund:1")
        a_receipt(session, account, "25", today(session), invoice)

        withdrawing.give_back(session, withdrawal, source="refund:1")

        assert stands(session, account) == (money("0"), money("25"))


@given(data=st.data())
def test_the_past_stays_as_it_was_whatever_is_taken_and_given_back(
    db: Database, clock: MovableClock, data: st.DataObject
) -> None:
    """Each day something happens; what was open and unapplied on that day is the same when it is asked for later."""
    with db.transaction() as session:
        account = an_account(session)
        invoices = [an_invoice(session, account, str(amount)) for amount in (30, 50, 20)]
        item = item_of(session, a_receipt(session, account, "90", today(session), *invoices[:2]))
    gone, seen = [], {}
    for step in range(data.draw(st.integers(2, 6))):
        clock.advance(days=1)
        with db.transaction() as session:
            item = session.merge(item, load=True)
            act = data.draw(st.sampled_from(["withdraw", "give back", "apply", "take back"]))
            if act == "withdraw" and item.amount_minor > 0:
                left = item.unapplied_minor + sum(row.amount_minor for row in allocating.standing(session, item))
                if left:
                    amount = money(str(data.draw(st.integers(1, left)) / 100))
                    withdrawal, _ = withdraw_covering(session, item, amount, kind=REFUND, source=f"refund:{step}")
                    gone.append(withdrawal)
            elif act == "give back" and gone:
                withdrawing.give_back(session, session.merge(gone.pop()), source=f"back:{step}")
            elif act == "apply":
                for invoice in allocating.open_in_order(session, account.id):
                    allocating.apply_upto(session, item, invoice, item.unapplied, effective_on=today(session))
            elif act == "take back" and (standing := allocating.standing(session, item)):
                allocating.take_back(session, standing[0])
            day = today(session)
            seen[day] = _told(session, account.id, day)

    with db.reading() as session:
        assert {day: _told(session, account.id, day) for day in seen} == seen
        assert owed_on(session, account.id, today(session) - timedelta(days=30)) == money("0")


def _told(session: object, account_id: int, day: date) -> tuple[object, ...]:
    found = ageing_of(session, account_id, day)  # type: ignore[arg-type]
    return found.open, found.credit.amount, found.open_count, found.credit.count
