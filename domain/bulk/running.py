"""Running: an act on many accounts is looked at first, asked for, done one by one, and undone where it can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, ClassVar

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import ACCOUNTS
from domain.audit.recording import record
from domain.bulk.acts import DOING, NEEDS, Act, Given
from domain.bulk.model import BULK_ROWS, BULK_RUNS, RowState
from domain.outbox.sending import Message, add
from domain.shared.actor import Actor
from domain.shared.chunking import chunks
from domain.shared.db.inserting import insert_all
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import Database, now
from domain.shared.errors import N_, Conflict, Invalid, NotAllowed, NotFound, Refused
from domain.shared.hashing import canonical
from domain.shared.words import Words
from domain.staff import queries as staff
from domain.staff.model import Role
from domain.staff.permissions import may, require

MOST = 5_000
"""Accounts of one run."""
AT_ONCE = 50
"""Accounts that one message works on, each in a transaction of its own."""
NOT_KEPT = "words"
"""What a run is given and forgets once it is through: the words of notes are in the notes, and gone with them."""
TYPED = frozenset({"words", "why"})
"""What a run is given in somebody's own words, which may be mended after they have looked."""
NO_SUCH_RUN = N_("We could not find that.")
NO_LONGER_ALLOWED = N_("Whoever asked for it may not do this any more.")


class WorkOn(Message, frozen=True):
    """Go on with a run after this row: do it, or undo it."""

    kind: ClassVar[str] = "work_on_bulk"
    run_id: int
    after: int = 0
    undo: bool = False
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an act would do: on so many accounts, and not on these, with why."""

    act: Act
    given: dict[str, Any]
    will: Sequence[int]
    refused: dict[int, Words]

    @property
    def fingerprint(self) -> str:
        """What somebody saw: the same while the act, what was chosen for it, and what becomes of each account are."""
        chosen = {name: value for name, value in self.given.items() if name not in TYPED}
        return sha256(canonical([self.act.value, chosen, list(self.will), sorted(self.refused)]).encode()).hexdigest()


def look_ahead(session: Session, act: Act, given: Given, account_ids: Sequence[int], *, role: Role) -> Outlook:
    """What an act would do on these accounts now.

    NotAllowed; Invalid for what it is given, or too many accounts; NotFound where one of them is none.
    """
    require(role, NEEDS[act])
    ids = sorted(set(account_ids))
    if not ids:
        raise Invalid(N_("Tick at least one account."))
    most = DOING[act].most or MOST
    if len(ids) > most:
        raise Invalid(N_("At most {most} accounts can be worked on at once. Narrow the list."), most=most)
    kept = DOING[act].checked(session, given)
    refused: dict[int, Words] = {}
    for some in chunks(ids):
        there = select(func.count()).select_from(ACCOUNTS).where(ACCOUNTS.c.id.in_(some))
        if session.scalars(there).one() != len(some):
            raise NotFound(accounts.NO_SUCH_ACCOUNT)
        refused |= DOING[act].refused(session, kept, some)
    return Outlook(act, kept, [one for one in ids if one not in refused], refused)


def ask(session: Session, outlook: Outlook, *, role: Role, actor: Actor) -> int:
    """Have what was looked at done in the background, on each account as it stands then; returns the run's id."""
    act = outlook.act
    require(role, NEEDS[act])
    run = {"act": act.value, "given": outlook.given, "staff_id": actor.id, "asked_at": now(session)}
    run_id = int(session.execute(insert(BULK_RUNS).returning(BULK_RUNS.c.id), run).scalar_one())
    rows = [
        {"run_id": run_id, "account_id": one, "state": RowState.WAITS, "words": None, "made": None}
        for one in sorted({*outlook.will, *outlook.refused})
    ]
    insert_all(session, BULK_ROWS, rows)
    record(
        session, "bulk.asked", actor=actor, subject=("bulk_run", run_id), after={"act": act.value, "count": len(rows)}
    )
    add(session, WorkOn(run_id, address=actor.address))
    return run_id


def ask_back(session: Session, run_id: int, *, role: Role, actor: Actor) -> None:
    """Have what was done undone in the background. NotFound; Conflict where it runs still, or cannot be undone."""
    run = session.execute(select(BULK_RUNS).where(BULK_RUNS.c.id == run_id).with_for_update()).one_or_none()
    if run is None:
        raise NotFound(NO_SUCH_RUN)
    require(role, NEEDS[Act(run.act)])
    if run.ended_at is None:
        raise Conflict(N_("It is still under way."))
    if DOING[Act(run.act)].undo is None or not counts(session, run_id).get(RowState.DONE):
        raise Conflict(N_("There is nothing here that can be undone."))
    undoing = {"given": {**run.given, "undone_by": actor.id}, "ended_at": None}
    session.execute(update(BULK_RUNS).where(BULK_RUNS.c.id == run_id).values(undoing))
    record(session, "bulk.undo_asked", actor=actor, subject=("bulk_run", run_id), after={"act": run.act})
    add(session, WorkOn(run_id, undo=True, address=actor.address))


def work_on(database: Database, message: WorkOn) -> None:
    """Do, or undo, the next rows of a run, each in a transaction of its own, and leave the rest to another message.

    Safe to repeat: a row that was worked on is not worked on again.
    """
    wanted = RowState.DONE if message.undo else RowState.WAITS
    with database.reading() as session:
        run = _run(session, message.run_id)
        waiting = (BULK_ROWS.c.run_id == run.id, BULK_ROWS.c.id > message.after, BULK_ROWS.c.state == wanted)
        ids = session.scalars(select(BULK_ROWS.c.id).where(*waiting).order_by(BULK_ROWS.c.id).limit(AT_ONCE)).all()
    for row_id in ids:
        _work_on_one(database, run, row_id, wanted, message)
    with database.transaction() as session:
        if len(ids) == AT_ONCE:
            add(session, WorkOn(run.id, ids[-1], message.undo, message.address))
            return
        states = counts(session, run.id)
        ended: dict[str, Any] = {"ended_at": now(session)}
        if not states.get(RowState.WAITS):
            ended["given"] = {name: value for name, value in run.given.items() if name != NOT_KEPT}
        ending = update(BULK_RUNS).where(BULK_RUNS.c.id == run.id, BULK_RUNS.c.ended_at.is_(None)).values(ended)
        if session.execute(ending.returning(BULK_RUNS.c.id)).one_or_none() is not None:
            done = {state.value: count for state, count in states.items()}
            after = {"act": run.act, "count": done.get(RowState.UNDONE if message.undo else RowState.DONE, 0)}
            act = "bulk.undone" if message.undo else "bulk.ended"
            record(session, act, actor=_actor(run, message), subject=("bulk_run", run.id), after=after)


def runs(session: Session, *, before: int | None = None, limit: int = 50) -> AnyRows:
    """The latest runs, newest first; `before` is the id of the last one seen."""
    wanted = select(BULK_RUNS).order_by(BULK_RUNS.c.id.desc()).limit(limit)
    return session.execute(wanted if before is None else wanted.where(BULK_RUNS.c.id < before)).all()


def run(session: Session, run_id: int) -> AnyRow:
    """One run; NotFound where there is none."""
    return _run(session, run_id)


def counts(session: Session, run_id: int) -> dict[RowState, int]:
    """How many rows of a run are in each state."""
    many = select(BULK_ROWS.c.state, func.count()).where(BULK_ROWS.c.run_id == run_id).group_by(BULK_ROWS.c.state)
    return {row[0]: row[1] for row in session.execute(many)}


def rows(session: Session, run_id: int, *, after: int = 0, limit: int = 100) -> AnyRows:
    """The rows of a run in their order, after the one with this id."""
    wanted = select(BULK_ROWS).where(BULK_ROWS.c.run_id == run_id, BULK_ROWS.c.id > after)
    return session.execute(wanted.order_by(BULK_ROWS.c.id).limit(limit)).all()


def _run(session: Session, run_id: int) -> AnyRow:
    found = session.execute(select(BULK_RUNS).where(BULK_RUNS.c.id == run_id)).one_or_none()
    if found is None:
        raise NotFound(NO_SUCH_RUN)
    return found


def _work_on_one(database: Database, run: AnyRow, row_id: int, wanted: RowState, message: WorkOn) -> None:
    try:
        with database.transaction() as session:
            row = _taken(session, row_id, wanted)
            if row is not None:
                _apply(session, run, row, message)
    except Refused as refused:
        with database.transaction() as session:
            row = _taken(session, row_id, wanted)
            if row is not None:
                state = row.state if message.undo else RowState.REFUSED
                _note_down(session, row_id, state=state, words=_words(refused))


def _taken(session: Session, row_id: int, wanted: RowState) -> AnyRow | None:
    """The row under a lock, where nobody has worked on it meanwhile; its account is locked first, as everywhere."""
    accounts.lock(session, session.scalars(select(BULK_ROWS.c.account_id).where(BULK_ROWS.c.id == row_id)).one())
    held = select(BULK_ROWS).where(BULK_ROWS.c.id == row_id, BULK_ROWS.c.state == wanted).with_for_update()
    return session.execute(held).one_or_none()


def _apply(session: Session, run: AnyRow, row: AnyRow, message: WorkOn) -> None:
    act, actor = Act(run.act), _actor(run, message)
    doer = staff.active(session, actor.id or 0)
    if doer is None or not may(doer.role, NEEDS[act]):
        raise NotAllowed(NO_LONGER_ALLOWED)
    doing = DOING[act]
    if message.undo:
        assert doing.undo is not None
        doing.undo(session, run.given, row.account_id, row.made, actor)
        _note_down(session, row.id, state=RowState.UNDONE, words=None)
        return
    if why := doing.refused(session, run.given, [row.account_id]).get(row.account_id):
        raise Conflict(why.text, field=None, **dict[str, Any](why.params))
    made = doing.do(session, run.given, row.account_id, actor)
    _note_down(session, row.id, state=RowState.DONE, words=None, made=made)


def _note_down(session: Session, row_id: int, **values: object) -> None:
    session.execute(update(BULK_ROWS).where(BULK_ROWS.c.id == row_id).values(**values))


def _actor(run: AnyRow, message: WorkOn) -> Actor:
    staff_id = run.given.get("undone_by") if message.undo else run.staff_id
    return Actor.staff(staff_id, message.address)


def _words(refused: Refused) -> dict[str, Any]:
    params = {name: value if isinstance(value, (str, int)) else str(value) for name, value in refused.params.items()}
    return {"text": refused.text, "params": params}
