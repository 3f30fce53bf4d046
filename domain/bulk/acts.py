"""Acts: what can be done on many accounts at once: for each, whether it can be done on one, doing it, undoing it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assignments.assigning import assign, give_back
from domain.assignments.model import ASSIGNMENTS
from domain.assignments.people import check_keeper
from domain.bulk import outward
from domain.notes import tags, writing
from domain.notes.model import TAGS
from domain.processing.stopping import LONGEST_WHY, Wish, lift_stop, set_stop
from domain.shared.actor import Actor
from domain.shared.db.session import today
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.words import Words
from domain.staff.permissions import Permission
from domain.stops import queries as stops
from domain.stops.model import StopKind

Given = Mapping[str, Any]
"""What an act is given besides the accounts: `staff_id`, `tag`, `partner_id`, `why`, `words`, where it takes one."""
TAG_FIELD = "new_tag"
"""Where the tag is given: `tag` is what the list is narrowed by."""
KEEPER, NOTE, STOP = "keeper", "note", "stop"
"""What an act may have made, or stood there before it: the kind before the colon in `bulk_row.made`."""
HAS_NONE = Words.of(N_("Reminders are not held by staff."))
HELD = Words.of(N_("Reminders are held by staff already."))
TAGGED = Words.of(N_("It has this tag already."))
UNTAGGED = Words.of(N_("It does not have this tag."))
KEPT = Words.of(N_("They look after it already."))
CHANGED = N_("It was changed again since, and stays as it is.")


class Act(StrEnum):
    """What is done on each account."""

    ASSIGN = "assign"
    TAG = "tag"
    UNTAG = "untag"
    PAUSE = "pause"
    RESUME = "resume"
    NOTE = "note"
    STATEMENT = "statement"
    HANDOFF = "handoff"


ACT_NAMES = {
    Act.ASSIGN: N_("Give to somebody to look after"),
    Act.TAG: N_("Add a tag"),
    Act.UNTAG: N_("Take a tag off"),
    Act.PAUSE: N_("Hold reminders"),
    Act.RESUME: N_("Let reminders go on"),
    Act.NOTE: N_("Write a note"),
    Act.STATEMENT: N_("Send last month's statement"),
    Act.HANDOFF: N_("Propose a handoff"),
}
"""What each is called on the screen."""
NEEDS = {
    Act.ASSIGN: Permission.ASSIGN_WORK,
    Act.TAG: Permission.WRITE_NOTES,
    Act.UNTAG: Permission.WRITE_NOTES,
    Act.PAUSE: Permission.SET_STOP,
    Act.RESUME: Permission.SET_STOP,
    Act.NOTE: Permission.WRITE_NOTES,
    Act.STATEMENT: Permission.CHANGE_ACCOUNTS,
    Act.HANDOFF: Permission.PROPOSE_HANDOFF,
}
"""Which permission each needs, the same as on one account."""


@dataclass(frozen=True, slots=True)
class Doing:
    """How one act is gone about: `checked` gives back what it is given, as it is kept, or raises Invalid.

    `refused` tells of these accounts on which it cannot be done, with why; `do` does it on one and returns what it
    made; `undo` takes that back, None where it cannot be. At most `most` accounts take it at once, where it says so.
    """

    checked: Callable[[Session, Given], dict[str, Any]]
    refused: Callable[[Session, Given, Collection[int]], dict[int, Words]]
    do: Callable[[Session, Given, int, Actor], str | None]
    undo: Callable[[Session, Given, int, str | None, Actor], None] | None = None
    most: int | None = None


def _someone(session: Session, given: Given) -> dict[str, Any]:
    staff_id = given.get("staff_id")
    if not isinstance(staff_id, int):
        raise Invalid(N_("Choose who."), field="staff_id")
    member = check_keeper(session, staff_id)
    return {"staff_id": staff_id, "name": member.name}


def _tag(session: Session, given: Given) -> dict[str, Any]:
    try:
        return {"tag": tags.normalised(str(given.get("tag", "")))}
    except Invalid as refused:
        refused.field = TAG_FIELD
        raise


def _why(session: Session, given: Given) -> dict[str, Any]:
    why = str(given.get("why", "")).strip()
    if not why:
        raise Invalid(N_("Say why, for whoever reads this later."), field="why")
    if len(why) > LONGEST_WHY:
        raise Invalid(N_("Use at most {most} characters."), field="why", most=LONGEST_WHY)
    return {"why": why}


def _words(session: Session, given: Given) -> dict[str, Any]:
    words = str(given.get("words", "")).strip()
    if not words:
        raise Invalid(N_("Write what is to be remembered."), field="words")
    if len(words) > writing.LONGEST_WORDS:
        raise Invalid(N_("Use at most {most} characters."), field="words", most=writing.LONGEST_WORDS)
    if "@" in words:
        raise Invalid(N_("A note on many accounts can mention nobody: it would be a task for each."), field="words")
    return {"words": words}


def _kept(session: Session, given: Given, ids: Collection[int]) -> dict[int, Words]:
    theirs = ASSIGNMENTS.c.staff_id == given["staff_id"], ASSIGNMENTS.c.rule_id.is_(None)
    found = select(ASSIGNMENTS.c.account_id).where(ASSIGNMENTS.c.account_id.in_(ids), *theirs)
    return dict.fromkeys(session.scalars(found), KEPT)


def _tagged(session: Session, given: Given, ids: Collection[int]) -> set[int]:
    return set(session.scalars(select(TAGS.c.account_id).where(TAGS.c.account_id.in_(ids), TAGS.c.tag == given["tag"])))


def _held(session: Session, ids: Collection[int]) -> set[int]:
    on = stops.accounts_on([StopKind.MANUAL], today(session))
    return set(session.scalars(on.where(stops.OF_ACCOUNT.in_(ids))))


def _assign(session: Session, given: Given, account_id: int, actor: Actor) -> str:
    keeper = select(ASSIGNMENTS.c.staff_id, ASSIGNMENTS.c.rule_id).where(ASSIGNMENTS.c.account_id == account_id)
    before = session.execute(keeper).one_or_none()
    assign(session, [account_id], given["staff_id"], actor=actor)
    by_hand = before is not None and before.rule_id is None
    return f"{KEEPER}:{before.staff_id if before is not None and by_hand else ''}"


def _unassign(session: Session, given: Given, account_id: int, made: str | None, actor: Actor) -> None:
    if account_id not in _kept(session, given, [account_id]):
        raise Conflict(CHANGED)
    before = (made or "").removeprefix(f"{KEEPER}:")
    if before:
        assign(session, [account_id], int(before), actor=actor)
    else:
        give_back(session, account_id, actor=actor)


def _put_tag(session: Session, given: Given, account_id: int, actor: Actor) -> None:
    tags.tag(session, [account_id], given["tag"], actor=actor)


def _take_tag(session: Session, given: Given, account_id: int, actor: Actor) -> None:
    tags.untag(session, [account_id], given["tag"], actor=actor)


def _pause(session: Session, given: Given, account_id: int, actor: Actor) -> str:
    return f"{STOP}:{set_stop(session, account_id, Wish(StopKind.MANUAL, given['why']), actor=actor).id}"


def _unpause(session: Session, given: Given, account_id: int, made: str | None, actor: Actor) -> None:
    lift_stop(session, account_id, int((made or "").removeprefix(f"{STOP}:")), why=given["why"], actor=actor)


def _resume(session: Session, given: Given, account_id: int, actor: Actor) -> None:
    for row in stops.live(session, account_id):
        if row.kind is StopKind.MANUAL and row.invoice_id is None:
            lift_stop(session, account_id, row.id, why=given["why"], actor=actor)


def _note(session: Session, given: Given, account_id: int, actor: Actor) -> str:
    return f"{NOTE}:{writing.write(session, account_id, given['words'], actor=actor).id}"


def _unnote(session: Session, given: Given, account_id: int, made: str | None, actor: Actor) -> None:
    writing.withdraw(session, account_id, int((made or "").removeprefix(f"{NOTE}:")), actor=actor)


DOING: Mapping[Act, Doing] = {
    Act.ASSIGN: Doing(_someone, _kept, _assign, _unassign),
    Act.TAG: Doing(
        _tag,
        lambda session, given, ids: dict.fromkeys(_tagged(session, given, ids), TAGGED),
        _put_tag,
        lambda session, given, account_id, _, actor: _take_tag(session, given, account_id, actor),
    ),
    Act.UNTAG: Doing(
        _tag,
        lambda session, given, ids: dict.fromkeys(set(ids) - _tagged(session, given, ids), UNTAGGED),
        _take_tag,
        lambda session, given, account_id, _, actor: _put_tag(session, given, account_id, actor),
    ),
    Act.PAUSE: Doing(_why, lambda session, given, ids: dict.fromkeys(_held(session, ids), HELD), _pause, _unpause),
    Act.RESUME: Doing(
        _why, lambda session, given, ids: dict.fromkeys(set(ids) - _held(session, ids), HAS_NONE), _resume
    ),
    Act.NOTE: Doing(_words, lambda session, given, ids: {}, _note, _unnote),
    Act.STATEMENT: Doing(lambda session, given: {}, outward.told_already, outward.send_statement),
    Act.HANDOFF: Doing(outward.which_partner, outward.not_to_hand_over, outward.hand_over, most=outward.MOST_HANDOFFS),
}
"""How each act is gone about. Letting reminders go on is not undone: what was held is history, with its reason."""
FOR_GOOD = {
    Act.RESUME: N_("This cannot be undone at once: hold reminders again where it was a mistake."),
    Act.STATEMENT: N_("This cannot be undone: what was sent is sent."),
    Act.HANDOFF: N_("This cannot be undone at once: decline each proposal that was a mistake."),
}
"""Of what is not undone, what can be done instead."""
