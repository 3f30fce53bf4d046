"""Bulk views: what an act would do, how far a run is, and what became of each account, as the templates want it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backoffice.access import Officer
from domain.accounts import queries as accounts
from domain.bulk import running
from domain.bulk.acts import ACT_NAMES, DOING, FOR_GOOD, NEEDS, Act
from domain.bulk.model import RowState
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.words import Words
from domain.staff import queries as staff

PAGE = 100
LOOKED_AT = 200
"""Accounts that are shown of those on which nothing would be done, and of the others."""
ROW_BADGES = {
    RowState.WAITS: ("waiting", N_("Waits")),
    RowState.DONE: ("paid", N_("Done")),
    RowState.REFUSED: ("failed", N_("Not done")),
    RowState.UNDONE: ("void", N_("Undone")),
}
"""How each state is shown."""


@dataclass(frozen=True, slots=True)
class OutlookView:
    """What an act would do: on how many, and on which of them first; and on which not, with why."""

    count: int
    will: Sequence[tuple[int, str, str]]
    refused_count: int
    refused: Sequence[tuple[int, str, str, Words]]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class RunLink:
    """One run in the list of all."""

    id: int
    act: str
    about: str
    by: str
    at: datetime
    is_over: bool


@dataclass(frozen=True, slots=True)
class RowView:
    """What became of one account."""

    account_id: int
    number: str
    name: str
    badge: tuple[str, str]
    words: Words | None


@dataclass(frozen=True, slots=True)
class RunView:
    """A run: what it does, how far it is, its rows, whether it can be undone, and what to do where it cannot."""

    link: RunLink
    counts: Sequence[tuple[str, str, int]]
    total: int
    worked: int
    rows: Sequence[RowView]
    after: int | None
    is_undoing: bool
    may_undo: bool
    for_good: str | None


def acts_of(officer: Officer) -> list[Act]:
    """What somebody may do on many accounts."""
    return [act for act in Act if officer.may(NEEDS[act])]


def outlook_view(session: Session, outlook: running.Outlook) -> OutlookView:
    """What an act would do, with the names of the first accounts."""
    will, refused = list(outlook.will)[:LOOKED_AT], list(outlook.refused)[:LOOKED_AT]
    named = accounts.labels(session, [*will, *refused])
    return OutlookView(
        len(outlook.will),
        [(one, named[one].number, named[one].name) for one in will if one in named],
        len(outlook.refused),
        [(one, named[one].number, named[one].name, outlook.refused[one]) for one in refused if one in named],
        outlook.fingerprint,
    )


def run_links(session: Session, before: int | None) -> tuple[Sequence[RunLink], int | None]:
    """A page of runs, and the id after which the next one begins; None where there is none."""
    found = running.runs(session, before=before, limit=PAGE + 1)
    names = staff.names(session, {row.staff_id for row in found})
    links = [_link(row, names.get(row.staff_id, "")) for row in found[:PAGE]]
    return links, found[PAGE - 1].id if len(found) > PAGE else None


def run_view(session: Session, officer: Officer, run_id: int, after: int) -> RunView:
    """A run with a page of its rows. NotFound where there is none."""
    row = running.run(session, run_id)
    counts = running.counts(session, run_id)
    found = running.rows(session, run_id, after=after, limit=PAGE + 1)
    named = accounts.labels(session, [one.account_id for one in found])
    act, total = Act(row.act), sum(counts.values())
    is_undoing = "undone_by" in row.given and row.ended_at is None
    waiting = counts.get(RowState.DONE if is_undoing else RowState.WAITS, 0)
    is_undoable = DOING[act].undo is not None
    return RunView(
        link=_link(row, staff.names(session, [row.staff_id]).get(row.staff_id, "")),
        counts=[(*ROW_BADGES[state], counts[state]) for state in RowState if counts.get(state)],
        total=total,
        worked=total - waiting,
        rows=[
            RowView(
                one.account_id,
                named[one.account_id].number,
                named[one.account_id].name,
                ROW_BADGES[one.state],
                Words(one.words["text"], one.words["params"]) if one.words else None,
            )
            for one in found[:PAGE]
        ],
        after=found[PAGE - 1].id if len(found) > PAGE else None,
        is_undoing=is_undoing,
        may_undo=is_undoable
        and row.ended_at is not None
        and bool(counts.get(RowState.DONE))
        and officer.may(NEEDS[act]),
        for_good=FOR_GOOD.get(act),
    )


def _link(row: AnyRow, by: str) -> RunLink:
    given = row.given
    about = next((str(given[name]) for name in ("name", "tag", "why", "words") if name in given), "")
    return RunLink(row.id, ACT_NAMES[Act(row.act)], about[:120], by, row.asked_at, row.ended_at is not None)
