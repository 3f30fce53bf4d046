"""Settling: a partner offers to settle for less, or asks whether it may, and says what the debtor answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from domain.processing.placing import settling
from domain.processing.placing.settling import Proposed
from domain.settlements.offering import LONGEST_REASON, MOST_PARTS
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Conflict, Invalid
from partners.access import actor_of, enter
from partners.given import PlacementId
from partners.placement import PATH, placement_page
from partners.telling import LONGEST_WHY, form_page, tell
from web.forms import Form, SentForm
from web.given import GivenDatabase
from web.visit import AnyRequest

SETTLE = f"{PATH}/settle"
OFFER = f"{PATH}/settlements/{{offer_id:int}}"
USUAL_DAYS = 14
"""So long an offer stands unless another day is typed."""
ACT = "act"
"""Which button was pressed: `accepted`, `declined` or `take_back`."""
OfferId = FromPath[int]


@get(SETTLE, sync_to_thread=True)
def settle_form(request: AnyRequest, database: GivenDatabase, placement_id: PlacementId) -> Response[bytes]:
    """For how much, in how many parts, by when, and why; beside it what they may offer without asking us."""
    with database.reading() as session:
        enter(request, session, placement_id)
        last_day = today(session) + timedelta(days=USUAL_DAYS)
    start = Form.starting(request, parts="1", expires_on=last_day.isoformat())
    return _form_page(request, database, placement_id, start)


@post(SETTLE, sync_to_thread=True)
def offer_to_settle(
    request: AnyRequest, database: GivenDatabase, placement_id: PlacementId, form: SentForm
) -> Response[bytes]:
    """Offer it to the debtor at once within their authority; beyond it one of us decides first."""

    def act(session: Session, row: AnyRow) -> None:
        with form.reading():
            proposed = Proposed(
                amount=form.amount("amount", row.currency, missing=N_("Enter what is to be paid.")),
                most_parts=form.number("parts", least=1, most=MOST_PARTS),
                expires_on=form.day("expires_on", missing=N_("Enter the last day of the offer.")),
                reason=form.text("reason", longest=LONGEST_REASON, missing=N_("Say why.")),
            )
        settling.propose(session, row.account_id, row.id, proposed, actor=actor_of(request))

    def again(form: Form) -> Response[bytes]:
        return _form_page(request, database, placement_id, form)

    return tell(request, database, placement_id, form, act, again)


@post(OFFER, sync_to_thread=True)
def tell_of_settlement(
    request: AnyRequest, database: GivenDatabase, placement_id: PlacementId, offer_id: OfferId, form: SentForm
) -> Response[bytes]:
    """The debtor takes it, or does not; or the partner takes back what it proposed."""

    def act(session: Session, row: AnyRow) -> None:
        actor = actor_of(request)
        match form.value(ACT):
            case "accepted":
                with form.reading():
                    parts = form.number("parts", least=1, most=MOST_PARTS)
                settling.debtor_accepts(session, row.account_id, row.id, offer_id, parts=parts, actor=actor)
            case "declined":
                settling.debtor_declines(session, row.account_id, row.id, offer_id, actor=actor)
            case "take_back":
                with form.reading():
                    why = form.text("why", longest=LONGEST_WHY, missing=N_("Say why."))
                settling.take_back(session, row.account_id, row.id, offer_id, why=why, actor=actor)
            case _:
                raise Invalid(N_("Choose one of these."))

    def again(form: Form) -> Response[bytes]:
        return placement_page(request, database, placement_id, form)

    return tell(request, database, placement_id, form, act, again)


def _form_page(request: AnyRequest, database: Database, placement_id: int, form: Form) -> Response[bytes]:
    return form_page(request, database, placement_id, "partners/settle.html", form, _scope)


def _scope(session: Session, row: AnyRow) -> Mapping[str, object]:
    """How far they may go, and their offer that is open already, where that is why there can be no other."""
    try:
        scope = settling.scope_of(session, row.account_id, row.id)
    except Conflict as refused:
        return {"scope": None, "why_not": refused, "most_parts": MOST_PARTS, "longest_reason": LONGEST_REASON}
    return {"scope": scope, "why_not": None, "most_parts": MOST_PARTS, "longest_reason": LONGEST_REASON}
