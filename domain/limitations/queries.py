"""Queries: the last day of each debt, which ones end soon, and which can no longer be enforced."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, false, or_, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.limitations.clock import State, add_years
from domain.limitations.facts import Timed, jurisdiction_of, laws, restarted, timed
from domain.limitations.model import LimitationEvent, LimitationLaw
from domain.limitations.rules import PROTECTED, Rule, RunsFrom, YearEnd, rules
from domain.receivables.model import Invoice, InvoiceStatus
from domain.shared.chunking import chunks
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import business, today

A_YEAR = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Span:
    """Rules that reckon alike as far as a query has to know: how many years, from which day, and to which."""

    years: int
    runs_from: RunsFrom
    year_end: YearEnd


Condition = Callable[[Span, SQLColumnExpression[date]], ColumnElement[bool]]
"""What is asked of an invoice whose rule is of a span, and whose time began in a column."""


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
    wanted = _open_under(session, lambda span, start: start < add_years(day, -span.years)).order_by(
        Invoice.due_on, Invoice.id
    )
    if accounts is not None:
        wanted = wanted.where(Invoice.account_id.in_(accounts))
    barred: list[Timed] = []
    for some in chunks(session.scalars(wanted).all()):
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

    def window(span: Span, start: SQLColumnExpression[date]) -> ColumnElement[bool]:
        slack = A_YEAR if span.year_end is not YearEnd.NEVER else timedelta()
        recent = start >= add_years(day, -span.years) - slack
        return and_(start <= add_years(last, -span.years), or_(recent, Invoice.id.in_(restarted())))

    wanted = _open_under(session, window)
    return list(session.scalars(wanted if accounts is None else wanted.where(Invoice.account_id.in_(accounts))))


def _open_under(
    session: Session, condition: Callable[[Span, SQLColumnExpression[date]], ColumnElement[bool]]
) -> Select[int]:
    """The ids of the open invoices that meet a condition on when their time began, by the law that each is under."""
    said = laws()
    under = jurisdiction_of(said, business(session).country)
    any_of: list[ColumnElement[bool]] = []
    for span, of_it in _spans().items():
        start = Invoice.issued_on if span.runs_from is RunsFrom.ISSUED else Invoice.due_on
        whose = or_(
            false(),
            *(
                and_(
                    under == rule.jurisdiction,
                    Account.legal_form.in_(PROTECTED) if protected else Account.legal_form.not_in(PROTECTED),
                )
                for rule, protected in of_it
            ),
        )
        any_of.append(and_(whose, condition(span, start)))
    return (
        select(Invoice.id)
        .join(Account, Account.id == Invoice.account_id)
        .outerjoin(said, said.c.account_id == Account.id)
        .where(Invoice.open_minor > 0, Invoice.status == InvoiceStatus.ISSUED, or_(*any_of))
    )


def _spans() -> dict[Span, list[tuple[Rule, bool]]]:
    found: dict[Span, list[tuple[Rule, bool]]] = {}
    for (_, protected), rule in rules().items():
        found.setdefault(Span(rule.years, rule.runs_from, rule.year_end), []).append((rule, protected))
    return found
