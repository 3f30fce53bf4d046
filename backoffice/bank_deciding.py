"""Bank deciding: one line of a bank statement, with all about it and everything that it can be booked as."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.bank_parts import PartView, Placed, part_fields, part_views, parts_of, placed_of
from backoffice.bank_views import booking_views, line_view, suggested, waiting_line
from backoffice.views import METHOD_NAMES
from domain.accounts import queries as accounts
from domain.accounts.searching import search
from domain.banking import queries
from domain.banking.model import LineState
from domain.payments import slips
from domain.processing.bank import booking, linking, setting_aside, suggesting, undoing
from domain.receivables import queries as receivables
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.shared.errors import N_, Invalid, Refused
from domain.shared.money import Money, minor_digits
from domain.staff.permissions import Permission
from web.forms import Form, SentForm, query_form
from web.fragments import own_path, page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest

LinePath = FromPath[int]
PATH = "/bank/lines/{line_id:int}"
FOUND_ACCOUNTS = 10
"""Accounts that one search shows."""
NOTHING_TO_CHOOSE: Mapping[str, object] = dict.fromkeys(("found", "chosen", "receipts", "refunds", "parked"), ()) | {
    "words": ""
}
"""What the page is given where a line is decided, or of the other direction."""


@get(PATH, guards=admit(Permission.SEE_BANK), sync_to_thread=True)
def show_bank_line(request: AnyRequest, database: GivenDatabase, line_id: LinePath) -> Response[bytes]:
    """The line, what it may be or was booked as, and the forms to decide it."""
    return _show(request, database, line_id, query_form(request))


@post(f"{PATH}/accept", guards=admit(Permission.MATCH_BANK), sync_to_thread=True)
def accept_suggestion(
    request: AnyRequest, database: GivenDatabase, line_id: LinePath, form: SentForm
) -> Response[bytes]:
    """Book it as what was suggested."""
    key, actor = form.value("key"), actor_of(request)

    def book(session: Session, line: AnyRow) -> None:
        if not key:
            raise Invalid(N_("Choose one of the suggestions."))
        suggesting.accept(session, line.id, key, actor=actor)

    return _decide(request, database, line_id, form, book)


@post(f"{PATH}/pay", guards=admit(Permission.MATCH_BANK), sync_to_thread=True)
def pay_with_bank_line(
    request: AnyRequest, database: GivenDatabase, line_id: LinePath, form: SentForm
) -> Response[bytes]:
    """Book it as the payment of one account or, in parts, of several; or show what has no place yet."""

    checks = form.value("step") == "check"

    def book(session: Session, line: AnyRow) -> Placed | None:
        amount = Money(line.amount_minor, line.currency)
        if checks:
            with form.reading():
                return placed_of(form, amount)
        with form.reading():
            parts = parts_of(form, amount)
        booking.book_payments(session, line.id, parts, actor=actor_of(request))
        return None

    return _decide(request, database, line_id, form, book)


@post(f"{PATH}/link", guards=admit(Permission.MATCH_BANK), sync_to_thread=True)
def link_bank_line(request: AnyRequest, database: GivenDatabase, line_id: LinePath, form: SentForm) -> Response[bytes]:
    """It is of receipts that staff have recorded: one, or several on one paying-in slip."""

    def book(session: Session, line: AnyRow) -> None:
        with form.reading():
            chosen = form.ids("receipt", missing=N_("Tick at least one receipt."))
        booking.book_recorded(session, line.id, chosen, actor=actor_of(request))

    return _decide(request, database, line_id, form, book)


@post(f"{PATH}/decide", guards=admit(Permission.MATCH_BANK), sync_to_thread=True)
def decide_bank_line(
    request: AnyRequest, database: GivenDatabase, line_id: LinePath, form: SentForm
) -> Response[bytes]:
    """Park it, call it none of ours, look at it again, or let it send parked money back."""
    actor = actor_of(request)

    def book(session: Session, line: AnyRow) -> None:
        with form.reading():
            act = form.choice("act", ACTS, missing=N_("Choose what to do with the line."))
        act(session, line.id, form, actor)

    return _decide(request, database, line_id, form, book)


def _park(session: Session, line_id: int, _: Form, actor: Actor) -> None:
    setting_aside.park(session, line_id, actor=actor)


def _ignore(session: Session, line_id: int, form: Form, actor: Actor) -> None:
    with form.reading():
        why = form.text("why", longest=500, missing=N_("Say what it is."))
    setting_aside.ignore(session, line_id, why=why, actor=actor)


def _reopen(session: Session, line_id: int, _: Form, actor: Actor) -> None:
    setting_aside.reopen(session, line_id, actor=actor)


def _send_back(session: Session, line_id: int, form: Form, actor: Actor) -> None:
    with form.reading():
        (parked, *_) = form.ids("parked", missing=N_("Choose the line that it sends back.")) or (0,)
    setting_aside.book_sent_back(session, line_id, parked, actor=actor)


def _refund_back(session: Session, line_id: int, form: Form, actor: Actor) -> None:
    with form.reading():
        (refund, *_) = form.ids("refund", missing=N_("Choose the refund that came back.")) or (0,)
    linking.book_refund(session, line_id, refund, actor=actor)


ACTS: Mapping[str, Callable[[Session, int, Form, Actor], None]] = {
    "park": _park,
    "ignore": _ignore,
    "reopen": _reopen,
    "send_back": _send_back,
    "refund_back": _refund_back,
}


def _decide(
    request: AnyRequest,
    database: Database,
    line_id: int,
    form: Form,
    book: Callable[[Session, AnyRow], Placed | None],
) -> Response[bytes]:
    """Do it in one transaction, and lead back to the line; where `book` only says what is placed, show that.

    A line is booked once, however often its form is sent: it needs no token of its own.
    """
    with database.reading() as session:
        queries.line(session, line_id)
    try:
        with database.transaction() as session:
            placed = book(session, queries.line(session, line_id))
    except Refused as refused:
        return _show(request, database, line_id, form.refused(refused), status=422)
    if placed is not None:
        return _show(request, database, line_id, form, placed=placed)
    return see_other(request, own_path(form.value("back"), f"/bank/lines/{line_id}"))


def _show(
    request: AnyRequest,
    database: Database,
    line_id: int,
    form: Form,
    *,
    placed: Placed | None = None,
    status: int = 200,
) -> Response[bytes]:
    with database.reading() as session:
        row = queries.line(session, line_id)
        line = line_view(row)
        booked = queries.bookings(session, [line_id])[line_id]
        labels = accounts.labels(session, {each.account_id for each in booked if each.account_id})
        waits = row.state in (LineState.OPEN, LineState.PARKED)
        after = waiting_line(session, line_id)
        context: dict[str, object] = {
            "line": line,
            "state": row.state.value,
            "coming": line.amount.minor > 0,
            "booked": booking_views(session, row, labels, booked),
            "may_be_undone": row.state is LineState.BOOKED and undoing.may_be_undone(session, line_id),
            "suggestions": suggested(session, [row]).get(line_id, []),
            "after": after and f"/bank/lines/{after.id}",
            "digits": minor_digits(line.amount.currency),
            "placed": placed,
            "form": form,
            **NOTHING_TO_CHOOSE,
        }
        if waits and line.amount.minor > 0:
            context |= _coming(session, form, row)
        elif waits:
            context["parked"] = [line_view(each) for each in queries.parked_of(session, -line.amount)]
    form.only_at(_fields(context))
    return page(request, "backoffice/bank/line.html", context, status=status)


def _fields(context: Mapping[str, Any]) -> set[str]:
    """The fields that stand on the page, so that what is wrong with them can be said there."""
    parts: list[PartView] = list(context["chosen"])
    fields = {
        name for name, shown in (("receipt", "receipts"), ("refund", "refunds"), ("parked", "parked")) if context[shown]
    }
    return fields | part_fields(parts) | ({"why"} if context["state"] == LineState.OPEN else set())


def _coming(session: Session, form: Form, row: AnyRow) -> dict[str, object]:
    """What money that came in can be booked as: payments of accounts, recorded receipts, refunds that came back."""
    words = form.value("q").strip()
    also = receivables.accounts_with_invoice(session, words) if words else ()
    is_open = row.state is LineState.OPEN
    amount = Money(row.amount_minor, row.currency)
    waiting = slips.to_bank(session) if is_open else []
    receipts = [each for each in waiting if each.amount.currency == row.currency and each.amount <= amount]
    owners = accounts.labels(session, {each.account_id for each in receipts})
    return {
        "words": words,
        "found": [each for each in search(session, words, also=also, limit=FOUND_ACCOUNTS) if words],
        "chosen": part_views(session, form, row.currency),
        "receipts": [(each, owners[each.account_id], METHOD_NAMES[each.method]) for each in receipts],
        "refunds": linking.refunds_gone_out(session, amount) if is_open else [],
    }
