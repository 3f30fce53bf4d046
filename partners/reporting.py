"""Reporting: a partner tells of a payment that it received, of one that went back, and of what it has spent."""

from __future__ import annotations

from collections.abc import Mapping

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from domain.placements.model import Placement
from domain.processing.placing.collecting import Collected, report_bounce, report_collection
from domain.remittances import partner_pages
from domain.remittances.costs import LONGEST, Spent, tell_cost
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.shared.errors import N_
from partners.access import actor_of
from partners.given import PlacementId
from partners.money_views import collection_view
from partners.placement import PATH
from partners.telling import LONGEST_WHY, form_page, tell
from web.forms import Form, SentForm
from web.given import GivenDatabase
from web.visit import AnyRequest

PAYMENT, COST = f"{PATH}/payment", f"{PATH}/cost"
BOUNCE = f"{PATH}/payments/{{collection_id:int}}/bounce"
LONGEST_REFERENCE = 64
CollectionId = FromPath[int]
NO_REFERENCE = N_("Enter your own reference of it.")


@get(PAYMENT, sync_to_thread=True)
def payment_form(request: AnyRequest, database: GivenDatabase, placement_id: PlacementId) -> Response[bytes]:
    """The form for money that the debtor has paid to them."""
    return form_page(request, database, placement_id, "partners/payment.html", Form.starting(request))


@post(PAYMENT, sync_to_thread=True)
def report_payment(
    request: AnyRequest, database: GivenDatabase, placement_id: PlacementId, form: SentForm
) -> Response[bytes]:
    """Count it on the day on which they received it; the same told again counts once."""

    def act(session: Session, row: AnyRow) -> None:
        with form.reading():
            collected = Collected(
                reference=form.text("reference", longest=LONGEST_REFERENCE, missing=NO_REFERENCE),
                amount=form.amount("amount", row.currency),
                received_on=form.day("received_on", missing=N_("Enter the day on which you received it.")),
                note=form.text("note", required=False, longest=LONGEST_WHY) or None,
            )
        report_collection(session, row.account_id, row.id, collected, actor=actor_of(request))

    def again(form: Form) -> Response[bytes]:
        return form_page(request, database, placement_id, "partners/payment.html", form)

    return tell(request, database, placement_id, form, act, again)


@get(BOUNCE, sync_to_thread=True)
def bounce_form(
    request: AnyRequest, database: GivenDatabase, placement_id: PlacementId, collection_id: CollectionId
) -> Response[bytes]:
    """The form for a payment that went back."""
    return _bounce_page(request, database, placement_id, collection_id, Form.starting(request))


@post(BOUNCE, sync_to_thread=True)
def report_it_went_back(
    request: AnyRequest, database: GivenDatabase, placement_id: PlacementId, collection_id: CollectionId, form: SentForm
) -> Response[bytes]:
    """Take it back: what it had settled is open again."""

    def act(session: Session, row: AnyRow) -> None:
        paid = partner_pages.collection(session, row.id, collection_id)
        with form.reading():
            on = form.day("on", missing=N_("Enter the day on which it went back."))
            why = form.text("why", required=False, longest=LONGEST_WHY) or None
        report_bounce(
            session, row.account_id, row.id, reference=paid.reference or "", on=on, why=why, actor=actor_of(request)
        )

    def again(form: Form) -> Response[bytes]:
        return _bounce_page(request, database, placement_id, collection_id, form)

    return tell(request, database, placement_id, form, act, again)


@get(COST, sync_to_thread=True)
def cost_form(request: AnyRequest, database: GivenDatabase, placement_id: PlacementId) -> Response[bytes]:
    """The form for what they have spent."""
    return form_page(request, database, placement_id, "partners/cost.html", Form.starting(request), _longest_cost)


@post(COST, sync_to_thread=True)
def report_cost(
    request: AnyRequest, database: GivenDatabase, placement_id: PlacementId, form: SentForm
) -> Response[bytes]:
    """Ask us for it; somebody decides."""

    def act(session: Session, row: AnyRow) -> None:
        with form.reading():
            spent = Spent(
                reference=form.text("reference", longest=LONGEST_REFERENCE, missing=NO_REFERENCE),
                amount=form.amount("amount", row.currency),
                spent_on=form.day("spent_on", missing=N_("Enter the day on which you spent it.")),
                what=form.text("what", longest=LONGEST, missing=N_("Say what it was spent on.")),
            )
        tell_cost(session, session.get_one(Placement, row.id), spent, actor=actor_of(request))

    def again(form: Form) -> Response[bytes]:
        return form_page(request, database, placement_id, "partners/cost.html", form, _longest_cost)

    return tell(request, database, placement_id, form, act, again)


def _bounce_page(
    request: AnyRequest, database: Database, placement_id: int, collection_id: int, form: Form
) -> Response[bytes]:
    def paid(session: Session, row: AnyRow) -> Mapping[str, object]:
        return {"paid": collection_view(partner_pages.collection(session, row.id, collection_id))}

    return form_page(request, database, placement_id, "partners/bounce.html", form, paid)


def _longest_cost(_: Session, __: AnyRow) -> Mapping[str, object]:
    return {"longest": LONGEST}
