"""Viewing: from an account to the portal, as the customers of that account see it."""

from __future__ import annotations

from litestar import Response, post
from litestar.di import NamedDependency

from backoffice.access import actor_of, admit, officer_of
from backoffice.given import AccountId
from domain.sessions import viewing
from domain.staff.permissions import Permission
from web.fragments import see_other
from web.given import GivenDatabase
from web.visit import AnyRequest

GivenPortal = NamedDependency[str]
"""Where the portal is, as people reach it."""


@post("/accounts/{account_id:int}/viewing", guards=admit(Permission.SEE_AS_CUSTOMER), sync_to_thread=True)
def see_as_customer(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, portal_url: GivenPortal
) -> Response[bytes]:
    """Write down who looks, and lead to the portal's door for them."""
    with database.transaction() as session:
        session_id = officer_of(request).session_id
        token = viewing.give_pass(session, account_id, session_id=session_id, actor=actor_of(request))
    return see_other(request, f"{portal_url}/viewing/{token}")
