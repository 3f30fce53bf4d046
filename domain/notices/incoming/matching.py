"""Matching: whose a message is: by what it answers to, by who wrote it, by the numbers in it; never by a guess."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import ACCOUNTS
from domain.disputes.model import Dispute
from domain.notices.incoming.whose import accounts_at
from domain.notices.model import NOTICES
from domain.policies.contacting import Channel
from domain.receivables.model import Invoice
from domain.shared.errors import N_


class MatchedBy(StrEnum):
    """By what we knew whose a message is."""

    HEADER = "header"
    SENDER = "sender"
    NUMBER = "number"
    STAFF = "staff"


MATCHED_BY_NAMES = {
    MatchedBy.HEADER: N_("it answers a message of ours"),
    MatchedBy.SENDER: N_("the address belongs to this account alone"),
    MatchedBy.NUMBER: N_("it names a number of this account"),
    MatchedBy.STAFF: N_("somebody of ours said so"),
}
"""What each is called on the screen."""


@dataclass(frozen=True, slots=True)
class Match:
    """The account, the notice that it answers where one is known, and by what we know."""

    account_id: int
    notice_id: int | None
    by: MatchedBy


MARK = re.compile(r"\bnotice\.[0-9a-z]{26}(?![0-9a-z])")
"""The mark of a notice, within its message id or alone."""
OWN_ID = re.compile(r"\s*<?notice\.[0-9a-z]{26}@")
"""How the message ids of our notices begin; some programs put the id that they answer to into their own."""
MOST_MARKS = 50
SEARCHED = 20_000
"""Characters of a message in which numbers are looked for: what is quoted far below is old."""
WORD = re.compile(r"[^\s,;:()<>\[\]{}\"'“”„«»!?]+")
MOST_WORDS = 400
SHORTEST = 4
NAMED = re.compile(
    r"\b(?:invoice|inv|factura|rechnung|facture|account|cuenta|konto|compte|customer|cliente|kunde|client)s?"
    r"[\s:.#-]{0,3}(?:(?:no|nr|num|number|número|numero|nummer|numéro|n[º°])[\s:.#-]{0,3})?(\d{2,20})\b",
    re.IGNORECASE,
)
"""Bare digits may be anything: an amount, a postcode, a year; they count where a word before says what they are."""


def marks_in(references: Iterable[str]) -> list[str]:
    """The marks of our notices among message ids, or within the headers that list them."""
    return [mark for one in references for mark in MARK.findall(one)][-MOST_MARKS:]


def is_own_id(message_id: str) -> bool:
    """Whether a mail is a notice of ours that has come back to us."""
    return OWN_ID.match(message_id) is not None


def match(session: Session, channel: Channel, sender: str, words: str, references: Iterable[str] = ()) -> Match | None:
    """Whose it is, where exactly one account can be meant."""
    if marks := marks_in(references):
        answered = select(NOTICES.c.id, NOTICES.c.account_id).where(NOTICES.c.mark.in_(marks))
        if row := session.execute(answered.order_by(NOTICES.c.id.desc())).first():
            return Match(row.account_id, row.id, MatchedBy.HEADER)
    theirs = accounts_at(session, channel, sender)
    if len(theirs) == 1:
        return Match(theirs[0], _last_text(session, channel, sender, theirs[0]), MatchedBy.SENDER)
    named = _named(session, words[:SEARCHED])
    meant = named & set(theirs) or named
    return Match(meant.pop(), None, MatchedBy.NUMBER) if len(meant) == 1 else None


def _last_text(session: Session, channel: Channel, number: str, account_id: int) -> int | None:
    """The text that somebody answers: the last one to their number, for a text names none."""
    if channel is not Channel.SMS:
        return None
    last = select(NOTICES.c.id).where(
        NOTICES.c.account_id == account_id,
        NOTICES.c.channel == channel,
        NOTICES.c.address == number,
        NOTICES.c.sent_at.is_not(None),
    )
    return session.scalars(last.order_by(NOTICES.c.id.desc()).limit(1)).first()


def _named(session: Session, words: str) -> set[int]:
    """The accounts of which a number stands in the text, exactly as it is ours."""
    numbers = numbers_in(words)
    invoices = select(Invoice.account_id).where(Invoice.number.in_(numbers))
    accounts = select(ACCOUNTS.c.id).where(ACCOUNTS.c.number.in_(numbers))
    disputes = select(Dispute.account_id).where(Dispute.number.in_(numbers))
    return {one for asked in (invoices, accounts, disputes) for one in session.scalars(asked)} if numbers else set()


def numbers_in(words: str) -> set[str]:
    """What could be a number of ours: letters with digits, or digits of which it is said what they are."""
    found = {match.group().strip("./#-_*") for _, match in zip(range(MOST_WORDS), WORD.finditer(words), strict=False)}
    mixed = {word for word in found if len(word) >= SHORTEST and _has_both(word)}
    return mixed | {word.upper() for word in mixed} | set(NAMED.findall(words)[:MOST_WORDS])


def _has_both(word: str) -> bool:
    return any(letter.isdigit() for letter in word) and any(letter.isalpha() for letter in word)
