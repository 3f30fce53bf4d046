"""Texts: what a notice says, by wording, channel and language: built in, or as staff have written it, by version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.notices.wording.model import NoticeText
from domain.notices.wording.text_checks import check_text, has_subject
from domain.notices.wording.wordbook import wordbook
from domain.policies.contacting import CHASING, Channel, Wording
from domain.shared.actor import Actor, ActorKind
from domain.shared.db.base import Base
from domain.shared.db.inserting import insert_if_new
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, NotFound
from domain.shared.languages import LANGUAGE_NAMES, SOURCE, spoken

TEXTS = Base.metadata.tables[NoticeText.__tablename__]
KEY = ("wording", "channel", "language", "number")


@dataclass(frozen=True, slots=True)
class Text:
    """A text to be filled in. `text_id` is the row that staff wrote, none for the built-in.

    `channel` is the one that it was written for: a letter without a text of its own says what the email says.
    `number` is the newest version of what was asked for, 0 where nobody ever changed it.
    """

    subject: str
    body: str
    channel: Channel
    text_id: int | None
    number: int


def exists(wording: Wording, channel: Channel) -> bool:
    """Whether there is such a text: calls are made about what is owed only."""
    return channel is not Channel.CALL or wording in CHASING


def is_own(wording: Wording, channel: Channel) -> bool:
    """Whether it comes with a text of its own; a letter that does not says what the email says."""
    return (wording, channel) in wordbook(SOURCE).texts


def text_for(session: Session, wording: Wording, channel: Channel, language: str) -> Text:
    """What a notice says in a language ("es", "en-US"), English where we do not write it; NotFound for no such text."""
    _known(wording, channel, language=spoken(language))
    newest = _newest(session, wording, channel, spoken(language))
    number = newest.number if newest else 0
    if newest is not None and newest.body:
        return Text(newest.subject, newest.body, channel, newest.id, number)
    own = wordbook(language).texts.get((wording, channel))
    if own is not None:
        return Text(own.subject, own.body, channel, None, number)
    email = text_for(session, wording, Channel.EMAIL, language)
    return Text(email.subject, email.body, Channel.EMAIL, email.text_id, number)


def save_text(
    session: Session,
    wording: Wording,
    channel: Channel,
    language: str,
    *,
    subject: str,
    body: str,
    seen: int,
    actor: Actor,
) -> int:
    """Write the next version of a text and return its number; an empty body goes back to the built-in one.

    `seen` is the number of the version that whoever writes has read. Invalid, with the field, for what cannot be sent;
    Conflict where somebody else has saved meanwhile. What changes nothing makes no version.
    """
    _known(wording, channel, language)
    subject = " ".join(subject.split()) if has_subject(channel) else ""
    body = "\n".join(line.rstrip() for line in body.replace("\r\n", "\n").strip().splitlines())
    if body:
        check_text(wording, channel, language, subject=subject, body=body)
    before = _newest(session, wording, channel, language)
    if (before.number if before else 0) != seen:
        raise _meanwhile()
    after = {"subject": subject if body else "", "body": body}
    was = {"subject": before.subject if before else "", "body": before.body if before else ""}
    if after == was:
        return seen
    values = {
        "wording": wording,
        "channel": channel,
        "language": language,
        "number": seen + 1,
        **after,
        "written_at": now(session),
        "written_by": actor.id,
    }
    text_id = insert_if_new(session, TEXTS, KEY, values)
    if text_id is None:
        raise _meanwhile()
    which = {"wording": wording, "channel": channel, "language": language, "number": seen + 1}
    record(
        session,
        "notice_text.written" if body else "notice_text.reset",
        actor=actor,
        subject=("notice_text", text_id),
        before=was,
        after={**which, **after},
    )
    return seen + 1


def go_back(
    session: Session, wording: Wording, channel: Channel, language: str, *, to: int, seen: int, actor: Actor
) -> int:
    """Write a version again, as the newest; 0 is the built-in one. NotFound for one that never was."""
    subject, body = "", ""
    if to:
        found = next((row for row in versions(session, wording, channel, language) if row.number == to), None)
        if found is None:
            raise NotFound(N_("There is no such version of this text."))
        subject, body = found.subject, found.body
    return save_text(session, wording, channel, language, subject=subject, body=body, seen=seen, actor=actor)


def versions(session: Session, wording: Wording, channel: Channel, language: str) -> Sequence[AnyRow]:
    """What was written, the newest first, with `actor_kind` and `actor_id`; an empty body went back to the built-in."""
    _known(wording, channel, language)
    who = case((TEXTS.c.written_by.is_(None), ActorKind.OPERATOR.value), else_=ActorKind.STAFF.value)
    return session.execute(
        select(TEXTS, who.label("actor_kind"), TEXTS.c.written_by.label("actor_id"))
        .where(TEXTS.c.wording == wording, TEXTS.c.channel == channel, TEXTS.c.language == language)
        .order_by(TEXTS.c.number.desc())
    ).all()


def changed(session: Session) -> set[tuple[Wording, Channel, str]]:
    """The texts that are not as they came with the product."""
    which = (TEXTS.c.wording, TEXTS.c.channel, TEXTS.c.language)
    newest = select(func.max(TEXTS.c.id)).group_by(*which)
    rows = session.execute(select(*which).where(TEXTS.c.id.in_(newest), TEXTS.c.body != ""))
    return {(row.wording, row.channel, row.language) for row in rows}


def _newest(session: Session, wording: Wording, channel: Channel, language: str) -> NoticeText | None:
    return session.scalar(
        select(NoticeText)
        .where(NoticeText.wording == wording, NoticeText.channel == channel, NoticeText.language == language)
        .order_by(NoticeText.number.desc())
        .limit(1)
    )


def _known(wording: Wording, channel: Channel, language: str) -> None:
    if language not in LANGUAGE_NAMES or not exists(wording, channel):
        raise NotFound(N_("There is no such text."))


def _meanwhile() -> Conflict:
    return Conflict(N_("Somebody else has saved this text meanwhile: look at theirs before you save yours."))
