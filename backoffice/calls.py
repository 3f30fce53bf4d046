"""Calls: whom to call and what to say, how it went in two fields, and what follows from that."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.call_views import allowed, call_view, contact_of, contacts_before, numbers_of
from backoffice.frame import entered, frame
from backoffice.given import AccountId
from backoffice.notice_views import notice_view
from backoffice.notice_words import script_for, script_of
from backoffice.views import invoice_view
from backoffice.wording import with_doers
from domain.accounts.model import Account
from domain.notices import queries
from domain.notices.calling import LONGEST_WORDS, Said
from domain.notices.model import OUTCOME_NAMES, Call, CallOutcome
from domain.notices.reach.reaching import dialled
from domain.processing.calling import LONGEST_WAIT, WAITS, Outcome, record_call
from domain.promises import queries as promises
from domain.receivables import queries as receivables
from domain.sessions.once import use_once
from domain.shared.db.session import Database, now, today
from domain.shared.errors import N_
from domain.staff.permissions import Permission
from web.acting import carry_out
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.promises import promise_view
from web.visit import AnyRequest

OUTCOMES = {outcome.value: outcome for outcome in CallOutcome}
HINTS = {
    CallOutcome.VOICEMAIL: N_("Somebody calls again in two days about the ticked invoices."),
    CallOutcome.UNREACHABLE: N_("Somebody calls again in two days about the ticked invoices."),
    CallOutcome.WRONG_NUMBER: N_("Nobody is called or texted at this number any more."),
    CallOutcome.INVOICE_NOT_RECEIVED: N_("The ticked invoices are sent again."),
    CallOutcome.AWAITING_APPROVAL: N_("Reminders wait until the day that you give."),
    CallOutcome.IN_PAYMENT_RUN: N_("Reminders wait until the day that you give."),
    CallOutcome.DISPUTE: N_("The form for it comes next."),
    CallOutcome.PROMISE: N_("The form for it comes next."),
}
"""What follows from each outcome."""
ROUND = 200
"""So many open invoices can be ticked, the longest due."""


@get("/notices/{notice_id:int}/call", guards=admit(Permission.RECORD_CALL), sync_to_thread=True)
def call_form(request: AnyRequest, database: GivenDatabase, notice_id: FromPath[int]) -> Response[bytes]:
    """Whom to call, what to say, and where to write down how it went."""
    with database.reading() as session:
        account_id = queries.notice(session, notice_id).account_id
    return _form_page(request, database, account_id, notice_id, None)


@post("/notices/{notice_id:int}/call", guards=admit(Permission.RECORD_CALL), sync_to_thread=True)
def record_due_call(
    request: AnyRequest, database: GivenDatabase, notice_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Keep how the call went, and go where it leads."""
    with database.reading() as session:
        account_id = queries.notice(session, notice_id).account_id
    return _record(request, database, account_id, notice_id, form)


@get("/accounts/{account_id:int}/calls/new", guards=admit(Permission.RECORD_CALL), sync_to_thread=True)
def new_call(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """A call that nobody asked for: out of turn, or theirs."""
    return _form_page(request, database, account_id, None, None)


@post("/accounts/{account_id:int}/calls/new", guards=admit(Permission.RECORD_CALL), sync_to_thread=True)
def record_new_call(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm
) -> Response[bytes]:
    """Keep how it went, and go where it leads."""
    with database.reading() as session:
        entered(session, account_id)
    return _record(request, database, account_id, None, form)


@get("/calls/{call_id:int}", guards=admit(Permission.SEE_NOTICES), sync_to_thread=True)
def show_call(request: AnyRequest, database: GivenDatabase, call_id: FromPath[int]) -> Response[bytes]:
    """One call, and what followed."""
    with database.reading() as session:
        row = queries.call(session, call_id)
        [(_, who)] = with_doers(session, [row])
        about = queries.parts(session, [row.notice_id])[row.notice_id] if row.notice_id else ()
        context = {
            "account": entered(session, row.account_id),
            "call": call_view(row),
            "doer": who,
            "notice_id": row.notice_id,
            "next": HINTS.get(row.outcome),
            "contests": row.outcome is CallOutcome.DISPUTE,
            "promises": row.outcome is CallOutcome.PROMISE,
            "waits": row.outcome in WAITS,
            "invoices": [(part.invoice_id, part.number) for part in about]
            or [(one.id, one.number) for one in receivables.open_invoices(session, row.account_id)[:ROUND]],
        }
    return page(request, "backoffice/calls/show.html", context)


def _record(
    request: AnyRequest, database: Database, account_id: int, notice_id: int | None, form: Form
) -> Response[bytes]:
    def act(session: Session) -> str:
        account = session.get_one(Account, account_id)
        with form.reading():
            outcome = form.choice("outcome", OUTCOMES, missing=N_("Choose how it went."))
            words = form.text("words", longest=LONGEST_WORDS, required=False)
            until_on = form.optional_day("until_on")
            ids = form.ids("invoice") if form.values("invoice") else ()
            other = form.value("other").strip()
            number = dialled(other or form.value("number"), account.country)
            if other and number is None:
                form.refuse("other", N_("This is no telephone number: write it like +44 1632 960001."))
        said = Said(outcome, words, number, contact_of(session, account, number))
        use_once(session, form.value("once"))
        told = Outcome(said, ids, until_on)
        call = record_call(session, account_id, notice_id, told, actor=actor_of(request))
        return leads_to(call, ids)

    def again(form: Form) -> Response[bytes]:
        return _form_page(request, database, account_id, notice_id, form, status=422)

    return carry_out(request, database, form, act, there=f"/accounts/{account_id}", again=again)


def leads_to(call: Call, invoice_ids: Sequence[int]) -> str:
    """Where a call leads: to the form of a promise or a dispute, with what was said; else to what follows by itself."""
    path = f"/accounts/{call.account_id}"
    if call.outcome is CallOutcome.PROMISE:
        return f"{path}/promises/new?{urlencode({'invoice': invoice_ids, 'call': call.id}, doseq=True)}"
    if call.outcome is CallOutcome.DISPUTE and len(invoice_ids) == 1:
        return f"{path}/invoices/{invoice_ids[0]}/dispute?call={call.id}"
    return f"/calls/{call.id}"


def _form_page(
    request: AnyRequest,
    database: Database,
    account_id: int,
    notice_id: int | None,
    form: Form | None,
    *,
    status: int = 200,
) -> Response[bytes]:
    with database.reading() as session:
        context = frame(session, account_id, "call")
        account = session.get_one(Account, account_id)
        row = queries.notice(session, notice_id) if notice_id is not None else None
        about = queries.parts(session, [row.id])[row.id] if row else []
        numbers = numbers_of(session, account, row)
        invoices = receivables.open_invoices(session, account_id)[:ROUND]
        day = today(session)
        asked = {part.invoice_id for part in about if part.asked_minor} or {
            one.id for one in invoices if one.due_on < day
        }
        context |= {
            "notice": notice_view(row, about) if row else None,
            "script": script_of(session, row) if row else script_for(session, account.number, account.language),
            "numbers": numbers,
            "allowed": allowed(session, account, row, numbers),
            "there": now(session).astimezone(ZoneInfo(account.time_zone)),
            "invoices": [invoice_view(one, day) for one in invoices],
            "promises": [promise_view(one) for one in promises.open_of_account(session, account_id)],
            "contacts_before": contacts_before(session, account_id),
            "outcomes": [(outcome.value, words, HINTS.get(outcome)) for outcome, words in OUTCOME_NAMES.items()],
            "latest_wait": day + LONGEST_WAIT,
            "today": day,
            "longest": LONGEST_WORDS,
            "action": f"/notices/{notice_id}/call" if notice_id is not None else f"/accounts/{account_id}/calls/new",
            "form": form
            or Form.starting(
                request,
                invoice=[str(one) for one in sorted(asked)],
                number=numbers[0][0] if numbers else "",
            ),
        }
    return page(request, "backoffice/calls/new.html", context, status=status)
