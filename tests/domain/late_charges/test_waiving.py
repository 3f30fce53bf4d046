"""Waiving: within one's authority, with a reason, and for good."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from domain.accounts import queries as accounts
from domain.invoicing.debit_notes import issue_debit_note
from domain.late_charges.model import ChargeAct, ChargeKind
from domain.late_charges.waiving import waive
from domain.ledger import balances
from domain.ledger.chart import LedgerAccount
from domain.receivables.model import Invoice
from domain.reporting.act_words import Topic
from domain.reporting.timeline import timeline
from domain.shared.actor import OPERATOR, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid, NotAllowed
from domain.staff.model import Role
from tests.support.builders import money
from tests.support.lateness import Overdue

STAFF = Actor.staff(1)


def charged(db: Database, clock: MovableClock, *, amount: str = "1000") -> tuple[Overdue, int]:
    """29 of interest for each 1,000, charged on 1 March, and its debit note."""
    debt = Overdue(db, clock, amount=amount)
    debt.charge(date(2026, 3, 1))
    return debt, debt.charges[0].debit_note_id


def test_a_waived_charge_is_no_longer_owed_and_no_income(db: Database, clock: MovableClock) -> None:
    debt, note_id = charged(db, clock)

    with db.transaction() as session:
        waive(session, debt.account_id, note_id, money("29"), reason="Goodwill", role=Role.COLLECTOR, actor=STAFF)

    assert debt.papers[-1] == (ChargeKind.INTEREST, ChargeAct.WAIVED, money("-29"))
    with db.reading() as session:
        assert session.get_one(Invoice, note_id).open == money("0")
        assert balances.receivable(session, debt.account_id) == money("1000")
        assert balances.balance_of(session, LedgerAccount.LATE_CHARGE_INCOME, "GBP") == money("0")
        happened = timeline(session, debt.account_id, Topic.ALL).happenings
        told = [each.words.text.format(**each.words.params) for each in happened]
    assert "Late charge DN-000001 waived: Goodwill" in told


def test_what_was_waived_is_never_charged_again(db: Database, clock: MovableClock) -> None:
    debt, note_id = charged(db, clock)
    with db.transaction() as session:
        waive(session, debt.account_id, note_id, money("20"), reason="Goodwill", role=Role.COLLECTOR, actor=STAFF)

    debt.charge(date(2026, 4, 1))

    assert debt.amounts == [money("29"), money("-20"), money("31")]


def test_what_is_known_later_takes_back_no_more_than_is_left(db: Database, clock: MovableClock) -> None:
    debt, note_id = charged(db, clock)
    with db.transaction() as session:
        waive(session, debt.account_id, note_id, money("20"), reason="Goodwill", role=Role.COLLECTOR, actor=STAFF)

    debt.pay("1000", date(2026, 2, 5))
    debt.charge(date(2026, 3, 2))

    assert debt.amounts == [money("29"), money("-20"), money("-9")]


def test_authority_is_over_all_that_is_waived_of_a_charge(db: Database, clock: MovableClock) -> None:
    debt, note_id = charged(db, clock, amount="5000")
    with db.transaction() as session:
        waive(session, debt.account_id, note_id, money("60"), reason="Goodwill", role=Role.COLLECTOR, actor=STAFF)

    with pytest.raises(NotAllowed) as refused, db.transaction() as session:
        waive(session, debt.account_id, note_id, money("60"), reason="Goodwill", role=Role.COLLECTOR, actor=STAFF)
    with db.transaction() as session:
        waive(session, debt.account_id, note_id, money("60"), reason="Goodwill", role=Role.MANAGER, actor=STAFF)

    assert refused.value.params == {"amount": money("120")}
    assert debt.amounts == [money("145"), money("-60"), money("-60")]


@pytest.mark.parametrize(("amount", "reason"), [("29.01", "Goodwill"), ("0", "Goodwill"), ("5", " ")])
def test_more_than_was_charged_nothing_and_no_reason_are_refused(
    db: Database, clock: MovableClock, amount: str, reason: str
) -> None:
    debt, note_id = charged(db, clock)

    with pytest.raises(Invalid), db.transaction() as session:
        waive(session, debt.account_id, note_id, money(amount), reason=reason, role=Role.MANAGER, actor=STAFF)


def test_a_debit_note_that_somebody_wrote_is_not_waived_here(db: Database, clock: MovableClock) -> None:
    debt, _ = charged(db, clock)
    with db.transaction() as session:
        account = accounts.lock(session, debt.account_id)
        parent = session.scalars(select(Invoice).where(Invoice.id == debt.invoice_id)).one()
        by_hand = issue_debit_note(session, account, parent, money("40"), reason="Letter", actor=OPERATOR).id

    for note_id in (by_hand, debt.invoice_id):
        with pytest.raises(Conflict), db.transaction() as session:
            waive(session, debt.account_id, note_id, money("1"), reason="x", role=Role.MANAGER, actor=STAFF)
