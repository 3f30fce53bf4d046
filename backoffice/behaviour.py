"""Behaviour: how one account pays."""

from __future__ import annotations

from litestar import Response, get

from backoffice.access import admit
from backoffice.frame import frame
from backoffice.given import AccountId
from domain.reporting.behaviour import behaviour_of
from domain.staff.permissions import Permission
from web.fragments import page
from web.given import GivenDatabase
from web.visit import AnyRequest


@get("/accounts/{account_id:int}/behaviour", guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def account_behaviour(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """How late the account pays, quarter by quarter, its grade, and what is worth a look."""
    with database.reading() as session:
        context = frame(session, account_id, "behaviour")
        context["behaviour"] = behaviour_of(session, account_id)
    return page(request, "backoffice/behaviour/account.html", context)
