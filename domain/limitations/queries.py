"""Queries: the last day of each debt, which ones end soon, and which can no longer be enforced."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Select, SQLColumnExpression, and_, or_, select, union_all
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.limitations.clock import State, add_years
from domain.limitations.facts import Timed, is_restarted, jurisdiction_of, laws, timed
from domain.limitations.model import LimitationEvent, LimitationLaw
from domain.limitations.rules import PROTECTED, Rule, RunsFrom, YearEnd, rules
from domain.receivables.model import Invoice, InvoiceStatus
from domain.shared.chunking import chunks
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import business, today

A_DAY, A_YEAR = timedelta(days=1), timedelta(days=366)
STARTS: Mapping[RunsFrom, SQLColumnExpression[date]] = {
    RunsFrom.DUE: Invoice.due_on,
    RunsFrom.ISSUED: Invoice.issued_on,
}
"""The day on which the time of an invoice begins."""


@dataclass(frozen=True, slots=True)
class Span:
    """Rules that reckon alike as far as a query has to know: how many years, from which day, and to which."""

    years: int
    runs_from: RunsFrom
    year_end: YearEnd


Spans = Mapping[Span, Sequence[tuple[Rule, bool]]]
"""The rules of each span, with whether they are for those whom the law protects."""
Day = Callable[[Span], date]
"""A day for each span: the first or the last on which the time of an invoice may have begun."""


def clock_of(session: Session, invoice_id: int) -> Timed:
    """The time of one invoice."""
    return timed(session, [invoice_id])[invoice_id]


def last_days(session: Session, invoice_ids: Iterable[int]) -> dict[int, date | None]:
    """The last day on which each of these invoices can be enforced; None where none can be named.

    Five queries, however many they are (up to two thousand at a time).
    """
    return {invoice_id: one.last_on for invoice_id, one in timed(session, invoice_ids).items()}


def ending(session: Session, *, within_days: int, accounts: Collection[int] | None = None) -> list[Timed]:
    """The open debts (of these accounts) whose last day is today or within so many days, the first to end first."""
    day = today(session)
    last = day + timedelta(days=within_days)
    found = timed(session, _near(session, day, last, accounts)).values()
    near = [one for one in found if _ends(one, day, last)]
    return sorted(near, key=lambda one: (one.last_on or last, one.account_id, one.invoice_id))


def over(session: Session, *, accounts: Collection[int] | None = None, most: int | None = None) -> list[Timed]:
    """The open debts that can no longer be enforced (of these accounts), the oldest first; at most so many."""
    day = today(session)
    wanted = _open_under(session, lambda span: add_years(day, -span.years) - A_DAY)
    if accounts is not None:
        wanted = wanted.where(Invoice.account_id.in_(accounts))
    barred: list[Timed] = []
    for some in chunks(session.scalars(wanted.order_by(Invoice.due_on, Invoice.id)).all()):
        found = timed(session, some)
        barred += [found[invoice_id] for invoice_id in some if found[invoice_id].is_barred(day)]
        if most is not None and len(barred) >= most:
            return barred[:most]
    return barred


def law(session: Session, account_id: int) -> AnyRow | None:
    """The law that staff have set for an account: `jurisdiction`, `why`, when and by whom; None where they have not."""
    return session.execute(
        select(
            LimitationLaw.jurisdiction,
            LimitationLaw.why,
            LimitationLaw.recorded_at,
            LimitationLaw.actor_kind,
            LimitationLaw.actor_id,
        )
        .where(LimitationLaw.account_id == account_id)
        .order_by(LimitationLaw.id.desc())
        .limit(1)
    ).one_or_none()


def jurisdiction(session: Session, account_id: int) -> str:
    """Whose law the debts of an account are under: what staff have set, else its country's, else ours."""
    said = laws()
    found: str = session.scalars(
        select(jurisdiction_of(said, business(session).country))
        .select_from(Account)
        .outerjoin(said, said.c.account_id == Account.id)
        .where(Account.id == account_id)
    ).one()
    return found


def events(session: Session, account_id: int) -> AnyRows:
    """What was recorded of an account's time, the newest first, with the invoice that it is about, if one."""
    return session.execute(
        select(
            LimitationEvent.id,
            LimitationEvent.act,
            LimitationEvent.happened_on,
            LimitationEvent.note,
            LimitationEvent.document_id,
            LimitationEvent.recorded_at,
            LimitationEvent.actor_kind,
            LimitationEvent.actor_id,
            Invoice.number,
        )
        .outerjoin(Invoice, Invoice.id == LimitationEvent.invoice_id)
        .where(LimitationEvent.account_id == account_id)
        .order_by(LimitationEvent.id.desc())
    ).all()


def _ends(one: Timed, day: date, last: date) -> bool:
    clock = one.clock
    return (
        clock is not None
        and clock.last_on is not None
        and clock.state(day) is State.RUNNING
        and day <= clock.last_on <= last
    )


def _near(session: Session, day: date, last: date, accounts: Collection[int] | None) -> list[int]:
    """The open invoices whose last day may be from `day` through `last`: all that are, and few others.

    Their time began early enough for it, and late enough, unless something is known to have moved it since.
    """

    def recent(span: Span) -> date:
        slack = A_YEAR if span.year_end is not YearEnd.NEVER else timedelta()
        return add_years(day, -span.years) - slack

    wanted = _open_under(session, lambda span: add_years(last, -span.years), recent)
    return list(session.scalars(wanted if accounts is None else wanted.where(Invoice.account_id.in_(accounts))))


def _open_under(session: Session, latest: Day, recent: Day | None = None) -> Select[int]:
    """The ids of the open invoices whose time began on the latest day or before it, by the law that each is under.

    Those whose time began before the `recent` day are left out, unless something is known to have moved it since.
    """
    by_start: dict[RunsFrom, list[Span]] = {}
    spans = _spans()
    for span in spans:
        by_start.setdefault(span.runs_from, []).append(span)
    each = [
        _began(session, STARTS[runs_from], {span: spans[span] for span in alike}, latest, recent)
        for runs_from, alike in by_start.items()
    ]
    return select(Invoice.id).where(Invoice.id.in_(union_all(*each)))


def _began(
    session: Session, start: SQLColumnExpression[date], spans: Spans, latest: Day, recent: Day | None
) -> Select[int]:
    """Those of which the time runs from one of the two days. What all have in common is asked first: few are so old."""
    said = laws()
    under = jurisdiction_of(said, business(session).country)
    whose = {
        span: or_(
            *(
                and_(
                    under == rule.jurisdiction,
                    Account.legal_form.in_(PROTECTED) if protected else Account.legal_form.not_in(PROTECTED),
                )
                for rule, protected in of_it
            ),
        )
        for span, of_it in spans.items()
    }
    lately = [and_(of_it, start >= recent(span)) for span, of_it in whose.items()] if recent is not None else []
    return (
        select(Invoice.id)
        .join(Account, Account.id == Invoice.account_id)
        .outerjoin(said, said.c.account_id == Account.id)
        .where(Invoice.open_minor > 0, Invoice.status == InvoiceStatus.ISSUED, start <= max(map(latest, spans)))
        .where(or_(*(and_(of_it, start <= latest(span)) for span, of_it in whose.items())))
        .where(*([or_(*lately, is_restarted())] if lately else []))
    )


def _spans() -> Spans:
    found: dict[Span, list[tuple[Rule, bool]]] = {}
    for (_, protected), rule in rules().items():
        found.setdefault(Span(rule.years, rule.runs_from, rule.year_end), []).append((rule, protected))
    return found
