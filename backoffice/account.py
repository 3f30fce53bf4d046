"""Account: everything about one account on one page: what is open, all invoices, payments, ledger and the timeline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from litestar import Response, get
from litestar.params import FromQuery
from sqlalchemy.orm import Session

from backoffice.access import admit, officer_of
from backoffice.account_calls import kept_call, log_context, log_start
from backoffice.account_next import Agreed, Coming, Known, Step, Waiting, steps
from backoffice.account_timeline import Filters, timeline_context
from backoffice.approvals_views import RequestView, awaiting
from backoffice.frame import StopView, frame
from backoffice.given import AccountId
from backoffice.notes import notes_context
from backoffice.plan_views import plan_lines
from backoffice.reminder_views import ReminderView, reminder_views
from backoffice.views import InvoiceView, invoice_view, payment_view
from domain.advices.queries import open_advices
from domain.approvals import queries as approvals
from domain.ledger.chart import CHART
from domain.ledger.reading import legs_of
from domain.payments import queries as payments
from domain.plans import queries as plans
from domain.plans.model import SIGNED, TALKING
from domain.policies.contacting import CHANNEL_NAMES, Channel
from domain.processing.aftermath import aftermath_of
from domain.promises import queries as promises
from domain.receivables import queries as receivables
from domain.reporting.behaviour import behaviour_of
from domain.shared.db.session import today
from domain.shared.errors import Refused
from domain.staff.permissions import Permission
from domain.statements.agreements import Kind
from domain.statements.queries import statement
from domain.tasks.model import TaskKind
from domain.tasks.queries import TaskRow
from web.forms import Form, query_form
from web.fragments import page
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest, visit_of

PAGE = 50
THEIRS_ALONE = frozenset({TaskKind.MENTIONED, TaskKind.APPROVAL_ANSWERED})
"""What is only for whom it was given to."""


@get("/accounts/{account_id:int}", guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def show_account(
    request: AnyRequest,
    database: GivenDatabase,
    account_id: AccountId,
    kept: FromQuery[int | None] = None,
    noted: FromQuery[str] = "",
) -> Response[bytes]:
    """Where the account stands, what is open, and what happened last.

    `kept` is a call that was written down just now, `noted` what was done to a note.
    """
    with database.reading() as session:
        context = frame(session, account_id, "open")
        context["day"] = day = today(session)
        rows = receivables.open_invoices(session, account_id)
        context["invoices"] = [invoice_view(row, day) for row in rows]
        context["on_plan"] = plans.on_plan(session, [row.id for row in rows])
        context["plans"] = plan_lines(session, plans.of_account(session, account_id, TALKING | SIGNED))
        context["behaviour"] = behaviour_of(session, account_id)
        context["awaiting"] = awaiting(session, approvals.waiting_of(session, account_id))
        context["reminders"] = reminders = reminder_views(session, account_id)
        context["steps"] = _next_steps(session, context, reminders, officer_of(request).staff_id)
        context |= timeline_context(session, account_id, Filters(), None, visit_of(request).speaking)
        context |= notes_context(session, account_id, noted)
        if officer_of(request).may(Permission.RECORD_CALL):
            context["kept"] = kept_call(session, account_id, kept)
            context |= log_context(session, account_id)
            context["log"] = log_start(request, context)
    context["form"] = Form.starting(request)
    return page(request, "backoffice/account/open.html", context)


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


def _next_steps(
    session: Session, context: dict[str, Any], reminders: Sequence[ReminderView], staff_id: int
) -> list[Step]:
    """What to do on the account, from what its page knows already; to read a note only for whom it mentions."""
    account, totals, stopped = context["account"], context["totals"], context["stopped"]
    late = [row for row in context["invoices"] if row.due_on < context["day"]]
    promised = next(iter(promises.open_of_account(session, account.id)), None)
    coming = next((row for row in reminders if row.on is not None and row.held is None), None)
    held = next((row for row in reminders if row.on is not None), None)
    chosen = coming or held
    contacts, beside = context["contacts"], _asked_beside(late, stopped)
    return steps(
        Known(
            path=account.path,
            open=totals.open,
            late=totals.late,
            late_days=max(((context["day"] - row.due_on).days for row in late), default=0),
            credit=totals.credit,
            tasks=[
                Waiting(task.id, task.kind)
                for task in context["waiting"]
                if _is_for(task, staff_id, context["awaiting"])
            ],
            agreed=[
                Agreed(one.path, one.kind is Kind.PLAN, one.late_days, one.next_amount, one.next_on)
                for one in context["agreed"].each
            ],
            stops={row.kind for row in stopped if row.invoice_id is None or not beside},
            promised=(f"/promises/{promised.id}", promised.promised_on) if promised and not beside else None,
            coming=_coming(chosen) if chosen else None,
            can_be_reached=any((one.email, one.phone) != (None, None) for one in (account, *contacts))
            or bool(account.address),
            has_number=any(one.phone for one in (account, *contacts)),
            is_with_partner=bool(context["acting"]) and not beside,
        )
    )


def _is_for(task: TaskRow, staff_id: int, awaiting: Sequence[RequestView]) -> bool:
    """Whether a task is anything to them: others' mentions and answers are not, nor is what they asked for."""
    if task.kind in THEIRS_ALONE:
        return task.owner_id == staff_id
    mine = {str(one.id) for one in awaiting if one.asked_by_id == staff_id}
    return task.kind is not TaskKind.APPROVAL_REQUESTED or task.subject_id not in mine


def _asked_beside(late: Sequence[InvoiceView], stopped: Sequence[StopView]) -> bool:
    """Whether something is late that nothing holds."""
    held = {row.invoice_id for row in stopped}
    return None not in held and any(row.id not in held for row in late)


def _coming(row: ReminderView) -> Coming:
    assert row.on is not None
    assert row.coming is not None
    assert row.channel is not None
    return Coming(row.coming, row.channel, row.on, row.channel == CHANNEL_NAMES[Channel.CALL], row.held)
