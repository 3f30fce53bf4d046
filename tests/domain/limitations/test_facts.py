"""Facts: whose law a debt is under, and what the books, the house and staff know to have moved its time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from domain.accounts.model import Account, LegalForm
from domain.limitations import facts, queries, recording
from domain.limitations.clock import State
from domain.limitations.model import LimitationAct
from domain.limitations.recording import OTHER, Noted
from domain.receivables.allocating import add_credit, apply
from domain.receivables.model import CreditKind, Invoice
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid, NotFound
from domain.stops import queries as stops
from tests.support.builders import a_receipt, an_account, an_invoice, live_allocations, money, take_back
from tests.support.counting import counted

DUE = date(2020, 3, 1)


def an_old_debt(
    session: Session, *, due_on: date = DUE, country: str | None = "GB", form: LegalForm = LegalForm.COMPANY
) -> tuple[Account, Invoice]:
    """An account with one old invoice over 100."""
    account = an_account(session, country=country, legal_form=form)
    return account, an_invoice(session, account, "100", issued_on=due_on - timedelta(days=30), due_on=due_on)


def last_on(session: Session, invoice: Invoice) -> date | None:
    """The last day of an invoice."""
    return queries.last_days(session, [invoice.id])[invoice.id]


@pytest.mark.parametrize(
    ("country", "jurisdiction"), [("GB", "GB-EAW"), ("DE", "DE"), (None, "GB-EAW"), ("US", "US"), ("JP", "JP")]
)
def test_whose_law_it_is_without_a_word_of_staff(db: Database, country: str | None, jurisdiction: str) -> None:
    with db.transaction() as session:
        account, invoice = an_old_debt(session, country=country)

        assert facts.timed(session, [invoice.id])[invoice.id].jurisdiction == jurisdiction
        assert queries.jurisdiction(session, account.id) == jurisdiction


def test_an_unknown_law_is_said_and_never_taken_for_over(db: Database) -> None:
    with db.transaction() as session:
        _, invoice = an_old_debt(session, country="US", due_on=date(1990, 1, 1))
        known = queries.clock_of(session, invoice.id)

        assert (known.clock, known.last_on, known.is_barred(today(session))) == (None, None, False)
        assert queries.over(session) == []


def test_what_staff_set_counts_before_the_country_and_the_latest_of_it(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = an_old_debt(session)
        recording.set_law(session, account.id, "DE", why="So agreed.", actor=OPERATOR)
        by_first = last_on(session, invoice)
        recording.set_law(session, account.id, "GB-SCT", why="Misread.", actor=OPERATOR)

        assert (by_first, last_on(session, invoice)) == (date(2023, 12, 31), date(2025, 3, 1))
        recording.set_law(session, account.id, OTHER, why="Swiss law.", actor=OPERATOR)
        assert queries.clock_of(session, invoice.id).clock is None


def test_a_consumer_has_the_shorter_time(db: Database) -> None:
    with db.transaction() as session:
        _, invoice = an_old_debt(session, country="FR", form=LegalForm.NATURAL_PERSON)

        assert last_on(session, invoice) == date(2022, 3, 1)


def test_the_debtors_own_money_starts_it_anew_and_what_goes_back_does_not(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = an_old_debt(session)
        a_receipt(session, account, "10", date(2022, 5, 10), invoice)
        paid = last_on(session, invoice)
        take_back(session, live_allocations(session, invoice)[0], effective_on=date(2022, 5, 20))

        assert (paid, last_on(session, invoice)) == (date(2028, 5, 10), date(2026, 3, 1))


@pytest.mark.tampers
def test_credit_of_ours_starts_nothing(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = an_old_debt(session)
        day = date(2022, 1, 1)
        item = add_credit(
            session, account, kind=CreditKind.CREDIT_NOTE, source="t:1", amount=money("5"), effective_on=day
        )
        apply(session, item, invoice, money("5"))

        assert last_on(session, invoice) == date(2026, 3, 1)


def test_an_acknowledgement_of_all_is_about_what_had_been_issued_by_then(db: Database) -> None:
    with db.transaction() as session:
        account, old = an_old_debt(session)
        later = an_invoice(session, account, "50", issued_on=date(2023, 1, 1), due_on=date(2023, 2, 1))
        noted = Noted(LimitationAct.SUSPENDED, date(2022, 6, 1), "Talks.")
        recording.note_by_staff(session, account.id, noted, actor=OPERATOR)

        assert last_on(session, old) is None
        assert last_on(session, later) == date(2029, 2, 1)
        resumed = Noted(LimitationAct.RESUMED, date(2022, 6, 11), "Talks have failed.", invoice_id=old.id)
        recording.note_by_staff(session, account.id, resumed, actor=OPERATOR)
        assert last_on(session, old) == date(2026, 3, 11)


def test_what_cannot_be_recorded_says_why(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = an_old_debt(session)
        day = today(session)

        def refused(noted: Noted, kind: type[Exception]) -> None:
            with pytest.raises(kind):
                recording.note_by_staff(session, account.id, noted, actor=OPERATOR)

        refused(Noted(LimitationAct.ACKNOWLEDGED, day, "By letter."), Invalid)
        refused(Noted(LimitationAct.ACKNOWLEDGED, day, "By letter.", document_id=404), NotFound)
        refused(Noted(LimitationAct.SUSPENDED, day + timedelta(days=1), "Talks."), Invalid)
        refused(Noted(LimitationAct.SUSPENDED, day, " "), Invalid)
        refused(Noted(LimitationAct.SUSPENDED, day, "Talks.", invoice_id=404), NotFound)
        refused(Noted(LimitationAct.JUDGMENT, day, "Won."), Invalid)
        refused(Noted(LimitationAct.RESUMED, day, "On.", invoice_id=invoice.id), Conflict)
        with pytest.raises(Invalid):
            recording.set_law(session, account.id, "XX", why="So.", actor=OPERATOR)
        assert queries.events(session, account.id) == []


def test_reminders_stop_when_it_is_over_and_go_on_where_it_is_not(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = an_old_debt(session, due_on=date(2018, 3, 1))
        recording.set_law(session, account.id, "GB-EAW", why="So agreed.", actor=OPERATOR)
        held = [row.invoice_id for row in stops.live(session, account.id)]
        recording.set_law(session, account.id, "IT", why="Misread.", actor=OPERATOR)

        assert held == [invoice.id]
        assert stops.live(session, account.id) == []


def test_a_judgment_is_told_once_and_revives_what_was_over(db: Database) -> None:
    with db.transaction() as session:
        account, invoice = an_old_debt(session, due_on=date(2015, 3, 1))
        noted = Noted(LimitationAct.JUDGMENT, date(2024, 6, 3), "", invoice_id=invoice.id)
        told = [
            recording.note_of_case(session, account.id, noted, source="legal_case:1", actor=OPERATOR) for _ in range(2)
        ]
        known = queries.clock_of(session, invoice.id)

        assert told == [True, False]
        assert known.last_on == date(2030, 6, 3)
        assert known.clock is not None
        assert known.clock.state(today(session)) is State.RUNNING


def test_many_invoices_are_reckoned_in_as_many_queries_as_one(db: Database) -> None:
    with db.transaction() as session:
        ids = [an_old_debt(session)[1].id for _ in range(3)]
        with counted(session.connection()) as one:
            facts.timed(session, ids[:1])
        with counted(session.connection()) as three:
            facts.timed(session, ids)

        assert len(one) == len(three) == 6
