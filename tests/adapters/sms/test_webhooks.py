"""Webhooks: only what Twilio signed is believed, and its words are told apart."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from adapters.sms.webhooks import BadTextWebhook, is_news, news_of, read_form, text_of
from domain.shared.texting import TextFault, TextState
from tests.support.twilio import TOKEN, signature

URL = "https://pay.northgate.example/hooks/texts?mark=notice.1"
NEWS = {"MessageSid": "SM1", "MessageStatus": "delivered", "To": "+441632960123", "ErrorCode": ""}


def test_what_twilio_signed_is_read() -> None:
    fields = read_form(URL, urlencode(NEWS).encode(), signature(URL, NEWS), token=TOKEN)

    assert fields == NEWS
    assert is_news(fields)


@pytest.mark.parametrize(
    ("url", "fields", "token", "fault"),
    [
        (URL.replace("1", "2"), NEWS, TOKEN, "text_forged"),
        (URL, NEWS | {"MessageStatus": "failed"}, TOKEN, "text_forged"),
        (URL, NEWS, "the token of somebody else", "text_forged"),
    ],
    ids=["about another notice", "with other words", "signed by somebody else"],
)
def test_what_was_changed_on_its_way_is_not_believed(url: str, fields: dict[str, str], token: str, fault: str) -> None:
    signed = signature(URL, NEWS, token=token)

    with pytest.raises(BadTextWebhook) as refused:
        read_form(url, urlencode(fields).encode(), signed, token=TOKEN)

    assert refused.value.fault == fault


@pytest.mark.parametrize(
    ("body", "signed", "fault"),
    [
        (b"MessageSid=SM1", "", "text_not_signed"),
        (b"\xff", "x", "text_unreadable"),
        (b"nonsense", "x", "text_unreadable"),
    ],
)
def test_nonsense_is_not_believed(body: bytes, signed: str, fault: str) -> None:
    with pytest.raises(BadTextWebhook) as refused:
        read_form(URL, body, signed, token=TOKEN)

    assert refused.value.fault == fault


@pytest.mark.parametrize(
    ("status", "code", "state", "fault"),
    [
        ("queued", "", TextState.TAKEN, TextFault.OTHER),
        ("sent", "", TextState.TAKEN, TextFault.OTHER),
        ("delivered", "", TextState.DELIVERED, TextFault.OTHER),
        ("undelivered", "30005", TextState.FAILED, TextFault.DEAD_NUMBER),
        ("undelivered", "30007", TextState.FAILED, TextFault.OTHER),
        ("failed", "21610", TextState.FAILED, TextFault.OPTED_OUT),
    ],
)
def test_twilios_words_are_put_into_ours(status: str, code: str, state: TextState, fault: TextFault) -> None:
    news = news_of({"MessageStatus": status, "ErrorCode": code}, "notice.1")

    assert news is not None
    assert (news.mark, news.state, news.fault) == ("notice.1", state, fault)
    assert news.detail == " ".join(part for part in (status, code) if part)


def test_a_word_of_twilios_that_we_do_not_know_means_nothing() -> None:
    assert news_of({"MessageStatus": "teleported"}, "notice.1") is None


def test_a_text_from_somebody_is_told_apart() -> None:
    fields = {"MessageSid": "SM2", "From": "+441632960123", "Body": "Parar", "OptOutType": "STOP"}

    told = text_of(fields)

    assert not is_news(fields)
    assert (told.message_id, told.sender, told.body, told.wish) == ("SM2", "+441632960123", "Parar", "STOP")
