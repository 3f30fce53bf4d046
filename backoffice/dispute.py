"""Dispute: the page of one: what is contested and why, the thread, who handles it, and what can be done."""

from __future__ import annotations

from litestar import Response, get
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import admit, officer_of
from backoffice.approvals_views import awaiting
from backoffice.credited_lines import lines_of
from backoffice.dispute_views import card, handlers
from backoffice.wording import with_doers
from domain.approvals import queries as approvals
from domain.disputes import kin, queries, reopening, thread
from domain.disputes.model import Dispute
from domain.disputes.raising import LONGEST_WORDS
from domain.disputes.reasons import ANSWERED_BY, CAUSE_NAMES
from domain.disputes.resolving import LONGEST_ANSWER
from domain.documents.names import BY_HAND, CATEGORY_NAMES, FILED
from domain.invoicing.credit_notes import Effect, creditable
from domain.receivables.model import Invoice
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database, now
from domain.shared.money import Money
from domain.staff import queries as staff
from domain.staff.permissions import Permission
from domain.tasks import queries as tasks
from domain.tasks.model import TaskKind
from domain.worklist.belonging import owners
from web.amounts import typed_amount
from web.dispute_threads import thread_view
from web.disputes import STATUS_BADGES
from web.forms import Form
from web.fragments import page
from web.given import GivenDatabase
from web.visit import AnyRequest, visit_of

PATH = "/disputes/{dispute_id:int}"
CAUSES = [(cause.value, words) for cause, words in CAUSE_NAMES.items()]


@get(PATH, guards=admit(Permission.SEE_DISPUTES), sync_to_thread=True)
def show_dispute(request: AnyRequest, database: GivenDatabase, dispute_id: FromPath[int]) -> Response[bytes]:
    """One dispute: what is contested and why, how it went, and what can be decided."""
    return dispute_page(request, database, dispute_id, None)


def dispute_page(
    request: AnyRequest,
    database: Database,
    dispute_id: int,
    form: Form | None,
    *,
    effect: Effect | None = None,
    status: int = 200,
) -> Response[bytes]:
    """The page, with what was refused of a form on it, or with the `effect` of what is to be accepted."""
    with database.reading() as session:
        row = queries.dispute(session, dispute_id)
        context = _told(session, row) | _doable(request, session, row, form)
        context["awaiting"] = awaiting(session, approvals.waiting_about(session, "dispute", row.id))
    return page(request, "backoffice/disputes/show.html", context | {"effect": effect}, status=status)


def _told(session: Session, row: AnyRow) -> dict[str, object]:
    """What is known of it."""
    at, changes = now(session), queries.changes(session, row.id)
    shown = card(row, at)
    view = shown.dispute
    spoken = thread_view(session, row.id, with_notes=True)
    return {
        "card": shown,
        "dispute": view,
        "task_with": _task_with(session, row) if row.owner_id is None else None,
        "held": min(view.amount, view.invoice_open) if view.is_live else Money.zero(row.currency),
        "currency": row.currency,
        "changes": [(change, STATUS_BADGES[change.after], who) for change, who in with_doers(session, changes)],
        "thread": spoken.said,
        "names": {one.key: who.words for one, who in with_doers(session, spoken.said) if not who.nameless},
        "complaint_files": spoken.files,
        "contested_lines": [(one, Money(one.amount_minor, row.currency)) for one in thread.lines(session, row.id)],
        "kin": kin.kin_of(session, row),
        "credit_notes": [(note, Money(note.amount_minor, note.currency)) for note in kin.credit_notes(session, row)],
    }


def _task_with(session: Session, row: AnyRow) -> str | None:
    """Whose the task about a dispute is by the account's keeper or by hand, where nobody handles the dispute."""
    about = (TaskKind.DISPUTE, str(row.id))
    waiting = [one for one in tasks.tasks_of(session, row.account_id) if (one.kind, one.subject_id) == about]
    ids = set(owners(session, waiting).values())
    return next(iter(staff.names(session, ids).values()), None)


def _doable(request: AnyRequest, session: Session, row: AnyRow, form: Form | None) -> dict[str, object]:
    """What its forms offer, and what they start with."""
    most = min(Money(row.amount_minor, row.currency), creditable(session, session.get_one(Invoice, row.invoice_id)))
    paper = ANSWERED_BY.get(row.reason)
    form = form or Form.starting(request)
    form.fill(
        {
            "amount": _typed(request, most),
            "category": (paper or BY_HAND[0]).value,
            "owner": str(row.owner_id or ""),
        }
    )
    return {
        "form": form,
        "lines": lines_of(session, row.invoice_id, row.currency),
        "longest": LONGEST_ANSWER,
        "longest_words": LONGEST_WORDS,
        "causes": CAUSES,
        "handlers": handlers(session),
        "me": officer_of(request).staff_id,
        "others": [(one, Money(one.amount_minor, one.currency)) for one in kin.may_take_up(session, row)],
        "categories": FILED,
        "missing_paper": None if paper is None else CATEGORY_NAMES[paper],
        "can_reopen": reopening.can_reopen(session, session.get_one(Dispute, row.id)),
    }


def _typed(request: AnyRequest, amount: Money) -> str:
    return typed_amount(amount, visit_of(request).speaking.formats.locale) if amount.minor > 0 else ""
