"""Act words: how one act of the audit trail is shown on a timeline, and the topics by which a timeline is filtered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Topic(StrEnum):
    """The filters of a timeline."""

    ALL = "all"
    MONEY = "money"
    PEOPLE = "people"
    MESSAGES = "messages"
    NOTES = "notes"
    VIEWS = "views"


@dataclass(frozen=True, slots=True)
class ActWords:
    """How one act is shown: its topic (ALL where it has none of its own), its icon, and its message.

    `short` is said instead where something that `text` would name is not known.
    """

    topic: Topic
    icon: str
    text: str
    short: str = ""
