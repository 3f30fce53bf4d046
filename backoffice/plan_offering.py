"""Offering a plan: staff choose invoices and a shape, see its dates and whether they may, and the customer signs it."""

from __future__ import annotations

from litestar import Response, get, post
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit, officer_of
from backoffice.frame import entered
from backoffice.given import AccountId
from backoffice.plan_shapes import FREQUENCY_OPTIONS, Looked, look, read_shape, shape_fields
from domain.plans import negotiating, queries
from domain.plans.negotiating import LONGEST_WORDS, Ask
from domain.policies import authority
from domain.policies.acts import Act
from domain.processing.plans import previewing
from domain.sessions.once import use_once
from domain.shared.db.session import Database
from domain.shared.errors import N_, Refused
from domain.shared.money import Money
from domain.shared.words import Words
from domain.staff.permissions import Permission
from web.acting import carry_out, status_of
from web.forms import LONGEST_NUMBER, Form, SentForm, query_form
from web.fragments import page
from web.given import GivenDatabase
from web.visit import AnyRequest

PATH = "/accounts/{account_id:int}/plans/new"
ACT = "act"
"""Which button was pressed: `look` or `offer`."""
CHANGES = "changes"
"""The field that names the running plan which the new one is to replace."""


@get(PATH, guards=admit(Permission.HANDLE_PLANS), sync_to_thread=True)
def plan_form(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """Which invoices, in what shape; all that can be on a plan is ticked, or what is on the plan that is changed."""
    form = query_form(request)
    with database.reading() as session:
        currency = entered(session, account_id).currency
        changes = _changes(session, account_id, form)
        shape = None
        if changes is not None:
            shape, _ = queries.latest_shape(session, changes)
            ids = [row.id for row in queries.invoices(session, changes) if row.open_minor]
        else:
            ids = list(negotiating.plannable(session, account_id))
        fields = shape_fields(request, shape, currency) if shape else {}
        chosen = form.values("invoice") or [str(one) for one in ids]
    start = Form.starting(request, invoice=chosen, changes=str(changes or ""), **fields)
    return _page(request, database, account_id, start)


@post(PATH, guards=admit(Permission.HANDLE_PLANS), sync_to_thread=True)
def offer_plan(request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm) -> Response[bytes]:
    """Show the dates, or offer it: the customer is mailed a link, and signs in the portal."""
    with database.reading() as session:
        currency = entered(session, account_id).currency
        changes = _changes(session, account_id, form)

    def read() -> Ask:
        with form.reading():
            invoice_ids = form.ids("invoice", missing=N_("Choose at least one invoice."))
            shape = read_shape(form, currency)
            words = form.text("words", required=False, longest=LONGEST_WORDS)
        return Ask(invoice_ids, shape, words)

    def act(session: Session) -> str:
        ask = read()
        use_once(session, form.value("once"))
        role, actor = officer_of(request).role, actor_of(request)
        made = negotiating.offer(session, account_id, ask, role=role, actor=actor, changes=changes)
        return f"/plans/{made.id}"

    def again(form: Form) -> Response[bytes]:
        return _page(request, database, account_id, form)

    if form.value(ACT) == "offer":
        return carry_out(request, database, form, act, there=f"/accounts/{account_id}/plans", again=again)
    try:
        with database.reading() as session:
            ask = read()
            negotiating.consider(session, account_id, ask, changes=changes)
            looked = look(session, account_id, ask, officer_of(request).role, changes=changes)
    except Refused as refused:
        return _page(request, database, account_id, form.refused(refused), status=status_of(refused))
    return _page(request, database, account_id, form, looked=looked)


def _changes(session: Session, account_id: int, form: Form) -> int | None:
    """The plan of this account that is to be replaced; None for a new one, NotFound where it is not there."""
    typed = form.value(CHANGES)
    if not typed.isascii() or not typed.isdigit() or len(typed) > LONGEST_NUMBER:
        return None
    row = queries.plan(session, int(typed), account_id=account_id)
    plan_id: int = row.id
    return plan_id


def _page(
    request: AnyRequest,
    database: Database,
    account_id: int,
    form: Form,
    *,
    looked: Looked | None = None,
    status: int = 200,
) -> Response[bytes]:
    with database.reading() as session:
        account = entered(session, account_id)
        changes = _changes(session, account_id, form)
        rows = negotiating.plannable(session, account_id, changes=changes).values()
        context: dict[str, object] = {
            "account": account,
            "currency": account.currency,
            "changes": changes,
            "invoices": [(row, Money(row.open_minor, row.currency)) for row in rows],
            "frequencies": FREQUENCY_OPTIONS,
            "most_months": authority.limits_on(session, account_id)[Act.PLAN][officer_of(request).role],
            "looked": looked,
            "longest": LONGEST_WORDS,
            "form": form,
            **_ready(request, session, account_id, [row.id for row in rows], changes),
        }
    if context["impossible"] or not rows:
        form.only_at(())
    return page(request, "backoffice/plans/new.html", context, status=status)


def _ready(
    request: AnyRequest, session: Session, account_id: int, invoice_ids: list[int], changes: int | None
) -> dict[str, object]:
    """Plans inside the fence over all of it, ready to be chosen; why none can be made, where the terms have none."""
    try:
        found = previewing.proposals(session, account_id, invoice_ids, changes=changes) if invoice_ids else []
    except Refused as refused:
        return {"ready": [], "impossible": Words(refused.text, refused.params)}
    currency = found[0].principal.currency if found else ""
    return {"ready": [(each, shape_fields(request, each.shape, currency)) for each in found], "impossible": None}
