"""The report of fair treatment: its numbers are those of its rows, and an hour is judged where the customer is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account, LegalForm
from domain.disputes.raising import Complaint, raise_dispute
from domain.disputes.reasons import Reason
from domain.notices import changing
from domain.notices.calling import Said, write_down
from domain.notices.model import CallOutcome, HeldBack, NoticeStatus
from domain.notices.reach import addresses
from domain.notices.reach.model import AddressKind
from domain.policies.contacting import Channel, Recipient
from domain.receivables.model import Invoice
from domain.reporting.fair_export import debtors_csv, report_csv
from domain.reporting.fair_treatment import Family, Number, Period, Report, out_of_hours, period_of, report, rows
from domain.shared.actor import OPERATOR, WORKER, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Invalid
from tests.support.builders import an_account, an_invoice, money
from tests.support.noticing import a_held_notice, a_notice
from tests.support.promising import a_promise
from web.localisation import localisation

DAY = date(2026, 3, 16)
CALLER = Actor.staff(1)


def owing(session: Session, **more: Any) -> Account:
    """An account that owes 120."""
    account = an_account(session, country="GB", **more)
    an_invoice(session, account, "120", issued_on=date(2026, 1, 2))
    return account


def owed(session: Session, account: Account) -> int:
    """Its invoice."""
    return session.scalars(select(Invoice.id).where(Invoice.account_id == account.id)).one()


def sent(session: Session, account: Account, channel: Channel = Channel.EMAIL) -> None:
    """A notice that leaves now."""
    changing.change(session, a_notice(session, account, channel), NoticeStatus.SENT, actor=WORKER)


def march(session: Session) -> Period:
    """The month in which the test is."""
    return period_of(session, date(2026, 3, 1), date(2026, 3, 31))


def reported(db: Database) -> Report:
    """The report of that month."""
    with db.reading() as session:
        return report(session, march(session))


def test_contacts_are_counted_by_channel_and_by_customer(db: Database) -> None:
    with db.transaction() as session:
        often, once = owing(session, name="Often"), owing(session, name="Once")
        for _ in range(3):
            sent(session, often)
        sent(session, once, Channel.LETTER)
        write_down(session, often.id, None, Said(CallOutcome.VOICEMAIL, number="+441632960001"), actor=CALLER)
        a_notice(session, once, Channel.CALL)

    found = reported(db)

    assert found.numbers[Family.CONTACTS] == {"email": Number(3, 1), "letter": Number(1, 1), "call": Number(1, 1)}
    assert [(debtor.name, debtor.total) for debtor in found.debtors] == [("Often", 4), ("Once", 1)]
    assert {least: many for least, _, many in found.distribution if many} == {1: 1, 4: 1}
    most = found.most(Channel.EMAIL)
    assert most is not None
    assert (most.name, most.by_channel[Channel.EMAIL]) == ("Often", 3)
    assert found.most(Channel.SMS) is None


def test_what_was_held_back_promised_disputed_and_wished_is_counted(db: Database) -> None:
    with db.transaction() as session:
        account = owing(session)
        a_held_notice(session, account, HeldBack.DISPUTED)
        a_held_notice(session, account, HeldBack.DISPUTED)
        a_held_notice(session, account, HeldBack.PROMISED)
        a_promise(session)
        for kind in (AddressKind.OPTED_OUT, AddressKind.COMPLAINED):
            addresses.note(session, Channel.EMAIL, "a@b.example", kind, how="link", actor=WORKER, account_id=account.id)
        complaint = Complaint(Reason.OTHER, "Not ours", money("10"))
        raise_dispute(session, account.id, owed(session, account), complaint, login_id=None, actor=OPERATOR)
        write_down(session, account.id, None, Said(CallOutcome.PROMISE, "On Friday"), actor=CALLER)

    found = reported(db)

    assert found.numbers[Family.HELD_BACK] == {"disputed": Number(2, 1), "promised": Number(1, 1)}
    assert found.numbers[Family.PROMISES] == {"open": Number(1, 1)}
    assert found.numbers[Family.ADDRESSES] == {"opted_out": Number(1, 1), "complained": Number(1, 1)}
    assert found.numbers[Family.DISPUTES] == {"other": Number(1, 1)}
    assert found.numbers[Family.CALLS] == {"promise": Number(1, 1)}


@pytest.mark.parametrize("family", [family for family in Family if family is not Family.OUT_OF_HOURS])
def test_every_number_is_that_of_its_rows(db: Database, family: Family) -> None:
    with db.transaction() as session:
        account = owing(session)
        sent(session, account)
        a_held_notice(session, account)
        a_promise(session)
        addresses.note(
            session, Channel.EMAIL, "a@b.example", AddressKind.BOUNCED, how="x", actor=WORKER, account_id=account.id
        )
        raise_dispute(
            session,
            account.id,
            owed(session, account),
            Complaint(Reason.OTHER, "x", money("1")),
            login_id=None,
            actor=OPERATOR,
        )
        write_down(session, account.id, None, Said(CallOutcome.VOICEMAIL), actor=CALLER)

    with db.reading() as session:
        numbers = report(session, march(session)).numbers[family]
        behind = {key: len(rows(session, march(session), family, key, limit=10)) for key in numbers}
        together = rows(session, march(session), family, None, limit=10)

    assert behind == {key: number.many for key, number in numbers.items()}
    assert len(together) == sum(behind.values()) > 0


def test_a_period_has_its_first_and_last_day_in_the_business_zone(db: Database, clock: MovableClock) -> None:
    clock.move_to(datetime(2026, 3, 31, 22, 59, tzinfo=UTC))
    with db.transaction() as session:
        account = owing(session, legal_form=LegalForm.COMPANY)
        sent(session, account)
    clock.advance(minutes=2)
    with db.transaction() as session:
        sent(session, session.get_one(Account, account.id))

    found = reported(db)

    assert found.numbers[Family.CONTACTS]["email"].many == 1


@pytest.mark.parametrize(
    ("zone", "hour", "wrong"),
    [
        ("Europe/London", 10, 0),
        ("Europe/London", 7, 1),
        ("America/Los_Angeles", 10, 1),
        ("America/Los_Angeles", 17, 0),
        ("Asia/Tokyo", 14, 1),
    ],
)
def test_an_hour_is_judged_where_the_customer_is(
    db: Database, clock: MovableClock, zone: str, hour: int, wrong: int
) -> None:
    clock.move_to(datetime(2026, 3, 16, hour, 30, tzinfo=UTC))
    with db.transaction() as session:
        account = owing(session)
        account.time_zone = zone
        sent(session, account)
        sent(session, account, Channel.LETTER)
        write_down(session, account.id, None, Said(CallOutcome.VOICEMAIL, number="+441632960001"), actor=CALLER)
        write_down(session, account.id, None, Said(CallOutcome.REACHED, "They called us"), actor=CALLER)

    with db.reading() as session:
        found = out_of_hours(session, march(session))

    assert sorted(each.kind for each in found) == ["call", "notice"] * wrong
    assert reported(db).out_of_hours == 2 * wrong


def test_a_call_is_judged_by_whom_it_was_for(db: Database, clock: MovableClock) -> None:
    clock.move_to(datetime(2026, 3, 16, 19, 30, tzinfo=UTC))
    said = Said(CallOutcome.VOICEMAIL, number="+441632960001")
    with db.transaction() as session:
        account = owing(session, legal_form=LegalForm.COMPANY)
        to_contact, _ = (
            write_down(
                session, account.id, a_notice(session, account, Channel.CALL, recipient=each).id, said, actor=CALLER
            )
            for each in (Recipient.CONTACT, Recipient.GUARANTOR)
        )

    with db.reading() as session:
        found = out_of_hours(session, march(session))

    assert [(each.kind, each.id) for each in found] == [("call", to_contact.id)]


def test_the_most_calls_in_seven_days_are_found(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account = owing(session)
    for days in (0, 2, 2, 2, 3, 4):
        clock.advance(days=days)
        with db.transaction() as session:
            write_down(session, account.id, None, Said(CallOutcome.VOICEMAIL, number="+441632960001"), actor=CALLER)

    with db.reading() as session:
        found = report(session, period_of(session, DAY, DAY + timedelta(days=30)))

    assert found.most_calls == (4, account.id)


@pytest.mark.parametrize(("first", "last"), [(DAY, DAY - timedelta(days=1)), (date(2020, 1, 1), DAY)])
def test_a_period_that_is_none_is_refused(db: Database, first: date, last: date) -> None:
    with pytest.raises(Invalid) as refused, db.reading() as session:
        period_of(session, first, last)

    assert refused.value.field == "to"


def test_it_is_a_file_for_a_regulator(db: Database) -> None:
    with db.transaction() as session:
        sent(session, owing(session, name="=Harbour", number="A-9"))
    found, speaking = reported(db), localisation("en", "Europe/London")

    names = {family: {"email": "Email"} if family is Family.CONTACTS else {} for family in Family}
    numbers = b"".join(report_csv(found, {family: family.value for family in Family}, names, speaking)).decode()
    customers = b"".join(debtors_csv(found, speaking)).decode()

    assert "contacts,Email,1,1\r\n" in numbers
    assert "out_of_hours,,0,\r\n" in numbers
    assert "A-9,'=Harbour,1,0,0,0,1\r\n" in customers
