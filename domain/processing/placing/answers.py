"""Answers: what became of each record of a partner's file, as it is kept, and as words in any language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from domain.shared.errors import N_, Refused
from domain.shared.money import Money
from domain.shared.words import Words


class Outcome(StrEnum):
    """What became of one record."""

    DONE = "done"
    KNOWN = "known"
    REFUSED = "refused"


OUTCOME_NAMES = {
    Outcome.DONE: N_("Done"),
    Outcome.KNOWN: N_("Known before"),
    Outcome.REFUSED: N_("Refused"),
}
"""What each is called on the screen."""
REMITTANCE = "remittance"
"""What a record tells that is no update."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One record: where it stands, what it is about, and what became of it; `why` is for what was refused.

    `told` is the kind of an update, or "remittance"; `reference` is that of the placement or the remittance.
    """

    place: str
    told: str
    reference: str
    on: date
    outcome: Outcome
    why: Words | None = None

    def kept(self) -> dict[str, Any]:
        """As the table keeps it."""
        return {
            "place": self.place,
            "told": self.told,
            "reference": self.reference,
            "on": self.on.isoformat(),
            "outcome": self.outcome.value,
            "why": None if self.why is None else _plain(self.why),
        }

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Answer:
        """What the table has kept."""
        why = None if kept["why"] is None else _meant(kept["why"])
        day = date.fromisoformat(kept["on"])
        return cls(kept["place"], kept["told"], kept["reference"], day, Outcome(kept["outcome"]), why)


def why(refused: Refused) -> Words:
    """The words of a refusal."""
    return Words(refused.text, refused.params)


def counts(answers: Sequence[Answer]) -> dict[Outcome, int]:
    """How many became what."""
    return {outcome: sum(answer.outcome is outcome for answer in answers) for outcome in Outcome}


def _plain(value: object) -> Any:
    """A value of a sentence as JSON has it."""
    match value:
        case Words():
            return {"words": value.text, "params": {name: _plain(each) for name, each in value.params.items()}}
        case Money():
            return {"minor": value.minor, "currency": value.currency}
        case date():
            return {"day": value.isoformat()}
        case Decimal():
            return {"number": str(value)}
        case list() | tuple():
            return [_plain(each) for each in value]
        case bool() | int():
            return value
    return str(value)


def _meant(kept: Any) -> Any:
    """What `_plain` has kept."""
    match kept:
        case {"words": text, "params": params}:
            return Words(text, {name: _meant(each) for name, each in params.items()})
        case {"minor": minor, "currency": currency}:
            return Money(minor, currency)
        case {"day": day}:
            return date.fromisoformat(day)
        case {"number": number}:
            return Decimal(number)
        case list():
            return tuple(_meant(each) for each in kept)
    return kept
