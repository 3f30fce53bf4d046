"""Bank deciding: one line of a bank statement, with all about it and everything that it can be booked as."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.bank_views import booking_views, line_view, suggested, waiting_line
from backoffice.views import METHOD_NAMES
from domain.accounts import queries as accounts
from domain.accounts.searching import search
from domain.banking import queries
from domain.banking.model import LineState
from domain.payments import slips
from domain.processing.bank import booking, linking, setting_aside, suggesting, undoing
from domain.processing.bank.booking import Part
from domain.receivables import queries as receivables
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.shared.errors import N_, Invalid, Refused
from domain.shared.money import Money, minor_digits
from domain.staff.permissions import Permission
from web.amounts import typed_amount
from web.forms import Form, SentForm, query_form
from web.fragments import own_path, page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest

LinePath = FromPath[int]
PATH = "/bank/lines/{line_id:int}"
MOST_ACCOUNTS = 10
FOUND_ACCOUNTS = 10
"""Accounts over which one line is split, and that one search shows."""
MOST_ID = 2**62
NOTHING_TO_CHOOSE: Mapping[str, object] = dict.fromkeys(("found", "chosen", "receipts", "refunds", "parked"), ()) | {
    "words": ""
}
"""What the page is given where a line is decided, or of the other direction."""


@dataclass(frozen=True, slots=True)
class InvoiceToPay:
    """An open invoice to tick, with the amount that its field starts with."""

    id: int
    number: str
    due_on: date
    open: Money
    typed: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class PartView:
    """An account that a line may be (partly) of, with its open invoices."""

    id: int
    number: str
    name: str
    invoices: tuple[InvoiceToPay, ...]


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
    """Book it as the payment of one account or, in parts, of several; or show what the ticked invoices come to."""

    checks = form.value("step") == "check"

    def book(session: Session, line: AnyRow) -> Money | None:
        with form.reading():
            parts = _parts(form, line)
        if checks:
            return Money.sum((each for part in parts for each in (part.wanted or {}).values()), line.currency)
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
    book: Callable[[Session, AnyRow], Money | None],
) -> Response[bytes]:
    """Do it in one transaction, and lead back to the line; where `book` only gives a sum, show it beside the form.

    A line is booked once, however often its form is sent: it needs no token of its own.
    """
    with database.reading() as session:
        queries.line(session, line_id)
    try:
        with database.transaction() as session:
            total = book(session, queries.line(session, line_id))
    except Refused as refused:
        return _show(request, database, line_id, form.refused(refused), status=422)
    if total is not None:
        return _show(request, database, line_id, form, total=total)
    return see_other(request, own_path(form.value("back"), f"/bank/lines/{line_id}"))


def _parts(form: Form, line: AnyRow) -> list[Part]:
    """What the form says of each chosen account; one account alone takes the whole line."""
    chosen = form.ids("account", missing=N_("Choose an account."))[:MOST_ACCOUNTS]
    whole = Money(line.amount_minor, line.currency)
    parts = []
    for account_id in chosen:
        amount = whole if len(chosen) == 1 else form.amount(f"part-{account_id}", line.currency)
        ticked = form.ids(f"invoice-{account_id}") if form.values(f"invoice-{account_id}") else ()
        wanted = {each: form.amount(f"amount-{each}", line.currency) for each in ticked}
        parts.append(Part(account_id, amount, wanted or None))
    return parts


def _show(
    request: AnyRequest,
    database: Database,
    line_id: int,
    form: Form,
    *,
    total: Money | None = None,
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
            "total": total,
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
    fields |= {f"amount-{invoice.id}" for part in parts for invoice in part.invoices}
    if len(parts) > 1:
        fields |= {f"part-{part.id}" for part in parts} | {"amount"}
    return fields | ({"why"} if context["state"] == LineState.OPEN else set())


def _coming(session: Session, form: Form, row: AnyRow) -> dict[str, object]:
    """What money that came in can be booked as: payments of accounts, recorded receipts, refunds that came back."""
    words = form.value("q").strip()
    chosen = [int(each) for each in dict.fromkeys(form.values("account")) if each.isascii() and each.isdigit()]
    labels = accounts.labels(session, [each for each in chosen if each < MOST_ID][:MOST_ACCOUNTS])
    also = receivables.accounts_with_invoice(session, words) if words else ()
    is_open = row.state is LineState.OPEN
    amount = Money(row.amount_minor, row.currency)
    waiting = slips.to_bank(session) if is_open else []
    receipts = [each for each in waiting if each.amount.currency == row.currency and each.amount <= amount]
    owners = accounts.labels(session, {each.account_id for each in receipts})
    return {
        "words": words,
        "found": [each for each in search(session, words, also=also, limit=FOUND_ACCOUNTS) if words],
        "chosen": [_part(session, form, label, row.currency) for label in labels.values()],
        "receipts": [(each, owners[each.account_id], METHOD_NAMES[each.method]) for each in receipts],
        "refunds": linking.refunds_gone_out(session, amount) if is_open else [],
    }


def _part(session: Session, form: Form, label: AnyRow, currency: str) -> PartView:
    ticked = form.values(f"invoice-{label.id}")
    invoices = []
    for row in receivables.open_invoices(session, label.id):
        still_open = Money(row.open_minor, row.currency)
        if row.currency == currency:
            typed = form.value(f"amount-{row.id}") or typed_amount(still_open, form.speaking.formats.locale)
            invoices.append(InvoiceToPay(row.id, row.number, row.due_on, still_open, typed, str(row.id) in ticked))
    return PartView(label.id, label.number, label.name, tuple(invoices))
