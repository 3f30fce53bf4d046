"""Values: what a column of a trial is, what it is asked with, and the entries behind its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol

from sqlalchemy.orm import Session

from domain.policies.interest import Stretch
from domain.policies.rates import RateMissing
from domain.policies.sections import Sections
from domain.reporting.trial.history import History
from domain.shared.words import Words


class Unit(StrEnum):
    """What a column counts: minor units of the account's currency, days, notices, or plans."""

    MONEY = "money"
    DAYS = "days"
    NOTICES = "notices"
    PLANS = "plans"


@dataclass(frozen=True, slots=True)
class Kind:
    """Which of several things that a column counts an entry is: its lasting key, its place among them, its name."""

    key: str
    place: tuple[int, ...]
    name: Words


@dataclass(frozen=True, slots=True)
class Trying:
    """What is tried: these sections, as if they had ruled all of `history`, from `first` to `last`."""

    sections: Sections
    history: History
    first: date
    last: date

    def covers(self, day: date) -> bool:
        """Whether the day is one of the period."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing behind the numbers of an account in a column: what it would have been, and what it was.

    `in_force` is what the version in force would have made of it; `about` is what the trial of another version says the
    same of, where that is not simply the same number on the same day. `invoice_id` and `number` name the invoice that
    it is about, if it is about one; `rows` are the working of interest. `kind` is set where the column counts several
    kinds of things.
    """

    account_id: int
    on: date
    would: int
    was: int
    said: Sequence[Words] = ()
    invoice_id: int | None = None
    number: str | None = None
    rows: Sequence[Stretch] = ()
    in_force: int = 0
    about: tuple[object, ...] = ()
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a column found, and the rates that it would have needed, once for each invoice that lacks one."""

    entries: Sequence[Entry]
    missing: Sequence[RateMissing] = ()


class Column(Protocol):
    """One thing that a trial compares; a new one is a file with a value like this, named in `columns.py`."""

    @property
    def key(self) -> str:
        """Its lasting name, in links and in JSON."""
        ...

    @property
    def name(self) -> str:
        """What it is called, as a message id."""
        ...

    @property
    def unit(self) -> Unit:
        """What it counts."""
        ...

    def answer(self, session: Session, trying: Trying) -> Answer:
        """What would have been, and what was; reads, and writes nothing."""
        ...
