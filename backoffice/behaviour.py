"""Behaviour: how one account pays, and the accounts that pay later than they used to."""

from __future__ import annotations

from litestar import Response, get

from backoffice.access import admit
from backoffice.frame import frame
from backoffice.given import AccountId
from domain.accounts import queries as accounts
from domain.reporting.behaviour import behaviour_of, getting_worse
from domain.staff.permissions import Permission
from web.fragments import page
from web.given import GivenDatabase
from web.visit import AnyRequest

MOST = 100
"""So many accounts are listed, the worst ones."""


@get("/accounts/{account_id:int}/behaviour", guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def account_behaviour(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """How late the account pays, quarter by quarter, its grade, and what is worth a look."""
    with database.reading() as session:
        context = frame(session, account_id, "behaviour")
        context["behaviour"] = behaviour_of(session, account_id)
    return page(request, "backoffice/behaviour/account.html", context)


@get("/behaviour", guards=admit(Permission.SEE_FIGURES), sync_to_thread=True)
def list_getting_worse(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """The accounts with a warning, the worst first."""
    with database.reading() as session:
        found = getting_worse(session)
        labels = accounts.labels(session, [each.account_id for each in found[:MOST]])
    context = {"rows": [(labels[each.account_id], each) for each in found[:MOST]], "count": len(found), "most": MOST}
    return page(request, "backoffice/behaviour/list.html", context)
