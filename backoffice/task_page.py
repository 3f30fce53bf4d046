"""Task page: one piece of work, why it is where it is, and the forms to do what is simple about it in place."""

from __future__ import annotations

from typing import Any

from litestar import Response
from sqlalchemy.orm import Session

from backoffice.access import officer_of
from backoffice.call_views import allowed, numbers_of
from backoffice.chargebacks import chargeback_view
from backoffice.refund_views import grounds_of
from backoffice.task_places import details_of
from backoffice.worklist_views import UNTIL_CHOICES, Line, item_views, why_here
from domain.accounts.model import Account
from domain.chargebacks import queries as chargebacks
from domain.notices import queries as notices
from domain.notices.model import OUTCOME_NAMES
from domain.policies import authority
from domain.policies.acts import Act
from domain.processing.calling import LONGEST_WAIT
from domain.receivables import queries as receivables
from domain.refunds import queries as refunds
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database, now, today
from domain.shared.money import Money
from domain.staff import queries as staff
from domain.staff.permissions import Permission
from domain.tasks import queries as tasks
from domain.tasks.model import TaskKind
from domain.tasks.queries import TaskRow
from domain.worklist import queue, tuning
from domain.worklist.weighing import ASKING
from web.forms import Form
from web.fragments import page
from web.visit import AnyRequest

MOST = 200
"""So many late invoices a call or a promise is about, the longest late; more are chosen on its own page."""


def task_page(
    request: AnyRequest,
    database: Database,
    task_id: int,
    line: Line,
    *,
    form: Form | None = None,
    did: int | None = None,
    status: int = 200,
) -> Response[bytes]:
    """The page of one task in the list that somebody works through; NotFound where there is none."""
    officer = officer_of(request)
    with database.reading() as session:
        task = tasks.task(session, task_id)
        [item] = queue.of_tasks(session, [task_id])
        [view] = item_views(session, [item], line, officer)
        context: dict[str, Any] = {
            "task": task,
            "item": view,
            "why": why_here(item, tuning.current(session)),
            "line": line,
            "details": details_of(task),
            "names": staff.names(session, {task.done_by} if task.done_by else set()),
            "finished": tasks.task(session, did) if did is not None else None,
            "untils": UNTIL_CHOICES,
            "today": today(session),
            "now_at": now(session),
            "form": form or Form.starting(request, promise_done="yes" if task.kind in ASKING else ""),
            **_about_money(session, task),
        }
        if task.done_at is None and task.account_id is not None:
            invoices = invoices_of(session, task)
            context["about"] = _about(invoices)
            works = officer.may(Permission.WORK_TASKS)
            if works and officer.may(Permission.RECORD_CALL):
                context["call"] = _call(session, task)
            if works and officer.may(Permission.RECORD_PROMISE) and invoices:
                context["most_days"] = authority.limits_on(session, task.account_id)[Act.PROMISE][officer.role]
    return page(request, "backoffice/tasks/show.html", context, status=status)


def invoices_of(session: Session, task: TaskRow) -> list[AnyRow]:
    """What a call or a promise from here is about: the invoices that the call is due for, else those that are late."""
    assert task.account_id is not None
    late = receivables.open_invoices(session, task.account_id, due_before=today(session))[:MOST]
    if task.kind is not TaskKind.CALL_DUE:
        return list(late)
    parts = notices.parts(session, [int(task.subject_id)])[int(task.subject_id)]
    asked = {part.invoice_id for part in parts if part.asked_minor}
    return [row for row in late if row.id in asked] or list(late)


def notice_of(session: Session, task: TaskRow) -> AnyRow | None:
    """The notice that asks for the call, where that is what the task is."""
    return notices.notice(session, int(task.subject_id)) if task.kind is TaskKind.CALL_DUE else None


def _about(invoices: list[AnyRow]) -> tuple[int, Money] | None:
    """How many invoices, and how much is open of them."""
    if not invoices:
        return None
    currency = invoices[0].currency
    return len(invoices), Money(sum(row.open_minor for row in invoices), currency)


def _call(session: Session, task: TaskRow) -> dict[str, object]:
    account, notice = session.get_one(Account, task.account_id), notice_of(session, task)
    numbers = numbers_of(session, account, notice)
    now_allowed, too_often, from_at = allowed(session, account, notice, numbers)
    return {
        "number": numbers[0] if numbers else None,
        "allowed": now_allowed,
        "too_often": too_often,
        "from_at": from_at,
        "outcomes": [(outcome.value, words) for outcome, words in OUTCOME_NAMES.items()],
        "latest": today(session) + LONGEST_WAIT,
        "href": f"/notices/{notice.id}/call" if notice else f"/accounts/{task.account_id}/calls/new",
    }


def _about_money(session: Session, task: TaskRow) -> dict[str, object]:
    """What stands behind a refund or a chargeback."""
    grounds = grounds_of(session, refunds.shown(session, task.subject_id)) if task.subject_kind == "refund" else None
    contested = None
    if task.kind is TaskKind.CHARGEBACK:
        contested = chargeback_view(session, chargebacks.by_ref(session, task.subject_id))
    return {"grounds": grounds, "contested": contested}
