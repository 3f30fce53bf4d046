"""Placement: one debt that was handed over: who owes what, its file, its commission, its history, and what to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from litestar import Response, get
from sqlalchemy.orm import Session

from domain.placements import queries
from domain.placements.model import PLACED
from domain.placements.people import queries as people
from domain.placements.people import seen
from domain.processing.placing.building import placement_file
from domain.remittances import partner_pages
from domain.shared.actor import ActorKind
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.shared.money import Money
from partners.access import enter
from partners.given import PlacementId
from partners.money_views import collection_view, cost_view
from partners.views import debt_views, debtor_view, history_views, part_sums, placement_view
from web.forms import Form
from web.fragments import page
from web.given import GivenDatabase
from web.placement_talk import NoteView, talk_view
from web.proposals import proposed_settlements
from web.visit import AnyRequest

PATH = "/placements/{placement_id:int}"


@get(PATH, sync_to_thread=True)
def show_placement(request: AnyRequest, database: GivenDatabase, placement_id: PlacementId) -> Response[bytes]:
    """All that there is to know of it, and what can be done in its state."""
    return placement_page(request, database, placement_id, Form.starting(request))


def placement_page(request: AnyRequest, database: Database, placement_id: int, form: Form) -> Response[bytes]:
    """The page, with what was typed into one of its forms."""
    with database.reading() as session:
        row = enter(request, session, placement_id)
        talk = talk_view(session, placement_id)
        context = {
            "placement": placement_view(row),
            "collections": [collection_view(each) for each in partner_pages.of_placement(session, placement_id)],
            "costs": [cost_view(each) for each in partner_pages.costs(session, placement_id)],
            "talk": talk,
            "writers": _writers(session, talk.said),
            "history": _history(session, placement_id),
            **proposed_settlements(session, placement_id),
            "form": form,
            **_owed(session, row),
        }
    return page(request, "partners/placement.html", context)


def _owed(session: Session, row: AnyRow) -> Mapping[str, object]:
    """Who owes what, while it lies with the partner; later only the sums at its head are left."""
    if row.status not in PLACED:
        return {"debtor": None, "debts": (), "parts": ()}
    [placed] = placement_file(session, row.id).placements
    open_now = {each.number: Money(each.open_minor, row.currency) for each in queries.invoices(session, row.id)}
    debts = debt_views(placed, open_now)
    return {"debtor": debtor_view(placed), "debts": debts, "parts": part_sums(placed, debts)}


def _writers(session: Session, said: Sequence[NoteView]) -> Mapping[str, str]:
    """The names of the partner's people by what they wrote; of us they know the business."""
    ours = [one for one in said if one.actor_kind == ActorKind.PARTNER and one.actor_id is not None]
    names = people.names(session, {one.actor_id for one in ours if one.actor_id is not None})
    return {one.key: names[one.actor_id] for one in ours if one.actor_id in names}


def _history(session: Session, placement_id: int) -> list[object]:
    rows = seen.changes(session, placement_id)
    names = people.names(session, {row.actor_id for row in rows if row.actor_kind == ActorKind.PARTNER})
    return list(history_views(rows, names))
