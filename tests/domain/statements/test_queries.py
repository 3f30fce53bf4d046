"""Statements: every movement of any period with the balance after it, page by page, adding up to what is owed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.invoicing.credit_notes import issue_credit_note
from domain.invoicing.issuing import void
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.errors import Invalid, NotFound
from domain.statements.queries import statement
from domain.statements.view import StatementView
from domain.statements.wording import SubjectKind
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.ledgers import owed_on


def test_movements_stand_in_order_with_what_was_owed_after_each(db: Database) -> None:
    with db.transaction() as session:
        account = a_busy_account(session)

        found = statement(session, account.id, date(2026, 2, 1), date(2026, 3, 31))

    assert (found.opening, found.closing) == (money("100.00"), money("145.00"))
    assert lines(found) == [
        ("Payment", "-100.00", "0.00"),
        ("Invoice 2, due 2026-03-12", "80.00", "80.00"),
        ("Invoice 3, due 2026-04-02", "90.00", "170.00"),
        ("Credit note CN-000001 on invoice 2", "-25.00", "145.00"),
    ]
    assert (found.charged, found.credited, found.count) == (money("170.00"), money("-125.00"), 4)
    assert found.following is None
    assert found.earlier is None


def test_each_movement_leads_to_its_paper(db: Database) -> None:
    with db.transaction() as session:
        account = a_busy_account(session)

        found = statement(session, account.id, date(2026, 1, 1), date(2026, 3, 31))

    kinds = [movement.subject.kind for movement in found.movements if movement.subject]
    assert kinds == [
        SubjectKind.INVOICE,
        SubjectKind.PAYMENT,
        SubjectKind.INVOICE,
        SubjectKind.INVOICE,
        SubjectKind.CREDIT_NOTE,
    ]


def test_pages_continue_one_another(db: Database) -> None:
    with db.transaction() as session:
        account = a_busy_account(session)
        period = (date(2026, 1, 1), date(2026, 3, 31))
        whole = statement(session, account.id, *period)

        first = statement(session, account.id, *period, limit=2)
        second = statement(session, account.id, *period, after=first.following, limit=2)
        third = statement(session, account.id, *period, after=second.following, limit=2)

    assert (*first.movements, *second.movements, *third.movements) == whole.movements
    assert third.following is None
    assert {page.opening for page in (first, second, third)} == {whole.opening}


def test_a_period_without_movements_opens_and_closes_alike(db: Database) -> None:
    with db.transaction() as session:
        account = a_busy_account(session)

        found = statement(session, account.id, date(2026, 1, 10), date(2026, 1, 12))

    assert (found.opening, found.closing, found.movements) == (money("100.00"), money("100.00"), ())
    assert found.ageing.total == money("100.00")


def test_the_closing_balance_is_aged_as_of_the_last_day(db: Database) -> None:
    with db.transaction() as session:
        account = a_busy_account(session)

        found = statement(session, account.id, date(2026, 1, 1), date(2026, 3, 15))

    assert found.ageing.total == found.closing
    assert found.ageing.late == money("80.00")


def test_an_invoice_taken_back_is_seen_on_its_own_day(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "10.00", issued_on=date(2026, 3, 2), number="7")
        void(session, invoice, why="Sent to the wrong customer", actor=OPERATOR)

        found = statement(session, account.id, date(2026, 3, 1), date(2026, 3, 3))

    assert lines(found) == [("Invoice 7, due 2026-04-01", "10.00", "10.00"), ("Invoice 7 withdrawn", "-10.00", "0.00")]


def test_a_customer_in_credit_sees_a_negative_balance(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        a_receipt(session, account, "40.00", date(2026, 3, 2))

        found = statement(session, account.id, date(2026, 3, 1), date(2026, 3, 16))

    assert found.closing == money("-40.00")
    assert found.ageing.credit.amount == money("40.00")


def test_a_period_that_ends_before_it_begins_is_refused(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)

        with pytest.raises(Invalid):
            statement(session, account.id, date(2026, 3, 2), date(2026, 3, 1))


def test_no_such_account_is_not_found(db: Database) -> None:
    with pytest.raises(NotFound), db.reading() as session:
        statement(session, 404, date(2026, 3, 1), date(2026, 3, 2))


@given(
    acts=st.lists(st.tuples(st.booleans(), st.integers(1, 28), st.integers(1, 10**6)), min_size=1, max_size=8),
    first=st.integers(1, 28),
    days=st.integers(0, 27),
)
def test_any_period_agrees_with_the_ledger_and_with_the_ageing(
    db: Database, acts: list[tuple[bool, int, int]], first: int, days: int
) -> None:
    with db.transaction() as session:
        account = an_account(session)
        for charged, day, minor in acts:
            amount, on = str(money("0.01").times(minor).decimal), date(2026, 2, day)
            an_invoice(session, account, amount, issued_on=on) if charged else a_receipt(session, account, amount, on)
        last = date(2026, 2, min(28, first + days))

        found = statement(session, account.id, date(2026, 2, first), last)

        assert found.closing == owed_on(session, account.id, last) == found.ageing.total
        assert found.opening + found.charged + found.credited == found.closing
        assert not found.movements or found.movements[-1].balance == found.closing


def a_busy_account(session: Session) -> Account:
    """January's invoice is paid in February; one of February's is credited in part in March, one of March's is open."""
    account = an_account(session)
    first = an_invoice(session, account, "100.00", issued_on=date(2026, 1, 5), number="1")
    a_receipt(session, account, "100.00", date(2026, 2, 3), first)
    second = an_invoice(session, account, "80.00", issued_on=date(2026, 2, 10), number="2")
    an_invoice(session, account, "90.00", issued_on=date(2026, 3, 3), number="3")
    issue_credit_note(session, account, second, money("25.00"), reason="Two were broken", actor=OPERATOR)
    return account


def lines(found: StatementView) -> list[tuple[str, str, str]]:
    """Words, amount and balance of each movement, as text."""
    return [
        (str(movement.words), str(movement.amount.decimal), str(movement.balance).removesuffix(" GBP"))
        for movement in found.movements
    ]
