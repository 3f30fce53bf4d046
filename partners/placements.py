"""Placements: the debts that were handed to a partner, in the piles in which it works through them."""

from __future__ import annotations

from litestar import Response, get
from litestar.params import FromQuery

from domain.placements.people import seen
from domain.placements.people.seen import Pile
from domain.shared.errors import N_
from partners.access import agent_of
from partners.views import placement_view
from web.fragments import page
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest

PAGE = 50
LIST = "/"
PILE_WORDS = {
    Pile.NEW: N_("New"),
    Pile.OPEN: N_("Open"),
    Pile.HELD: N_("On hold"),
    Pile.ENDED: N_("Ended"),
}


@get(LIST, sync_to_thread=True)
def list_placements(
    request: AnyRequest, database: GivenDatabase, show: FromQuery[str] = "", place: FromQuery[int | None] = None
) -> Response[bytes]:
    """One pile, the newest first; without a choice the new ones, or the open ones where there is nothing new."""
    partner_id = agent_of(request).partner_id
    with database.reading() as session:
        counts = seen.counts(session, partner_id)
        pile = Pile(show) if show in set(Pile) else Pile.NEW if counts[Pile.NEW] else Pile.OPEN
        rows = seen.placements(session, partner_id, pile, place=place, limit=PAGE + 1)
    context = {
        "placements": [placement_view(row) for row in rows[:PAGE]],
        "pile": pile.value,
        "piles": [
            (words, with_query(LIST, show=each.value), each is pile, counts[each]) for each, words in PILE_WORDS.items()
        ],
        "older": with_query(LIST, show=pile.value, place=rows[PAGE - 1].id) if len(rows) > PAGE else None,
    }
    return page(request, "partners/placements.html", context)
