"""Partner money placed: what a partner tells by phone of one debt: a payment, that it went back, a cost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.partner_money_views import Collected as CollectedView
from backoffice.partner_money_views import collected_view, cost_view
from backoffice.placement_views import PlacementView, placement_view
from domain.placements import queries
from domain.processing.placing.collecting import Collected, report_bounce, report_collection
from domain.remittances import costs, listing
from domain.remittances.costs import Spent, tell_cost
from domain.sessions.once import use_once
from domain.shared.db.session import Database, today
from domain.shared.errors import N_
from domain.staff.permissions import Permission
from web.acting import carry_out
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.visit import AnyRequest

PAYMENT = "/handoffs/{placement_id:int}/payment"
BOUNCE = "/handoffs/{placement_id:int}/bounce"
COST = "/handoffs/{placement_id:int}/cost"
LONGEST_NOTE = 500
LONGEST_REFERENCE = 64
NO_REFERENCE = N_("Enter the partner's reference.")
PlacementId = FromPath[int]
Act = Callable[[Session, PlacementView], None]


def placed_money(session: Session, placement_id: int) -> dict[str, object]:
    """What came in on a placement and was spent on it, for its page."""
    collected = [collected_view(row) for row in listing.collections_of(session, placement_id)]
    return {
        "collected": collected,
        "costs": [cost_view(row) for row in listing.costs_of(session, placement_id)],
        "may_bounce": any(one.may_bounce for one in collected),
    }


@get(PAYMENT, guards=admit(Permission.BOOK_REMITTANCE), sync_to_thread=True)
def collected_form(request: AnyRequest, database: GivenDatabase, placement_id: PlacementId) -> Response[bytes]:
    """The form of a payment that the partner has received."""
    start = Form.starting(request, received_on=_today(database))
    return _page(request, database, placement_id, "collected", start)


@post(PAYMENT, guards=admit(Permission.BOOK_REMITTANCE), sync_to_thread=True)
def record_collected(
    request: AnyRequest, database: GivenDatabase, placement_id: PlacementId, form: SentForm
) -> Response[bytes]:
    """The debtor has paid the partner, on the day on which the partner had it."""

    def act(session: Session, placement: PlacementView) -> None:
        with form.reading():
            told = Collected(
                reference=form.text("reference", longest=LONGEST_REFERENCE, missing=NO_REFERENCE),
                amount=form.amount("amount", placement.proposed.currency),
                received_on=form.day("received_on"),
                note=form.text("note", required=False, longest=LONGEST_NOTE) or None,
            )
        use_once(session, form.value("once"))
        report_collection(session, placement.account_id, placement_id, told, actor=actor_of(request))

    return _done(request, database, placement_id, "collected", form, act)


@get(BOUNCE, guards=admit(Permission.BOOK_REMITTANCE), sync_to_thread=True)
def bounced_form(request: AnyRequest, database: GivenDatabase, placement_id: PlacementId) -> Response[bytes]:
    """The form of a payment that went back at the partner."""
    return _page(request, database, placement_id, "bounced", Form.starting(request, on=_today(database)))


@post(BOUNCE, guards=admit(Permission.BOOK_REMITTANCE), sync_to_thread=True)
def record_bounced(
    request: AnyRequest, database: GivenDatabase, placement_id: PlacementId, form: SentForm
) -> Response[bytes]:
    """A payment that the partner had received went back, all of it."""

    def act(session: Session, placement: PlacementView) -> None:
        with form.reading():
            reference = form.text("reference", longest=LONGEST_REFERENCE, missing=N_("Choose the payment."))
            on = form.day("on")
            why = form.text("why", required=False, longest=LONGEST_NOTE) or None
        use_once(session, form.value("once"))
        account_id, actor = placement.account_id, actor_of(request)
        report_bounce(session, account_id, placement_id, reference=reference, on=on, why=why, actor=actor)

    return _done(request, database, placement_id, "bounced", form, act)


@get(COST, guards=admit(Permission.BOOK_REMITTANCE), sync_to_thread=True)
def spent_form(request: AnyRequest, database: GivenDatabase, placement_id: PlacementId) -> Response[bytes]:
    """The form of what the partner has spent."""
    return _page(request, database, placement_id, "spent", Form.starting(request, spent_on=_today(database)))


@post(COST, guards=admit(Permission.BOOK_REMITTANCE), sync_to_thread=True)
def record_spent(
    request: AnyRequest, database: GivenDatabase, placement_id: PlacementId, form: SentForm
) -> Response[bytes]:
    """The partner has spent something on the debt; somebody decides whether we owe it."""

    def act(session: Session, placement: PlacementView) -> None:
        with form.reading():
            spent = Spent(
                reference=form.text("reference", longest=LONGEST_REFERENCE, missing=NO_REFERENCE),
                amount=form.amount("amount", placement.proposed.currency),
                spent_on=form.day("spent_on"),
                what=form.text("what", longest=costs.LONGEST, missing=N_("Say what it was spent on.")),
            )
        use_once(session, form.value("once"))
        found = queries.entity(session, placement.account_id, placement_id)
        tell_cost(session, found, spent, actor=actor_of(request))

    return _done(request, database, placement_id, "spent", form, act)


def _today(database: Database) -> str:
    with database.reading() as session:
        return today(session).isoformat()


def _done(
    request: AnyRequest, database: Database, placement_id: int, what: str, form: Form, act: Act
) -> Response[bytes]:
    with database.reading() as session:
        placement = placement_view(queries.placement(session, placement_id))
    again = partial(_page, request, database, placement_id, what)
    there = f"{placement.path}#money"
    return carry_out(request, database, form, lambda session: act(session, placement), there=there, again=again)


def _page(request: AnyRequest, database: Database, placement_id: int, what: str, form: Form) -> Response[bytes]:
    with database.reading() as session:
        placement = placement_view(queries.placement(session, placement_id))
        rows: Sequence[CollectedView] = [collected_view(row) for row in listing.collections_of(session, placement_id)]
    payments = [one for one in rows if one.may_bounce]
    context = {
        "placement": placement,
        "currency": placement.proposed.currency,
        "payments": payments,
        "longest": LONGEST_NOTE,
        "longest_reference": LONGEST_REFERENCE,
        "form": form if payments or what != "bounced" else form.only_at(()),
    }
    return page(request, f"backoffice/remittances/{what}.html", context)
