"""What lies with a partner is not reminded of, and the rest of the account is, as ever; statements ask for no more."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from domain.accounts.model import Account, LegalForm
from domain.dunning.courtesy_facts import further
from domain.dunning.courtesy_rules import month_number
from domain.notices.model import Notice
from domain.placements import ending
from domain.policies.contacting import Wording
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from tests.support.builders import an_invoice, money
from tests.support.noticing import a_notice
from tests.support.placing import a_late_debt, a_partner, placed
from tests.support.reminding import a_sequence, days_pass, notices, parts, reminded

PARTNER = "Fair Recovery and Sons Ltd"


def with_partner(db: Database, *, own_late_by: int | None = None) -> tuple[Account, int]:
    """An account with 1,200 that lies with an agency, and another invoice of 60 where asked; the placement's id."""
    with db.transaction() as session:
        account, _ = a_late_debt(session, "1200")
        account.legal_form = LegalForm.COMPANY
        made = placed(session, account, a_partner(session, name=PARTNER, term_days=400))
        if own_late_by is not None:
            due_on = today(session) - timedelta(days=own_late_by)
            an_invoice(session, account, "60", issued_on=due_on - timedelta(days=30), due_on=due_on)
        a_sequence(session, account_id=account.id)
        return account, made.id


def a_statement(session: Session, account: Account) -> Notice:
    """The notice of this month's statement."""
    notice = a_notice(session, account, wording=Wording.STATEMENT, invoices=())
    notice.subject_id = month_number(today(session))
    return notice


def asked(db: Database, account_id: int) -> list[list[tuple[int, int, str | None]]]:
    """What each reminder since asked for of each invoice and left out; the final notice before is left away."""
    with db.reading() as session:
        sent = [each for each in notices(session, account_id) if each.wording is not Wording.FINAL_NOTICE]
        return [parts(session, each) for each in sent]


def test_the_sequence_is_silent_about_what_lies_with_a_partner(db: Database, clock: MovableClock) -> None:
    account, _ = with_partner(db)

    reminded(db)
    days_pass(db, clock, 8)

    assert [part for notice in asked(db, account.id) for part in notice if part[0]] == []


def test_the_rest_of_the_account_is_reminded_of_as_ever(db: Database, clock: MovableClock) -> None:
    account, _ = with_partner(db, own_late_by=5)

    reminded(db)
    days_pass(db, clock, 4)

    asks = [part for notice in asked(db, account.id) for part in notice if part[0]]
    assert asks == [(60_00, 0, None)]


def test_what_has_come_back_is_reminded_of_again(db: Database, clock: MovableClock) -> None:
    account, placement_id = with_partner(db)
    reminded(db)
    days_pass(db, clock, 3)
    with db.transaction() as session:
        ending.recall(session, account.id, placement_id, why="Nothing came.", actor=OPERATOR)

    days_pass(db, clock, 6)

    assert 1_200_00 in [part[0] for notice in asked(db, account.id) for part in notice]


def test_a_statement_does_not_ask_for_it_and_says_who_has_it(db: Database) -> None:
    account, _ = with_partner(db, own_late_by=5)
    with db.transaction() as session:
        facts = further(session, a_statement(session, account), portal="https://pay.example.com")

    assert facts["balance"] == money("1260")
    assert (facts["overdue"], facts["placed"], facts["partners"]) == (money("60"), money("1200"), [PARTNER])


def test_a_statement_without_a_partner_says_nothing_of_one(db: Database) -> None:
    with db.transaction() as session:
        account, _ = a_late_debt(session, "1200")

        facts = further(session, a_statement(session, account), portal="https://pay.example.com")

    assert (facts["overdue"], facts["placed"], facts["partners"]) == (money("1200"), None, None)
