"""Calls as staff make them: what they see before, how it went in two fields, and what follows from that."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from domain.dunning.calling_again import call_again
from domain.notices.model import Call, Notice, NoticeStatus
from domain.notices.reach import addresses
from domain.notices.reach.model import AddressKind
from domain.outbox.model import OUTBOX
from domain.policies.contacting import Channel, Wording
from domain.shared.actor import WORKER
from domain.shared.db.session import today
from domain.staff.model import Role
from domain.stops import queries as stops
from tests.backoffice.conftest import Office
from tests.support.builders import an_account, an_invoice
from tests.support.client import Client, Page
from tests.support.noticing import ADDRESSES, a_notice


@pytest.fixture
def due(office: Office) -> int:
    """A call that is due about an invoice."""
    with office.db.transaction() as session:
        account = an_account(session, name="Harbour", email="ap@harbour.example", phone="+44 1632 960001", country="GB")
        an_invoice(session, account, "120", number="INV-1", issued_on=date(2026, 1, 2))
        return a_notice(session, account, Channel.CALL).id


def recorded(client: Client, office: Office, notice_id: int, outcome: str, **typed: str) -> Page:
    """What comes back when a call is written down."""
    form = client.get(f"/notices/{notice_id}/call")
    return form.submit("Write it down", {"outcome": outcome, "words": "Ana said so", **typed})


def test_the_page_says_whom_to_call_what_is_owed_and_what_was_said_before(office: Office, due: int) -> None:
    client = office.browser(Role.COLLECTOR)

    listed = client.get("/notices?show=calls")
    page = listed.follow("First reminder")

    assert page.path == f"/notices/{due}/call"
    assert all(words in page.words for words in ("+441632960001", "£120.00", "INV-1", "Last contacts"))


@pytest.mark.parametrize(
    ("outcome", "leads_to", "status"),
    [
        ("reached", "/calls/", NoticeStatus.DELIVERED),
        ("voicemail", "/calls/", NoticeStatus.SENT),
        ("unreachable", "/calls/", NoticeStatus.FAILED),
        ("wrong_number", "/calls/", NoticeStatus.FAILED),
        ("invoice_not_received", "/calls/", NoticeStatus.DELIVERED),
        ("dispute", "/dispute?call=1", NoticeStatus.DELIVERED),
        ("promise", "/promises/new?invoice=", NoticeStatus.DELIVERED),
    ],
)
def test_an_outcome_leads_on_and_ends_the_task(
    office: Office, due: int, outcome: str, leads_to: str, status: NoticeStatus
) -> None:
    client = office.browser(Role.COLLECTOR)

    done = recorded(client, office, due, outcome)
    there, tasks = client.follow(done), client.get("/worklist")

    assert leads_to in done.location
    assert there.status == 200
    assert "Ana said so" in there.words
    assert "A customer is to be called" not in tasks.words
    with office.db.reading() as session:
        assert session.get_one(Notice, due).status is status


def test_a_promise_that_was_not_written_down_yet_is_one_link_away(office: Office, due: int) -> None:
    client = office.browser(Role.COLLECTOR)
    recorded(client, office, due, "promise")

    form = client.get("/calls/1").follow("Write down a promise")
    nobodys = client.get("/accounts/1/promises/new?call=99")

    assert "Ana said so" in form.words
    assert form.all("input", type="checkbox", name="invoice", checked="")
    assert nobodys.status == 200
    assert "Write down a promise" not in office.browser(Role.AUDITOR).get("/calls/1").words


def test_a_call_stands_on_the_timeline_and_leads_to_its_page(office: Office, due: int) -> None:
    client = office.browser(Role.COLLECTOR)
    recorded(client, office, due, "reached")

    account = client.get("/accounts/1")
    call = account.follow("Look at it: Call: Reached, nothing agreed. Ana said so")

    assert "Collector Jones" in call.words


def test_a_payment_run_lets_reminders_wait_until_the_day(office: Office, due: int) -> None:
    client = office.browser(Role.COLLECTOR)
    with office.db.reading() as session:
        until = today(session) + timedelta(days=10)

    without = recorded(client, office, due, "in_payment_run")
    too_long = recorded(client, office, due, "in_payment_run", until_on="2027-01-01")
    done = recorded(client, office, due, "in_payment_run", until_on=until.isoformat())

    assert (without.status, too_long.status, done.status) == (422, 422, 303)
    assert "Say until when reminders are to wait." in without.words
    with office.db.reading() as session:
        [held] = stops.live(session, 1)
        assert (held.until_on, held.why, held.invoice_id) == (until, "Ana said so", 1)


def test_an_invoice_that_did_not_come_is_sent_again(office: Office, due: int) -> None:
    recorded(office.browser(Role.COLLECTOR), office, due, "invoice_not_received")

    with office.db.reading() as session:
        [sent] = session.scalars(select(Notice).where(Notice.wording == Wording.INVOICE))
        assert (sent.address, sent.status) == ("ap@harbour.example", NoticeStatus.READY)


def test_a_wrong_number_is_neither_called_nor_texted_again(office: Office, due: int) -> None:
    client = office.browser(Role.COLLECTOR)

    recorded(client, office, due, "wrong_number", number=ADDRESSES[Channel.CALL])

    with office.db.reading() as session:
        for channel in (Channel.CALL, Channel.SMS):
            known = addresses.latest(session, channel, [ADDRESSES[Channel.CALL]])
            assert known == {ADDRESSES[Channel.CALL]: AddressKind.BOUNCED}


def test_nobody_reached_is_called_again_two_days_later_about_what_is_open_then(office: Office, due: int) -> None:
    recorded(office.browser(Role.COLLECTOR), office, due, "voicemail")
    with office.db.reading() as session:
        call_id = session.scalars(select(Call.id)).one()
        asked = [row for row in session.execute(select(OUTBOX)).all() if row.kind == "call_again"]

    office.clock.advance(days=2)
    with office.db.transaction() as session:
        again = call_again(session, call_id, [1], actor=WORKER)
        assert again is not None
        found = again.channel, again.status, again.total_minor
        twice = call_again(session, call_id, [1], actor=WORKER)

    assert len(asked) == 1
    assert found == (Channel.CALL, NoticeStatus.READY, 12000)
    assert twice is None


def test_a_call_out_of_turn_is_written_down_from_the_account(office: Office, due: int) -> None:
    client = office.browser(Role.COLLECTOR)

    form = client.get("/accounts/1").follow("Call")
    done = client.follow(form.submit("Write it down", outcome="reached", words="They called us", number=""))

    assert "They called us" in done.words
    with office.db.reading() as session:
        call = session.scalars(select(Call)).one()
        assert (call.notice_id, call.number) == (None, None)
        assert session.get_one(Notice, due).status is NoticeStatus.READY


def test_another_number_that_was_called_is_kept_so_that_the_call_counts_as_ours(office: Office, due: int) -> None:
    client = office.browser(Role.COLLECTOR)
    form = client.get("/accounts/1/calls/new")

    wrong = form.submit("Write it down", outcome="reached", words="Agreed", other="his mobile")
    done = client.follow(wrong.submit("Write it down", other="07700 900123"))

    assert wrong.status == 422
    assert "This is no telephone number" in wrong.words
    assert wrong.all("input", name="other", value="his mobile")
    assert "+447700900123" in done.words


def test_nothing_is_lost_when_the_outcome_is_missing(office: Office, due: int) -> None:
    refused = recorded(office.browser(Role.COLLECTOR), office, due, "")

    assert refused.status == 422
    assert "Choose how it went." in refused.words
    assert "Ana said so" in refused.words


def test_calls_that_are_not_allowed_now_say_from_when_they_are(office: Office, due: int) -> None:
    office.clock.advance(hours=13)

    night = office.browser(Role.COLLECTOR).get(f"/notices/{due}/call")

    assert "outside the hours" in night.words


def test_whoever_was_talked_to_today_is_left_in_peace(office: Office, due: int) -> None:
    client = office.browser(Role.COLLECTOR)
    recorded(client, office, due, "reached")

    again = client.get("/accounts/1/calls/new")

    assert "as often as is allowed" in again.words
