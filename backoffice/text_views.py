"""Text views: a text of notices as its page shows it: what it is, what it may say, how it was before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.wording import Doer, with_doers
from domain.notices.wording import readability, text_checks, texts
from domain.notices.wording.placeholders import needed, usable
from domain.notices.wording.texts import Text
from domain.policies.contacting import CHANNEL_NAMES, TONE_NAMES, TONES, WORDING_NAMES, Channel, Wording
from domain.shared.errors import N_, NotFound
from domain.shared.languages import LANGUAGE_NAMES

BUILT_IN = N_("built in")
CHANGED = N_("changed")
AS_EMAIL = N_("as the email")
"""How a text stands: as it came, as staff wrote it, or the same as that of the email."""


@dataclass(frozen=True, slots=True)
class Which:
    """One text: what it is about, by which channel it travels, in which language."""

    wording: Wording
    channel: Channel
    language: str

    @property
    def path(self) -> str:
        """Where its page is."""
        return f"/texts/{self.wording}/{self.channel}/{self.language}"


@dataclass(frozen=True, slots=True)
class StateView:
    """A text in the list: where it is, its channel, and how it stands."""

    path: str
    channel: str
    words: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class PlaceholderView:
    """What a text may leave open, what it stands for, and whether it has to be there."""

    name: str
    meaning: str
    is_needed: bool


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version that somebody wrote; an empty body went back to the built-in text."""

    number: int
    subject: str
    body: str
    written_at: datetime
    doer: Doer


@dataclass(frozen=True, slots=True)
class TextView:
    """One text with all that its page says of it; `score` is how easily it reads, None for too short a text."""

    which: Which
    name: str
    tone: str
    channel: str
    language: str
    text: Text
    has_subject: bool
    placeholders: Sequence[PlaceholderView]
    versions: Sequence[VersionView]
    score: int | None
    sms_length: int | None

    @property
    def is_changed(self) -> bool:
        """Whether it is not as it came with the product."""
        return bool(self.versions and self.versions[0].body)


def which_of(wording: str, channel: str, language: str) -> Which:
    """The text of a path; NotFound where there is none."""
    if wording in set(Wording) and channel in set(Channel) and language in LANGUAGE_NAMES:
        which = Which(Wording(wording), Channel(channel), language)
        if texts.exists(which.wording, which.channel):
            return which
    raise NotFound(N_("There is no such text."))


def text_view(session: Session, which: Which) -> TextView:
    """One text as it stands."""
    text = texts.text_for(session, which.wording, which.channel, which.language)
    has_to = needed(which.wording, which.channel)
    is_sms = which.channel is Channel.SMS
    return TextView(
        which=which,
        name=WORDING_NAMES[which.wording],
        tone=TONE_NAMES[TONES[which.wording]],
        channel=CHANNEL_NAMES[which.channel],
        language=LANGUAGE_NAMES[which.language],
        text=text,
        has_subject=text_checks.has_subject(which.channel),
        placeholders=[
            PlaceholderView(f"{{{name}}}", each.meaning, name in has_to) for name, each in usable(which.wording).items()
        ],
        versions=_versions(session, which),
        score=readability.score(text.body, which.language),
        sms_length=text_checks.sms_length(which.language, text.body) if is_sms else None,
    )


def listed(session: Session, language: str) -> list[tuple[str, str, list[StateView | None]]]:
    """Every text of a language: what it is about, its tone, and how it stands by channel (None: there is none)."""
    changed = texts.changed(session)
    return [
        (
            WORDING_NAMES[wording],
            TONE_NAMES[TONES[wording]],
            [_state(changed, Which(wording, channel, language)) for channel in Channel],
        )
        for wording in Wording
    ]


def _state(changed: set[tuple[Wording, Channel, str]], which: Which) -> StateView | None:
    if not texts.exists(which.wording, which.channel):
        return None
    is_changed = (which.wording, which.channel, which.language) in changed
    words = CHANGED if is_changed else BUILT_IN if texts.is_own(which.wording, which.channel) else AS_EMAIL
    return StateView(which.path, CHANNEL_NAMES[which.channel], words, is_changed)


def _versions(session: Session, which: Which) -> list[VersionView]:
    rows = texts.versions(session, which.wording, which.channel, which.language)
    return [
        VersionView(row.number, row.subject, row.body, row.written_at, doer) for row, doer in with_doers(session, rows)
    ]
