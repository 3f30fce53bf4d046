"""The debt of a lost chargeback: staff choose whether it stands or is credited, and see before what that does."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.approvals_asking import asks, do_or_ask
from backoffice.chargebacks import chargeback_view
from backoffice.confirming import unsure
from domain.approvals.asking import ALONE
from domain.approvals.wishes import CreditChargeback
from domain.chargebacks import queries as chargebacks
from domain.chargebacks.model import CHOICE_NAMES, Chargeback, Choice
from domain.chargebacks.states import LOST
from domain.processing.contested import choosing
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.shared.errors import N_, Conflict, Refused
from domain.shared.words import Words
from domain.staff.permissions import Permission
from web.acting import status_of
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest

DEBT_PATH = "/chargebacks/{chargeback_ref:str}/debt"


@get(DEBT_PATH, guards=admit(Permission.ANSWER_CHARGEBACK), sync_to_thread=True)
def debt_form(request: AnyRequest, database: GivenDatabase, chargeback_ref: FromPath[str]) -> Response[bytes]:
    """What can become of the debt."""
    return _page(request, database, chargeback_ref, Form.starting(request))


@post(DEBT_PATH, guards=admit(Permission.ANSWER_CHARGEBACK), sync_to_thread=True)
def choose_debt(
    request: AnyRequest, database: GivenDatabase, chargeback_ref: FromPath[str], form: SentForm
) -> Response[bytes]:
    """Let it stand, credit all of it, or ask for that."""
    there = f"/chargebacks/{chargeback_ref}"
    with database.reading() as session:
        row = chargebacks.by_ref(session, chargeback_ref)
    try:
        with form.reading():
            choice = form.choice("choice", {one.value: one for one in Choice}, missing=N_("Choose what becomes of it."))
            why = form.text("why", longest=500, missing=N_("Say why."))
        if asks(form) and choice is not Choice.CREDITED:
            raise Conflict(ALONE)
        if not asks(form) and (asked := unsure(request, database, form)) is not None:
            return asked
        with database.transaction() as session:
            if choice is Choice.CREDITED and row.account_id is not None:
                wish = CreditChargeback(chargeback_ref=chargeback_ref, why=why)
                there = do_or_ask(request, session, form, row.account_id, wish) or there
            else:
                use_once(session, form.value("once"))
                choosing.let_stand(session, chargeback_ref, why=why, actor=actor_of(request))
    except SentAlready:
        return see_other(request, there)
    except Refused as refused:
        return _page(request, database, chargeback_ref, form.refused(refused), status=status_of(refused))
    return see_other(request, there)


def _page(
    request: AnyRequest, database: Database, chargeback_ref: str, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        row = chargebacks.by_ref(session, chargeback_ref)
        is_open = row.state in LOST and row.account_id is not None
        context = {
            "chargeback": chargeback_view(session, row),
            "opened": chargebacks.still_open(session, f"chargeback:{chargeback_ref}", row.currency),
            "form": form if is_open else form.only_at(()),
            "choices": CHOICE_NAMES,
            **_credited(session, row),
        }
    return page(request, "backoffice/chargebacks/debt.html", context, status=status)


def _credited(session: Session, row: AnyRow) -> dict[str, object]:
    """What crediting would do, or why it cannot be done."""
    try:
        return {"effects": choosing.preview(session, session.get_one(Chargeback, row.id)), "not_credited": None}
    except Conflict as refused:
        return {"effects": [], "not_credited": Words.of(refused.text, **refused.params)}
