"""Handoffs: which debts could be handed over, several of them proposed at once, and the lists of all placements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from litestar import Response, get, post
from litestar.params import FromQuery
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.placement_views import placement_view
from domain.accounts import queries as accounts
from domain.placements import queries
from domain.placements.candidates import MOST, candidates
from domain.placements.naming import percent_of
from domain.placements.proposing import LONGEST_REASON, consider, propose
from domain.placements.queries import View
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.shared.errors import N_, Refused
from domain.shared.money import Money
from domain.shared.words import Words
from domain.staff.permissions import Permission
from web.acting import status_of
from web.forms import Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest

PAGE = 50
LIST = "/handoffs"
CANDIDATES = "candidates"
ACT = "act"
"""Which button was pressed: `look` or `propose`."""
VIEW_WORDS = {
    View.TO_DECIDE: N_("To decide"),
    View.TO_SEND: N_("To send"),
    View.PLACED: N_("With a partner"),
    View.ENDED: N_("Ended"),
}
"""What the lists are called, beside that of candidates."""


@dataclass(frozen=True, slots=True)
class Line:
    """One account of several that are chosen: what its proposal comes to, or why there is none; then its placement."""

    account_id: int
    name: str
    amount: Money | None = None
    percent: Decimal | None = None
    placement_id: int | None = None
    why: Words | None = None


@get(LIST, guards=admit(Permission.SEE_PLACEMENTS), sync_to_thread=True)
def list_handoffs(
    request: AnyRequest,
    database: GivenDatabase,
    show: FromQuery[str] = CANDIDATES,
    place: FromQuery[int | None] = None,
) -> Response[bytes]:
    """What could be handed over, or placements of one list, the newest first."""
    if show not in set(View):
        return _candidates_page(request, database, Form.starting(request))
    view = View(show)
    with database.reading() as session:
        rows = queries.placements(session, view, place=place, limit=PAGE + 1)
        views = _views(session, view)
    context = {
        "placements": [placement_view(row) for row in rows[:PAGE]],
        "views": views,
        "following": with_query(LIST, show=view.value, place=rows[PAGE - 1].id) if len(rows) > PAGE else None,
    }
    return page(request, "backoffice/handoffs/list.html", context)


@post(LIST, guards=admit(Permission.PROPOSE_HANDOFF), sync_to_thread=True)
def propose_handoffs(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Show what each of those that are ticked comes to, or propose them all to one partner and tell what became."""
    try:
        with database.reading() as session:
            partners = {str(each.id): each.id for each in _open_partners(session)}
        with form.reading():
            chosen = form.ids("account", missing=N_("Tick at least one account."))
            partner_id = form.choice("partner", {**partners, "": 0}, missing=N_("Choose a partner."))
            if not partner_id and not form.error("partner"):
                form.refuse("partner", N_("Choose a partner."))
            reason = form.text("reason", longest=LONGEST_REASON, missing=N_("Say why."))
        if form.value(ACT) != "propose":
            return _candidates_page(request, database, form, preview=_considered(database, chosen, partner_id))
        with database.transaction() as session:
            use_once(session, form.value("once"))
    except SentAlready:
        return see_other(request, with_query(LIST, show=View.TO_DECIDE.value))
    except Refused as refused:
        return _candidates_page(request, database, form.refused(refused), status=status_of(refused))
    results = [_propose_one(request, database, line, partner_id, reason) for line in _lines(database, chosen)]
    return _candidates_page(request, database, form, results=results)


def _lines(database: Database, chosen: Sequence[int]) -> list[Line]:
    """Those that were ticked, by name; what is no account is left out."""
    with database.reading() as session:
        labels = accounts.labels(session, chosen)
    return [Line(account_id, labels[account_id].name) for account_id in chosen if account_id in labels]


def _considered(database: Database, chosen: Sequence[int], partner_id: int) -> list[Line]:
    """What each of those that are ticked would come to with this partner, or why it is refused."""
    lines = []
    named = _lines(database, chosen)
    with database.reading() as session:
        for line in named:
            try:
                found = consider(session, line.account_id, partner_id)
                lines.append(Line(line.account_id, line.name, found.total, percent_of(found.rate_bp)))
            except Refused as refused:
                lines.append(Line(line.account_id, line.name, why=Words.of(refused.text, **refused.params)))
    return lines


def _propose_one(request: AnyRequest, database: Database, line: Line, partner_id: int, reason: str) -> Line:
    """Propose one account's debts, in a transaction of its own: what is refused there holds up no other."""
    try:
        with database.transaction() as session:
            made = propose(session, line.account_id, partner_id, reason=reason, actor=actor_of(request))
            amount = Money(made.proposed_minor, made.currency)
            return Line(line.account_id, line.name, amount, placement_id=made.id)
    except Refused as refused:
        return Line(line.account_id, line.name, why=Words.of(refused.text, **refused.params))


def _candidates_page(
    request: AnyRequest,
    database: Database,
    form: Form,
    *,
    preview: list[Line] | None = None,
    results: list[Line] | None = None,
    status: int = 200,
) -> Response[bytes]:
    with database.reading() as session:
        proposed = queries.proposed_accounts(session)
        found = [] if results is not None else [each for each in candidates(session) if each.account_id not in proposed]
        context = {
            "candidates": found,
            "partners": [(str(each.id), each.name) for each in _open_partners(session)],
            "views": _views(session, None, len(found) if results is None else None),
            "preview": preview,
            "results": results,
            "most": MOST,
            "longest": LONGEST_REASON,
            "form": form,
        }
    return page(request, "backoffice/handoffs/candidates.html", context, status=status)


def _open_partners(session: Session) -> list[AnyRow]:
    """The partners that something can still be handed to."""
    return [each for each in queries.partners(session) if each.ended_at is None]


def _views(
    session: Session, here: View | None, candidates: int | None = None
) -> list[tuple[str, str, bool, int | None]]:
    """The lists to choose from; how many candidates there are is counted only where they are shown."""
    counts = queries.counts(session)
    first = (N_("Could be handed over"), LIST, here is None, candidates)
    others = [(words, with_query(LIST, show=one.value), one is here, counts[one]) for one, words in VIEW_WORDS.items()]
    return [first, *others]
