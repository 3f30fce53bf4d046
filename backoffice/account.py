"""Account: everything about one account on one page: what is open, all invoices, payments, ledger and the timeline."""

from __future__ import annotations

from datetime import date

from litestar import Response, get
from litestar.params import FromQuery
from sqlalchemy.orm import Session

from backoffice.access import admit
from backoffice.frame import entered, frame
from backoffice.given import AccountId
from backoffice.plan_views import plan_lines
from backoffice.reminder_views import reminder_views
from backoffice.views import invoice_view, payment_view
from domain.advices.queries import open_advices
from domain.ledger.chart import CHART
from domain.ledger.reading import legs_of
from domain.payments import queries as payments
from domain.plans import queries as plans
from domain.plans.model import SIGNED, TALKING
from domain.processing.aftermath import aftermath_of
from domain.receivables import queries as receivables
from domain.reporting.act_words import Topic
from domain.reporting.behaviour import behaviour_of
from domain.reporting.timeline import Place, Timeline, timeline
from domain.shared.db.session import today
from domain.shared.errors import N_, Refused
from domain.staff.permissions import Permission
from domain.statements.queries import statement
from web.forms import Form, query_form
from web.fragments import page, page_or_fragment
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest

PAGE = 50
HAPPENINGS = 20
ABOUT_PAGES = {
    "notice": "/notices/{}",
    "call": "/calls/{}",
    "plan": "/plans/{}",
    "offer": "/settlements/{}",
    "placement": "/handoffs/{}",
    "promise": "/promises/{}",
    "dispute": "/disputes/{}",
    "write_off": "/write-offs/{}",
    "incoming": "/messages/{}",
}
"""Where what an act was done to has its page."""
TOPIC_WORDS = {
    Topic.ALL: N_("All"),
    Topic.MONEY: N_("Money"),
    Topic.PEOPLE: N_("People"),
    Topic.MESSAGES: N_("Messages"),
    Topic.VIEWS: N_("Views"),
}
"""What the filters of the timeline are called."""


@get("/accounts/{account_id:int}", guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def show_account(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """Where the account stands, what is open, and what happened last."""
    with database.reading() as session:
        context = frame(session, account_id, "open")
        day = today(session)
        rows = receivables.open_invoices(session, account_id)
        context["invoices"] = [invoice_view(row, day) for row in rows]
        context["on_plan"] = plans.on_plan(session, [row.id for row in rows])
        context["plans"] = plan_lines(session, plans.of_account(session, account_id, TALKING | SIGNED))
        context["behaviour"] = behaviour_of(session, account_id)
        context["reminders"] = reminder_views(session, account_id)
        context |= _timeline(session, account_id, Topic.ALL, None)
    return page(request, "backoffice/account/open.html", context)


@get("/accounts/{account_id:int}/timeline", guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def show_timeline(
    request: AnyRequest,
    database: GivenDatabase,
    account_id: AccountId,
    show: FromQuery[str] = Topic.ALL,
    entry: FromQuery[int | None] = None,
    act: FromQuery[int | None] = None,
) -> Response[bytes]:
    """What happened, by topic and page."""
    topic = Topic(show) if show in set(Topic) else Topic.ALL
    with database.reading() as session:
        context: dict[str, object] = {"account": entered(session, account_id)}
        context |= _timeline(session, account_id, topic, Place(entry, act))
    return page_or_fragment(
        request,
        page="backoffice/account/timeline.html",
        fragment="backoffice/account/_timeline.html",
        context=context,
    )


@get("/accounts/{account_id:int}/invoices", guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def all_invoices(
    request: AnyRequest,
    database: GivenDatabase,
    account_id: AccountId,
    before: FromQuery[date | None] = None,
    before_id: FromQuery[int] = 0,
) -> Response[bytes]:
    """Every invoice, newest first, a page at a time."""
    place = (before, before_id) if before is not None else None
    with database.reading() as session:
        context = frame(session, account_id, "invoices")
        rows = receivables.all_invoices(session, account_id, before=place, limit=PAGE + 1)
        on_plan = plans.on_plan(session, [row.id for row in rows])
        day = today(session)
    shown = rows[:PAGE]
    last = shown[-1] if len(rows) > PAGE else None
    path = f"/accounts/{account_id}/invoices"
    context["invoices"] = [invoice_view(row, day) for row in shown]
    context["on_plan"] = on_plan
    context["older"] = last and with_query(path, before=last.issued_on, before_id=last.id)
    return page(request, "backoffice/account/invoices.html", context)


@get("/accounts/{account_id:int}/payments", guards=admit(Permission.SEE_PAYMENTS), sync_to_thread=True)
def account_payments(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, before: FromQuery[int | None] = None
) -> Response[bytes]:
    """The account's payments, newest first."""
    with database.reading() as session:
        context = frame(session, account_id, "payments")
        rows = payments.of_account(session, account_id, before=before, limit=PAGE + 1)
        became = aftermath_of(session, [row.id for row in rows[:PAGE]])
        context["advices"] = open_advices(session, account_id)
    context["payments"] = [payment_view(row, became[row.id]) for row in rows[:PAGE]]
    context["older"] = f"/accounts/{account_id}/payments?before={rows[PAGE - 1].id}" if len(rows) > PAGE else None
    return page(request, "backoffice/account/payments.html", context)


@get("/accounts/{account_id:int}/ledger", guards=admit(Permission.SEE_LEDGER), sync_to_thread=True)
def ledger(
    request: AnyRequest,
    database: GivenDatabase,
    account_id: AccountId,
    after: FromQuery[date | None] = None,
    after_id: FromQuery[int] = 0,
) -> Response[bytes]:
    """The entries of a period with their legs and the balance after each."""
    form = query_form(request)
    with database.reading() as session:
        context = frame(session, account_id, "ledger")
        first, last = date(today(session).year, 1, 1), today(session)
        status = 200
        place = (after, after_id) if after is not None else None
        try:
            with form.reading():
                first, last = form.optional_day("from") or first, form.optional_day("to") or last
            view = statement(session, account_id, first, last, after=place, limit=PAGE)
        except Refused as refused:
            form, status = form.refused(refused), 422
            first, last = date(today(session).year, 1, 1), today(session)
            view = statement(session, account_id, first, last, limit=PAGE)
        legs = legs_of(session, [movement.entry_id for movement in view.movements])
    path = f"/accounts/{account_id}/ledger"
    following = view.following
    context |= {
        "statement": view,
        "legs": {
            entry: [(CHART[leg.ledger_account].name, leg.amount) for leg in booked] for entry, booked in legs.items()
        },
        "form": form if form.errors else Form.starting(request, **{"from": first.isoformat(), "to": last.isoformat()}),
        "following": following
        and with_query(path, **{"from": first, "to": last, "after": following[0], "after_id": following[1]}),
    }
    return page(request, "backoffice/account/ledger.html", context, status=status)


def _timeline(session: Session, account_id: int, topic: Topic, place: Place | None) -> dict[str, object]:
    found: Timeline = timeline(session, account_id, topic, after=place, limit=HAPPENINGS)
    path = f"/accounts/{account_id}/timeline"
    following = found.following
    return {
        "timeline": found,
        "about_pages": ABOUT_PAGES,
        "topics": [(words, with_query(path, show=one.value), one is topic, None) for one, words in TOPIC_WORDS.items()],
        "earlier": following and with_query(path, show=topic.value, entry=following.entry, act=following.act),
    }
