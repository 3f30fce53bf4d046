"""Clearing: does it all add up? By day and payout, what waits and how long, and one payout or movement in full."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.clearing_views import (
    MovementView,
    PayoutView,
    decided,
    gap_views,
    movement_view,
    on_its_way,
    payout_view,
    to_explain,
    waiting_list,
)
from backoffice.given import GivenNudge
from backoffice.wording import with_doers
from domain.accounts import queries as accounts
from domain.clearing import asking
from domain.clearing import queries as clearing
from domain.clearing.categories import EXPLANATIONS
from domain.ledger.chart import LedgerAccount
from domain.ledger.reading import entries_of
from domain.processing.reconciling import explaining
from domain.reporting.adding_up import LAST_DAYS, VERDICT_WORDS, adding_up
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Invalid, Refused
from domain.staff.permissions import Permission
from web.forms import Form, SentForm
from web.fragments import page, page_or_fragment, see_other
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest

PAGE = 50
MOVEMENT_PATH = "/clearing/movements/{movement_ref:str}"


@get("/clearing", guards=admit(Permission.SEE_CLEARING), sync_to_thread=True)
def show_clearing(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """Does it all add up? The last two weeks, what waits now, and when the processor was asked last."""
    with database.reading() as session:
        last = today(session)
        found = adding_up(session, last - timedelta(days=LAST_DAYS - 1), last)
        context = {
            "found": found,
            "verdict": VERDICT_WORDS[found.verdict],
            "gaps": gap_views(found),
            "asked": asking.last_asked(session),
            "to_explain": waiting_list(session, found.standings, to_explain),
            "on_the_way": waiting_list(session, found.standings, on_its_way),
            "decided": waiting_list(session, found.standings, decided),
            "payouts": [payout_view(payout) for payout in found.payouts],
            "days": LAST_DAYS,
        }
    whole, part = "backoffice/clearing/show.html", "backoffice/clearing/_answer.html"
    return page_or_fragment(request, page=whole, fragment=part, context=context)


@post("/clearing", guards=admit(Permission.TIE_OUT), sync_to_thread=True)
def ask_now(request: AnyRequest, database: GivenDatabase, nudge: GivenNudge, form: SentForm) -> Response[bytes]:
    """Have the worker ask the processor now whether it all adds up."""
    with suppress(SentAlready), database.transaction() as session:
        use_once(session, form.value("once"))
        asking.ask(session, actor=actor_of(request))
    nudge()
    return see_other(request, "/clearing")


@get("/clearing/payouts", guards=admit(Permission.SEE_CLEARING), sync_to_thread=True)
def list_payouts(request: AnyRequest, database: GivenDatabase, before: FromQuery[int | None] = None) -> Response[bytes]:
    """All payouts, newest first."""
    with database.reading() as session:
        rows = clearing.payouts(session, before=before, limit=PAGE + 1)
    context = {
        "payouts": [PayoutView.of_row(row) for row in rows[:PAGE]],
        "older": with_query("/clearing/payouts", before=rows[PAGE - 1].id) if len(rows) > PAGE else None,
    }
    return page(request, "backoffice/clearing/payouts.html", context)


@get("/clearing/payouts/{payout_id:int}", guards=admit(Permission.SEE_CLEARING), sync_to_thread=True)
def show_payout(request: AnyRequest, database: GivenDatabase, payout_id: FromPath[int]) -> Response[bytes]:
    """One payout: how it went, and every movement that the processor names in it."""
    with database.reading() as session:
        payout = clearing.payout(session, payout_id)
        changes = clearing.changes_of_payout(session, payout_id)
        context = {
            "payout": PayoutView.of_row(payout),
            "items": [movement_view(row, payout.currency) for row in clearing.items_of_payout(session, payout_id)],
            "changes": [(row, PayoutView.badge_of(row.after), who) for row, who in with_doers(session, changes)],
        }
    return page(request, "backoffice/clearing/payout.html", context)


@get(MOVEMENT_PATH, guards=admit(Permission.SEE_CLEARING), sync_to_thread=True)
def show_movement(request: AnyRequest, database: GivenDatabase, movement_ref: FromPath[str]) -> Response[bytes]:
    """One movement, its entries, what staff decided of it, or what they can decide."""
    return _movement_page(request, database, movement_ref, Form.starting(request))


@post(MOVEMENT_PATH, guards=admit(Permission.EXPLAIN_MOVEMENT), sync_to_thread=True)
def decide_movement(
    request: AnyRequest, database: GivenDatabase, movement_ref: FromPath[str], form: SentForm
) -> Response[bytes]:
    """Say what it is, that it is not ours, or whose payment it is."""
    with database.reading() as session:
        movement = clearing.by_ref(session, movement_ref)
    try:
        with form.reading():
            reason = form.text("reason", longest=500, missing=N_("Say why."))
        with database.transaction() as session:
            use_once(session, form.value("once"))
            _decide(session, request, movement.id, reason, form)
    except SentAlready:
        return see_other(request, f"/clearing/movements/{movement.external_id}")
    except Refused as refused:
        return _movement_page(request, database, movement_ref, form.refused(refused), status=422)
    return see_other(request, f"/clearing/movements/{movement.external_id}")


def _decide(session: Session, request: AnyRequest, movement_id: int, reason: str, form: Form) -> None:
    actor, act = actor_of(request), form.value("act")
    if act == "not_ours":
        explaining.not_ours(session, movement_id, reason=reason, actor=actor)
    elif act == "take":
        account_id = accounts.id_of_number(session, form.value("account").strip())
        if account_id is None:
            raise Invalid(N_("There is no account with this number."), field="account")
        explaining.take_as_payment(session, movement_id, account_id, reason=reason, actor=actor)
    else:
        wanted = form.value("ledger_account")
        if wanted not in {one.value for one in EXPLANATIONS}:
            raise Invalid(N_("Choose what it is."), field="ledger_account")
        explaining.explain(session, movement_id, LedgerAccount(wanted), reason=reason, actor=actor)


def _movement_page(
    request: AnyRequest, database: Database, movement_ref: str, form: Form, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        row = clearing.by_ref(session, movement_ref)
        decision = clearing.explanation_of(session, row.id)
        place = explaining.stands_on(session, row)
        context: dict[str, Any] = {
            "movement": MovementView.of_row(row),
            "entries": [
                (entry, [(leg.ledger_account.line.name, leg.amount) for leg in entry.legs])
                for entry in entries_of(session, [f"balance_transaction:{row.external_id}"])
            ],
            "decision": decision,
            "decided_as": LedgerAccount(decision.ledger_account).line.name if decision else None,
            "decided_by": with_doers(session, [decision])[0][1] if decision else None,
            "in_suspense": place is not None and place[0] is LedgerAccount.PROCESSOR_SUSPENSE and decision is None,
            "foreign": place is not None and place[0] is LedgerAccount.FOREIGN_RECEIPTS and decision is None,
            "may_be_taken": explaining.may_be_taken(session, row),
            "choices": [(one.value, words) for one, words in EXPLANATIONS.items()],
            "payment": explaining.payment_of(session, row, decision),
            "form": form,
        }
    return page(request, "backoffice/clearing/movement.html", context, status=status)
