"""Account calls: a call is logged on the account's own page in two fields, and what it came to asks for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from litestar import Response, get, post
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit, officer_of
from backoffice.call_views import contact_of, numbers_of
from backoffice.calls import HINTS, OUTCOMES, ROUND, leads_to
from backoffice.frame import entered
from backoffice.given import AccountId
from backoffice.views import invoice_view
from domain.accounts.model import Account
from domain.notices import queries as notices
from domain.notices.calling import LONGEST_WORDS, Said
from domain.notices.model import OUTCOME_NAMES, CallOutcome
from domain.processing.calling import CALLED_AGAIN, LONGEST_WAIT, WAITS, Outcome, record_call
from domain.promises.making import LONGEST_WORDS as LONGEST_PROMISE
from domain.promises.making import Word, record_promise
from domain.receivables import queries as receivables
from domain.sessions.once import use_once
from domain.shared.db.session import Database, now, today
from domain.shared.errors import N_, NotFound
from domain.staff.permissions import Permission, may
from domain.tasks import queries as tasks
from domain.tasks.model import TaskKind
from web.acting import carry_out
from web.forms import Form, SentForm, query_form
from web.fragments import page_or_fragment
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest

PATH = "/accounts/{account_id:int}/log"
JUST_NOW = timedelta(minutes=5)
KEPT = "kept"
"""In the address of the account's page: the call that was written down just now."""
AFTERWARDS = {
    CallOutcome.REACHED: N_("Somebody calls again on the day that you gave, if you gave one."),
    CallOutcome.VOICEMAIL: N_("Somebody calls again on the day that you gave, or else in two days."),
    CallOutcome.UNREACHABLE: N_("Somebody calls again on the day that you gave, or else in two days."),
    CallOutcome.WRONG_NUMBER: N_("Nobody is called or texted at this number any more."),
    CallOutcome.INVOICE_NOT_RECEIVED: N_("The invoices are sent again."),
    CallOutcome.AWAITING_APPROVAL: N_("Reminders wait until the day that you gave."),
    CallOutcome.IN_PAYMENT_RUN: N_("Reminders wait until the day that you gave."),
    CallOutcome.DISPUTE: N_("Write the dispute down, so that nobody asks for it meanwhile."),
    CallOutcome.PROMISE: N_("The promise stands, and reminders wait for its day."),
}
"""What comes next after a call that was written down."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A call that was written down: how it went, and what comes next (message ids)."""

    id: int
    outcome: str
    next: str


@get(PATH, guards=admit(Permission.RECORD_CALL), sync_to_thread=True)
def log_form(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """What an outcome asks for besides the words; what was chosen already stays."""
    return _page(request, database, account_id, query_form(request), fragment="_log_more")


@post(PATH, guards=admit(Permission.RECORD_CALL), sync_to_thread=True)
def log_call(request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm) -> Response[bytes]:
    """Keep the call, and what it came to, in one: a promise with its day, a day to call again, a hold, a dispute."""
    with database.reading() as session:
        entered(session, account_id)

    def act(session: Session) -> str:
        account = session.get_one(Account, account_id)
        with form.reading():
            outcome = form.choice("outcome", OUTCOMES, missing=N_("Choose how it went."))
            is_promise = outcome is CallOutcome.PROMISE and may(officer_of(request).role, Permission.RECORD_PROMISE)
            words = form.text("words", longest=LONGEST_PROMISE if is_promise else LONGEST_WORDS, required=False)
            ids = form.ids("invoice") if form.values("invoice") else ()
            numbers = {"": None, **{number: number for number, _ in numbers_of(session, account, None)}}
            number = form.choice("number", numbers)
            until_on = form.optional_day("until_on") if outcome in WAITS else None
            again_on = form.optional_day("again_on") if outcome in CALLED_AGAIN else None
            word = _word(form, account.currency, ids, words) if is_promise else None
        use_once(session, form.value("once"))
        said = Said(outcome, words, number, contact_of(session, account, number))
        told = Outcome(said, ids, until_on, again_on)
        call = record_call(session, account_id, due_notice(session, account_id), told, actor=actor_of(request))
        if word is not None:
            record_promise(session, account_id, word, role=officer_of(request).role, actor=actor_of(request))
        elif outcome in (CallOutcome.DISPUTE, CallOutcome.PROMISE):
            return leads_to(call, ids)
        return with_query(f"/accounts/{account_id}", **{KEPT: call.id})

    return carry_out(
        request,
        database,
        form,
        act,
        there=f"/accounts/{account_id}",
        again=partial(_page, request, database, account_id, fragment="_log"),
    )


def kept_call(session: Session, account_id: int, call_id: int | None) -> Kept | None:
    """A call of this account that was written down just now, and what comes next; None for any other."""
    if call_id is None:
        return None
    try:
        row = notices.call(session, call_id)
    except NotFound:
        return None
    if row.account_id != account_id or now(session) - row.called_at > JUST_NOW:
        return None
    return Kept(row.id, OUTCOME_NAMES[row.outcome], AFTERWARDS[row.outcome])


def log_context(session: Session, account_id: int, outcome: str = "") -> dict[str, object]:
    """What the form shows: the outcomes, what the chosen one asks for, the numbers, and what the call is about."""
    account, day = session.get_one(Account, account_id), today(session)
    chosen = OUTCOMES.get(outcome)
    rows = receivables.open_invoices(session, account_id)[:ROUND]
    numbers = numbers_of(session, account, None)
    return {
        "outcomes": [(one.value, words) for one, words in OUTCOME_NAMES.items()],
        "wants": wants(chosen),
        "follows": HINTS.get(chosen) if chosen and wants(chosen) is None else None,
        "log_numbers": [*((number, f"{number}, {name}" if name else number) for number, name in numbers)],
        "log_invoices": [(invoice_view(row, day), row.due_on < day) for row in rows],
        "latest_wait": day + LONGEST_WAIT,
        "day": day,
        "longest_call": LONGEST_WORDS,
    }


def log_start(request: AnyRequest, context: dict[str, object], outcome: str = "") -> Form:
    """The form as it begins: the first number, and what is late ticked, or all that is open where nothing is."""
    numbers, invoices = context["log_numbers"], context["log_invoices"]
    assert isinstance(numbers, list)
    assert isinstance(invoices, list)
    late = [str(view.id) for view, is_late in invoices if is_late]
    return Form.starting(
        request,
        outcome=outcome,
        number=numbers[0][0] if numbers else "",
        invoice=late or [str(view.id) for view, _ in invoices],
    )


def due_notice(session: Session, account_id: int) -> int | None:
    """The call that is due on the account, which this one is then: the longest waiting."""
    waiting = (task for task in tasks.tasks_of(session, account_id) if task.kind is TaskKind.CALL_DUE)
    return next((int(task.subject_id) for task in waiting), None)


def wants(outcome: CallOutcome | None) -> str | None:
    """Which fields an outcome asks for."""
    if outcome is CallOutcome.PROMISE:
        return "promise"
    if outcome in WAITS:
        return "wait"
    return "again" if outcome in CALLED_AGAIN else None


def _word(form: Form, currency: str, ids: Sequence[int], words: str) -> Word:
    if not ids:
        form.refuse("invoice", N_("Choose at least one invoice."))
    if not words:
        form.refuse("words", N_("Say who promised it, and how."))
    return Word(
        promised_on=form.day("promised_on", missing=N_("Enter the day by which they will pay.")),
        invoice_ids=tuple(ids),
        amount=form.amount("amount", currency) if form.value("amount").strip() else None,
        words=words,
    )


def _page(request: AnyRequest, database: Database, account_id: int, form: Form, *, fragment: str) -> Response[bytes]:
    with database.reading() as session:
        account = entered(session, account_id)
        context = {"account": account, **log_context(session, account_id, form.value("outcome"))}
    starting = form if "number" in form.names() else log_start(request, context, form.value("outcome"))
    return page_or_fragment(
        request,
        page="backoffice/account/log.html",
        fragment=f"backoffice/account/{fragment}.html",
        context={**context, "log": starting, "form": starting},
    )
