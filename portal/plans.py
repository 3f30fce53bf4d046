"""Plans: paying in parts is asked for: which invoices, one of three proposals or one's own, and words beyond those."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from domain.accounts.model import Right
from domain.plans import negotiating, queries
from domain.plans.model import RUNNING, SIGNED, TALKING
from domain.plans.negotiating import LONGEST_WORDS, MOST_PARTS, Ask
from domain.plans.rules import stand
from domain.plans.schedule import Shape
from domain.policies.sections import FREQUENCY_NAMES, Frequency, Plans
from domain.processing.plans.previewing import Preview, preview, proposals
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Conflict, Invalid, Refused
from domain.shared.money import Money
from domain.shared.months import months_later
from domain.shared.words import Words
from portal.access import Entered, actor_of, customer_of, enter
from portal.given import AccountId
from portal.plan_invoices import CHOSEN, to_choose, which_page
from portal.plan_views import discount_lost, plan_view, preview_view
from web.amounts import typed_amount
from web.forms import FieldError, Form, SentForm, query_form
from web.fragments import page, page_or_fragment, see_other
from web.given import GivenDatabase
from web.rate_limits import Rate
from web.visit import AnyRequest, visit_of

PATH = "/accounts/{account_id:int}/plans"
STEP = "step"
"""Which button was pressed: `show`, `go`, `ask`, `change`."""
OWN = "own"
"""What the form sends in place of a proposal."""
ASKING = Rate(20, 3600)
"""So many plans one login may ask for."""
PlanId = FromPath[int]
LONGEST_ANSWER = 400


@dataclass(frozen=True, slots=True)
class Asking:
    """What a plan is asked for: `talk` is the conversation that goes on, `changes` the plan that is to be replaced."""

    account: Entered
    path: str
    invoice_ids: tuple[int, ...]
    section: Plans
    proposals: Sequence[Preview]
    total: Money
    invoices: Sequence[tuple[str, Money]]
    talk: int | None = None
    changes: int | None = None


@get(PATH, sync_to_thread=True)
def list_plans(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """The plans of the account: those that are talked about, those that run, those that have ended."""
    with database.reading() as session:
        account = enter(request, session, account_id)
        rows = queries.of_account(session, account_id)
        standings = stand(session, [row.id for row in rows if row.status in SIGNED])
        views = [plan_view(row, standings.get(row.id)) for row in rows]
        may_ask = account.may_promise and bool(queries.plannable(session, account_id))
    context = {"account": account, "plans": views, "may_ask": may_ask}
    return page(request, "portal/plans/list.html", context)


@get(f"{PATH}/new", sync_to_thread=True)
def plan_form(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """Which invoices, where there are several, then in which parts; the schedule alone where htmx asks."""
    return _form_page(request, database, account_id, None, query_form(request))


@post(f"{PATH}/new", sync_to_thread=True)
def ask_for_plan(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm
) -> Response[bytes]:
    """Show the dates of what was chosen, or ask for it; inside the fence it can then be signed at once."""
    return _ask(request, database, account_id, None, form)


@get(f"{PATH}/{{plan_id:int}}/counter", sync_to_thread=True)
def counter_form(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, plan_id: PlanId
) -> Response[bytes]:
    """Propose something else for the invoices of a plan that is talked about."""
    return _form_page(request, database, account_id, plan_id, query_form(request))


@post(f"{PATH}/{{plan_id:int}}/counter", sync_to_thread=True)
def counter_plan(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, plan_id: PlanId, form: SentForm
) -> Response[bytes]:
    """Show the dates of it, or propose it."""
    return _ask(request, database, account_id, plan_id, form)


def _form_page(
    request: AnyRequest,
    database: Database,
    account_id: int,
    talk: int | None,
    form: Form,
    *,
    is_sent: bool = False,
    status: int = 200,
) -> Response[bytes]:
    """The page as far as it was filled in; what is wrong stands beside the fields where they were sent."""
    with database.reading() as session:
        account = enter(request, session, account_id, Right.PROMISE)
        try:
            if talk is None and not form.values("invoice"):
                there = to_choose(session, account, _changes(session, account, form))
                if form.value(CHOSEN):
                    raise Invalid(N_("Choose at least one invoice."), field="invoice")
                if len(there) != 1:
                    return which_page(request, session, account, there, form)
                form.fill({"invoice": str(there[0].id)})
            asking = _asking(session, account, talk, form)
        except Invalid as refused:
            there = to_choose(session, account, _changes(session, account, form))
            return which_page(request, session, account, there, form.refused(refused))
        except Conflict as refused:
            return _talk_page(request, account, refused)
        if "plan" not in form.names():
            form.fill(_own_start(request, session, asking))
        shown, unclear = _shown(session, asking, form)
        lost = discount_lost(session, account, asking.invoice_ids)
    if is_sent and unclear:
        form.errors, status = unclear, 422
    context = {
        "account": account,
        "asking": asking,
        "form": form,
        "cards": [(each.shape.count, preview_view(each)) for each in asking.proposals],
        "shown": preview_view(shown) if shown else None,
        "unclear": [error.words for error in unclear if form.value(error.name).strip()],
        "lost": lost,
        "rhythms": [(key.value, FREQUENCY_NAMES[key]) for key in Frequency if key in asking.section.frequencies],
        "longest": LONGEST_ANSWER,
    }
    return page_or_fragment(
        request, page="portal/plans/choose.html", fragment="portal/plans/_dates.html", context=context, status=status
    )


def _ask(request: AnyRequest, database: Database, account_id: int, talk: int | None, form: Form) -> Response[bytes]:
    with database.reading() as session:
        account = enter(request, session, account_id, Right.PROMISE)
    if form.value(STEP) in ("change", "show"):
        return _form_page(request, database, account_id, talk, form, is_sent=True)
    try:
        with database.reading() as session:
            asking = _asking(session, account, talk, form)
            ask = _read(asking, form)
            seen = preview(session, account_id, ask, changes=asking.changes)
            lost = discount_lost(session, account, asking.invoice_ids)
        if seen.beyond and form.value(STEP) != "ask":
            context = {"account": account, "asking": asking, "form": form, "shown": preview_view(seen), "lost": lost}
            return page(request, "portal/plans/beyond.html", context | {"longest": LONGEST_WORDS})
        visit_of(request).site.limiter.count("ask for a plan", str(customer_of(request).login_id), ASKING)
        with database.transaction() as session:
            enter(request, session, account_id, Right.PROMISE)
            use_once(session, form.value("once"))
            made = _propose(request, session, asking, ask)
    except SentAlready:
        return see_other(request, _latest(database, account, talk))
    except Refused as refused:
        return _form_page(request, database, account_id, talk, form.refused(refused), status=422)
    return see_other(request, f"{account.path}/plans/{made}")


def _propose(request: AnyRequest, session: Session, asking: Asking, ask: Ask) -> int:
    login_id, actor = customer_of(request).login_id, actor_of(request)
    if asking.talk is not None:
        return negotiating.counter_back(session, asking.account.id, asking.talk, ask, login_id=login_id, actor=actor).id
    return negotiating.ask_for(
        session, asking.account.id, ask, login_id=login_id, actor=actor, changes=asking.changes
    ).id


def _latest(database: Database, account: Entered, talk: int | None) -> str:
    """Where a form leads whose button was pressed twice: to what the first press made."""
    with database.reading() as session:
        rows = queries.of_account(session, account.id, TALKING | SIGNED)
    found = talk or (rows[0].id if rows else None)
    return f"{account.path}/plans/{found}" if found else f"{account.path}/plans"


def _asking(session: Session, account: Entered, talk: int | None, form: Form) -> Asking:
    """What is asked for; raises NotFound, Invalid beside the invoices, Conflict where no plan can be made."""
    plan = queries.entity(session, account.id, talk) if talk is not None else None
    changes = _changes(session, account, form) if plan is None else None
    _, section = negotiating.plans_of(session, account.id)
    path = f"{account.path}/plans/new"
    if plan is not None:
        if plan.status not in TALKING:
            raise Conflict(N_("This conversation is over. Ask for a new plan."))
        changes, path = plan.supersedes_id, f"{account.path}/plans/{plan.id}/counter"
        ids = tuple(row.id for row in queries.invoices(session, plan.id) if row.open_minor)
    else:
        ids = _ids(form, "invoice")
    found = proposals(session, account.id, ids, changes=changes)
    rows = negotiating.chosen(session, account.id, ids, changes=changes)
    named = [(row.number, Money(row.open_minor, account.currency)) for row in rows]
    total = Money.sum((amount for _, amount in named), account.currency)
    return Asking(account, path, ids, section, found, total, named, talk, changes)


def _changes(session: Session, account: Entered, form: Form) -> int | None:
    """The running plan that is to be replaced."""
    if not form.value("changes"):
        return None
    plan_id = _ids(form, "changes")[0]
    if queries.entity(session, account.id, plan_id).status not in RUNNING:
        raise Conflict(N_("Only a plan that is running can be changed."))
    return plan_id


def _ids(form: Form, name: str) -> tuple[int, ...]:
    """What a field names, whatever else is wrong with the form."""
    bare = _copy(form)
    with bare.reading():
        return bare.ids(name, missing=N_("Choose at least one invoice."))


def _copy(form: Form) -> Form:
    """The same, with nothing said yet of what is wrong."""
    return Form(form.speaking, {name: form.values(name) for name in form.names()})


def _talk_page(request: AnyRequest, account: Entered, refused: Conflict) -> Response[bytes]:
    """Why no plan can be made here, and how to reach us."""
    said = Words.of(refused.text, **refused.params)
    return page(request, "portal/plans/none.html", {"account": account, "said": said})


def _own_start(request: AnyRequest, session: Session, asking: Asking) -> dict[str, str]:
    """What the fields start with: the shortest proposal is chosen, and one's own is like the one in the middle."""
    if not asking.proposals:
        first_on = months_later(today(session), 1)
        return {"plan": OWN, "frequency": asking.section.frequencies[0].value, "first_on": first_on.isoformat()}
    middle = asking.proposals[len(asking.proposals) // 2].shape
    down = Money(middle.down_minor, asking.total.currency)
    return {
        "plan": str(middle.count),
        "frequency": middle.frequency.value,
        "first_on": middle.first_on.isoformat(),
        "down": typed_amount(down, visit_of(request).speaking.formats.locale) if down else "",
    }


def _shown(session: Session, asking: Asking, form: Form) -> tuple[Preview | None, list[FieldError]]:
    """The schedule of what is chosen so far, or what is unclear in it yet."""
    trial = _copy(form)
    try:
        shape = _shape(asking, trial)
        return preview(session, asking.account.id, Ask(asking.invoice_ids, shape), changes=asking.changes), []
    except Invalid as refused:
        trial.refused(refused)
        return None, trial.errors


def _read(asking: Asking, form: Form) -> Ask:
    """What is proposed, with its words and what the policy asks for; `FormRefused` where something is missing."""
    shape = _shape(asking, form)
    with form.reading():
        words = form.text("words", required=False, longest=LONGEST_WORDS)
        capacity = _capacity(form) if asking.section.asks_capacity else ""
    return Ask(asking.invoice_ids, shape, words, capacity)


def _capacity(form: Form) -> str:
    can = form.text("can_pay", missing=N_("Write what you can pay, such as 200 a month."), longest=LONGEST_ANSWER)
    when = form.text(
        "money_comes", missing=N_("Write when money comes in, such as at the end of the month."), longest=LONGEST_ANSWER
    )
    return f"{can}\n{when}"


def _shape(asking: Asking, form: Form) -> Shape:
    """The proposal that was chosen, or one's own."""
    chosen = next((each.shape for each in asking.proposals if str(each.shape.count) == form.value("plan")), None)
    if chosen is not None:
        return chosen
    with form.reading():
        if form.value("plan") != OWN:
            form.refuse("plan", N_("Choose one of these."))
        frequency = form.choice("frequency", {each.value: each for each in Frequency})
        first_on = form.day("first_on", missing=N_("Enter the day of the first payment."))
        down = Money.zero(asking.total.currency)
        if form.value("down").strip():
            down = form.amount("down", down.currency, or_zero=True)
        count = _count(asking, form, down)
    return Shape(count=count, frequency=frequency, first_on=first_on, down_minor=down.minor)


def _count(asking: Asking, form: Form, down: Money) -> int:
    """How many payments, said as their number or as how much each is."""
    if form.value("count").strip() or not form.value("each").strip():
        return form.number("count", least=1, most=MOST_PARTS)
    each = form.amount("each", asking.total.currency)
    rest = (asking.total - down).minor
    return max(1, min(MOST_PARTS, -(-rest // each.minor))) if each.minor > 0 else 1
