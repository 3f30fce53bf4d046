"""Refunds: all of them with what waits, and one with its history, to be approved, or followed at our own bank."""

from __future__ import annotations

from collections.abc import Callable, Collection

from litestar import Response, get, post
from litestar.params import FromQuery
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit, officer_of
from backoffice.confirming import unsure
from backoffice.frame import entered
from backoffice.given import GivenNudge, PublicId
from backoffice.payments import ATTEMPT_WORDS
from backoffice.refund_views import REFUND_BADGES, VIEW_NAMES, grounds_of, refund_view
from backoffice.wording import with_doers
from domain.accounts import queries as accounts
from domain.ledger.chart import CHART
from domain.ledger.reading import entries_of
from domain.processing.refunds import asking, banking, payees
from domain.refunds import queries as refunds
from domain.refunds.model import Refund
from domain.refunds.queries import View
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Invalid, Refused
from domain.staff.permissions import Permission
from web.acting import status_of
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest

PAGE = 50
SHOW_PATH = "/refunds/{refund_id:str}"
ACT = "act"
"""Which button of a form was pressed."""
DECISIONS = ("approve", "refuse")
BANK_ACTS = ("banked", "back", "cancel")
"""What the bank's form does: the bank shows it, it came back, or it is not made after all."""


@get("/refunds", guards=admit(Permission.SEE_PAYMENTS), sync_to_thread=True)
def list_refunds(
    request: AnyRequest,
    database: GivenDatabase,
    show: FromQuery[str] = View.ALL,
    before: FromQuery[int | None] = None,
) -> Response[bytes]:
    """The refunds of one list, newest first."""
    view = View(show) if show in set(View) else View.ALL
    with database.reading() as session:
        rows = refunds.refunds(session, view, before=before, limit=PAGE + 1)
        counts = refunds.counts(session)
        labels = accounts.labels(session, {row.account_id for row in rows})
    context = {
        "refunds": [(refund_view(row), labels[row.account_id]) for row in rows[:PAGE]],
        "older": with_query("/refunds", show=view.value, before=rows[PAGE - 1].id) if len(rows) > PAGE else None,
        "filters": [
            (words, with_query("/refunds", show=one.value), one is view, counts[one])
            for one, words in VIEW_NAMES.items()
        ],
    }
    return page(request, "backoffice/refunds/list.html", context)


@get(SHOW_PATH, guards=admit(Permission.SEE_PAYMENTS), sync_to_thread=True)
def show_refund(request: AnyRequest, database: GivenDatabase, refund_id: PublicId) -> Response[bytes]:
    """One refund: what it was taken from, how it went, its entries, and what is to be done."""
    return show_again(request, database, refund_id, Form.starting(request))


@post(f"{SHOW_PATH}/decide", guards=admit(Permission.REFUND), sync_to_thread=True)
def decide_refund(
    request: AnyRequest, database: GivenDatabase, nudge: GivenNudge, refund_id: PublicId, form: SentForm
) -> Response[bytes]:
    """Let a refund that waits go, or turn it down."""
    role, actor = officer_of(request).role, actor_of(request)

    def act(session: Session, refund: Refund) -> None:
        if form.value(ACT) == "approve":
            asking.approve(session, refund, role=role, actor=actor, payee_seen=form.value("payee_seen") or None)
        else:
            asking.refuse(session, refund, why=form.value("why"), role=role, actor=actor)

    answer = _do(request, database, refund_id, form, DECISIONS, act)
    nudge()
    return answer


@post(f"{SHOW_PATH}/bank", guards=admit(Permission.REFUND), sync_to_thread=True)
def bank_refund(request: AnyRequest, database: GivenDatabase, refund_id: PublicId, form: SentForm) -> Response[bytes]:
    """The word of staff on a refund from our own bank: it went out, it came back, or it is not made after all."""
    actor = actor_of(request)

    def act(session: Session, refund: Refund) -> None:
        if form.value(ACT) == "cancel":
            banking.cancel(session, refund, why=form.value("why"), actor=actor)
            return
        with form.reading():
            on = form.day("on", missing=N_("Enter the day at the bank."))
        if form.value(ACT) == "banked":
            banking.refund_banked(session, refund, on, actor=actor)
        else:
            banking.refund_sent_back(session, refund, on, why=form.value("why"), actor=actor)

    return _do(request, database, refund_id, form, BANK_ACTS, act)


def _do(
    request: AnyRequest,
    database: Database,
    refund_id: str,
    form: Form,
    acts: Collection[str],
    act: Callable[[Session, Refund], None],
) -> Response[bytes]:
    """Do something to a refund, once it is sure who does it; refused, the page is shown again with the reason."""
    with database.reading() as session:
        refunds.by_public_id(session, refund_id)
    try:
        if form.value(ACT) not in acts:
            raise Invalid(N_("Choose what is to be done."))
        with form.reading():
            form.text("why", required=False, longest=500)
        if (asked := unsure(request, database, form)) is not None:
            return asked
        with database.transaction() as session:
            act(session, refunds.by_public_id(session, refund_id))
    except Refused as refused:
        return show_again(request, database, refund_id, form.refused(refused), status=status_of(refused))
    return see_other(request, f"/refunds/{refund_id}")


def show_again(
    request: AnyRequest, database: Database, refund_id: str, form: Form, *, status: int = 200
) -> Response[bytes]:
    """The page of a refund, with what was typed into its forms and what is wrong with it."""
    with database.reading() as session:
        row = refunds.shown(session, refund_id)
        changes = refunds.changes(session, row.id)
        attempt = refunds.attempt_of(session, row.id)
        name = f"refund:{row.public_id}"
        context = {
            "account": entered(session, row.account_id),
            "refund": refund_view(row),
            "grounds": grounds_of(session, row),
            "mine": row.requested_by == officer_of(request).staff_id,
            "today": today(session),
            "payee": payees.payee_of(session, refunds.by_public_id(session, refund_id)),
            "changes": [(change, REFUND_BADGES[change.after], who) for change, who in with_doers(session, changes)],
            "attempt": (attempt.sent_at, attempt.refusal, ATTEMPT_WORDS[attempt.state]) if attempt else None,
            "entries": [
                (entry, [(CHART[leg.ledger_account].name, leg.amount) for leg in entry.legs])
                for entry in entries_of(session, [name, f"{name}:back"])
            ],
            "form": form,
        }
    return page(request, "backoffice/refunds/show.html", context, status=status)
