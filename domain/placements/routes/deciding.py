"""Deciding: which route the debts of an account take, with the reason and the figures that were there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.placements import again, candidates
from domain.placements.routes.calculating import Worked, ranked
from domain.placements.routes.model import ROUTE_NAMES, Route, RouteDecision
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRows
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.money import Money

LONGEST_REASON = 1_000
NOTHING_LATE = N_("Nothing of this account is late that nothing else holds: there is no way to choose.")
CHANGED = N_("What is late has changed meanwhile: it is {owed} now. Look at the figures again.")


@dataclass(frozen=True, slots=True)
class Owing:
    """What of an account is late and held by nothing, and for how many days the oldest and the youngest of it are.

    `again`: some of it was placed before.
    """

    owed: Money
    late_days: int
    youngest_days: int
    again: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """What somebody chose, why, and the figures: `inputs` says of each route what was put in and where it is from."""

    chosen: Route
    reason: str
    worked: Sequence[Worked]
    inputs: Mapping[str, Mapping[str, Any]]


def owing(session: Session, account_id: int) -> Owing:
    """What the routes are about today."""
    case = candidates.cases(session, [account_id])[account_id]
    free = [late for late in case.late if not late.held and not late.paying]
    late_days = [(today(session) - late.due_on).days for late in free]
    total = Money.sum((late.open for late in free), case.currency)
    is_again = again.turn(session, [late.invoice_id for late in free]) > 1
    return Owing(total, max(late_days, default=0), min(late_days, default=0), is_again)


def decide(session: Session, account_id: int, decided: Decided, *, actor: Actor) -> RouteDecision:
    """Keep which way was chosen. It starts nothing: whoever goes that way does so on its own page.

    Raises Invalid without a reason or for a route that was not worked out, Conflict where what is late has changed.
    """
    account = accounts.lock(session, account_id)
    reason = decided.reason.strip()
    if not reason:
        raise Invalid(N_("Say why."), field="reason")
    if len(reason) > LONGEST_REASON:
        raise Invalid(N_("Say it in at most {most} characters."), field="reason", most=LONGEST_REASON)
    by_route = {each.route: each for each in decided.worked}
    if decided.chosen not in by_route:
        raise Invalid(N_("Choose one of the ways."), field="chosen")
    owed = owing(session, account_id).owed
    if owed != by_route[decided.chosen].owed:
        raise Conflict(CHANGED, owed=owed)
    if not owed:
        raise Conflict(NOTHING_LATE)
    best = ranked(decided.worked)
    made = RouteDecision(
        account_id=account_id,
        currency=account.currency,
        owed_minor=owed.minor,
        inputs={route: dict(one) for route, one in decided.inputs.items()},
        figures=[_kept(each) for each in best],
        best=best[0].route,
        chosen=decided.chosen,
        reason=reason,
        decided_at=now(session),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )
    session.add(made)
    session.flush()
    audit.record(
        session,
        "route.decided",
        actor=actor,
        subject=("account", account_id),
        account_id=account_id,
        after={
            "route": made.chosen,
            "best": made.best,
            "amount": owed,
            "net": by_route[made.chosen].net,
            "why": reason,
            "decision": made.id,
        },
    )
    return made


def decisions(session: Session, account_id: int) -> AnyRows:
    """What was decided of an account, the newest first."""
    return session.execute(
        select(
            RouteDecision.id,
            RouteDecision.currency,
            RouteDecision.owed_minor,
            RouteDecision.figures,
            RouteDecision.best,
            RouteDecision.chosen,
            RouteDecision.reason,
            RouteDecision.decided_at,
            RouteDecision.actor_kind,
            RouteDecision.actor_id,
        )
        .where(RouteDecision.account_id == account_id)
        .order_by(RouteDecision.id.desc())
    ).all()


def name_of(route: Route) -> str:
    """What a route is called; a message id."""
    return ROUTE_NAMES[route]


def _kept(worked: Worked) -> dict[str, Any]:
    """A route as the decision keeps it: every line in minor units, the best first."""
    return {
        "route": worked.route.value,
        "given_up": worked.given_up.minor,
        "comes": worked.comes.minor,
        "commission": worked.commission.minor,
        "costs": worked.costs.minor,
        "court_fee": worked.court_fee.minor,
        "net": worked.net.minor,
        "days": worked.inputs.days,
    }
