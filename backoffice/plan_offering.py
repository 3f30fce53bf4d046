"""Offering a plan: staff choose invoices and a shape, see its dates and whether they may, and the customer signs it."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import Response, get, post
from sqlalchemy.orm import Session

from backoffice.access import admit, officer_of
from backoffice.approvals_asking import do_or_ask, pressed
from backoffice.frame import entered
from backoffice.given import AccountId
from backoffice.plan_shapes import FREQUENCY_OPTIONS, SHAPE_FIELDS, Looked, look, read_shape, shape_fields
from domain.approvals.wishes import OfferPlan
from domain.plans import negotiating, queries
from domain.plans.negotiating import LONGEST_WORDS, Ask
from domain.plans.rules import stand
from domain.plans.schedule import Shape
from domain.policies import authority
from domain.policies.acts import Act
from domain.processing.plans import previewing
from domain.processing.plans.previewing import Preview
from domain.shared.db.session import Database
from domain.shared.errors import N_, Refused
from domain.shared.money import Money
from domain.shared.months import months_later
from domain.shared.words import Words
from domain.staff.permissions import Permission
from web.acting import carry_out, status_of
from web.forms import LONGEST_NUMBER, Form, SentForm, query_form
from web.fragments import page
from web.given import GivenDatabase
from web.links import with_query
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
        if changes is not None:
            ids = [row.id for row in queries.invoices(session, changes) if row.open_minor]
            form.fill(shape_fields(request, _what_is_left(session, changes), currency))
        else:
            ids = list(negotiating.plannable(session, account_id))
        chosen = form.values("invoice") or [str(one) for one in ids]
        said = {name: form.value(name) for name in (*SHAPE_FIELDS, CHANGES)}
    return _page(request, database, account_id, Form.starting(request, invoice=chosen, **said))


@post(PATH, guards=admit(Permission.HANDLE_PLANS), sync_to_thread=True)
def offer_plan(request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm) -> Response[bytes]:
    """Show the dates, offer it or ask for that: the customer is mailed a link, and signs in the portal."""
    with database.reading() as session:
        currency = entered(session, account_id).currency
        changes = _changes(session, account_id, form)

    def read() -> Ask:
        with form.reading():
            invoice_ids = form.ids("invoice", missing=N_("Choose at least one invoice."))
            shape = read_shape(form, currency)
            words = form.text("words", required=False, longest=LONGEST_WORDS)
        return Ask(invoice_ids, shape, words)

    def act(session: Session) -> str | None:
        ask = read()
        wish = OfferPlan(invoice_ids=ask.invoice_ids, shape=ask.shape, changes=changes, why=ask.words)
        return do_or_ask(request, session, form, account_id, wish, there="/plans/{}".format)

    def again(form: Form) -> Response[bytes]:
        return _page(request, database, account_id, form)

    if pressed(form, ACT) == "offer":
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


def _what_is_left(session: Session, plan_id: int) -> Shape:
    """The rest of a running plan as the shape of another one, from its next day that is still to come on."""
    shape, _ = queries.latest_shape(session, plan_id)
    standing = stand(session, [plan_id])[plan_id]
    unpaid = [part for part in standing.parts if part.left]
    coming = [standing.due_on(part) for part in unpaid if standing.due_on(part) > standing.day]
    first_on = min(coming, default=months_later(standing.day, 1))
    return Shape(count=max(1, len(unpaid)), frequency=shape.frequency, first_on=first_on)


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
        ready, impossible = _ready(session, account_id, [row.id for row in rows], changes)
        here = f"/accounts/{account_id}/plans/new"
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
            "ready": [
                (each, with_query(here, changes=changes, **shape_fields(request, each.shape, account.currency)))
                for each in ready
            ],
            "impossible": impossible,
        }
    if impossible or not rows:
        form.only_at(())
    elif ready and not any(form.value(name) for name in SHAPE_FIELDS) and not form.errors:
        form.fill(shape_fields(request, ready[0].shape, account.currency))
    return page(request, "backoffice/plans/new.html", context, status=status)


def _ready(
    session: Session, account_id: int, invoice_ids: list[int], changes: int | None
) -> tuple[Sequence[Preview], Words | None]:
    """Plans inside the fence over all of it, or why none can be made here."""
    try:
        found = previewing.proposals(session, account_id, invoice_ids, changes=changes) if invoice_ids else []
    except Refused as refused:
        return (), Words(refused.text, refused.params)
    return found, None
