"""Routes: which way to go on with late debts of an account, worked out while somebody types, and decided on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.frame import entered
from backoffice.given import AccountId
from backoffice.policy_values import decimal, decimal_typed
from backoffice.wording import Doer, with_doers
from domain.placements.naming import percent_of
from domain.placements.routes.calculating import Inputs, Worked, ranked, work_out
from domain.placements.routes.deciding import (
    LONGEST_REASON,
    NOTHING_LATE,
    Decided,
    decide,
    decisions,
    name_of,
)
from domain.placements.routes.model import Route
from domain.policies.problems import Bounds
from domain.reporting.handoff_routes import Origin, Start, Weighed, weigh
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.shared.errors import N_, Conflict, Refused
from domain.shared.money import Money
from domain.staff.permissions import Permission
from web.acting import status_of
from web.amounts import typed_amount
from web.forms import Form, FormRefused, SentForm
from web.fragments import fragment, page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest, visit_of

PATH = "/accounts/{account_id:int}/routes"
STEP = "step"
"""Which button was pressed: `check` or `decide`; `look` is htmx asking while somebody types."""
PERCENT = Bounds(Decimal(0), Decimal(100))
LONGEST_DAYS = 3_650
GOES_ON = {
    Route.PLAN: ("/plans/new", N_("Make the plan")),
    Route.SETTLEMENT: ("/settlements/new", N_("Make the offer")),
    Route.AGENCY: ("/handoffs", N_("Propose the handoff")),
    Route.SUIT: ("/handoffs", N_("Propose the handoff")),
}
"""Where each way is gone, under the account's page."""


@dataclass(frozen=True, slots=True)
class Field:
    """A figure of a route as its form has it: its name, and where the one that it starts with is from."""

    name: str
    source: Any


@dataclass(frozen=True, slots=True)
class RouteFields:
    """What can be changed of one route."""

    route: Route
    words: str
    fields: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class DecidedView:
    """A decision that was made: what was chosen and why, and what each way was expected to bring then."""

    chosen: str
    best: str | None
    owed: Money
    reason: str
    at: datetime
    by: Doer
    figures: Sequence[tuple[str, Money]]


@get(PATH, guards=admit(Permission.SEE_PLACEMENTS), sync_to_thread=True)
def show_routes(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """Every way with the figures that it starts with, worked out; and what was decided before."""
    with database.reading() as session:
        entered(session, account_id)
        weighed = weigh(session, account_id)
    worked = ranked(work_out(weighed.owing.owed, start.inputs) for start in weighed.starts)
    return _page(request, database, account_id, _starting(request, weighed), weighed, worked)


@post(PATH, guards=admit(Permission.PROPOSE_HANDOFF), sync_to_thread=True)
def decide_route(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm
) -> Response[bytes]:
    """Work it out with the figures that were typed, or keep which way was chosen and why."""
    with database.reading() as session:
        entered(session, account_id)
        weighed = _weighed(session, account_id, form)
    if form.value(STEP) != "decide":
        return _look(request, database, account_id, form, weighed)
    worked: Sequence[Worked] = ()
    try:
        with form.reading():
            inputs = [_typed(form, start, weighed.owing.owed.currency) for start in weighed.starts]
            worked = [] if form.errors else _worked(weighed, inputs)
            chosen = form.choice("chosen", {start.route.value: start.route for start in weighed.starts})
            reason = form.text("reason", longest=LONGEST_REASON, missing=N_("Say why."))
        with database.transaction() as session:
            use_once(session, form.value("once"))
            _refuse_other_figures(form, weighed)
            said = Decided(chosen, reason, worked, _kept(weighed, inputs))
            decide(session, account_id, said, actor=actor_of(request))
    except SentAlready:
        return see_other(request, f"/accounts/{account_id}/routes")
    except Refused as refused:
        answer = _page(request, database, account_id, form.refused(refused), weighed, worked)
        answer.status_code = status_of(refused)
        return answer
    return see_other(request, f"/accounts/{account_id}/routes#decided")


def _look(request: AnyRequest, database: Database, account_id: int, form: Form, weighed: Weighed) -> Response[bytes]:
    """The same form, worked out; while somebody types, what is not finished yet says nothing."""
    worked: Sequence[Worked] = ()
    status = 200
    try:
        with form.reading():
            inputs = [_typed(form, start, weighed.owing.owed.currency) for start in weighed.starts]
        worked = _worked(weighed, inputs)
    except FormRefused:
        status = 422
    if form.value(STEP) == "look" and visit_of(request).from_htmx:
        context = {"worked": _views(worked, weighed), "owed": weighed.owing.owed}
        return fragment(request, "backoffice/routes/_worked.html", context)
    return _page(request, database, account_id, form, weighed, worked, status=status)


def _weighed(session: Session, account_id: int, form: Form) -> Weighed:
    """What the ways start from with the partners that were chosen; others than ours are taken as none."""
    ids = [int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 18 else None for typed in _partners(form)]
    return weigh(session, account_id, agency_id=ids[0], attorney_id=ids[1])


def _partners(form: Form) -> tuple[str, str]:
    return form.value("agency"), form.value("attorney")


def _worked(weighed: Weighed, inputs: Sequence[Inputs]) -> list[Worked]:
    return ranked(work_out(weighed.owing.owed, each) for each in inputs)


def _typed(form: Form, start: Start, currency: str) -> Inputs:
    """One route with the figures that were typed."""
    stem = start.route.value
    known = start.inputs
    return replace(
        known,
        percent=decimal(form, f"{stem}-percent", PERCENT),
        days=form.number(f"{stem}-days", least=0, most=LONGEST_DAYS),
        costs=form.amount(f"{stem}-costs", currency, or_zero=True),
        given_percent=decimal(form, f"{stem}-given", PERCENT) if "given" in start.sources else known.given_percent,
        court_fee=form.amount(f"{stem}-fee", currency, or_zero=True) if "fee" in start.sources else None,
    )


def _starting(request: AnyRequest, weighed: Weighed) -> Form:
    """The form with what each way is reckoned from at first."""
    typed = {name: value for start in weighed.starts for name, value in _shown(request, start).items()}
    return Form.starting(
        request,
        **typed,
        agency=str(weighed.agency_id or ""),
        attorney=str(weighed.attorney_id or ""),
    )


def _shown(request: AnyRequest, start: Start) -> dict[str, str]:
    speaking = visit_of(request).speaking
    inputs, locale = start.inputs, speaking.formats.locale
    found = {
        "percent": decimal_typed(inputs.percent, speaking),
        "days": str(inputs.days),
        "costs": typed_amount(inputs.costs, locale),
        "given": decimal_typed(inputs.given_percent, speaking),
        "fee": typed_amount(inputs.court_fee, locale) if inputs.court_fee is not None else "",
    }
    return {f"{start.route.value}-{name}": value for name, value in found.items() if name in start.sources}


def _refuse_other_figures(form: Form, weighed: Weighed) -> None:
    """Conflict where what is late is another sum than the one that the figures on the screen were about."""
    if form.value("owed") != str(weighed.owing.owed.minor):
        raise Conflict(
            N_("What is late has changed meanwhile: it is {owed} now. Look at the figures again."),
            owed=weighed.owing.owed,
        )


def _kept(weighed: Weighed, inputs: Sequence[Inputs]) -> dict[str, dict[str, Any]]:
    """What was put in and where it is from, as the decision keeps it."""
    return {
        start.route.value: {
            name: {"value": value, "from": (source.origin if value == was else Origin.TYPED).value}
            for name, (value, was) in _pairs(each, start.inputs).items()
            if (source := start.sources.get(name))
        }
        | ({"partner": start.partner, "rate_bp": each.rate_bp} if start.partner else {})
        for start, each in zip(weighed.starts, inputs, strict=True)
    }


def _pairs(now: Inputs, then: Inputs) -> dict[str, tuple[str | int, str | int]]:
    return {name: (_plain(now)[name], _plain(then)[name]) for name in _plain(now)}


def _plain(inputs: Inputs) -> dict[str, str | int]:
    return {
        "percent": format(inputs.percent.normalize(), "f"),
        "days": inputs.days,
        "costs": inputs.costs.minor,
        "given": format(inputs.given_percent.normalize(), "f"),
        "fee": inputs.court_fee.minor if inputs.court_fee is not None else 0,
    }


def _page(
    request: AnyRequest,
    database: Database,
    account_id: int,
    form: Form,
    weighed: Weighed,
    worked: Sequence[Worked],
    *,
    status: int = 200,
) -> Response[bytes]:
    with database.reading() as session:
        rows = with_doers(session, decisions(session, account_id))
        context = {
            "account": entered(session, account_id),
            "weighed": weighed,
            "owed": weighed.owing.owed,
            "nothing_late": NOTHING_LATE,
            "routes": [_fields(start) for start in weighed.starts],
            "worked": _views(worked, weighed),
            "decided": [_decided(row, by) for row, by in rows],
            "goes_on": GOES_ON.get(rows[0][0].chosen) if rows else None,
            "longest": LONGEST_REASON,
            "form": form if weighed.owing.owed else form.only_at(()),
        }
    return page(request, "backoffice/routes/show.html", context, status=status)


def _views(worked: Sequence[Worked], weighed: Weighed) -> list[tuple[Worked, str, Decimal, str | None]]:
    """Each way with what it is called, the commission in per cent, and whose that is."""
    partners = {start.route: start.partner for start in weighed.starts}
    return [(each, name_of(each.route), percent_of(each.inputs.rate_bp), partners[each.route]) for each in worked]


def _fields(start: Start) -> RouteFields:
    fields = {name: Field(f"{start.route.value}-{name}", source.words) for name, source in start.sources.items()}
    return RouteFields(start.route, name_of(start.route), fields)


def _decided(row: AnyRow, by: Doer) -> DecidedView:
    figures = [(name_of(Route(one["route"])), Money(one["net"], row.currency)) for one in row.figures]
    best = None if row.best is row.chosen else name_of(row.best)
    return DecidedView(
        name_of(row.chosen), best, Money(row.owed_minor, row.currency), row.reason, row.decided_at, by, figures
    )


PAGES: Sequence[ControllerRouterHandler] = (show_routes, decide_route)
"""Every handler of this page."""
