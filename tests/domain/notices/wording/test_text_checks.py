"""What is sent with the product can be sent, and what somebody types is refused beside its field where it cannot."""

from __future__ import annotations

import pytest

from domain.notices.wording.text_checks import LONGEST_SMS, check_text, sms_length
from domain.notices.wording.wordbook import wordbook
from domain.policies.contacting import Channel, Wording
from domain.shared.errors import Invalid
from domain.shared.languages import LANGUAGE_NAMES

BUILT_IN = [
    pytest.param(language, wording, channel, id=f"{language}-{wording}-{channel}")
    for language in LANGUAGE_NAMES
    for wording, channel in wordbook(language).texts
]
BODY = "Please pay {total}. It was due on {due_on}."
TANGLED = (
    "Notwithstanding previously communicated notifications concerning outstanding receivables, immediate remittance "
    "of {total}, originally payable on {due_on}, constitutes an indispensable prerequisite for uninterrupted "
    "continuation of contractual relationships between participating organisations."
)


@pytest.mark.parametrize(("language", "wording", "channel"), BUILT_IN)
def test_every_built_in_text_can_be_sent(language: str, wording: Wording, channel: Channel) -> None:
    text = wordbook(language).texts[wording, channel]

    check_text(wording, channel, language, subject=text.subject, body=text.body)


@pytest.mark.parametrize(
    ("subject", "body", "field", "words"),
    [
        ("Hello", "", "body", "Enter what it says"),
        ("", BODY, "subject", "Enter a subject"),
        ("Hello\nBcc: everybody", BODY, "subject", "one line"),
        ("x" * 121, BODY, "subject", "one line"),
        ("Hello {who}", BODY, "subject", "There is no placeholder {who}"),
        ("Pay at {link}", BODY, "subject", "{link} cannot be used"),
        ("Hello", BODY + " {balance}", "body", "{balance} cannot be used"),
        ("Hello", BODY + " {name.__class__}", "body", "There is no placeholder {name.__class__}"),
        ("Hello", BODY + " {", "body", "brace"),
        ("Hello", BODY + " }", "body", "brace"),
        ("Hello", "Please pay {total}.", "body", "{due_on}"),
        ("Hello", "It was due on {due_on}.", "body", "{total}"),
        ("Hello", BODY + " Pay or else.", "body", "threatens"),
        ("This is your last chance", BODY, "subject", "threatens"),
        ("Hello", TANGLED, "body", "hard to read"),
        ("Hello", BODY + "x" * 6000, "body", "at most"),
    ],
)
def test_what_cannot_be_sent_is_refused_beside_its_field(subject: str, body: str, field: str, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_text(Wording.FIRST_REMINDER, Channel.EMAIL, "en", subject=subject, body=body)

    assert refused.value.field == field
    assert words in str(refused.value)


@pytest.mark.parametrize("wording", [Wording.DEMAND, Wording.FINAL_NOTICE])
@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.LETTER, Channel.CALL])
def test_a_demand_names_the_day_by_which_to_act(wording: Wording, channel: Channel) -> None:
    with pytest.raises(Invalid, match="act_by"):
        check_text(wording, channel, "en", subject="Hello", body=BODY)


def test_a_text_message_has_the_link_and_is_short() -> None:
    with pytest.raises(Invalid, match="link"):
        check_text(Wording.FIRST_REMINDER, Channel.SMS, "en", subject="", body="Please pay {total}.")
    with pytest.raises(Invalid, match="a text message may have 320"):
        check_text(Wording.FIRST_REMINDER, Channel.SMS, "en", subject="", body="Pay {total}: {link} " + "please " * 40)

    assert sms_length("en", "Pay {total}: {link}") < LONGEST_SMS


def test_nobody_is_called_to_be_thanked() -> None:
    with pytest.raises(Invalid, match="Nobody is called"):
        check_text(Wording.THANK_YOU, Channel.CALL, "en", subject="", body="Thank you.")
