"""Filtering: which accounts are in the list: by words, lateness, tags, who looks after them, and what goes on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, exists, false, func, select, true
from sqlalchemy.orm import Session

from domain.accounts import searching
from domain.accounts.model import ACCOUNTS
from domain.accounts.searching import Found
from domain.assignments.model import ASSIGNMENTS
from domain.assignments.queries import responsible
from domain.disputes.model import LIVE, Dispute
from domain.notes.queries import accounts_tagged
from domain.placements.model import PLACED, Placement
from domain.plans.model import RUNNING, PaymentPlan
from domain.receivables import queries as receivables
from domain.receivables.model import Invoice, InvoiceStatus
from domain.shared.db.session import today
from domain.shared.errors import N_
from domain.staff.model import STAFF
from domain.stops import queries as stops
from domain.stops.model import StopKind


class Amount(StrEnum):
    """The amounts by which accounts are listed."""

    OPEN = "open"
    LATE = "late"


class GoingOn(StrEnum):
    """What goes on with an account."""

    PLAN = "plan"
    DISPUTE = "dispute"
    PLACED = "placed"
    HELD = "held"


GOING_ON_NAMES = {
    GoingOn.PLAN: N_("A payment plan runs"),
    GoingOn.DISPUTE: N_("Something is disputed"),
    GoingOn.PLACED: N_("Handed to an agency or attorney"),
    GoingOn.HELD: N_("Reminders are held by staff"),
}
"""What each is called on the screen."""
NOBODY = 0
"""Stands for the accounts that nobody looks after."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which accounts: those for which all of it is true; what is empty says nothing.

    `keeper_id` is who looks after them today, `NOBODY` for those that nobody does. `least` and `most` bound what is
    open in minor units, whatever the currency, both included.
    """

    words: str = ""
    is_late: bool = False
    tag: str = ""
    keeper_id: int | None = None
    team: str = ""
    country: str = ""
    going_on: GoingOn | None = None
    least: int | None = None
    most: int | None = None


def listed(
    session: Session,
    wanted: Filter,
    *,
    by: Amount | None = None,
    after: tuple[str | int, int] | None = None,
    limit: int = 50,
) -> list[Found]:
    """A page of the accounts that a filter lets through, by name or the greatest amount first.

    `after` is the name, or the amount (0 for none), and the id of the last one seen. Where the list goes by
    amounts, the same adding up says what is late, and whether what is open lies between the bounds.
    """
    also = receivables.accounts_with_invoice(session, wanted.words) if wanted.words else ()
    if by is None:
        among = _selected(_conditions(session, wanted))
        return searching.search(session, wanted.words, also=also, among=among, after=after, limit=limit)
    beside = replace(wanted, is_late=False, least=None, most=None)
    amounts = receivables.owing_accounts(
        session, only_late=by is Amount.LATE, that_are_late=wanted.is_late, least=wanted.least, most=wanted.most
    )
    return searching.search(
        session,
        wanted.words,
        also=also,
        among=_selected(_conditions(session, beside)),
        by=amounts,
        others=_without(wanted, by),
        after=after,
        limit=limit,
    )


def _selected(conditions: list[ColumnElement[bool]]) -> Select[int] | None:
    return select(ACCOUNTS.c.id).where(*conditions) if conditions else None


def _without(wanted: Filter, by: Amount) -> Select[int] | None:
    """Those who may follow after the accounts that have the amount; None where nobody can."""
    if wanted.is_late or (by is Amount.OPEN and wanted.least):
        return None
    bounded = wanted.least or wanted.most is not None
    return select(ACCOUNTS.c.id).where(*([_owing(wanted.least, wanted.most)] if bounded else []))


def matching(session: Session, wanted: Filter) -> Select[int]:
    """Selects the accounts that a filter lets through, its words and a whole invoice's number included."""
    if not wanted.words:
        return select(ACCOUNTS.c.id).where(*_conditions(session, wanted))
    holding = select(ACCOUNTS.c.id).where(*searching.holding(session, wanted.words), *_conditions(session, wanted))
    also = receivables.accounts_with_invoice(session, wanted.words)
    if not also:
        return holding
    theirs = select(ACCOUNTS.c.id).where(ACCOUNTS.c.id.in_(also), *_conditions(session, wanted))
    return select(holding.union(theirs).subquery().c.id)


def how_many(session: Session, wanted: Filter, *, most: int) -> int:
    """How many accounts a filter lets through; `most` + 1 where there are more."""
    found = matching(session, wanted).limit(most + 1).subquery()
    return session.execute(select(func.count()).select_from(found)).scalar_one()


def _conditions(session: Session, wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.is_late:
        found.append(ACCOUNTS.c.id.in_(receivables.late_accounts(session)))
    if wanted.tag:
        found.append(ACCOUNTS.c.id.in_(accounts_tagged(wanted.tag)))
    if wanted.country:
        found.append(ACCOUNTS.c.country == wanted.country)
    if wanted.going_on is not None:
        found.append(_going_on(session, wanted.going_on))
    if wanted.least or wanted.most is not None:
        found.append(_owing(wanted.least, wanted.most))
    return found + _kept_by(session, wanted)


def _kept_by(session: Session, wanted: Filter) -> list[ColumnElement[bool]]:
    if wanted.keeper_id == NOBODY:
        return [~exists().where(ASSIGNMENTS.c.account_id == ACCOUNTS.c.id)]
    found: list[ColumnElement[bool]] = []
    kept = responsible(today(session))
    if wanted.keeper_id is not None:
        found.append(ACCOUNTS.c.id.in_(select(kept.c.account_id).where(kept.c.staff_id == wanted.keeper_id)))
    if wanted.team:
        members = select(STAFF.c.id).where(STAFF.c.team == wanted.team)
        found.append(ACCOUNTS.c.id.in_(select(kept.c.account_id).where(kept.c.staff_id.in_(members))))
    return found


def _going_on(session: Session, what: GoingOn) -> ColumnElement[bool]:
    if what is GoingOn.PLAN:
        return ACCOUNTS.c.id.in_(select(PaymentPlan.account_id).where(PaymentPlan.status.in_(RUNNING)))
    if what is GoingOn.DISPUTE:
        return ACCOUNTS.c.id.in_(select(Dispute.account_id).where(Dispute.status.in_(LIVE)))
    if what is GoingOn.PLACED:
        return ACCOUNTS.c.id.in_(select(Placement.account_id).where(Placement.status.in_(PLACED)))
    return ACCOUNTS.c.id.in_(stops.accounts_on([StopKind.MANUAL], today(session)))


def _owing(least: int | None, most: int | None) -> ColumnElement[bool]:
    """What is open lies between the two; with `least` of nothing, accounts that owe nothing are there too.

    What is open is added up once, by an index; then accounts are read in the order of the list, as far as it goes.
    """
    owed = func.sum(Invoice.open_minor)
    still = select(Invoice.account_id).where(Invoice.open_minor > 0, Invoice.status == InvoiceStatus.ISSUED)
    each = still.group_by(Invoice.account_id)
    if least:
        bounds = [owed >= least, *([owed <= most] if most is not None else [])]
        return ACCOUNTS.c.id.in_(each.having(*bounds)).is_(true())
    return ACCOUNTS.c.id.in_(each.having(owed > most)).is_(false())
