"""Tasks: what a person has to look at: open, mine, done; taken, given back, finished."""

from __future__ import annotations

from datetime import date

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from backoffice.access import actor_of, admit, officer_of
from backoffice.chargebacks import chargeback_view, deadline_badge
from backoffice.refund_views import grounds_of
from domain.accounts import queries as accounts
from domain.chargebacks import queries as chargebacks
from domain.chargebacks.states import OTHER_WARNING, WARNING_NAMES
from domain.policies.reference_rates import REFERENCE_NAMES
from domain.policies.sections import Reference
from domain.refunds import queries as refunds
from domain.shared.clock import day_in
from domain.shared.db.session import business, today
from domain.shared.errors import N_, Refused
from domain.shared.words import Words
from domain.staff import queries as staff
from domain.staff.permissions import Permission
from domain.tasks import queries as tasks
from domain.tasks import working
from domain.tasks.model import TaskKind
from domain.tasks.queries import TaskRow, View
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest

PAGE = 50
VIEW_WORDS = {View.OPEN: N_("Open"), View.MINE: N_("Mine"), View.DONE: N_("Done")}
"""What the lists are called."""
SUBJECT_PAGES = {
    "payment": ("/payments/{}", N_("Go to the payment")),
    "chargeback": ("/chargebacks/{}", N_("Go to the chargeback")),
    "dispute": ("/disputes/{}", N_("Go to the dispute")),
    "offer": ("/settlements/{}", N_("Go to the settlement")),
    "insolvency": ("/insolvencies/{}", N_("Go to the proceeding")),
    "placement": ("/handoffs/{}", N_("Go to the handoff")),
    "placement_cost": ("/partner-costs/{}", N_("Go to the cost")),
    "remittance": ("/remittances/{}", N_("Go to the remittance")),
    "commission_invoice": ("/commission-invoices/{}", N_("Go to the invoice")),
    "partner": ("/partners/{}/money", N_("Go to the partner's money")),
    "plan": ("/plans/{}", N_("Go to the payment plan")),
    "promise": ("/promises/{}", N_("Go to the promise")),
    "write_off": ("/write-offs/{}", N_("Go to the write-off")),
    "refund": ("/refunds/{}", N_("Go to the refund")),
    "limitation": ("/accounts/{}/limitations", N_("See how long it can be enforced")),
    "payout": ("/clearing/payouts/{}", N_("Go to the payout")),
    "movement": ("/clearing/movements/{}", N_("Go to the movement")),
    "charge": ("/clearing/movements/{}", N_("Go to the movement")),
    "tie_out": ("/clearing", N_("See what does not add up")),
    "bank_line": ("/bank/lines/{}", N_("Go to the bank line")),
    "event": ("/inbox/{}", N_("Go to the message")),
    "credit_application": ("/credit-applications/{}", N_("Go to the application")),
    "reference_rate": ("/rates", N_("Enter the rate")),
    "autopay": ("/accounts/{}/autopay", N_("Go to automatic payment")),
    "notice": ("/notices/{}", N_("Go to the notice")),
    "account": ("/accounts/{}", N_("Go to the account")),
    "incoming": ("/messages/{}", N_("Go to the message")),
}
"""Where the subject of a task has its page, and what leads there."""
DETAIL_WORDS = {
    "rate": N_("Rate"),
    "due_on": N_("Last day"),
    "receipt": N_("Receipt"),
    "found": N_("What was found"),
    "processor": N_("Its name at the processor"),
    "event": N_("Event"),
    "message": N_("Message"),
    "method": N_("Card or bank account"),
    "last_on": N_("The first of them ends on"),
    "what": N_("What is to be done"),
    "why": N_("Why"),
    "from": N_("From"),
    "text": N_("Its words"),
    "note": N_("How it ended"),
}
"""What the details of a task are called."""
ACTS = {"take": working.take, "give_back": working.give_back, "reopen": working.reopen}


@get("/tasks", guards=admit(Permission.SEE_TASKS), sync_to_thread=True)
def list_tasks(
    request: AnyRequest,
    database: GivenDatabase,
    show: FromQuery[str] = View.OPEN,
    after: FromQuery[int | None] = None,
) -> Response[bytes]:
    """The tasks of one list: what must be answered by a day first, then the longest waiting."""
    view = View(show) if show in set(View) else View.OPEN
    mine = officer_of(request).staff_id
    deadlines = chargebacks.deadlines()
    with database.reading() as session:
        day, zone = today(session), business(session).time_zone
        found = tasks.tasks(session, view, staff_id=mine, after=after, limit=PAGE + 1, deadlines=deadlines)
        counts = tasks.counts(session, staff_id=mine)
        shown = found[:PAGE]
        labels = accounts.labels(session, {task.account_id for task in shown if task.account_id is not None})
        people = {one for task in shown for one in (task.owner_id, task.done_by) if one is not None}
        names = staff.names(session, people)
    context = {
        "tasks": [
            (task, labels.get(task.account_id or 0), task.due and deadline_badge(day_in(task.due, zone), day))
            for task in shown
        ],
        "names": names,
        "view": view.value,
        "mine": mine,
        "views": [
            (words, with_query("/tasks", show=one.value), one is view, counts.get(one))
            for one, words in VIEW_WORDS.items()
        ],
        "following": with_query("/tasks", show=view.value, after=shown[-1].id) if len(found) > PAGE else None,
    }
    return page(request, "backoffice/tasks/list.html", context)


@get("/tasks/{task_id:int}", guards=admit(Permission.SEE_TASKS), sync_to_thread=True)
def show_task(request: AnyRequest, database: GivenDatabase, task_id: FromPath[int]) -> Response[bytes]:
    """One task, with what can be done about it."""
    return _show(request, database, task_id, Form.starting(request))


@post("/tasks/{task_id:int}", guards=admit(Permission.WORK_TASKS), sync_to_thread=True)
def work_task(request: AnyRequest, database: GivenDatabase, task_id: FromPath[int], form: SentForm) -> Response[bytes]:
    """Take it, give it back, finish it with a word on how it ended, or open it again."""
    act = form.value("act")
    try:
        with form.reading():
            note = form.text("note", required=False, longest=500)
        with database.transaction() as session:
            if act in ACTS:
                ACTS[act](session, task_id, actor=actor_of(request))
            else:
                working.done(session, task_id, actor=actor_of(request), note=note)
    except Refused as refused:
        return _show(request, database, task_id, form.refused(refused), status=422)
    return see_other(request, f"/tasks/{task_id}" if act in ACTS else "/tasks")


def _place(task: TaskRow) -> tuple[str, str] | None:
    """Where it can be done, and what leads there; None for what has no page."""
    if task.kind is TaskKind.CALL_DUE:
        return f"/notices/{task.subject_id}/call", N_("Make the call")
    if task.kind is TaskKind.LEGAL_DEADLINE:
        return f"/cases/{task.detail['case']}", N_("Go to the legal case")
    if task.kind is TaskKind.TRACE:
        return f"/accounts/{task.account_id}/people", N_("See their addresses and add one")
    path, words = SUBJECT_PAGES.get(task.subject_kind, ("", ""))
    return (path.format(task.subject_id), words) if path else None


def _details(task: TaskRow) -> list[tuple[str, object]]:
    """What is known of it beyond its subject; the processor's codes in words, or not at all."""
    known: dict[str, object] = {name: value for name, value in task.detail.items() if value and name in DETAIL_WORDS}
    if task.subject_kind == "chargeback":
        known.pop("found", None)
    if task.kind is TaskKind.REFUND_APPROVAL:
        known.pop("why", None)
    if task.kind is TaskKind.FRAUD_WARNING:
        known["found"] = WARNING_NAMES.get(task.detail.get("found", ""), OTHER_WARNING)
    if task.kind is TaskKind.RATE_MISSING:
        name = Words.of(REFERENCE_NAMES[Reference(task.detail["rate"])])
        known["rate"] = Words.of("{rate}, {day}", rate=name, day=date.fromisoformat(task.detail["day"]))
    if task.kind is TaskKind.LIMITATION_NEAR:
        known["last_on"] = Words.of("{day}", day=date.fromisoformat(task.detail["last_on"]))
    if "due_on" in known:
        known["due_on"] = Words.of("{day}", day=date.fromisoformat(task.detail["due_on"]))
    return [(DETAIL_WORDS[name], value) for name, value in known.items()]


def _show(
    request: AnyRequest, database: GivenDatabase, task_id: int, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        task = tasks.task(session, task_id)
        label = accounts.labels(session, {task.account_id}).get(task.account_id) if task.account_id else None
        names = staff.names(session, {one for one in (task.owner_id, task.done_by) if one is not None})
        contested, grounds = None, None
        if task.subject_kind == "refund":
            grounds = grounds_of(session, refunds.shown(session, task.subject_id))
        if task.kind is TaskKind.CHARGEBACK:
            contested = chargeback_view(session, chargebacks.by_ref(session, task.subject_id))
    context = {
        "task": task,
        "account": label,
        "place": _place(task),
        "contested": contested,
        "grounds": grounds,
        "details": _details(task),
        "names": names,
        "mine": officer_of(request).staff_id,
        "form": form,
    }
    return page(request, "backoffice/tasks/show.html", context, status=status)
