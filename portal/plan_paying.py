"""Plan paying: the down payment, a part, more or all of a plan, and from which saved method its parts are taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from litestar import Response, get, post
from sqlalchemy.orm import Session

from domain.accounts.model import Right
from domain.payments import sending
from domain.payments.processor import Processor, ProcessorUnreachable
from domain.payments.starting import AlreadyClaimed
from domain.plans import paying as plan_money
from domain.plans import queries
from domain.plans.coverage import Extra, Part
from domain.plans.methods import use_method
from domain.plans.model import RUNNING, SIGNED, PlanStatus
from domain.plans.rules import rules_of, stand
from domain.plans.standing import Standing
from domain.receivables.references import printed, reference_of
from domain.saved_methods import queries as saved_methods
from domain.saved_methods.consenting import CONSENT_TEXTS, CURRENT_VERSION
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.money import Money
from portal.access import Entered, actor_of, customer_of, enter
from portal.doors import SignedIn, limited
from portal.given import AccountId, GivenProcessor
from portal.paying import (
    ANOTHER_WAY,
    STARTING,
    UNREACHABLE,
    Meant,
    chosen_method,
    claimed_page,
    close_earlier,
    hand_over,
    take,
)
from portal.plan import ONE, plan_page, ways_of
from portal.plan_views import part_views, plan_view
from portal.plans import PlanId
from portal.way_views import way_view
from portal.ways_to_pay import save_one
from web.forms import Form, SentForm, query_form
from web.fragments import page, see_other
from web.given import GivenDatabase, GivenNudge
from web.visit import AnyRequest, visit_of

PART, MORE, ALL = "part", "more", "all"
"""What can be paid: what is due, or the next part; another amount; all that is left."""
WHATS = {PART: PART, MORE: MORE, ALL: ALL}
EXTRAS = {Extra.TAIL.value: Extra.TAIL, Extra.NEXT.value: Extra.NEXT}


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much is paid towards a plan, for which part, and what becomes of more than is due."""

    amount: Money
    part_id: int | None
    extra: Extra | None


@get(ONE + "/pay", sync_to_thread=True)
def plan_pay_page(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, plan_id: PlanId
) -> Response[bytes]:
    """What can be paid now, and how."""
    return _pay_page(request, database, account_id, plan_id, query_form(request), fresh=True)


@post(ONE + "/pay", sync_to_thread=True)
def pay_plan(
    request: AnyRequest,
    database: GivenDatabase,
    processor: GivenProcessor,
    account_id: AccountId,
    plan_id: PlanId,
    form: SentForm,
) -> Response[bytes]:
    """Pay from a saved method, or go to the processor's page."""
    with database.reading() as session:
        enter(request, session, account_id, Right.PAY)
        standing = _standing(session, account_id, plan_id)
    if standing is None:
        return see_other(request, f"/accounts/{account_id}/plans/{plan_id}")
    try:
        wanted = _read(standing, form)
        method_id = chosen_method(form)
        return _pay(
            request, database, processor, account_id, plan_id, wanted, method_id, form, keeps=form.ticked("save")
        )
    except ProcessorUnreachable:
        refused = form.refused(Conflict(UNREACHABLE))
        return _pay_page(request, database, account_id, plan_id, refused, status=503)
    except (Invalid, Conflict) as refusal:
        return _pay_page(request, database, account_id, plan_id, form.refused(refusal), status=422)


@post(ONE + "/start", sync_to_thread=True)
def start_plan(
    request: AnyRequest,
    database: GivenDatabase,
    processor: GivenProcessor,
    account_id: AccountId,
    plan_id: PlanId,
    form: SentForm,
    nudge: GivenNudge,
) -> Response[bytes]:
    """Choose from what the parts are taken, or save it now; where something is paid at once, pay it from there."""
    with database.reading() as session:
        account = enter(request, session, account_id, Right.PAY)
        standing = _standing(session, account_id, plan_id)
        plan = queries.entity(session, account_id, plan_id)
        needs_method = rules_of(session, [plan_id])[plan_id].needs_method if standing is not None else False
        kept = plan.saved_method_id is not None
    here = f"{account.path}/plans/{plan_id}"
    if standing is None or plan.status is not PlanStatus.ACCEPTED:
        return see_other(request, here)
    down = next((part for part in standing.parts if part.agreed.number == 0 and part.left), None)
    try:
        method_id = chosen_method(form)
        if method_id is None and down is None:
            return save_one(request, database, processor, account_id, form, back=here)
        if method_id is not None and needs_method:
            _use(request, database, account_id, plan_id, method_id)
        if down is None:
            nudge()
            return see_other(request, here)
        wanted = Wanted(Money(down.left, standing.currency), down.agreed.id, None)
        keeps = needs_method and not kept
        return _pay(request, database, processor, account_id, plan_id, wanted, method_id, form, keeps=keeps)
    except ProcessorUnreachable:
        refused = form.refused(Conflict(UNREACHABLE))
        return plan_page(request, database, account_id, plan_id, refused, status=503)
    except (Invalid, Conflict) as refusal:
        return plan_page(request, database, account_id, plan_id, form.refused(refusal), status=422)


@get(ONE + "/method", sync_to_thread=True)
def plan_method_page(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, plan_id: PlanId
) -> Response[bytes]:
    """From which saved method the parts are taken, and which others there are."""
    return _method_page(request, database, account_id, plan_id, None)


@post(ONE + "/method", sync_to_thread=True)
def set_plan_method(
    request: AnyRequest,
    database: GivenDatabase,
    processor: GivenProcessor,
    account_id: AccountId,
    plan_id: PlanId,
    form: SentForm,
    nudge: GivenNudge,
) -> Response[bytes]:
    """Take the parts from another method from now on, or save a new one."""
    with database.reading() as session:
        account = enter(request, session, account_id, Right.PAY)
        queries.entity(session, account_id, plan_id)
    try:
        method_id = chosen_method(form)
        if method_id is None:
            back = f"{account.path}/plans/{plan_id}/method?saved=yes"
            return save_one(request, database, processor, account_id, form, back=back)
        _use(request, database, account_id, plan_id, method_id)
    except (Invalid, Conflict) as refused:
        return _method_page(request, database, account_id, plan_id, form.refused(refused), status=422)
    nudge()
    return see_other(request, f"{account.path}/plans/{plan_id}")


def _use(request: AnyRequest, database: Database, account_id: int, plan_id: int, method_id: int) -> None:
    with database.transaction() as session:
        enter(request, session, account_id, Right.PAY)
        login_id = customer_of(request).login_id
        use_method(session, account_id, plan_id, method_id, login_id=login_id, actor=actor_of(request))


def _pay(
    request: AnyRequest,
    database: Database,
    processor: Processor,
    account_id: int,
    plan_id: int,
    wanted: Wanted,
    method_id: int | None,
    form: Form,
    *,
    keeps: bool,
) -> Response[bytes]:
    """Start the payment over the plan's invoices, marked as what it is for, and go where it is paid."""
    door = SignedIn(request, account_id)
    visit_of(request).site.limiter.count("pay", limited(door), STARTING)
    if form.value("instead_of"):
        close_earlier(database, processor, door, form.value("instead_of"))
    sending.know_customer(database, processor, account_id)
    with database.reading() as session:
        account = door.enter(session, Right.PAY)
        amounts = plan_money.spread(session, queries.entity(session, account_id, plan_id), wanted.amount)
    meant = _meant(plan_id, wanted)
    try:
        if method_id is None:
            return hand_over(request, database, processor, door, account, amounts, keeps=keeps, meant=meant)
        return take(request, database, processor, account, amounts, method_id, form.value("once"), meant=meant)
    except AlreadyClaimed as claim:
        return claimed_page(request, door, account, form, claim, again=request.url.path)


def _meant(plan_id: int, wanted: Wanted) -> Meant:
    def mark(session: Session, payment_id: int) -> None:
        plan_money.mark(session, payment_id, plan_id, part_id=wanted.part_id, extra=wanted.extra)

    return mark


def _standing(session: Session, account_id: int, plan_id: int) -> Standing | None:
    """How a signed plan of this account stands; None for one that lives no more. NotFound."""
    if queries.entity(session, account_id, plan_id).status not in SIGNED:
        return None
    return stand(session, [plan_id])[plan_id]


def _read(standing: Standing, form: Form) -> Wanted:
    """What was chosen; Invalid beside a field."""
    following = standing.next
    if following is None:
        raise Conflict(N_("Nothing of this plan is left to pay."))
    with form.reading():
        what = form.choice("what", WHATS)
        amount, extra = _asked(standing, following), None
        if what == MORE:
            amount = form.amount("amount", standing.currency)
            extra = form.choice("extra", EXTRAS)
    if what == ALL:
        return Wanted(standing.remaining - standing.parked, None, None)
    is_of_one = what == PART and len(standing.due) < 2
    return Wanted(amount, following.agreed.id if is_of_one else None, extra)


def _asked(standing: Standing, following: Part) -> Money:
    """What is due, where something is, else the next part."""
    return standing.due_now or Money(following.left, standing.currency)


def _pay_page(
    request: AnyRequest,
    database: Database,
    account_id: int,
    plan_id: int,
    form: Form,
    *,
    fresh: bool = False,
    status: int = 200,
) -> Response[bytes]:
    login_id = customer_of(request).login_id
    with database.reading() as session:
        account = enter(request, session, account_id, Right.PAY)
        row = queries.plan(session, plan_id, account_id=account_id)
        standing = _standing(session, account_id, plan_id)
        if standing is None or standing.next is None or row.status not in RUNNING:
            return see_other(request, f"{account.path}/plans/{plan_id}")
        day = today(session)
        ways = [way_view(one, login_id, day) for one in saved_methods.usable(session, account_id, login_id, day)]
        first = next(iter(plan_money.free_of(session, queries.entity(session, account_id, plan_id))), None)
        kept = queries.entity(session, account_id, plan_id).saved_method_id
    if fresh:
        known = [way.id for way in ways]
        method = kept if kept in known else known[0] if known else ANOTHER_WAY
        what = form.value("what") or PART
        form = Form.starting(request, what=what, method=str(method), extra=Extra.TAIL.value)
    context = {
        "account": account,
        "path": f"{account.path}/plans/{plan_id}",
        "plan": plan_view(row, standing),
        "asked": _asked(standing, standing.next),
        "is_due": bool(standing.due_now),
        "next_on": standing.due_on(standing.next),
        "payable": standing.remaining - standing.parked,
        "is_last": len([part for part in standing.parts if part.left]) == 1,
        "methods": ways,
        "consent": CONSENT_TEXTS[CURRENT_VERSION],
        "reference": printed(reference_of(first)) if first else None,
        "parts": part_views(standing, {}),
        "form": form,
        "email": customer_of(request).email,
    }
    return page(request, "portal/plans/pay.html", context, status=status)


def _chosen(current: int | None, ways: Sequence[int], *, is_fresh: bool) -> str:
    """What is chosen at first: what was saved just now for it, else what the plan has."""
    if is_fresh and ways:
        return str(ways[0])
    return str(current) if current in ways else ANOTHER_WAY


def _method_page(
    request: AnyRequest, database: Database, account_id: int, plan_id: int, form: Form | None, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        account: Entered = enter(request, session, account_id, Right.PAY)
        plan = queries.entity(session, account_id, plan_id)
        ways = ways_of(session, account, customer_of(request).login_id)
        chosen = _chosen(plan.saved_method_id, [way.id for way in ways], is_fresh="saved" in request.query_params)
        is_over = plan.status not in SIGNED
    path = f"{account.path}/plans/{plan_id}"
    if is_over:
        return see_other(request, path)
    context = {
        "account": account,
        "path": path,
        "ways": ways,
        "form": form or Form.starting(request, method=chosen),
        "consent": CONSENT_TEXTS[CURRENT_VERSION],
    }
    return page(request, "portal/plans/method.html", context, status=status)
