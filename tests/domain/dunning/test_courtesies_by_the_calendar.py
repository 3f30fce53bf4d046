"""Courtesies that follow the calendar: late charges of a day, statements, cards that expire, thanks for a quarter."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from app.handlers import courtesies
from app.handlers.courtesies import send_due
from domain.accounts.model import Account
from domain.collecting import turning
from domain.collecting.model import StopReason
from domain.dunning.courtesies import tell
from domain.notices.reach import addresses
from domain.notices.reach.model import AddressKind
from domain.policies.contacting import Channel, Wording
from domain.policies.sections import Courtesies, Sections
from domain.processing.extending import extend
from domain.receivables.model import Invoice
from domain.saved_methods.keeping import Kept, refresh
from domain.saved_methods.model import MethodKind, SavedMethod
from domain.shared.actor import OPERATOR, WORKER, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.money import Money
from domain.staff.model import Role
from tests.support.builders import a_receipt, an_invoice
from tests.support.courtesies import ALL, EMAIL, a_customer, go_to, pays_by_card, policy, told
from tests.support.lateness import DAILY, FORTY, Overdue
from tests.support.reminding import notices, parts


def test_the_late_charges_of_a_day_are_told_of_together_and_once(db: Database, clock: MovableClock) -> None:
    late = Overdue(db, clock, Sections(late_interest=DAILY, recovery_cost=FORTY, courtesies=ALL))
    with db.transaction() as session:
        session.get_one(Account, late.account_id).email = EMAIL
    late.charge(date(2026, 3, 1))
    go_to(clock, date(2026, 3, 1))

    assert told(db) == [("late_charges", "ready", None)]
    assert told(db) == [("late_charges", "ready", None)]

    with db.reading() as session:
        (notice,) = notices(session)
        assert len(parts(session, notice)) == 2
        assert notice.total == Money.sum(late.amounts, "GBP")


def test_the_statement_comes_on_the_first_working_day_to_whoever_moved_or_owes(
    db: Database, clock: MovableClock
) -> None:
    with db.transaction() as session:
        policy(session, Courtesies(invoices=False, statements=True, thanks=False))
        owing, paid, quiet = (a_customer(session) for _ in range(3))
        an_invoice(session, owing, "120")
        settled = an_invoice(session, paid, "80")
        a_receipt(session, paid, "80", today(session), settled)
    go_to(clock, date(2026, 5, 31))
    before = told(db)
    go_to(clock, date(2026, 6, 1))

    assert (before, told(db)) == ([], [("statement", "ready", None)])
    go_to(clock, date(2026, 6, 5))
    assert len(told(db)) == 1
    with db.reading() as session:
        assert [(each.account_id, each.subject_id) for each in notices(session)] == [(owing.id, 202605)]
        assert quiet.id not in {each.account_id for each in notices(session)}


def test_no_statement_comes_on_a_public_holiday_or_a_day_on_which_we_are_closed(
    db: Database, clock: MovableClock
) -> None:
    ours = Database(db.bind, clock, replace(db.business, closed=frozenset({date(2027, 1, 4)})))
    with ours.transaction() as session:
        policy(session, Courtesies(invoices=False, statements=True, thanks=False))
        an_invoice(session, a_customer(session), "120")

    told_by = []
    for day in range(1, 6):
        go_to(clock, date(2027, 1, day))
        told_by.append(len(told(ours)))

    assert told_by == [0, 0, 0, 0, 1]


def test_a_month_with_movements_has_a_statement_and_one_that_was_missed_is_made_up_for(
    db: Database, clock: MovableClock
) -> None:
    with db.transaction() as session:
        policy(session, Courtesies(invoices=False, statements=True, thanks=False))
        paid = a_customer(session)
        settled = an_invoice(session, paid, "80")
        a_receipt(session, paid, "80", today(session), settled)
    go_to(clock, date(2026, 4, 11))
    too_late = told(db)
    go_to(clock, date(2026, 4, 10))

    assert (too_late, told(db)) == ([], [("statement", "ready", None)])


def test_a_card_is_told_of_thirty_days_before_its_end_to_its_owner_and_again_once_renewed(
    db: Database, clock: MovableClock
) -> None:
    with db.transaction() as session:
        policy(session)
        account = a_customer(session)
    method_id = pays_by_card(db, account.id, (2026, 4))
    go_to(clock, date(2026, 3, 30))
    before = told(db)
    go_to(clock, date(2026, 3, 31))

    assert (before, told(db), told(db)) == ([], *[[("card_expiring", "ready", None)]] * 2)

    with db.transaction() as session:
        renewed = Kept(f"pm_{account.id}", MethodKind.CARD, "Visa •••• 4242", (2026, 6))
        refresh(session, session.get_one(SavedMethod, method_id), renewed, actor=WORKER)
    go_to(clock, date(2026, 6, 10))
    assert told(db) == [("card_expiring", "ready", None)] * 2
    with db.reading() as session:
        assert {each.address for each in notices(session)} == {"ana@harbour.example"}


def test_where_the_owners_address_does_not_work_the_accounts_own_is_taken(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        policy(session)
        account = a_customer(session)
    pays_by_card(db, account.id, (2026, 4))
    with db.transaction() as session:
        addresses.note(session, Channel.EMAIL, "ana@harbour.example", AddressKind.BOUNCED, how="test", actor=WORKER)
    go_to(clock, date(2026, 4, 2))

    assert told(db) == [("card_expiring", "ready", None)]
    with db.reading() as session:
        assert notices(session)[0].address == EMAIL


def test_a_wallet_a_card_that_lasts_and_one_that_pays_nothing_are_not_told_of(
    db: Database, clock: MovableClock
) -> None:
    with db.transaction() as session:
        policy(session)
        wallet, lasting, idle = (a_customer(session) for _ in range(3))
    pays_by_card(db, wallet.id, (2026, 4), MethodKind.WALLET)
    pays_by_card(db, lasting.id, (2026, 6))
    pays_by_card(db, idle.id, (2026, 4))
    with db.transaction() as session:
        turning.turn_off(session, idle.id, StopReason.PAYER, actor=OPERATOR)
    go_to(clock, date(2026, 4, 2))

    assert told(db) == []


def paid_of(session: Session, account: Account, due: Collection[date], *, days_late: int = 0) -> list[Invoice]:
    """An invoice that was due on each day, and paid so many days later."""
    found = []
    for day in due:
        invoice = an_invoice(session, account, "100", issued_on=day - timedelta(days=10), due_on=day)
        a_receipt(session, account, "100", day + timedelta(days=days_late), invoice)
        found.append(invoice)
    return found


QUARTER = (date(2026, 1, 20), date(2026, 2, 20))
THANKS = Courtesies(invoices=False)
THANKED = [("thank_you", "ready", None)]


def test_whoever_paid_all_of_a_quarter_in_time_is_thanked_once(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        policy(session, THANKS)
        paid_of(session, a_customer(session), QUARTER)
    go_to(clock, date(2026, 3, 31))
    before = told(db)
    go_to(clock, date(2026, 4, 1))

    assert (before, told(db)) == ([], THANKED)
    go_to(clock, date(2026, 4, 3))
    assert told(db) == THANKED
    with db.reading() as session:
        assert (notices(session)[0].subject_kind, notices(session)[0].subject_id) == ("quarter", 20261)


def test_one_invoice_one_late_payment_or_something_late_today_is_not_thanked_for(
    db: Database, clock: MovableClock
) -> None:
    with db.transaction() as session:
        policy(session, THANKS)
        one, late, owing, open_ = (a_customer(session) for _ in range(4))
        paid_of(session, one, QUARTER[:1])
        paid_of(session, late, QUARTER[:1])
        paid_of(session, late, QUARTER[1:], days_late=1)
        paid_of(session, owing, QUARTER)
        an_invoice(session, owing, "10", issued_on=date(2026, 3, 1), due_on=date(2026, 3, 30))
        paid_of(session, open_, QUARTER)
        an_invoice(session, open_, "10", issued_on=date(2026, 3, 1), due_on=date(2026, 4, 30))
    go_to(clock, date(2026, 4, 1))

    assert told(db) == THANKED
    with db.reading() as session:
        assert notices(session)[0].account_id == open_.id


def test_a_later_day_that_was_granted_does_not_make_a_payment_early(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        policy(session, THANKS)
        account = a_customer(session)
        paid_of(session, account, QUARTER)
        invoice = an_invoice(session, account, "10", issued_on=date(2026, 3, 1), due_on=date(2026, 3, 17))
        later = date(2026, 3, 27)
        extend(session, account.id, invoice.id, later, reason="asked", role=Role.MANAGER, actor=OPERATOR)
        a_receipt(session, account, "10", date(2026, 3, 20), invoice)
    go_to(clock, date(2026, 4, 1))

    assert told(db) == []


def test_who_was_late_for_most_of_the_year_is_not_thanked_for_one_good_quarter(
    db: Database, clock: MovableClock
) -> None:
    with db.transaction() as session:
        policy(session, THANKS)
        account = a_customer(session)
        paid_of(session, account, [date(2025, month, 10) for month in (5, 7, 9, 11)], days_late=25)
        paid_of(session, account, QUARTER)
    go_to(clock, date(2026, 4, 1))

    assert told(db) == []


def test_one_account_that_fails_keeps_no_other_from_its_turn(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with db.transaction() as session:
        policy(session)
        first, second = a_customer(session), a_customer(session)
        an_invoice(session, first, "10")
        an_invoice(session, second, "10")

    def failing(session: Session, account_id: int, wordings: Collection[Wording], *, actor: Actor) -> object:
        if account_id == first.id:
            raise RuntimeError("no disk")
        return tell(session, account_id, wordings, actor=actor)

    monkeypatch.setattr(courtesies, "tell", failing)

    did = send_due(db)

    assert (did.done, did.failures, did.error) == (1, 1, f"account {first.id}: no disk")
    with db.reading() as session:
        assert [(each.account_id, each.wording) for each in notices(session)] == [(second.id, Wording.INVOICE)]
