"""Disputes: those that nobody has looked into on top, everything that is known of one, and deciding it."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit, officer_of
from backoffice.confirming import unsure
from backoffice.credited_lines import lines_of, read_line
from backoffice.wording import with_doers
from domain.disputes import queries, raising, resolving
from domain.disputes.queries import View
from domain.disputes.resolving import LONGEST_ANSWER
from domain.invoicing.credit_notes import Effect, creditable
from domain.policies import authority
from domain.policies.acts import Act
from domain.processing.disputes import accepting
from domain.receivables.model import Invoice
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.shared.errors import N_, Invalid, Refused
from domain.shared.money import Money
from domain.staff.model import Role
from domain.staff.permissions import Permission
from web.acting import status_of
from web.amounts import typed_amount
from web.disputes import STATUS_BADGES, dispute_view
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest, visit_of

PAGE = 50
VIEW_WORDS = {
    View.OPEN: N_("New"),
    View.UNDER_REVIEW: N_("Being looked into"),
    View.AWAITING: N_("Waiting for the customer"),
    View.ENDED: N_("Ended"),
}
"""What the lists are called."""
PATH = "/disputes/{dispute_id:int}"
ACT = "act"
"""Which button was pressed: `review`, `check`, `accept`, `settled`, `reject`, `withdraw`."""
TELL = N_("Tell the customer how this was decided and why.")


@get("/disputes", guards=admit(Permission.SEE_DISPUTES), sync_to_thread=True)
def list_disputes(
    request: AnyRequest,
    database: GivenDatabase,
    show: FromQuery[str] = View.OPEN,
    place: FromQuery[int | None] = None,
) -> Response[bytes]:
    """Disputes of all accounts."""
    view = View(show) if show in set(View) else View.OPEN
    with database.reading() as session:
        rows = queries.disputes(session, view, place=place, limit=PAGE + 1)
        counts = queries.counts(session)
    context = {
        "disputes": [dispute_view(row) for row in rows[:PAGE]],
        "views": [
            (words, with_query("/disputes", show=one.value), one is view, counts[one])
            for one, words in VIEW_WORDS.items()
        ],
        "following": with_query("/disputes", show=view.value, place=rows[PAGE - 1].id) if len(rows) > PAGE else None,
    }
    return page(request, "backoffice/disputes/list.html", context)


@get(PATH, guards=admit(Permission.SEE_DISPUTES), sync_to_thread=True)
def show_dispute(request: AnyRequest, database: GivenDatabase, dispute_id: FromPath[int]) -> Response[bytes]:
    """One dispute: what is contested and why, how it went, and what can be decided."""
    return _show(request, database, dispute_id, None)


@post(PATH, guards=admit(Permission.HANDLE_DISPUTES), sync_to_thread=True)
def decide_dispute(
    request: AnyRequest, database: GivenDatabase, dispute_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Look into it, see what accepting would do, accept, reject, or write down that the customer withdraws it."""
    with database.reading() as session:
        row = queries.dispute(session, dispute_id)
    try:
        if form.value(ACT) in ("check", "accept"):
            return _accept(request, database, row, form)
        with database.transaction() as session:
            _do(request, session, row, form)
    except SentAlready:
        return see_other(request, f"/disputes/{dispute_id}")
    except Refused as refused:
        return _show(request, database, dispute_id, form.refused(refused), status=status_of(refused))
    return see_other(request, f"/disputes/{dispute_id}")


def _accept(request: AnyRequest, database: Database, row: AnyRow, form: Form) -> Response[bytes]:
    """Show what would be credited; do it once that is confirmed, above a collector's authority with the code again."""
    role = officer_of(request).role
    with database.reading() as session:
        lines = lines_of(session, row.invoice_id, row.currency)
    with form.reading():
        amount = form.amount("amount", row.currency)
        line_id = read_line(form, lines)
        answer = form.text("answer", longest=LONGEST_ANSWER, missing=TELL)
    if form.value(ACT) == "check":
        with database.reading() as session:
            effect = accepting.preview(session, row.id, amount, line_id=line_id)
            accepting.check_authority(session, row.id, amount, role)
        return _show(request, database, row.id, form, effect=effect)
    with database.reading() as session:
        is_large = not authority.covers(session, Role.COLLECTOR, Act.CREDIT_NOTE, amount, account_id=row.account_id)
    if is_large and (asked := unsure(request, database, form)) is not None:
        return asked
    with database.transaction() as session:
        use_once(session, form.value("once"))
        actor = actor_of(request)
        accepting.accept(
            session, row.account_id, row.id, amount, answer=answer, role=role, actor=actor, line_id=line_id
        )
    return see_other(request, f"/disputes/{row.id}")


def _do(request: AnyRequest, session: Session, row: AnyRow, form: Form) -> None:
    actor = actor_of(request)
    match form.value(ACT):
        case "review":
            resolving.begin_review(session, row.account_id, row.id, actor=actor)
        case "withdraw":
            with form.reading():
                why = form.text("why", longest=500, missing=N_("Say who told you, and when."))
            raising.withdraw(session, row.account_id, row.id, actor=actor, why=why)
        case "reject" | "settled" as act:
            with form.reading():
                answer = form.text("answer", longest=LONGEST_ANSWER, missing=TELL)
            decide = resolving.accept_settled if act == "settled" else resolving.reject
            decide(session, row.account_id, row.id, answer=answer, actor=actor)
        case _:
            raise Invalid(N_("Choose one of these."))


def _show(
    request: AnyRequest,
    database: Database,
    dispute_id: int,
    form: Form | None,
    *,
    effect: Effect | None = None,
    status: int = 200,
) -> Response[bytes]:
    with database.reading() as session:
        row = queries.dispute(session, dispute_id)
        changes = queries.changes(session, dispute_id)
        view = dispute_view(row)
        most = min(view.amount, creditable(session, session.get_one(Invoice, row.invoice_id)))
        context = {
            "dispute": view,
            "held": min(view.amount, view.invoice_open) if view.is_live else Money.zero(row.currency),
            "currency": row.currency,
            "changes": [(change, STATUS_BADGES[change.after], who) for change, who in with_doers(session, changes)],
            "effect": effect,
            "lines": lines_of(session, row.invoice_id, row.currency),
            "form": form or Form.starting(request, amount=_typed(request, most)),
            "longest": LONGEST_ANSWER,
        }
    return page(request, "backoffice/disputes/show.html", context, status=status)


def _typed(request: AnyRequest, amount: Money) -> str:
    return typed_amount(amount, visit_of(request).speaking.formats.locale) if amount.minor > 0 else ""
