"""Autopay: which accounts pay automatically, what is taken when and what became of it, and turning it off for one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from litestar import Response, get, post
from litestar.params import FromQuery

from backoffice.access import actor_of, admit
from backoffice.frame import frame
from backoffice.given import AccountId, GivenNudge
from domain.collecting import queries, turning
from domain.collecting.model import END_WORDS, STOP_WORDS, CollectionState, StopReason
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.shared.errors import N_, Refused
from domain.shared.money import Money
from domain.staff.permissions import Permission
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest

PAGE = 50
_S = CollectionState
VIEWS = {
    "coming": (N_("Coming"), frozenset({_S.PLANNED, _S.ANNOUNCED})),
    "trying": (N_("Being tried"), frozenset({_S.COLLECTING, _S.ACTION_REQUIRED, _S.RETRYING})),
    "failed": (N_("Given up"), frozenset({_S.EXHAUSTED})),
    "cancelled": (N_("Not taken"), frozenset({_S.CANCELLED})),
    "done": (N_("Taken"), frozenset({_S.DONE})),
}
"""The lists of collections: what each is called, and which states it shows."""
STATE_BADGES = {
    _S.PLANNED: ("waiting", N_("Planned")),
    _S.ANNOUNCED: ("waiting", N_("Announced")),
    _S.COLLECTING: ("waiting", N_("On its way")),
    _S.ACTION_REQUIRED: ("soon", N_("The bank asks the payer")),
    _S.RETRYING: ("late", N_("Declined, tried again")),
    _S.DONE: ("paid", N_("Taken")),
    _S.EXHAUSTED: ("failed", N_("Given up")),
    _S.CANCELLED: ("void", N_("Not taken")),
}
"""How each state is shown to staff."""


@dataclass(frozen=True, slots=True)
class CollectionView:
    """A collection in a list; `note` is the bank's word, or why it ended."""

    id: int
    account_id: int
    account: str | None
    invoice_id: int
    number: str
    method: str
    day: date
    amount: Money
    badge: tuple[str, str]
    note: str | None
    payment: str | None
    tries: int


@get("/collections", guards=admit(Permission.SEE_PAYMENTS), sync_to_thread=True)
def list_collections(
    request: AnyRequest, database: GivenDatabase, show: FromQuery[str] = "coming", before: FromQuery[int | None] = None
) -> Response[bytes]:
    """Collections of all accounts, the newest first."""
    chosen = show if show in VIEWS else "coming"
    with database.reading() as session:
        rows = queries.of_state(session, VIEWS[chosen][1], before=before, limit=PAGE + 1)
    context = {
        "collections": [collection_view(row, row.account_name) for row in rows[:PAGE]],
        "views": [(words, with_query("/collections", show=name), name == chosen) for name, (words, _) in VIEWS.items()],
        "older": with_query("/collections", show=chosen, before=rows[PAGE - 1].id) if len(rows) > PAGE else None,
    }
    return page(request, "backoffice/autopay/list.html", context)


@get("/accounts/{account_id:int}/autopay", guards=admit(Permission.SEE_PAYMENTS), sync_to_thread=True)
def account_autopay(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """How automatic payment of the account stands, who agreed to what, and its collections."""
    return _show(request, database, account_id, Form.starting(request))


@post("/accounts/{account_id:int}/autopay/stop", guards=admit(Permission.CHANGE_ACCOUNTS), sync_to_thread=True)
def stop_autopay(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, form: SentForm, nudge: GivenNudge
) -> Response[bytes]:
    """Turn it off with a reason; the payer is told."""
    try:
        with form.reading():
            why = form.text("why", longest=500, missing=N_("Say why, for whoever reads this later."))
        with database.transaction() as session:
            turning.turn_off(session, account_id, StopReason.STAFF, actor=actor_of(request), note=why)
    except Refused as refused:
        return _show(request, database, account_id, form.refused(refused), status=422)
    nudge()
    return see_other(request, f"/accounts/{account_id}/autopay")


def collection_view(row: AnyRow, account: str | None = None) -> CollectionView:
    """A row of `collecting.queries` as its template wants it."""
    minor = row.asked_minor or row.announced_minor or row.open_minor
    return CollectionView(
        id=row.id,
        account_id=row.account_id,
        account=account,
        invoice_id=row.invoice_id,
        number=row.number,
        method=row.method,
        day=row.next_try_on or row.collect_on,
        amount=Money(minor, row.currency),
        badge=STATE_BADGES[row.state],
        note=END_WORDS[row.ends_why] if row.ends_why is not None else row.failure,
        payment=row.payment,
        tries=row.tries,
    )


def _show(
    request: AnyRequest, database: Database, account_id: int, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        context = frame(session, account_id, "autopay")
        latest = queries.latest(session, account_id)
        context |= {
            "autopay": latest,
            "stopped_why": STOP_WORDS[latest.stopped_why] if latest is not None and latest.stopped_why else None,
            "collections": [collection_view(row) for row in queries.of_account(session, account_id)],
            "form": form,
        }
    return page(request, "backoffice/autopay/account.html", context, status=status)
