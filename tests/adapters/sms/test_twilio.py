"""Twilio: texts are handed over once, and what it refuses is told apart, against a server that behaves as it does."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from adapters.sms.twilio import TwilioTexter
from domain.shared.texting import Text, TextFault, TextRefused, TextUnavailable
from domain.shared.tokens import token_hash
from tests.support.twilio import ACCOUNT, SENDER, TOKEN, Twilio, serving
from tests.support.waiting import IMPATIENT, PATIENT

NOON = datetime(2026, 3, 16, 12, tzinfo=UTC)
TOLD_AT = "https://pay.northgate.example/hooks/texts"
TEXT = Text("+441632960123", "£310.00 is due. Pay: https://pay.northgate.example/l/one", "notice.1", NOON)


@pytest.fixture
def twilio() -> Iterator[Twilio]:
    """The server, at noon."""
    with serving(NOON) as made:
        yield made


@pytest.fixture
def texters() -> Iterator[list[TwilioTexter]]:
    """Those that a test makes, closed at its end."""
    made: list[TwilioTexter] = []
    yield made
    for each in made:
        each.close()


@pytest.fixture
def texter(twilio: Twilio, texters: list[TwilioTexter]) -> TwilioTexter:
    """The adapter."""
    texters.append(TwilioTexter(ACCOUNT, TOKEN, sender=SENDER, told_at=TOLD_AT, api_url=twilio.url, time_out=PATIENT))
    return texters[-1]


@pytest.fixture
def hurried(twilio: Twilio, texters: list[TwilioTexter]) -> TwilioTexter:
    """The adapter, that does not wait long."""
    texters.append(TwilioTexter(ACCOUNT, TOKEN, sender=SENDER, told_at=TOLD_AT, api_url=twilio.url, time_out=IMPATIENT))
    return texters[-1]


def sent(twilio: Twilio) -> int:
    """How often it was asked to send."""
    return sum(method == "POST" for method, _ in twilio.asked)


def test_a_text_is_handed_over_with_where_to_tell_what_becomes_of_it(twilio: Twilio, texter: TwilioTexter) -> None:
    sid = texter.send(TEXT)

    assert sid == twilio.taken[0]["sid"]
    assert twilio.asked[-1] == (
        "POST",
        {"To": TEXT.to, "From": SENDER, "Body": TEXT.body, "StatusCallback": f"{TOLD_AT}?mark=notice.1"},
    )


def test_a_messaging_service_sends_from_a_number_of_its_choice(twilio: Twilio, texters: list[TwilioTexter]) -> None:
    service = "MG00000000000000000000000000000001"
    texters.append(TwilioTexter(ACCOUNT, TOKEN, sender=service, told_at=TOLD_AT, api_url=twilio.url))

    texters[0].send(TEXT)

    fields = twilio.asked[-1][1]
    assert fields["MessagingServiceSid"] == service
    assert "From" not in fields


def test_a_text_whose_answer_was_lost_is_found_again_and_not_sent_twice(
    twilio: Twilio, texter: TwilioTexter, hurried: TwilioTexter
) -> None:
    twilio.answers = threading.Event()
    with pytest.raises(TextUnavailable) as lost:
        hurried.send(TEXT)
    twilio.answers.set()
    body = "£310.00 is due. Pay: https://pay.northgate.example/l/two"
    again = replace(TEXT, body=body, secrets=frozenset({token_hash("one"), token_hash("two")}))

    sid = texter.send(again)

    assert lost.value.perhaps_sent
    assert sid == twilio.taken[0]["sid"]
    assert sent(twilio) == 1


def test_an_earlier_try_is_known_by_its_link_when_the_words_have_changed_overnight(
    twilio: Twilio, texter: TwilioTexter
) -> None:
    twilio.take({"To": TEXT.to, "Body": "£310.00 is 7 days late: https://pay.northgate.example/l/one"})
    body = "£310.00 is 8 days late: https://pay.northgate.example/l/two"
    again = replace(TEXT, body=body, secrets=frozenset({token_hash("one"), token_hash("two")}))

    sid = texter.send(again)

    assert sid == twilio.taken[0]["sid"]
    assert sent(twilio) == 0


def test_the_same_words_with_a_link_of_another_thing_are_another_text(twilio: Twilio, texter: TwilioTexter) -> None:
    of_another = {"To": TEXT.to, "Body": "£310.00 is due. Pay: https://pay.northgate.example/l/other"}
    twilio.take(of_another)

    texter.send(replace(TEXT, secrets=frozenset({token_hash("one")})))

    assert sent(twilio) == 1


def test_a_text_without_a_link_of_its_own_is_known_by_its_words(twilio: Twilio, texter: TwilioTexter) -> None:
    twilio.take({"To": TEXT.to, "Body": TEXT.body})

    texter.send(TEXT)

    assert sent(twilio) == 0


@pytest.mark.parametrize(
    ("body", "minutes", "to"),
    [
        ("£900.00 is due. Pay: https://pay.northgate.example/l/zero", 0, TEXT.to),
        (TEXT.body, -6, TEXT.to),
        (TEXT.body, 0, "+441632960124"),
    ],
    ids=["other words", "long before it was due", "another number"],
)
def test_an_earlier_text_of_something_else_is_no_earlier_try(
    twilio: Twilio, texter: TwilioTexter, body: str, minutes: int, to: str
) -> None:
    twilio.now = NOON + timedelta(minutes=minutes)
    twilio.take({"To": to, "Body": body})

    sid = texter.send(TEXT)

    assert sid == twilio.taken[-1]["sid"]
    assert sent(twilio) == 1


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (21610, TextFault.OPTED_OUT),
        (21211, TextFault.DEAD_NUMBER),
        (21614, TextFault.DEAD_NUMBER),
        (21617, TextFault.OTHER),
    ],
)
def test_what_will_never_work_is_refused_with_what_it_says_of_the_number(
    twilio: Twilio, texter: TwilioTexter, code: int, fault: TextFault
) -> None:
    twilio.status, twilio.code = 400, code

    with pytest.raises(TextRefused) as refused:
        texter.send(TEXT)

    assert refused.value.fault is fault
    assert str(code) in str(refused.value)


@pytest.mark.parametrize(
    ("status", "code", "perhaps"),
    [(429, 20429, False), (500, 20500, True), (503, 20503, True), (403, 20003, False), (400, 21606, False)],
)
def test_trouble_and_faults_of_our_own_may_be_tried_again(
    twilio: Twilio, texter: TwilioTexter, status: int, code: int, perhaps: bool
) -> None:
    twilio.status, twilio.code = status, code

    with pytest.raises(TextUnavailable) as problem:
        texter.send(TEXT)

    assert problem.value.perhaps_sent is perhaps


def test_wrong_credentials_send_nothing_and_may_be_mended(twilio: Twilio, texters: list[TwilioTexter]) -> None:
    texters.append(TwilioTexter(ACCOUNT, "wrong", sender=SENDER, told_at=TOLD_AT, api_url=twilio.url))

    with pytest.raises(TextUnavailable, match="401"):
        texters[0].send(TEXT)

    assert twilio.taken == []


def test_an_answer_that_cannot_be_read_may_be_tried_again(twilio: Twilio, texter: TwilioTexter) -> None:
    twilio.nonsense = True

    with pytest.raises(TextUnavailable, match="cannot be read"):
        texter.send(TEXT)


def test_nobody_there_may_be_tried_again(texters: list[TwilioTexter]) -> None:
    with serving(NOON) as gone:
        url = gone.url
    texters.append(TwilioTexter(ACCOUNT, TOKEN, sender=SENDER, told_at=TOLD_AT, api_url=url))

    with pytest.raises(TextUnavailable) as problem:
        texters[0].send(TEXT)

    assert not problem.value.perhaps_sent


def test_no_number_and_no_link_gets_into_the_log(texter: TwilioTexter, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        texter.send(TEXT)

    assert not [record for record in caplog.records if "twilio" in record.name]
    assert "441632960123" not in caplog.text
