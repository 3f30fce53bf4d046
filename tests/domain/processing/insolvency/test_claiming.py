"""What can be claimed: as of the first day, whatever came, went back, was charged or credited when."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from domain.accounts.queries import lock
from domain.invoicing.credit_notes import issue_credit_note
from domain.policies.sections import Sections
from domain.processing.insolvency.claiming import Claim, claim_of
from domain.processing.receipts.returning import return_receipt
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.credit import a_cheque
from tests.support.insolvency import insolvent
from tests.support.lateness import DAILY, DAY, DUE, FORTY, Overdue
from tests.support.outside import MemoryStore
from tests.support.planning import a_running_plan

FIRST = date(2026, 2, 20)


def parts(claim: Claim) -> tuple[str, str, str]:
    """Principal, interest and costs as decimals."""
    return str(claim.principal.decimal), str(claim.interest.decimal), str(claim.costs.decimal)


def an_invoice_of(session: Session, debt: Overdue) -> Invoice:
    """The invoice of 1,000."""
    return session.get_one(Invoice, debt.invoice_id)


def test_money_counts_by_its_day_and_what_was_issued_later_is_no_part_of_it(db: Database) -> None:
    with db.transaction() as session:
        account, day = an_account(session), today(session)
        old = an_invoice(session, account, "100", issued_on=day - timedelta(days=40), due_on=day)
        paid = an_invoice(session, account, "70", issued_on=day - timedelta(days=40), due_on=day)
        found = insolvent(session, account.id, day - timedelta(days=9))
        an_invoice(session, account, "500", issued_on=found.started_on, due_on=day)
        a_receipt(session, account, "30", found.started_on - DAY, old)
        a_receipt(session, account, "20", found.started_on, old)
        a_receipt(session, account, "70", found.started_on - DAY, paid)
        claim = claim_of(session, found)

        assert [(line.number, line.total) for line in claim.lines] == [(old.number, money("70"))]


def test_what_bounced_later_had_never_come_and_a_credit_note_always_counts(db: Database) -> None:
    with db.transaction() as session:
        account, day = an_account(session), today(session)
        old = an_invoice(session, account, "100", issued_on=day - timedelta(days=40), due_on=day)
        cheque = a_cheque(session, account, "60", wanted={old.id: money("60")}, on=day - timedelta(days=20))
        found = insolvent(session, account.id, day - timedelta(days=9))
        before = claim_of(session, found).total
        return_receipt(session, cheque, day, reason="No funds", actor=OPERATOR)
        bounced = claim_of(session, found).total
        issue_credit_note(session, lock(session, account.id), old, money("15"), reason="Broken", actor=OPERATOR)

        assert (before, bounced, claim_of(session, found).total) == (money("40"), money("100"), money("85"))


def test_credit_that_settled_nothing_is_told(db: Database) -> None:
    with db.transaction() as session:
        account, day = an_account(session), today(session)
        an_invoice(session, account, "100", issued_on=day - timedelta(days=40), due_on=day)
        a_receipt(session, account, "25", day - timedelta(days=20))
        a_receipt(session, account, "5", day)
        found = insolvent(session, account.id, day - timedelta(days=9))

        claim = claim_of(session, found)

        assert (claim.total, claim.credit) == (money("100"), money("25"))


def test_interest_is_reckoned_through_the_day_before_whatever_was_charged_of_it(
    db: Database, clock: MovableClock
) -> None:
    debt = Overdue(db, clock, Sections(late_interest=DAILY, recovery_cost=FORTY))
    debt.charge_daily(DUE + DAY, date(2026, 3, 1))
    with db.transaction() as session:
        found = insolvent(session, debt.account_id, FIRST)
        charged_to_march = claim_of(session, found)
    debt.charge(date(2026, 3, 2))
    with db.reading() as session:
        corrected = claim_of(session, found)
    debt.charge_daily(date(2026, 3, 3), date(2026, 4, 2))
    with db.reading() as session:
        later = claim_of(session, found)

    assert parts(charged_to_march) == ("1000.00", "19.00", "40.00")
    assert parts(corrected) == parts(later) == parts(charged_to_march)


def test_interest_that_was_not_charged_yet_is_claimed_too(db: Database, clock: MovableClock) -> None:
    debt = Overdue(db, clock)
    debt.go_to(date(2026, 2, 25))
    with db.transaction() as session:
        found = insolvent(session, debt.account_id, FIRST)
        before = parts(claim_of(session, found))
    debt.charge_daily(date(2026, 2, 26), date(2026, 3, 2))

    with db.reading() as session:
        assert before == parts(claim_of(session, found)) == ("1000.00", "19.00", "0.00")


def test_a_plan_that_sleeps_changes_nothing_of_the_claim(db: Database) -> None:
    with db.transaction() as session:
        account, _, _, _ = a_running_plan(session, MemoryStore(), "100", "50")
        found = insolvent(session, account.id)

        claim = claim_of(session, found)

        assert claim.total == claim.principal
