"""The last few movements on the home page."""

from datetime import date

from domain.shared.db.session import Database
from domain.statements.latest import latest_movements
from tests.support.builders import a_receipt, an_account, an_invoice, money


def test_the_newest_come_first_and_the_balance_runs_backwards_from_what_is_owed_now(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120", issued_on=date(2026, 2, 1))
        an_invoice(session, account, "30", issued_on=date(2026, 3, 1))
        a_receipt(session, account, "50", date(2026, 2, 10), invoice)

        movements = latest_movements(session, account.id, 2)

        assert [movement.amount for movement in movements] == [money("30"), money("-50")]
        assert [movement.balance for movement in movements] == [money("100"), money("70")]


def test_an_account_without_movements_has_none(db: Database) -> None:
    with db.transaction() as session:
        assert latest_movements(session, an_account(session).id, 5) == []
