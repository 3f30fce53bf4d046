"""Asking: what somebody looks for, what is found, and how near one is to the other; pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.spelling import LONG_ENOUGH, plain
from domain.shared.words import Words

LONGEST = 120
"""Letters of a question that are looked at."""
MOST_WORDS = 8
LOOKED_AT = 200
"""Rows of one kind that are compared with what was asked for: of more, which ones is chance."""
EXACT, BEGINS, WORD_BEGINS, HOLDS, SCATTERED, BESIDE = 4.0, 3.0, 2.5, 2.0, 1.5, 0.5
"""How good a find is: the very thing, or it begins so, or a word of it does, or it is somewhere in it, or all words are
but not together. What is less alike than that is spelt otherwise (`spelling.alike`), or merely the found account's."""
OF_ITS_SUM = 3.75
"""How good an account is on which the amount is open or late: next to the paper that is about it."""
VOID_NUMBER, VOID_ELSE = 3.75, 0.25
"""How good what is void is at most: by its whole number, and by anything else."""


class Group(StrEnum):
    """What kind of thing is found."""

    ACCOUNTS = "accounts"
    PEOPLE = "people"
    INVOICES = "invoices"
    MONEY = "money"
    DISPUTES = "disputes"
    PLANS = "plans"
    PROMISES = "promises"
    PLACEMENTS = "placements"
    MESSAGES = "messages"
    DOCUMENTS = "documents"


GROUP_NAMES = {
    Group.ACCOUNTS: N_("Accounts"),
    Group.PEOPLE: N_("People"),
    Group.INVOICES: N_("Invoices and credit notes"),
    Group.MONEY: N_("Payments and bank lines"),
    Group.DISPUTES: N_("Disputes"),
    Group.PLANS: N_("Payment plans and settlements"),
    Group.PROMISES: N_("Promises"),
    Group.PLACEMENTS: N_("Handoffs, partners and legal cases"),
    Group.MESSAGES: N_("Notices and messages"),
    Group.DOCUMENTS: N_("Documents"),
}
"""What each is called on the screen, in the order in which equally good ones stand."""


class Kind(StrEnum):
    """What one find is; its page goes by it."""

    ACCOUNT = "account"
    CONTACT = "contact"
    LOGIN = "login"
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    PAYMENT = "payment"
    BANK_LINE = "bank_line"
    DISPUTE = "dispute"
    PLAN = "plan"
    SETTLEMENT = "settlement"
    PROMISE = "promise"
    PLACEMENT = "placement"
    PARTNER = "partner"
    CASE = "case"
    NOTICE = "notice"
    MESSAGE = "message"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody typed, and the amounts of money that it can mean."""

    text: str
    amounts: frozenset[Money] = frozenset()
    words: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", " ".join(self.text.split())[:LONGEST].strip())
        object.__setattr__(self, "words", tuple(dict.fromkeys(plain(self.text).split()))[:MOST_WORDS])

    @property
    def is_long_enough(self) -> bool:
        """Whether a part of something can be looked for; of less, only what is the very thing is found."""
        return any(len(word) >= LONG_ENOUGH for word in self.words)

    @property
    def is_name(self) -> bool:
        """Whether it can be a name that is spelt wrong: a number is right, or another."""
        return self.is_long_enough and not any(letter.isdigit() for letter in self.text)

    @property
    def numbers(self) -> frozenset[str]:
        """What was typed as a number may be written in the books."""
        return frozenset({self.text, self.text.upper(), self.text.lower()})

    @property
    def minors(self) -> list[int]:
        """The amounts in minor units, whatever their currency; `means` tells those apart."""
        return sorted({amount.minor for amount in self.amounts})

    def means(self, minor: int, currency: str) -> bool:
        """Whether this amount of money can be meant; what came in and what went out are looked for alike."""
        return Money(abs(minor), currency) in self.amounts

    def degree(self, *texts: str | None) -> float:
        """How well texts fit, the best of them counting; 0 where the words are not in them all."""
        asked = plain(self.text)
        each = [plain(text) for text in texts if text]
        best = max((_degree(asked, text) for text in each), default=0.0)
        return best or (SCATTERED if self.words and all(word in " ".join(each) for word in self.words) else 0.0)


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found: `title` is what it is called, `more` what else is known, `degree` how well it fits.

    `key` leads to its page, or `of` where that is the page of what it belongs to. `is_amount` says that `amount` is
    what was asked for.
    """

    kind: Kind
    key: int | str
    title: str
    degree: float
    account_id: int | None = None
    more: str = ""
    said: Words | None = None
    amount: Money | None = None
    on: date | None = None
    is_amount: bool = False
    of: int | None = None


def best(hits: Collection[Hit], limit: int) -> list[Hit]:
    """The best of these, each thing once; among equally good ones their order stays."""
    first: dict[tuple[Kind, int | str, int | None], Hit] = {}
    for hit in sorted(hits, key=lambda hit: -hit.degree):
        first.setdefault((hit.kind, hit.key, hit.account_id), hit)
    return list(first.values())[:limit]


def _degree(asked: str, text: str) -> float:
    if text == asked:
        return EXACT
    if text.startswith(asked):
        return BEGINS
    if f" {asked}" in text:
        return WORD_BEGINS
    return HOLDS if asked in text else 0.0
