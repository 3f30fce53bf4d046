"""Autopay: pay an account's invoices automatically from a saved method: turned on with a consent, off with a press."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromQuery
from sqlalchemy.orm import Session

from domain.accounts.model import Right
from domain.collecting import planning, queries, turning
from domain.collecting.agreeing import consent_words
from domain.collecting.model import BY_ITSELF, STOP_WORDS, StopReason
from domain.collecting.rules import rules_on
from domain.saved_methods import queries as saved_methods
from domain.saved_methods.model import SavedMethod
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Conflict, Invalid
from portal.access import actor_of, customer_of, enter
from portal.autopay_views import coming_view
from portal.given import AccountId
from portal.way_views import agreement_of, way_view
from web.forms import Form, SentForm, query_form
from web.fragments import page, see_other
from web.given import GivenDatabase, GivenNudge
from web.visit import AnyRequest

CHOOSE = N_("Choose what it is taken from.")


@get("/accounts/{account_id:int}/autopay", sync_to_thread=True)
def show_autopay(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, now: FromQuery[str] = ""
) -> Response[bytes]:
    """Whether invoices are paid automatically, from what, and what is taken next; `now` says what was just done."""
    return _show(request, database, account_id, just=now)


@get("/accounts/{account_id:int}/autopay/check", sync_to_thread=True)
def check_autopay(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """Check what is agreed to, and what is taken first; nothing is turned on here."""
    form = query_form(request)
    try:
        with form.reading():
            chosen = form.ids("method", missing=CHOOSE)
    except Invalid as refused:
        return _show(request, database, account_id, form.refused(refused), status=422)
    return _check(request, database, account_id, chosen[0], Form.starting(request))


@post("/accounts/{account_id:int}/autopay", sync_to_thread=True)
def turn_on_autopay(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm, nudge: GivenNudge
) -> Response[bytes]:
    """Turn it on; sending the form is the agreement."""
    try:
        with form.reading():
            chosen = form.ids("method", missing=CHOOSE)
    except Invalid as refused:
        return _show(request, database, account_id, form.refused(refused), status=422)
    done = f"/accounts/{account_id}/autopay?now=on"
    try:
        with database.transaction() as session:
            enter(request, session, account_id, Right.PAY)
            turning.turn_on(
                session,
                account_id,
                chosen[0],
                agreement_of(request),
                login_id=customer_of(request).login_id,
                actor=actor_of(request),
            )
            use_once(session, form.value("once"))
    except SentAlready:
        return see_other(request, done)
    except (Conflict, Invalid) as refused:
        return _show(request, database, account_id, form.refused(refused), status=422)
    nudge()
    return see_other(request, done)


@get("/accounts/{account_id:int}/autopay/off", sync_to_thread=True)
def check_autopay_off(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """Ask before it is turned off."""
    with database.reading() as session:
        account = enter(request, session, account_id, Right.PAY)
        running = queries.running(session, account_id)
        coming = [coming_view(row, account) for row in queries.coming(session, account_id)]
    if running is None:
        return see_other(request, f"{account.path}/autopay")
    context = {"account": account, "path": f"{account.path}/autopay", "coming": coming}
    return page(request, "portal/autopay/off.html", context)


@post("/accounts/{account_id:int}/autopay/off", sync_to_thread=True)
def turn_off_autopay(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, nudge: GivenNudge
) -> Response[bytes]:
    """Turn it off, whoever of those who may pay turned it on."""
    with database.transaction() as session:
        account = enter(request, session, account_id, Right.PAY)
        turning.turn_off(session, account_id, StopReason.PAYER, actor=actor_of(request))
    nudge()
    return see_other(request, f"{account.path}/autopay?now=off")


def _check(request: AnyRequest, database: Database, account_id: int, method_id: int, form: Form) -> Response[bytes]:
    try:
        with database.reading() as session:
            account = enter(request, session, account_id, Right.PAY)
            method = turning.usable(session, account_id, method_id, login_id=customer_of(request).login_id)
            rules = rules_on(today(session))
            context = {
                "account": account,
                "path": f"{account.path}/autopay",
                "form": form,
                "method_id": method_id,
                "label": method.label,
                "consent": consent_words(method, rules),
                "first": planning.preview(session, account_id, method),
                "replaces": queries.running(session, account_id) is not None,
                "email": customer_of(request).email,
            }
    except Conflict as refused:
        return _show(request, database, account_id, form.refused(refused), status=422)
    return page(request, "portal/autopay/check.html", context)


def _show(
    request: AnyRequest,
    database: Database,
    account_id: int,
    form: Form | None = None,
    *,
    just: str = "",
    status: int = 200,
) -> Response[bytes]:
    login_id = customer_of(request).login_id
    with database.reading() as session:
        account = enter(request, session, account_id, Right.PAY)
        day = today(session)
        latest = queries.latest(session, account_id)
        is_on = latest is not None and latest.stopped_at is None
        own = [row for row in saved_methods.usable(session, account_id, login_id, day) if row.login_id == login_id]
        coming = [coming_view(row, account) for row in queries.coming(session, account_id)]
        taken_from = latest.saved_method_id if is_on and latest is not None else None
        ways = [way_view(row, login_id, day) for row in own if row.id != taken_from]
        context = {
            "account": account,
            "path": f"{account.path}/autopay",
            "form": form or Form.starting(request, method=str(ways[0].id) if len(ways) == 1 else ""),
            "autopay": latest if is_on else None,
            "days": rules_on(day).lead_days[latest.kind] if latest is not None else None,
            "stopped": STOP_WORDS[latest.stopped_why]
            if latest is not None and latest.stopped_why in BY_ITSELF | {StopReason.STAFF}
            else None,
            "coming": coming,
            "ways": ways,
            "first": _agreed(session, account_id, taken_from) if just == "on" and not coming else (),
            "may_bind": account.rights >= turning.TO_TURN_ON,
            "just": just,
        }
    return page(request, "portal/autopay/show.html", context, status=status)


def _agreed(session: Session, account_id: int, method_id: int | None) -> list[planning.WouldBeTaken]:
    """What was shown as the first to be taken when it was agreed to, while it is not yet written down one by one."""
    return planning.preview(session, account_id, session.get_one(SavedMethod, method_id)) if method_id else []
