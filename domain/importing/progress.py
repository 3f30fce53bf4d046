"""Progress: how long work tells whoever waits for it how far it has come."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import TypeAlias

from domain.shared.errors import N_


class Step(StrEnum):
    """The parts of an import, in their order."""

    READING = "reading"
    CHECKING = "checking"
    BOOKING = "booking"
    POSTING = "posting"
    UNDOING = "undoing"


STEP_WORDS = {
    Step.READING: N_("Reading the file"),
    Step.CHECKING: N_("Checking"),
    Step.BOOKING: N_("Booking"),
    Step.POSTING: N_("Posting to the ledger"),
    Step.UNDOING: N_("Undoing"),
}
"""What each is called on the screen."""

Progress: TypeAlias = Callable[[Step, int, int | None], None]
"""Called with the step, how many rows are done, and how many there are, where that is known."""


def silent(step: Step, done: int, total: int | None) -> None:
    """Tell nobody."""
