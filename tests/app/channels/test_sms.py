"""SMS: a notice goes as one text, whatever the carrier does; what it says of the number is kept."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from adapters.sms.twilio import TwilioTexter
from app.channels.outgoing import NotNow, Undeliverable
from app.handlers.noticing import send_notice
from app.wired import Wired
from domain.notices import queries
from domain.notices.messages import SendNotice
from domain.notices.model import NoticeStatus
from domain.notices.reach import addresses
from domain.notices.reach.model import AddressKind
from domain.policies.contacting import Channel
from domain.shared.clock import MovableClock
from domain.shared.db.session import today
from tests.support.builders import an_account, an_invoice
from tests.support.noticing import ADDRESSES, a_notice
from tests.support.twilio import ACCOUNT, SENDER, TOKEN, Twilio, serving
from tests.support.waiting import IMPATIENT, PATIENT

NUMBER = ADDRESSES[Channel.SMS]


@pytest.fixture
def twilio(clock: MovableClock) -> Iterator[Twilio]:
    """Twilio, at the time that it is."""
    with serving(clock.now()) as made:
        yield made


def with_twilio(wired: Wired, twilio: Twilio, *, time_out: float) -> Iterator[Wired]:
    """Everything, with Twilio set up."""
    told_at = f"{wired.settings.portal.public_url}/hooks/texts"
    texter = TwilioTexter(ACCOUNT, TOKEN, sender=SENDER, told_at=told_at, api_url=twilio.url, time_out=time_out)
    yield replace(wired, texter=texter)
    texter.close()


@pytest.fixture
def texting(wired: Wired, twilio: Twilio) -> Iterator[Wired]:
    """Everything, with Twilio set up."""
    yield from with_twilio(wired, twilio, time_out=PATIENT)


@pytest.fixture
def hurried(wired: Wired, twilio: Twilio) -> Iterator[Wired]:
    """The same, with nobody who waits long."""
    yield from with_twilio(wired, twilio, time_out=IMPATIENT)


def a_text(wired: Wired) -> int:
    """A reminder by text that is due."""
    with wired.database.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "120")
        notice = a_notice(session, account, Channel.SMS)
        notice.act_by = today(session) + timedelta(days=7)
        return notice.id


def send(wired: Wired, notice_id: int) -> None:
    """What the worker does about it."""
    send_notice(wired, SendNotice(notice_id=notice_id))


def status_of(wired: Wired, notice_id: int) -> NoticeStatus:
    """How it stands."""
    with wired.database.reading() as session:
        status: NoticeStatus = queries.notice(session, notice_id).status
        return status


def known(wired: Wired) -> dict[str, AddressKind]:
    """What is known of the number."""
    with wired.database.reading() as session:
        return addresses.latest(session, Channel.SMS, [NUMBER])


def test_a_text_goes_with_its_link_and_is_kept_without_it(texting: Wired, twilio: Twilio) -> None:
    notice_id = a_text(texting)

    send(texting, notice_id)
    send(texting, notice_id)

    [taken] = twilio.taken
    with texting.database.reading() as session:
        notice, kept = queries.notice(session, notice_id), queries.content(session, notice_id)
        last = queries.changes(session, notice_id)[-1]
    assert kept is not None
    assert (taken["to"], notice.status, last.why) == (NUMBER, NoticeStatus.SENT, taken["sid"])
    assert taken["callback"].endswith(f"/hooks/texts?mark={notice.mark}")
    assert "£120.00" in taken["body"]
    assert f"{texting.settings.portal.public_url}/l/" in taken["body"]
    assert kept.body.partition("/l/")[0] == taken["body"].partition("/l/")[0]
    assert "/l/…" in kept.body


def test_a_text_whose_answer_was_lost_goes_once_though_its_words_have_changed(
    texting: Wired, hurried: Wired, twilio: Twilio, clock: MovableClock
) -> None:
    notice_id = a_text(texting)
    twilio.answers = threading.Event()
    with pytest.raises(NotNow) as lost:
        send(hurried, notice_id)
    twilio.answers.set()
    between = status_of(texting, notice_id)
    clock.advance(hours=24)

    send(texting, notice_id)

    assert lost.value.perhaps_sent
    assert (between, status_of(texting, notice_id)) == (NoticeStatus.READY, NoticeStatus.SENT)
    assert len(twilio.taken) == 1


def test_who_has_told_the_carrier_to_stop_is_left_alone(texting: Wired, twilio: Twilio) -> None:
    notice_id = a_text(texting)
    twilio.status, twilio.code = 400, 21610

    send(texting, notice_id)

    assert status_of(texting, notice_id) is NoticeStatus.FAILED
    assert known(texting) == {NUMBER: AddressKind.OPTED_OUT}


def test_a_number_that_is_none_has_bounced(texting: Wired, twilio: Twilio) -> None:
    notice_id = a_text(texting)
    twilio.status, twilio.code = 400, 21211

    send(texting, notice_id)

    assert status_of(texting, notice_id) is NoticeStatus.FAILED
    assert known(texting) == {NUMBER: AddressKind.BOUNCED}


def test_a_refusal_of_another_kind_is_for_a_person(texting: Wired, twilio: Twilio) -> None:
    notice_id = a_text(texting)
    twilio.status, twilio.code = 400, 21617

    with pytest.raises(Undeliverable, match="21617"):
        send(texting, notice_id)

    assert status_of(texting, notice_id) is NoticeStatus.READY
    assert known(texting) == {}


@pytest.mark.parametrize(("status", "code"), [(429, 20429), (500, 20500)])
def test_a_carrier_in_trouble_is_tried_again(texting: Wired, twilio: Twilio, status: int, code: int) -> None:
    notice_id = a_text(texting)
    twilio.status, twilio.code = status, code
    with pytest.raises(NotNow):
        send(texting, notice_id)
    twilio.status = 201

    send(texting, notice_id)

    assert status_of(texting, notice_id) is NoticeStatus.SENT
    assert len(twilio.taken) == 1


def test_without_a_carrier_a_text_waits(wired: Wired) -> None:
    notice_id = a_text(wired)

    with pytest.raises(NotNow, match="nobody is set up"):
        send(wired, notice_id)
