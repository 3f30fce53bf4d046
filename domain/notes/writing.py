"""Writing: staff write a note about an account, tell colleagues of it, pin it on top, and take it back."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit.recording import record
from domain.notes.mentions import Colleague, labels, mentioned
from domain.notes.model import MENTIONS, Note
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, Invalid, NotAllowed, NotFound
from domain.staff.model import STAFF
from domain.tasks import working
from domain.tasks.model import TASKS, TaskKind
from domain.tasks.opening import open_task

LONGEST_WORDS = 4_000
NO_SUCH_NOTE = N_("We could not find that note.")
MOST_NAMED = 12
"""So many colleagues are named to somebody who has to choose among them."""


def write(session: Session, account_id: int, words: str, *, also: Collection[int] = (), actor: Actor) -> Note:
    """Keep a note about an account, and ask every colleague whom it mentions, or who is in `also`, to read it.

    NotFound without such an account or colleague; Invalid beside "words" where it is empty, too long, or mentions
    nobody whom we know or somebody who may be several people.
    """
    account = accounts.lock(session, account_id)
    said = words.strip()
    if not said:
        raise Invalid(N_("Write what is to be remembered."), field="words")
    if len(said) > LONGEST_WORDS:
        raise Invalid(N_("Use at most {most} characters."), field="words", most=LONGEST_WORDS)
    told = _told(session, said, also)
    note = Note(account_id=account.id, words=said, staff_id=_staff(actor), written_at=now(session))
    session.add(note)
    session.flush()
    record(
        session,
        "note.written",
        actor=actor,
        subject=("note", note.id),
        account_id=account.id,
        after={"mentions": list(told)},
    )
    for staff_id in told:
        _tell(session, note, staff_id)
    return note


def pin(session: Session, account_id: int, note_id: int, *, pinned: bool, actor: Actor) -> None:
    """Keep a note on top of the account's page, or no longer; NotFound, Conflict where it was withdrawn."""
    note = _standing(session, account_id, note_id)
    if (note.pinned_at is not None) is pinned:
        return
    note.pinned_at = now(session) if pinned else None
    act = "note.pinned" if pinned else "note.unpinned"
    record(session, act, actor=actor, subject=("note", note.id), account_id=account_id)


def withdraw(session: Session, account_id: int, note_id: int, *, actor: Actor) -> None:
    """Take one's own note back: its words are gone, that there was one stays. Nobody has to read it any more.

    NotFound; Conflict where it was withdrawn already; NotAllowed for somebody else's.
    """
    note = _standing(session, account_id, note_id)
    if note.staff_id != actor.id:
        raise NotAllowed(N_("Only whoever wrote a note can withdraw it."))
    note.words, note.pinned_at, note.withdrawn_at = None, None, now(session)
    session.flush()
    record(session, "note.withdrawn", actor=actor, subject=("note", note.id), account_id=account_id)
    for staff_id in session.scalars(select(MENTIONS.c.staff_id).where(MENTIONS.c.note_id == note.id)):
        working.settle(session, TaskKind.MENTIONED, subject=task_subject(note.id, staff_id))


def read(session: Session, note_id: int, *, actor: Actor) -> int:
    """A colleague says that they have read a note that mentions them: their task is done. Its account; NotFound."""
    staff_id = _staff(actor)
    wanted = (
        select(Note.account_id)
        .join(MENTIONS, MENTIONS.c.note_id == Note.id)
        .where(Note.id == note_id, MENTIONS.c.staff_id == staff_id)
    )
    account_id = session.scalar(wanted)
    if account_id is None:
        raise NotFound(NO_SUCH_NOTE)
    kind, identity = task_subject(note_id, staff_id)
    task = (TASKS.c.kind == TaskKind.MENTIONED, TASKS.c.subject_kind == kind, TASKS.c.subject_id == identity)
    task_id = session.scalar(select(TASKS.c.id).where(*task, TASKS.c.done_at.is_(None)))
    if task_id is not None:
        working.done(session, task_id, actor=actor)
    return account_id


def task_subject(note_id: int, staff_id: int) -> tuple[str, str]:
    """What the task of a mention is about: the note, for one colleague; the page of it is below /notes."""
    return "note", f"{note_id}/{staff_id}"


def colleagues(session: Session) -> list[Colleague]:
    """Those who work here and can be mentioned, by name."""
    here = select(STAFF.c.id, STAFF.c.name, STAFF.c.email).where(STAFF.c.disabled_at.is_(None))
    rows = session.execute(here.order_by(STAFF.c.name, STAFF.c.id))
    return [Colleague(row.id, row.name, row.email) for row in rows]


def meant(people: Collection[Colleague], typed: str) -> int:
    """Who is meant by what was typed into a field for one of these: what they are called there, or their address.

    Invalid beside "tell" where it is nobody, or several have that name.
    """
    wanted = " ".join(typed.split()).lower()
    called = labels(list(people))
    found = [one for one in people if wanted in {called[one.id].lower(), one.address.lower()}]
    if len(found) == 1:
        return found[0].id
    namesakes = [called[one.id] for one in people if one.name.lower() == wanted]
    if namesakes:
        raise Invalid(
            N_("Several people have this name. Choose one of them: {people}."),
            field="tell",
            people=tuple(namesakes[:MOST_NAMED]),
        )
    raise Invalid(N_("Choose a colleague from the list, or leave this empty."), field="tell")


def _told(session: Session, words: str, also: Collection[int]) -> tuple[int, ...]:
    people = colleagues(session) if "@" in words or also else []
    if not set(also) <= {one.id for one in people}:
        raise NotFound
    found = mentioned(words, people)
    if found.unclear:
        handle, names = found.unclear[0]
        raise Invalid(
            N_("“@{handle}” may be {people}: write more of the name, or their whole address behind the @."),
            field="words",
            handle=handle,
            people=names[:MOST_NAMED],
        )
    if found.unknown:
        raise Invalid(
            N_("Nobody here is called “@{handle}”: write their name, or leave the @ out."),
            field="words",
            handle=found.unknown[0],
        )
    return tuple(dict.fromkeys((*found.ids, *also)))


def _tell(session: Session, note: Note, staff_id: int) -> None:
    session.execute(insert(MENTIONS).values(note_id=note.id, staff_id=staff_id))
    if staff_id == note.staff_id:
        return
    subject = task_subject(note.id, staff_id)
    open_task(session, TaskKind.MENTIONED, subject=subject, account_id=note.account_id)
    working.give(session, TaskKind.MENTIONED, subject=subject, owner_id=staff_id)


def _standing(session: Session, account_id: int, note_id: int) -> Note:
    accounts.lock(session, account_id)
    note = session.get(Note, note_id, populate_existing=True)
    if note is None or note.account_id != account_id:
        raise NotFound(NO_SUCH_NOTE)
    if note.withdrawn_at is not None:
        raise Conflict(N_("This note was withdrawn already."))
    return note


def _staff(actor: Actor) -> int:
    if actor.id is None:
        raise ValueError("notes are written by staff")
    return actor.id
