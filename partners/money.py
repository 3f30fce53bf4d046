"""Money: what came in on a partner's debts, and what it has paid over to us, to be read."""

from __future__ import annotations

from litestar import Response, get
from litestar.params import FromPath, FromQuery

from domain.remittances import listing, partner_pages
from domain.remittances.holding import held
from partners.access import agent_of
from partners.money_views import collection_view, line_view, remittance_view
from web.fragments import page
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest

PAYMENTS, REMITTANCES = "/payments", "/remittances"
PAGE = 50
RemittanceId = FromPath[int]


@get(PAYMENTS, sync_to_thread=True)
def list_payments(request: AnyRequest, database: GivenDatabase, place: FromQuery[int | None] = None) -> Response[bytes]:
    """What debtors have paid, to the partner or to us, the newest first, with the commission on it."""
    with database.reading() as session:
        rows = partner_pages.collections(session, agent_of(request).partner_id, place=place, limit=PAGE + 1)
        holds = held(session, agent_of(request).partner_id)
    context = {
        "held": holds,
        "collections": [collection_view(row) for row in rows[:PAGE]],
        "older": with_query(PAYMENTS, place=rows[PAGE - 1].id) if len(rows) > PAGE else None,
    }
    return page(request, "partners/payments.html", context)


@get(REMITTANCES, sync_to_thread=True)
def list_remittances(
    request: AnyRequest, database: GivenDatabase, place: FromQuery[int | None] = None
) -> Response[bytes]:
    """What was told of money that is paid over, the newest first."""
    with database.reading() as session:
        rows = partner_pages.remittances(session, agent_of(request).partner_id, place=place, limit=PAGE + 1)
    context = {
        "remittances": [remittance_view(row) for row in rows[:PAGE]],
        "older": with_query(REMITTANCES, place=rows[PAGE - 1].id) if len(rows) > PAGE else None,
    }
    return page(request, "partners/remittances.html", context)


@get(f"{REMITTANCES}/{{remittance_id:int}}", sync_to_thread=True)
def show_remittance(request: AnyRequest, database: GivenDatabase, remittance_id: RemittanceId) -> Response[bytes]:
    """One of them, line by line, beside what the commission card says."""
    with database.reading() as session:
        row = partner_pages.remittance(session, agent_of(request).partner_id, remittance_id)
        lines = [line_view(line, row.currency) for line in listing.lines(session, row.id)]
    return page(request, "partners/remittance.html", {"remittance": remittance_view(row), "lines": lines})
