"""Worklist acts: a call is logged and a promise written down where the work is; then the next piece of work opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from litestar import Response, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit, officer_of
from backoffice.approvals_asking import do_or_ask, done_or_asked
from backoffice.call_views import contact_of, numbers_of
from backoffice.calls import OUTCOMES, leads_to
from backoffice.task_page import invoices_of, notice_of, task_page
from backoffice.worklist_views import Line, wanted_of
from domain.accounts.model import Account
from domain.approvals.asking import NOTE
from domain.approvals.wishes import RecordPromise
from domain.notices.calling import LONGEST_WORDS as LONGEST_CALL
from domain.notices.calling import Said
from domain.notices.model import Call, CallOutcome
from domain.processing.calling import Outcome, record_call
from domain.promises.making import LONGEST_WORDS
from domain.sessions.once import use_once
from domain.shared.db.session import Database
from domain.shared.errors import N_, Conflict
from domain.staff.permissions import Permission
from domain.tasks import queries as tasks
from domain.tasks import working
from domain.tasks.queries import TaskRow
from domain.worklist import queue
from domain.worklist.weighing import ASKING
from web.acting import carry_out
from web.forms import FieldError, Form, SentForm
from web.given import GivenDatabase
from web.visit import AnyRequest

CALL_FIELDS = {
    "words": "said",
    "until_on": "wait_until",
    "outcome": "outcome",
    "promised_on": "pays_by",
    "amount": "pays_amount",
    NOTE: NOTE,
}
PROMISE_FIELDS = {"words": "promised_words", "promised_on": "promised_on", "amount": "amount", NOTE: NOTE}
"""What the fields of the use cases are called on the page, where several forms stand."""


@post("/tasks/{task_id:int}/call", guards=admit(Permission.WORK_TASKS, Permission.RECORD_CALL), sync_to_thread=True)
def log_call(request: AnyRequest, database: GivenDatabase, task_id: FromPath[int], form: SentForm) -> Response[bytes]:
    """Keep how a call went, about what is late on the account, and go where it leads: to a form, or to the next.

    A promise stands with it, and ends the task that asked for the money; one beyond their authority is asked for.
    """

    def act(session: Session) -> str | None:
        task = tasks.task(session, task_id)
        account, notice = _account_of(session, task), notice_of(session, task)
        ids = [row.id for row in invoices_of(session, task)]
        with form.reading():
            outcome = form.choice("outcome", OUTCOMES, missing=N_("Choose how it went."))
            is_promise = outcome is CallOutcome.PROMISE and officer_of(request).may(Permission.RECORD_PROMISE)
            until_on = form.optional_day("wait_until")
            wish = _promised(form, account, ids, CALL_FIELDS) if is_promise and ids else None
            words = wish.why if wish else form.text("said", longest=LONGEST_CALL, required=False)
        numbers = numbers_of(session, account, notice)
        number = numbers[0][0] if numbers and not form.ticked("they_called") else None
        use_once(session, form.value("once"))
        said = Said(outcome, words, number, contact_of(session, account, number))
        told = Outcome(said, ids, until_on)
        call = record_call(session, account.id, notice.id if notice else None, told, actor=actor_of(request))
        if wish is not None:
            _, asked = done_or_asked(request, session, form, account.id, wish)
            if asked is not None:
                return asked
        ends = form.ticked("call_done") or (wish is not None and task.kind in ASKING)
        if ends and _can_be_done(session, task_id):
            working.done(session, task_id, actor=actor_of(request), note=words)
        wants_more = wish is None and (outcome is not CallOutcome.PROMISE or is_promise)
        return (_wants_more(call, ids) if wants_more else None) or _next(session, request, task_id, form)

    return _carry_out(request, database, form, act, task_id, CALL_FIELDS)


@post(
    "/tasks/{task_id:int}/promise", guards=admit(Permission.WORK_TASKS, Permission.RECORD_PROMISE), sync_to_thread=True
)
def take_promise(
    request: AnyRequest, database: GivenDatabase, task_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Write a promise down over what is late on the account, and go to the next where the task is done with it.

    For a day further ahead than one's authority, ask for it: the task is not done before that is approved.
    """

    def act(session: Session) -> str | None:
        task = tasks.task(session, task_id)
        account = _account_of(session, task)
        ids = [row.id for row in invoices_of(session, task)]
        with form.reading():
            if not ids:
                form.refuse("", N_("Nothing is late on this account."))
            wish = _promised(form, account, ids, PROMISE_FIELDS)
        if (asked := do_or_ask(request, session, form, account.id, wish)) is not None:
            return asked
        if form.ticked("promise_done") and _can_be_done(session, task_id):
            working.done(session, task_id, actor=actor_of(request), note=wish.why)
        return _next(session, request, task_id, form)

    return _carry_out(request, database, form, act, task_id, PROMISE_FIELDS)


def _account_of(session: Session, task: TaskRow) -> Account:
    """The account that a task belongs to; Conflict where it belongs to none."""
    if task.account_id is None:
        raise Conflict(N_("It belongs to no account: there is nobody to talk to."))
    return session.get_one(Account, task.account_id)


def _can_be_done(session: Session, task_id: int) -> bool:
    task = tasks.task(session, task_id)
    return task.done_at is None and task.ends_by_hand


def _promised(form: Form, account: Account, ids: Sequence[int], names: Mapping[str, str]) -> RecordPromise:
    """The promise that a form says, over these invoices, where its fields have these names."""
    typed = form.value(names["amount"]).strip()
    amount = form.amount(names["amount"], account.currency) if typed else None
    return RecordPromise(
        promised_on=form.day(names["promised_on"], missing=N_("Enter the day by which they will pay.")),
        invoice_ids=tuple(ids),
        amount_minor=None if amount is None else amount.minor,
        why=form.text(names["words"], longest=LONGEST_WORDS, missing=N_("Say who promised it, and how.")),
    )


def _wants_more(call: Call, ids: list[int]) -> str | None:
    """Where a call leads that says too little by itself: to the form of a promise or a dispute."""
    return leads_to(call, ids) if call.outcome in (CallOutcome.PROMISE, CallOutcome.DISPUTE) else None


def _next(session: Session, request: AnyRequest, task_id: int, form: Form) -> str:
    """The next piece of work of the line, or the same one while it is not done."""
    line = Line.of(form)
    if tasks.task(session, task_id).done_at is None:
        return line.href(f"/tasks/{task_id}")
    wanted = wanted_of(session, line, officer_of(request))
    following = queue.following(session, wanted, queue.place_of(session, task_id))
    return line.href(f"/tasks/{following}" if following is not None else "/worklist", did=task_id)


def _carry_out(
    request: AnyRequest,
    database: Database,
    form: Form,
    act: Callable[[Session], str | None],
    task_id: int,
    names: Mapping[str, str],
) -> Response[bytes]:
    line = Line.of(form)

    def again(form: Form) -> Response[bytes]:
        form.errors = [FieldError(names.get(error.name, error.name), error.words) for error in form.errors]
        return task_page(request, database, task_id, line, form=form.only_at(set(names.values())))

    return carry_out(request, database, form, act, there=line.href(f"/tasks/{task_id}"), again=again)
