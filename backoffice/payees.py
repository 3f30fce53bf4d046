"""Payees: to whom a refund from our own bank is paid, written by staff where the bank has not told."""

from __future__ import annotations

from litestar import Response, post

from backoffice.access import actor_of, admit, officer_of
from backoffice.confirming import unsure
from backoffice.given import PublicId
from backoffice.refunds import SHOW_PATH, show_again
from domain.processing.refunds import payees
from domain.refunds import queries as refunds
from domain.shared.errors import N_, Refused
from domain.staff.permissions import Permission
from web.forms import SentForm
from web.fragments import see_other
from web.given import GivenDatabase
from web.visit import AnyRequest


@post(f"{SHOW_PATH}/payee", guards=admit(Permission.REFUND), sync_to_thread=True)
def write_payee(request: AnyRequest, database: GivenDatabase, refund_id: PublicId, form: SentForm) -> Response[bytes]:
    """Keep to whom it goes, once it is sure who says so."""
    with database.reading() as session:
        refunds.by_public_id(session, refund_id)
    try:
        with form.reading():
            name = form.text("payee", longest=payees.LONGEST_NAME, missing=N_("Enter whose bank account it is."))
            number = form.text("bank_account", longest=60, missing=N_("Enter the number of the bank account."))
        if (asked := unsure(request, database, form)) is not None:
            return asked
        with database.transaction() as session:
            refund = refunds.by_public_id(session, refund_id)
            role = officer_of(request).role
            payees.write_payee(session, refund, name, number, role=role, actor=actor_of(request))
    except Refused as refused:
        return show_again(request, database, refund_id, form.refused(refused), status=422)
    return see_other(request, f"/refunds/{refund_id}")
