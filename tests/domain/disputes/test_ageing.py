"""Ageing of what is disputed: within its bucket, as it was on any day."""

from __future__ import annotations

from datetime import date

from domain.disputes.ageing import disputed
from domain.disputes.resolving import reject
from domain.receivables.ageing import Bucket, ageing_of
from domain.reporting.reports import ageing_report
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from tests.support.builders import an_account, an_invoice, money
from tests.support.credit import a_cheque
from tests.support.disputing import contest, early


def test_what_is_disputed_stands_in_the_bucket_of_its_invoice(db: Database, clock: MovableClock) -> None:
    clock.move_to(early(date(2026, 3, 10)))
    with db.transaction() as session:
        account = an_account(session)
        late = an_invoice(session, account, "120", issued_on=date(2026, 1, 1), due_on=date(2026, 1, 31))
        new = an_invoice(session, account, "80", issued_on=date(2026, 3, 1), due_on=date(2026, 3, 31))
        contest(session, account, late, "50")
        contest(session, account, new)

        found = disputed(session, date(2026, 3, 10), account.id)["GBP"]
        report = ageing_report(session, date(2026, 3, 10))["currencies"]["GBP"]["of_which_disputed"]

    assert found == {Bucket.DAYS_31_60: money("50"), Bucket.CURRENT: money("80")}
    assert (report["31-60"], report["current"], report["1-30"], report["open"]) == ("50.00", "80.00", "0.00", "130.00")


def test_a_past_day_is_as_it_was(db: Database, clock: MovableClock) -> None:
    clock.move_to(early(date(2026, 3, 10)))
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120", issued_on=date(2026, 1, 1), due_on=date(2026, 3, 5))
        dispute = contest(session, account, invoice, "50")
    clock.move_to(early(date(2026, 3, 20)))
    with db.transaction() as session:
        reject(session, account.id, dispute.id, answer="No", actor=OPERATOR)
        a_cheque(session, session.merge(account), "120", wanted={invoice.id: money("120")})

        days = {day: disputed(session, date(2026, 3, day)).get("GBP") for day in (9, 10, 19, 20)}

    held = {Bucket.DAYS_1_30: money("50")}
    assert days == {9: None, 10: held, 19: held, 20: None}


def test_never_more_is_disputed_than_is_open(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account = an_account(session)
        invoice = an_invoice(session, account, "120")
        contest(session, account, invoice, "50")
        a_cheque(session, account, "100", wanted={invoice.id: money("100")})
        day = clock.now().date()

        assert sum(one.minor for one in disputed(session, day)["GBP"].values()) == 2000
        assert ageing_of(session, account.id, day).open == money("20")
