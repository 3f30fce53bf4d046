"""Timeline: all that happened on an account, newest first: the entries of its ledger and the acts of people, as one.

Two sorted lists are merged a page at a time, each with a place of its own, so that a page costs the same however long
the history is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit.model import AUDIT_ENTRIES
from domain.audit.queries import Act, acts_on_account
from domain.documents.model import DOCUMENTS
from domain.ledger.chart import LedgerAccount
from domain.ledger.model import ENTRIES, POSTINGS, STREAMS
from domain.notes import queries as notes
from domain.notices import queries as notices
from domain.placements.people import queries as people
from domain.reporting.act_words import Topic
from domain.reporting.acts import ACT_WORDS, acts_about, tell
from domain.shared.actor import ActorKind
from domain.shared.clock import end_of_day, start_of_day
from domain.shared.db.session import business
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words
from domain.staff import queries as staff
from domain.statements.wording import Said, Subject, SubjectKind, say

WHO = {
    ActorKind.PROCESSOR: N_("the payment processor"),
    ActorKind.WORKER: N_("by itself"),
    ActorKind.OPERATOR: N_("the operator"),
    ActorKind.VISITOR: N_("a visitor"),
    ActorKind.API_KEY: N_("another system"),
    ActorKind.PAY_LINK: N_("whoever holds a pay link"),
    ActorKind.PARTNER: N_("the partner who has the debt"),
}
"""What those are called who have no name."""
LOOKED_THROUGH_AT_ONCE = 200
MOST_LOOKED_THROUGH = 1_000
"""So many happenings are read for one page when words are looked for: as many again are one link away."""
ICONS = {SubjectKind.INVOICE: "invoice", SubjectKind.CREDIT_NOTE: "invoice", SubjectKind.PAYMENT: "card"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends: the last entry's number in its stream, and the last act's id; None before the first."""

    entry: int | None = None
    act: int | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened; `who` is a name, or a message id where `who_has_no_name`.

    `about` is the kind and the id of what an act was done to.
    """

    at: datetime
    icon: str
    words: Words
    who: str | None
    who_has_no_name: bool
    amount: Money | None
    effective_on: date | None
    subject: Subject | None
    about: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What of a timeline is wanted besides a topic.

    `by` is the kind and the id of who did it; `first` and `last` are days in the business's zone, both included; `says`
    tells whether a happening has the words that are looked for, as its reader sees it.
    """

    by: tuple[ActorKind, int] | None = None
    first: date | None = None
    last: date | None = None
    says: Callable[[Happening], bool] | None = None


@dataclass(frozen=True, slots=True)
class Timeline:
    """One page of it, and where the next begins."""

    happenings: list[Happening]
    following: Place | None


def timeline(
    session: Session,
    account_id: int,
    topic: Topic,
    *,
    narrowed: Narrowed | None = None,
    after: Place | None = None,
    limit: int = 20,
) -> Timeline:
    """A page of what happened on an account, about one topic or all; `narrowed` leaves more of it out.

    Where words are looked for, a page ends after `MOST_LOOKED_THROUGH` happenings, whatever it has found by then.
    """
    wanted = narrowed or Narrowed()
    at_once = limit if wanted.says is None else LOOKED_THROUGH_AT_ONCE
    place, found, looked, more = after or Place(), list[Happening](), 0, True
    while more and len(found) < limit and looked < MOST_LOOKED_THROUGH:
        rows, more = _rows(session, account_id, topic, wanted, place, at_once)
        entries = [row for row in rows if not isinstance(row, Act)]
        acts = [row for row in rows if isinstance(row, Act)]
        looked += len(rows)
        for row, happening in zip(rows, _told(session, account_id, rows, entries, acts), strict=True):
            if len(found) == limit:
                more = True
                break
            place = Place(place.entry, row.id) if isinstance(row, Act) else Place(row.seq, place.act)
            if wanted.says is None or wanted.says(happening):
                found.append(happening)
    return Timeline(found, place if more else None)


def people_on(session: Session, account_id: int) -> list[tuple[ActorKind, int, str]]:
    """Those with a name who have done something on an account: their kind, id and name, by name."""
    wanted = select(AUDIT_ENTRIES.c.actor_kind, AUDIT_ENTRIES.c.actor_id).where(
        AUDIT_ENTRIES.c.account_id == account_id, AUDIT_ENTRIES.c.actor_id.is_not(None)
    )
    seen = [(ActorKind(kind), number) for kind, number in session.execute(wanted.distinct())]
    named = {
        ActorKind.STAFF: staff.names(session, {number for kind, number in seen if kind is ActorKind.STAFF}),
        ActorKind.LOGIN: accounts.login_names(session, {number for kind, number in seen if kind is ActorKind.LOGIN}),
        ActorKind.PARTNER: people.names_with_firms(
            session, {number for kind, number in seen if kind is ActorKind.PARTNER}
        ),
    }
    found = [(kind, number, named[kind][number]) for kind, number in seen if number in named.get(kind, {})]
    return sorted(found, key=lambda one: (one[2], one[1]))


def happenings(session: Session, account_id: int, acts: Sequence[Act]) -> list[Happening]:
    """What these acts on an account are called, each with who did it, in the order given."""
    return _told(session, account_id, acts, (), acts)


def _merged(entries: Sequence[Any], acts: Sequence[Act]) -> Iterator[Any]:
    """Newest first; of the same instant the entry before the act that led to it."""
    left, right = 0, 0
    while left < len(entries) or right < len(acts):
        take_entry = right >= len(acts) or (left < len(entries) and entries[left].recorded_at >= acts[right].at)
        if take_entry:
            yield entries[left]
            left += 1
        else:
            yield acts[right]
            right += 1


def _rows(
    session: Session, account_id: int, topic: Topic, wanted: Narrowed, place: Place, limit: int
) -> tuple[list[Any], bool]:
    """Entries and acts as one list, and whether there are more behind it."""
    since, until = _span(session, wanted)
    with_money = topic in (Topic.ALL, Topic.MONEY)
    entries = _entries(session, account_id, wanted, since, until, place.entry, limit + 1) if with_money else []
    acts = _acts(session, account_id, topic, wanted, since, until, place.act, limit + 1)
    return list(islice(_merged(entries, acts), limit)), len(entries) + len(acts) > limit


def _span(session: Session, wanted: Narrowed) -> tuple[datetime | None, datetime | None]:
    """From when on and before when, where days were named."""
    zone = business(session).time_zone
    since = start_of_day(wanted.first, zone) if wanted.first else None
    until = end_of_day(wanted.last, zone) if wanted.last else None
    return since, until


def _entries(
    session: Session,
    account_id: int,
    narrowed: Narrowed,
    since: datetime | None,
    until: datetime | None,
    before: int | None,
    limit: int,
) -> Sequence[Any]:
    stream = select(STREAMS.c.id).where(STREAMS.c.account_id == account_id).scalar_subquery()
    amount = (
        select(func.sum(POSTINGS.c.amount).cast(POSTINGS.c.amount.type))
        .where(POSTINGS.c.entry_id == ENTRIES.c.id, POSTINGS.c.ledger_account == LedgerAccount.RECEIVABLE.value)
        .scalar_subquery()
    )
    currency = select(STREAMS.c.currency).where(STREAMS.c.account_id == account_id).scalar_subquery()
    wanted = select(
        ENTRIES.c.id,
        ENTRIES.c.seq,
        ENTRIES.c.kind,
        ENTRIES.c.source,
        ENTRIES.c.effective_on,
        ENTRIES.c.recorded_at,
        amount.label("amount"),
        currency.label("currency"),
    ).where(ENTRIES.c.stream_id == stream)
    if before is not None:
        wanted = wanted.where(ENTRIES.c.seq < before)
    if since is not None:
        wanted = wanted.where(ENTRIES.c.recorded_at >= since)
    if until is not None:
        wanted = wanted.where(ENTRIES.c.recorded_at < until)
    if narrowed.by is not None:
        kind, number = narrowed.by
        caused = select(AUDIT_ENTRIES.c.entry_id).where(
            AUDIT_ENTRIES.c.account_id == account_id,
            AUDIT_ENTRIES.c.actor_kind == kind,
            AUDIT_ENTRIES.c.actor_id == number,
            AUDIT_ENTRIES.c.entry_id.is_not(None),
        )
        wanted = wanted.where(ENTRIES.c.id.in_(caused))
    return session.execute(wanted.order_by(ENTRIES.c.seq.desc()).limit(limit)).all()


def _acts(
    session: Session,
    account_id: int,
    topic: Topic,
    narrowed: Narrowed,
    since: datetime | None,
    until: datetime | None,
    before: int | None,
    limit: int,
) -> list[Act]:
    position = None
    if before is not None:
        at = session.scalar(select(AUDIT_ENTRIES.c.at).where(AUDIT_ENTRIES.c.id == before))
        if at is None:
            return []
        position = (at, before)
    return acts_on_account(
        session,
        account_id,
        acts=acts_about(topic),
        by=narrowed.by,
        since=since,
        until=until,
        after=position,
        limit=limit,
    )


def _told(
    session: Session, account_id: int, page: Sequence[Any], entries: Sequence[Any], acts: Sequence[Act]
) -> list[Happening]:
    said = dict(zip((row.id for row in entries), say(session, entries), strict=True))
    actors = _actors(session, account_id, entries)
    kinds = [(act.actor_kind, act.actor_id) for act in acts] + list(actors.values())
    names = _Names(session, kinds, acts)
    return [
        names.act(row) if isinstance(row, Act) else names.entry(row, said[row.id], actors.get(row.id)) for row in page
    ]


def _actors(session: Session, account_id: int, entries: Sequence[Any]) -> dict[int, tuple[str, int | None]]:
    """Who caused each entry, by the acts that were written down in the same instant."""
    if not entries:
        return {}
    rows = session.execute(
        select(AUDIT_ENTRIES.c.entry_id, AUDIT_ENTRIES.c.actor_kind, AUDIT_ENTRIES.c.actor_id).where(
            AUDIT_ENTRIES.c.account_id == account_id,
            AUDIT_ENTRIES.c.at.in_({row.recorded_at for row in entries}),
            AUDIT_ENTRIES.c.entry_id.is_not(None),
        )
    )
    return {row.entry_id: (row.actor_kind, row.actor_id) for row in rows}


class _Names:
    """What the people and papers on one page are called, each kind asked for once."""

    def __init__(self, session: Session, actors: Sequence[tuple[str, int | None]], acts: Sequence[Act]) -> None:
        def ids(kind: str) -> set[int]:
            return {number for found, number in actors if found == kind and number is not None}

        self.staff = staff.names(session, ids(ActorKind.STAFF))
        subjects = {int(act.subject_id) for act in acts if act.subject_kind == "login"}
        self.logins = accounts.login_names(session, ids(ActorKind.LOGIN) | subjects)
        self.partners = people.names_with_firms(session, ids(ActorKind.PARTNER))
        papers = {int(act.subject_id) for act in acts if act.subject_kind == "document"}
        rows = session.execute(select(DOCUMENTS.c.id, DOCUMENTS.c.filename).where(DOCUMENTS.c.id.in_(papers)))
        self.documents = {row.id: row.filename for row in rows} if papers else {}
        self.notes = notes.words_of(session, {int(act.subject_id) for act in acts if act.subject_kind == "note"})
        told = {int(act.subject_id) for act in acts if act.subject_kind == "notice"}
        self.notices = notices.parts(session, told) if told else {}

    def entry(self, row: Any, said: Said, actor: tuple[str, int | None] | None) -> Happening:
        """An entry of the ledger."""
        who, nameless = self._who(*actor) if actor else (None, False)
        icon = ICONS[said.subject.kind] if said.subject else "statement"
        amount = None if row.amount is None else Money(int(row.amount), row.currency)
        return Happening(row.recorded_at, icon, said.words, who, nameless, amount, row.effective_on, said.subject)

    def act(self, act: Act) -> Happening:
        """An act of somebody."""
        who, nameless = self._who(act.actor_kind, act.actor_id)
        about = None
        if act.subject_kind == "login":
            about = self.logins.get(int(act.subject_id))
        elif act.subject_kind == "document":
            about = self.documents.get(int(act.subject_id))
        elif act.subject_kind == "note":
            about = self.notes.get(int(act.subject_id))
        elif act.subject_kind == "notice":
            parts = self.notices[int(act.subject_id)]
            about = ", ".join(part.number for part in parts if part.asked_minor or act.act == "notice.suppressed")
        words, amount = tell(act, about)
        return Happening(
            act.at,
            ACT_WORDS[act.act].icon,
            words,
            who,
            nameless,
            amount,
            None,
            None,
            (act.subject_kind, act.subject_id),
        )

    def _who(self, kind: str, number: int | None) -> tuple[str | None, bool]:
        if kind == ActorKind.STAFF and number is not None:
            return self.staff.get(number), False
        if kind == ActorKind.LOGIN and number is not None:
            return self.logins.get(number), False
        if kind == ActorKind.PARTNER and number in self.partners:
            return self.partners[number], False
        return WHO[ActorKind(kind)], True
