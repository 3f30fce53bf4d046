"""Recovery codes: ten new ones for oneself, shown once; those from before stop working."""

from __future__ import annotations

from litestar import Response, post

from backoffice.access import ANY_STAFF, actor_of, officer_of
from backoffice.confirming import unsure
from domain.staff.credentials import recovery
from web.forms import SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.visit import AnyRequest


@post("/profile/recovery-codes", guards=ANY_STAFF, sync_to_thread=True)
def make_recovery_codes(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Make them, once the second factor has been given."""
    if (asked := unsure(request, database, form)) is not None:
        return asked
    with database.transaction() as session:
        codes = recovery.make(session, officer_of(request).staff_id, actor=actor_of(request))
    return page(request, "backoffice/staff/codes.html", {"codes": codes})
