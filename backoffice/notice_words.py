"""Notice words: what a notice said, as it was kept, or what it will say; and what to say on the telephone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from domain.notices import queries
from domain.notices.model import Notice, NoticeStatus
from domain.notices.wording.composed import Answer, Composed
from domain.notices.wording.composing import compose
from domain.notices.wording.previewing import Draft, preview
from domain.notices.wording.texts import text_for
from domain.policies.contacting import Channel, Wording
from domain.shared.db.rows import AnyRow

LINK = "…"
"""Stands for the pay link of a notice that has not gone: a preview opens nothing."""
TO_COME = frozenset({NoticeStatus.WAITING, NoticeStatus.READY})


@dataclass(frozen=True, slots=True)
class SaidView:
    """The words of a notice; `made_at` and `sha256` where they are kept as they went out, else they are made now."""

    subject: str
    body: str
    language: str
    document_id: int | None = None
    made_at: datetime | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class ScriptView:
    """What to say in a call, and what can be answered to what they may say."""

    language: str
    paragraphs: Sequence[str]
    answers: Sequence[Answer]


def said_of(session: Session, row: AnyRow) -> SaidView | None:
    """What a notice of `notices.queries` said or will say; None for what never was put into words."""
    kept = queries.content(session, row.id)
    if kept is not None:
        return SaidView(kept.subject, kept.body, row.language, kept.document_id, kept.made_at, kept.sha256)
    if row.status not in TO_COME:
        return None
    said = compose(session, session.get_one(Notice, row.id), link=LINK if row.total_minor else None)
    return SaidView(said.subject, said.plain(), said.locale)


def script_of(session: Session, row: AnyRow) -> ScriptView:
    """What to say in the call that a notice asks for, in the language of whoever is called."""
    return _script(compose(session, session.get_one(Notice, row.id), link=None))


def script_for(session: Session, account_number: str, language: str) -> ScriptView:
    """What to say in a call out of turn, about what is late."""
    text = text_for(session, Wording.FIRST_REMINDER, Channel.CALL, language)
    draft = Draft(Wording.FIRST_REMINDER, Channel.CALL, language, text.subject, text.body)
    return _script(preview(session, account_number, draft))


def _script(said: Composed) -> ScriptView:
    return ScriptView(said.locale, said.paragraphs, said.answers)
