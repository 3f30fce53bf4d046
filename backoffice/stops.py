"""Stops of an account: what is held and why, setting one, letting go of one, and those that are over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.frame import frame
from backoffice.given import AccountId
from backoffice.wording import Doer, with_doers
from domain.processing.stopping import LONGEST_WHY, Wish, lift_stop, set_stop
from domain.receivables import queries as receivables
from domain.sessions.once import use_once
from domain.shared.db.rows import AnyRows
from domain.shared.db.session import Database
from domain.shared.errors import N_, Invalid
from domain.staff.permissions import Permission
from domain.stops import queries
from domain.stops.model import HELD_NAMES, HOLDS, SET_BY_HAND, STOP_NAMES, Held, StopKind
from web.acting import carry_out
from web.forms import Form, SentForm, query_form
from web.fragments import page
from web.given import GivenDatabase
from web.visit import AnyRequest

PATH = "/accounts/{account_id:int}/stops"
KINDS = {kind.value: kind for kind in StopKind if kind in SET_BY_HAND}
WHOLE = ""
"""What the form sends in place of an invoice for the whole account."""
SAY_WHY = N_("Say why, for whoever reads this later.")


@dataclass(frozen=True, slots=True)
class PastView:
    """A stop that is over: what it was, since when, and how it ended."""

    words: str
    number: str | None
    since: date
    until: date | None
    why: str | None
    lifted_at: datetime | None
    lifted_why: str | None
    by: Doer


@get(PATH, guards=admit(Permission.SEE_ACCOUNTS), sync_to_thread=True)
def show_stops(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """What is held on the account, and what was; what the query chose before is chosen in the form."""
    return _show(request, database, account_id, query_form(request))


@post(PATH, guards=admit(Permission.SET_STOP), sync_to_thread=True)
def set_a_stop(request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm) -> Response[bytes]:
    """Hold the account, or one invoice of it."""

    def act(session: Session) -> None:
        with form.reading():
            kind = form.choice("kind", KINDS)
            from_on, until_on = form.optional_day("from_on"), form.optional_day("until_on")
            why = form.text("why", longest=LONGEST_WHY, missing=SAY_WHY)
            chosen = form.ids("invoice") if form.value("invoice") != WHOLE else ()
        use_once(session, form.value("once"))
        wish = Wish(kind, why, invoice_id=chosen[0] if chosen else None, until_on=until_on, from_on=from_on)
        set_stop(session, account_id, wish, actor=actor_of(request))

    return _done(request, database, account_id, form, act)


@post(f"{PATH}/{{stop_id:int}}/lift", guards=admit(Permission.SET_STOP), sync_to_thread=True)
def lift_a_stop(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, stop_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Let go of it."""
    field = f"lift-{stop_id}"

    def act(session: Session) -> None:
        try:
            lift_stop(session, account_id, stop_id, why=form.value(field), actor=actor_of(request))
        except Invalid as refused:
            refused.field = field
            raise

    return _done(request, database, account_id, form, act)


def _done(
    request: AnyRequest, database: Database, account_id: int, form: Form, act: Callable[[Session], None]
) -> Response[bytes]:
    def again(form: Form) -> Response[bytes]:
        return _show(request, database, account_id, form, status=422)

    return carry_out(request, database, form, act, there=f"/accounts/{account_id}/stops", again=again)


def _show(
    request: AnyRequest, database: Database, account_id: int, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        context = frame(session, account_id, "stops")
        over = queries.past(session, account_id)
        context |= {
            "over": _past(session, over),
            "kinds": [(kind.value, words, _holds(kind)) for kind, words in STOP_NAMES.items() if kind in SET_BY_HAND],
            "invoices": [(row.id, row.number) for row in receivables.open_invoices(session, account_id)],
            "longest": LONGEST_WHY,
            "form": form,
        }
    return page(request, "backoffice/stops/show.html", context, status=status)


def _holds(kind: StopKind) -> list[str]:
    """What a kind of stop holds, by its names."""
    return [HELD_NAMES[what] for what in Held if what in HOLDS[kind]]


def _past(session: Session, rows: AnyRows) -> list[PastView]:
    numbers = receivables.numbers(session, {row.invoice_id for row in rows if row.invoice_id is not None})
    return [
        PastView(
            words=STOP_NAMES[row.kind],
            number=numbers.get(row.invoice_id),
            since=row.from_on,
            until=row.until_on,
            why=row.why,
            lifted_at=row.lifted_at,
            lifted_why=row.lifted_why,
            by=by,
        )
        for row, by in with_doers(session, rows)
    ]
