"""Bank questions: an automatic payment that the bank wants confirmed is confirmed by its payer, at their bank."""

from __future__ import annotations

from litestar import Response, post

from domain.accounts.model import Right
from domain.payments import queries as payments
from domain.payments import sending, starting
from domain.payments.sending import Outcome
from domain.shared.errors import N_, Conflict
from portal.access import actor_of, enter
from portal.given import AccountId, GivenProcessor, PublicId
from web.fragments import see_other
from web.given import GivenDatabase
from web.visit import AnyRequest, visit_of


@post("/accounts/{account_id:int}/payments/{public_id:str}/confirm", sync_to_thread=True)
def confirm(
    request: AnyRequest,
    database: GivenDatabase,
    processor: GivenProcessor,
    account_id: AccountId,
    public_id: PublicId,
) -> Response[bytes]:
    """Try the same payment once more with somebody there to answer the bank, and go to the bank's page."""
    with database.transaction() as session:
        account = enter(request, session, account_id, Right.PAY)
        payment = payments.by_public_id(session, public_id, account_id=account_id)
        method_id = payments.saved_method_of(session, payment.id)
        path = f"{account.path}/payments/{public_id}"
        if method_id is None or not payments.waits_for_bank(session, payment):
            raise Conflict(N_("Your bank asks nothing about this payment now."))
        attempt_id = starting.retry_saved(
            session,
            payment.id,
            saved_method_id=method_id,
            login_id=None,
            return_url=f"{visit_of(request).site.settings.public_url}{path}/returned",
            actor=actor_of(request),
        )
    outcome = sending.send(database, processor, attempt_id, actor=actor_of(request))
    with database.reading() as session:
        url = payments.by_public_id(session, public_id).checkout_url
    if outcome is Outcome.OPENED and url:
        return see_other(request, url)
    return see_other(request, f"{path}/returned" if outcome is Outcome.TAKEN else path)
