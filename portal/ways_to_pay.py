"""Ways to pay: the cards and bank accounts that are kept, who may use them, and keeping one more."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from domain.accounts.model import Right
from domain.collecting import queries as collecting
from domain.outbox import sending as outbox
from domain.payments import sending, setting_up
from domain.payments.processor import Processor, ProcessorRefused, ProcessorUnreachable
from domain.payments.sending import Outcome
from domain.plans import queries as plans
from domain.plans.model import SIGNED, PaymentPlan
from domain.processing.messages import LookUpSetup
from domain.processing.removing_methods import pays_automatically, remove_method
from domain.saved_methods import keeping
from domain.saved_methods import queries as saved_methods
from domain.saved_methods.consenting import CONSENT_TEXTS, CURRENT_VERSION
from domain.saved_methods.model import MethodSetup, SetupState
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Conflict
from portal.access import Entered, actor_of, customer_of, enter
from portal.autopay_views import coming_view, next_taken
from portal.given import AccountId, GivenProcessor, PublicId
from portal.way_views import agreement_of, way_view
from web.forms import Form, SentForm, query_form
from web.fragments import own_path, page, page_or_fragment, see_other
from web.given import GivenDatabase, GivenNudge
from web.links import with_query
from web.visit import AnyRequest, visit_of

MethodId = FromPath[int]
UNREACHABLE = N_("We cannot reach the payment service at the moment. Nothing was saved. Try again in a few minutes.")


@get("/accounts/{account_id:int}/ways-to-pay", sync_to_thread=True)
def list_ways(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """What this login may pay with: their own, and what others share."""
    return _list(request, database, account_id)


@post("/accounts/{account_id:int}/ways-to-pay", sync_to_thread=True)
def add_way(
    request: AnyRequest, database: GivenDatabase, processor: GivenProcessor, account_id: AccountId, form: SentForm
) -> Response[bytes]:
    """Go to the processor's page on which a card or bank account is kept; sending the form is the agreement to that."""
    return save_one(request, database, processor, account_id, form)


def save_one(
    request: AnyRequest, database: Database, processor: Processor, account_id: int, form: Form, *, back: str = ""
) -> Response[bytes]:
    """Begin to save a card or bank account, and go to the processor's page for it.

    `back` is the path of the payment plan's page that it is saved for, and to which its owner comes back.
    """
    with database.reading() as session:
        account = enter(request, session, account_id, Right.PAY)
    public_url = visit_of(request).site.settings.public_url
    ways = f"{public_url}{account.path}/ways-to-pay"
    try:
        sending.know_customer(database, processor, account_id)
        with database.transaction() as session:
            setup_id = setting_up.start_setup(
                session,
                processor,
                account_id,
                login_id=customer_of(request).login_id,
                agreement=agreement_of(request),
                return_url=with_query(f"{ways}/added/{{setup}}", back=back),
                cancel_url=f"{public_url}{back}" if back else ways,
            ).id
    except (ProcessorUnreachable, ProcessorRefused):
        return _list(request, database, account_id, form=form.refused(Conflict(UNREACHABLE)), status=503)
    outcome = setting_up.send_setup(database, processor, setup_id)
    with database.reading() as session:
        url = session.get_one(MethodSetup, setup_id).checkout_url
    if outcome is Outcome.OPENED and url:
        return see_other(request, url)
    return _list(request, database, account_id, form=form.refused(Conflict(UNREACHABLE)), status=503)


@get("/accounts/{account_id:int}/ways-to-pay/added/{public_id:str}", sync_to_thread=True)
def added(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, public_id: PublicId, nudge: GivenNudge
) -> Response[bytes]:
    """Back from the processor's page: nothing is kept here, it waits until the reconciliation has done it."""
    with database.reading() as session:
        account = enter(request, session, account_id, Right.PAY)
        setup = setting_up.setup_of(session, account_id, customer_of(request).login_id, public_id)
    if setup.state not in setting_up.UNDER_WAY:
        return see_other(request, _way_back(request, account) or f"{account.path}/ways-to-pay")
    with database.transaction() as session:
        outbox.add(session, LookUpSetup(setup_id=setup.id), account_id=account_id)
    nudge()
    return _list(request, database, account_id, waiting_for=public_id)


@get("/accounts/{account_id:int}/ways-to-pay/added/{public_id:str}/state", sync_to_thread=True)
def added_state(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, public_id: PublicId
) -> Response[bytes]:
    """Only reads: what the waiting page asks again and again, until it leads back to the plan that it is for."""
    with database.reading() as session:
        account = enter(request, session, account_id, Right.PAY)
        setup = setting_up.setup_of(session, account_id, customer_of(request).login_id, public_id)
    back = _way_back(request, account)
    if back is not None and setup.state is SetupState.SAVED:
        return see_other(request, back)
    return _list(request, database, account_id, waiting_for=public_id)


@post("/accounts/{account_id:int}/ways-to-pay/{method_id:int}/share", sync_to_thread=True)
def share_way(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, method_id: MethodId, form: SentForm
) -> Response[bytes]:
    """Let the others who may pay for the account use it too, or no longer."""
    with database.transaction() as session:
        account = enter(request, session, account_id, Right.PAY)
        keeping.share(
            session,
            account_id,
            method_id,
            shared=form.ticked("shared"),
            login_id=customer_of(request).login_id,
            actor=actor_of(request),
        )
    return see_other(request, f"{account.path}/ways-to-pay")


@get("/accounts/{account_id:int}/ways-to-pay/{method_id:int}/remove", sync_to_thread=True)
def check_removal(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, method_id: MethodId
) -> Response[bytes]:
    """Ask before it is forgotten."""
    return _removal_page(request, database, account_id, method_id, Form.starting(request))


@post("/accounts/{account_id:int}/ways-to-pay/{method_id:int}/remove", sync_to_thread=True)
def remove_way(
    request: AnyRequest,
    database: GivenDatabase,
    account_id: AccountId,
    method_id: MethodId,
    form: SentForm,
    nudge: GivenNudge,
) -> Response[bytes]:
    """Have it forgotten, here and at the processor."""
    try:
        with database.transaction() as session:
            account = enter(request, session, account_id, Right.PAY)
            remove_method(
                session,
                account_id,
                method_id,
                stops_autopay=form.ticked("stops_autopay"),
                login_id=customer_of(request).login_id,
                actor=actor_of(request),
            )
    except Conflict as refused:
        return _removal_page(request, database, account_id, method_id, form.refused(refused), status=422)
    nudge()
    return see_other(request, f"{account.path}/ways-to-pay")


def _way_back(request: AnyRequest, account: Entered) -> str | None:
    """The page of a plan of this account for which something is saved; None where it is for nothing else."""
    wanted = own_path(query_form(request).value("back"))
    return wanted if wanted.startswith(f"{account.path}/plans/") else None


def _plans(session: Session, account_id: int) -> list[PaymentPlan]:
    """The signed plans of the account that live."""
    return [plans.entity(session, account_id, row.id) for row in plans.of_account(session, account_id, SIGNED)]


def _removal_page(
    request: AnyRequest, database: Database, account_id: int, method_id: int, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        account = enter(request, session, account_id, Right.PAY)
        method = keeping.own(session, account_id, method_id, customer_of(request).login_id)
        context = {
            "account": account,
            "method_id": method_id,
            "label": method.label,
            "automatic": pays_automatically(session, method),
            "plan": next((one for one in _plans(session, account_id) if one.saved_method_id == method_id), None),
            "form": form,
            "path": f"{account.path}/ways-to-pay",
        }
    return page(request, "portal/ways/remove.html", context, status=status)


def _list(
    request: AnyRequest,
    database: Database,
    account_id: int,
    *,
    form: Form | None = None,
    waiting_for: str | None = None,
    status: int = 200,
) -> Response[bytes]:
    login_id = customer_of(request).login_id
    with database.reading() as session:
        account = enter(request, session, account_id, Right.PAY)
        day = today(session)
        ways = [way_view(row, login_id, day) for row in saved_methods.of_login(session, account_id, login_id)]
        setup = setting_up.setup_of(session, account_id, login_id, waiting_for) if waiting_for is not None else None
        latest = collecting.latest(session, account_id)
        autopay = latest if latest is not None and latest.stopped_at is None else None
        coming = [coming_view(row, account) for row in collecting.coming(session, account_id)] if autopay else []
        signed = plans.of_account(session, account_id, SIGNED)
    path = f"{account.path}/ways-to-pay"
    waiting = setup is not None and setup.state in setting_up.UNDER_WAY
    context = {
        "account": account,
        "path": path,
        "ways": ways,
        "autopay": autopay,
        "taken_next": next_taken(coming),
        "plan": next((f"{account.path}/plans/{row.id}" for row in signed), None),
        "consent": CONSENT_TEXTS[CURRENT_VERSION],
        "form": form or Form.starting(request),
        "waiting_at": f"{path}/added/{waiting_for}" if waiting else None,
        "back": with_query("", back=_way_back(request, account)),
        "was_saved": setup is not None and setup.state is SetupState.SAVED,
        "was_ended": setup is not None and setup.state is SetupState.ENDED,
        "failure": setup.failure if setup is not None else None,
    }
    return page_or_fragment(
        request, page="portal/ways/list.html", fragment="portal/ways/_list.html", context=context, status=status
    )
