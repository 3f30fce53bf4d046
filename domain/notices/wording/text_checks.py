"""Text checks: what a text of a notice must be before customers read it, refused beside the field that is wrong."""

from __future__ import annotations

from collections.abc import Set
from datetime import date
from typing import Final

from domain.notices.wording import readability
from domain.notices.wording.placeholders import PLACEHOLDERS, fill, named, needed, usable
from domain.notices.wording.wordbook import wordbook
from domain.policies.contacting import CHASING, Channel, Wording
from domain.shared.errors import N_, Invalid
from domain.shared.languages import formats, spoken
from domain.shared.money import Money

LONGEST_SUBJECT: Final = 120
LONGEST_BODY: Final = 6000
LONGEST_SMS: Final = 320
"""Characters of a text message, filled in: Twilio's recommendation, so that it arrives in as few pieces as may be.

https://www.twilio.com/docs/glossary/what-sms-character-limit (looked up in 2026).
"""


def check_text(wording: Wording, channel: Channel, language: str, *, subject: str, body: str) -> None:
    """Do nothing where the text can be sent; Invalid, with the field, where it cannot.

    Refused are: a placeholder that there is not or that this wording cannot use, a brace that belongs to none, one that
    is needed and missing, no subject where there has to be one or one with the link, whose secret is kept nowhere, too
    long a text message, words that threaten, and what is hard to read.
    """
    if not body.strip():
        raise Invalid(N_("Enter what it says."), field="body")
    if len(body) > LONGEST_BODY:
        raise Invalid(N_("Use at most {longest} characters."), field="body", longest=LONGEST_BODY)
    if channel is Channel.CALL and wording not in CHASING:
        raise Invalid(N_("Nobody is called about this."), field="body")
    if has_subject(channel):
        _check_subject(subject)
        _check_placeholders(usable(wording).keys() - {"link"}, subject, "subject")
    _check_placeholders(usable(wording).keys(), body, "body")
    for name in needed(wording, channel):
        if name not in named(body):
            raise Invalid(
                N_("This has to say {placeholder}: {meaning}."),
                field="body",
                placeholder=f"{{{name}}}",
                meaning=PLACEHOLDERS[name].meaning,
            )
    if channel is Channel.SMS:
        _check_length(language, body)
    _check_manners(language, "subject", subject)
    _check_manners(language, "body", body)
    _check_reading(language, body)


def has_subject(channel: Channel) -> bool:
    """Whether what travels by it has a subject."""
    return channel in (Channel.EMAIL, Channel.LETTER)


def sms_length(language: str, body: str) -> int:
    """How long a text message is about to be, with common values and the sentence that says how to stop them."""
    filled = fill(body, sample(language)) or body
    return len(" ".join([*filled.split(), wordbook(language).labels["sms_opt_out"]]))


def sample(language: str) -> dict[str, str | None]:
    """Values as long as common ones are, for measuring and for looking at."""
    shown = formats(language, "UTC")
    day = shown.day(date(2026, 11, 28))
    amount = shown.money(Money(124_050, "EUR"))
    labels = wordbook(language).labels
    return {
        **dict.fromkeys(PLACEHOLDERS, "2026-1042"),
        **dict.fromkeys(("name", "account_name", "business", "sender", "partners"), "Harbour Foods Ltd"),
        **dict.fromkeys(("due_on", "act_by", "handoff_from", "discount_until", "from_on", "to_on", "paid_on"), day),
        **dict.fromkeys(("total", "discount", "discounted", "balance", "overdue", "placed", "paid"), amount),
        "invoices": labels["invoice_one"].format(numbers="2026-1042"),
        "days_late": shown.days(12),
        "card": "Visa 4242",
        "expires": "12/2026",
        "link": f"https://pay.example.com/l/{'x' * 43}",
    }


def _check_subject(subject: str) -> None:
    if not subject.strip():
        raise Invalid(N_("Enter a subject."), field="subject")
    if len(subject) > LONGEST_SUBJECT or "\n" in subject:
        raise Invalid(N_("Use one line of at most {longest} characters."), field="subject", longest=LONGEST_SUBJECT)


def _check_placeholders(known: Set[str], text: str, field: str) -> None:
    for name in named(text):
        if name in known:
            continue
        there_is = N_("{placeholder} cannot be used in this text: choose from the list.")
        there_is_not = N_("There is no placeholder {placeholder}: choose from the list.")
        raise Invalid(there_is if name in PLACEHOLDERS else there_is_not, field=field, placeholder=f"{{{name[:60]}}}")
    left = fill(text, dict.fromkeys(known, "")) or ""
    if "{" in left or "}" in left:
        raise Invalid(N_("There is a brace that belongs to no placeholder: take it out."), field=field)


def _check_length(language: str, body: str) -> None:
    length = sms_length(language, body)
    if length > LONGEST_SMS:
        raise Invalid(
            N_("Filled in, this has about {length} characters: a text message may have {longest}."),
            field="body",
            length=length,
            longest=LONGEST_SMS,
        )


def _check_manners(language: str, field: str, text: str) -> None:
    said = text.lower()
    for word in wordbook(language).threats:
        if word in said:
            raise Invalid(
                N_("“{word}” threatens. Say the amount, the day and the next step instead."), field=field, word=word
            )


def _check_reading(language: str, body: str) -> None:
    score, least = readability.score(body, spoken(language)), readability.least(spoken(language))
    if score is not None and score < least:
        raise Invalid(
            N_("This is hard to read ({score} of 100, at least {least}): use shorter sentences and words."),
            field="body",
            score=score,
            least=least,
        )
