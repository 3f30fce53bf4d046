"""Courtesies: each is told once, to the right person, and never to whoever must be left alone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.handlers import courtesies
from app.handlers.courtesies import send_due
from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS, Account, LegalForm
from domain.collecting import turning
from domain.collecting.model import StopReason
from domain.dunning.courtesies import send_again, tell
from domain.invoicing.issuing import void
from domain.notices import addresses
from domain.notices.model import AddressKind
from domain.policies.contacting import Channel, Wording
from domain.policies.sections import Courtesies, Sections
from domain.processing.extending import extend
from domain.receivables.model import Invoice
from domain.saved_methods.keeping import Kept, refresh
from domain.saved_methods.model import MethodKind, SavedMethod
from domain.shared.actor import OPERATOR, WORKER, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, NotFound
from domain.shared.money import Money
from domain.staff.model import Role
from domain.stops import writing as stops
from domain.stops.model import StopKind
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.lateness import DAILY, FORTY, Overdue
from tests.support.policies import a_policy
from tests.support.reminding import notices, parts, said
from tests.support.saving import AGREED, a_method
from tests.support.terms import next_version

EMAIL = "ap@harbour.example"
ALL = Courtesies(statements=True)
NONE = Courtesies(invoices=False, late_charges=False, card_expiring=False, thanks=False)


def a_customer(session: Session, **more: object) -> Account:
    """A company that can be written to."""
    given: dict[str, Any] = {"email": EMAIL, "legal_form": LegalForm.COMPANY, "country": "GB"} | more
    return an_account(session, **given)


def policy(session: Session, courtesies: Courtesies = ALL, valid_from: date = date(2020, 1, 1)) -> None:
    """These courtesies for everybody."""
    a_policy(session, Sections(courtesies=courtesies), valid_from=valid_from)


def told(db: Database) -> list[tuple[str, str, str | None]]:
    """What was decided on in all, after the duty has done what is due now."""
    send_due(db)
    with db.reading() as session:
        return said(session)


def go_to(clock: MovableClock, day: date, hour: int = 11) -> None:
    """That hour of a day."""
    clock.move_to(datetime(day.year, day.month, day.day, hour, tzinfo=UTC))


def test_a_new_invoice_is_told_of_once(db: Database) -> None:
    with db.transaction() as session:
        policy(session)
        account = a_customer(session)
        an_invoice(session, account, "120")

    assert (send_due(db), send_due(db)) == (1, 0)

    with db.reading() as session:
        (notice,) = notices(session)
        assert said(session) == [("invoice", "ready", None)]
        assert (notice.channel, notice.address, notice.total) == (Channel.EMAIL, EMAIL, money("120"))
        assert notice.step_day is None


def test_invoices_that_come_together_go_into_one_notice_and_a_later_one_into_another(db: Database) -> None:
    with db.transaction() as session:
        policy(session)
        account = a_customer(session)
        an_invoice(session, account, "120")
        an_invoice(session, account, "80")
    send_due(db)
    with db.transaction() as session:
        an_invoice(session, account, "50")

    assert send_due(db) == 1

    with db.reading() as session:
        assert [parts(session, notice) for notice in notices(session)] == [
            [(120_00, 0, None), (80_00, 0, None)],
            [(50_00, 0, None)],
        ]


def test_what_is_old_paid_or_was_there_before_is_not_told_of(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        policy(session, valid_from=today(session) + timedelta(days=1))
        account = a_customer(session)
        an_invoice(session, account, "120")
    clock.advance(days=1)
    with db.transaction() as session:
        an_invoice(session, account, "70", issued_on=today(session) - timedelta(days=3))
        paid = an_invoice(session, account, "60")
        a_receipt(session, account, "60", today(session), paid)

    assert told(db) == []


def test_a_switch_that_stays_on_in_a_new_version_does_not_begin_anew(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        first = a_policy(session, Sections(courtesies=ALL))
        an_invoice(session, a_customer(session), "120")
    clock.advance(days=1)
    with db.transaction() as session:
        next_version(session, first.policy_id, Sections(courtesies=Courtesies()), today(session))

    assert told(db) == [("invoice", "ready", None)]


def test_nothing_is_told_where_it_is_off(db: Database) -> None:
    with db.transaction() as session:
        policy(session, NONE)
        an_invoice(session, a_customer(session), "120")

    assert told(db) == []


def test_out_of_hours_it_waits_and_is_told_in_the_morning(db: Database, clock: MovableClock) -> None:
    clock.advance(hours=11)
    with db.transaction() as session:
        policy(session)
        an_invoice(session, a_customer(session), "120")

    at_night = told(db)
    clock.advance(hours=9)

    assert (at_night, told(db)) == ([], [("invoice", "ready", None)])


@pytest.mark.parametrize("kind", [StopKind.CEASE, StopKind.INSOLVENCY, StopKind.BREATHING_SPACE])
def test_whoever_must_be_left_alone_is_told_of_nothing(db: Database, kind: StopKind) -> None:
    with db.transaction() as session:
        policy(session)
        account = a_customer(session)
        an_invoice(session, account, "120")
        stops.write(session, account.id, kind, "test", actor=OPERATOR)

    (held,) = told(db)

    assert (held[1], held[2]) == ("suppressed", "insolvent" if kind is StopKind.INSOLVENCY else kind.value)


def test_a_promise_or_a_dispute_is_no_reason_not_to_say_that_there_is_an_invoice(db: Database) -> None:
    with db.transaction() as session:
        policy(session)
        account = a_customer(session)
        invoice = an_invoice(session, account, "120")
        stops.write(session, account.id, StopKind.DISPUTE, "test", invoice_id=invoice.id, actor=OPERATOR)

    assert told(db) == [("invoice", "ready", None)]


def test_without_any_address_it_is_held_back_once(db: Database) -> None:
    with db.transaction() as session:
        policy(session)
        an_invoice(session, a_customer(session, email=None), "120")

    assert (told(db), told(db)) == ([("invoice", "suppressed", "no_address")],) * 2


def test_who_pays_automatically_hears_of_it_by_that(db: Database) -> None:
    with db.transaction() as session:
        policy(session)
        account = a_customer(session)
    _pays_by_card(db, account.id, (2030, 4))
    with db.transaction() as session:
        an_invoice(session, account, "120")

    assert told(db) == [("invoice", "suppressed", "autopay")]
    with db.reading() as session:
        assert [parts(session, notice) for notice in notices(session)] == [[(0, 120_00, "autopay")]]


def test_an_invoice_is_sent_again_as_often_as_somebody_asks(db: Database) -> None:
    with db.transaction() as session:
        policy(session)
        account = a_customer(session)
        invoice = an_invoice(session, account, "120")
    send_due(db)

    for _ in range(2):
        with db.transaction() as session:
            send_again(session, account.id, invoice.id, actor=OPERATOR)

    assert told(db) == [("invoice", "ready", None)] * 3


def test_what_is_sent_again_at_night_goes_in_the_morning(db: Database, clock: MovableClock) -> None:
    clock.advance(hours=11)
    with db.transaction() as session:
        account = a_customer(session)
        invoice = an_invoice(session, account, "120")

    with db.transaction() as session:
        notice = send_again(session, account.id, invoice.id, actor=OPERATOR)

    assert notice.due_at == datetime(2026, 3, 17, 6, tzinfo=UTC)


def test_what_was_withdrawn_is_somebody_elses_or_goes_nowhere_is_not_sent_again(db: Database) -> None:
    with db.transaction() as session:
        account, other = a_customer(session), a_customer(session, email=None)
        gone, theirs = an_invoice(session, account, "120"), an_invoice(session, other, "80")
        void(session, gone, why="a slip", actor=OPERATOR)

    with pytest.raises(Conflict, match="withdrawn"), db.transaction() as session:
        send_again(session, account.id, gone.id, actor=OPERATOR)
    with pytest.raises(NotFound), db.transaction() as session:
        send_again(session, account.id, theirs.id, actor=OPERATOR)
    with pytest.raises(Conflict, match="no address"), db.transaction() as session:
        send_again(session, other.id, theirs.id, actor=OPERATOR)


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


def _pays_by_card(db: Database, account_id: int, expires: tuple[int, int], kind: MethodKind = MethodKind.CARD) -> int:
    """Ana's card pays for the account by itself; its id."""
    with db.transaction() as session:
        account = session.get_one(Account, account_id)
        ana = grant(session, account, email="ana@harbour.example", name="Ana", rights=ALL_RIGHTS, actor=OPERATOR).id
    kept = Kept(f"pm_{account_id}", kind, "Visa •••• 4242", expires)
    method_id = a_method(db, account_id, ana, kept)
    with db.transaction() as session:
        turning.turn_on(session, account_id, method_id, AGREED, login_id=ana, actor=Actor.login(ana))
    return method_id


def test_a_card_is_told_of_thirty_days_before_its_end_to_its_owner_and_again_once_renewed(
    db: Database, clock: MovableClock
) -> None:
    with db.transaction() as session:
        policy(session)
        account = a_customer(session)
    method_id = _pays_by_card(db, account.id, (2026, 4))
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
    _pays_by_card(db, account.id, (2026, 4))
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
    _pays_by_card(db, wallet.id, (2026, 4), MethodKind.WALLET)
    _pays_by_card(db, lasting.id, (2026, 6))
    _pays_by_card(db, idle.id, (2026, 4))
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

    assert send_due(db) == 1
    with db.reading() as session:
        assert [(each.account_id, each.wording) for each in notices(session)] == [(second.id, Wording.INVOICE)]
