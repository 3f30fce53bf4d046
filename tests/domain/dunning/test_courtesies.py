"""Courtesies: each is told once, to the right person, and never to whoever must be left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.handlers.courtesies import send_due
from domain.accounts.model import LegalForm
from domain.dunning.courtesies import send_again
from domain.invoicing.issuing import void
from domain.policies.contacting import Channel
from domain.policies.sections import Courtesies, Sections
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, NotFound
from domain.stops import writing as stops
from domain.stops.model import StopKind
from tests.support.builders import a_receipt, an_invoice, money
from tests.support.courtesies import ALL, EMAIL, NONE, a_customer, pays_by_card, policy, told
from tests.support.noticing import a_notice
from tests.support.policies import a_policy
from tests.support.reminding import notices, parts, said
from tests.support.terms import next_version


def test_a_new_invoice_is_told_of_once(db: Database) -> None:
    with db.transaction() as session:
        policy(session)
        account = a_customer(session)
        an_invoice(session, account, "120")

    assert (send_due(db).done, send_due(db).done) == (1, 0)

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

    assert send_due(db).done == 1

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


def test_who_was_reminded_as_often_as_is_allowed_is_told_of_a_new_invoice_later(
    db: Database, clock: MovableClock
) -> None:
    with db.transaction() as session:
        policy(session)
        account = a_customer(session, legal_form=LegalForm.NATURAL_PERSON)
        reminders = [a_notice(session, account).status for _ in range(7)]
    clock.advance(days=6)
    with db.transaction() as session:
        an_invoice(session, account, "120")

    full, again = told(db), told(db)
    clock.advance(days=1)

    assert full == again == [("first_reminder", status.value, None) for status in reminders]
    assert told(db) == [*full, ("invoice", "ready", None)]


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
    pays_by_card(db, account.id, (2030, 4))
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
