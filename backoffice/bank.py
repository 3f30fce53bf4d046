"""Bank: the lines of bank statements: those to decide with what they may be, one with all about it, all sure ones."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromQuery

from backoffice.access import actor_of, admit
from backoffice.bank_views import LINE_BADGES, line_view, suggested, suggestion_view
from domain.accounts import queries as accounts
from domain.banking import queries
from domain.banking.model import LineState
from domain.processing.bank.naming import names_of
from domain.processing.bank.suggesting import MOST_AT_ONCE, Accepted, accept_all, key_of, sure_ones
from domain.shared.errors import N_, Refused
from domain.shared.money import Money
from domain.staff.permissions import Permission
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest

PAGE = 50


@get("/bank", guards=admit(Permission.SEE_BANK), sync_to_thread=True)
def list_bank_lines(
    request: AnyRequest,
    database: GivenDatabase,
    show: FromQuery[str] = LineState.OPEN,
    account: FromQuery[int | None] = None,
    before: FromQuery[int | None] = None,
) -> Response[bytes]:
    """Lines of one state with, while they wait, the best suggestion for each."""
    wanted = LineState(show) if show in set(LineState) else LineState.OPEN
    with database.reading() as session:
        rows = queries.lines(session, wanted, bank_account_id=account, before=before, limit=PAGE + 1)
        shown = rows[:PAGE]
        found = suggested(session, shown)
        booked = queries.bookings(session, [row.id for row in shown])
        owners = {each.account_id for of_line in booked.values() for each in of_line if each.account_id}
        labels = accounts.labels(session, owners)
        counts = queries.counts(session)
        ours = queries.bank_accounts(session)
    context = {
        "lines": [
            (
                line_view(row),
                found.get(row.id, []),
                [labels[each.account_id] for each in booked[row.id] if each.account_id and not each.undone_at],
            )
            for row in shown
        ],
        "state": wanted.value,
        "filters": [
            (words, with_query("/bank", show=each.value, account=account), each is wanted, counts[each])
            for each, (_, words) in LINE_BADGES.items()
        ],
        "bank_accounts": [
            (None, with_query("/bank", show=wanted.value), account is None),
            *((row.name, with_query("/bank", show=wanted.value, account=row.id), row.id == account) for row in ours),
        ],
        "older": with_query("/bank", show=wanted.value, account=account, before=shown[-1].id)
        if len(rows) > PAGE
        else None,
    }
    return page(request, "backoffice/bank/list.html", context)


@get("/bank/sure", guards=admit(Permission.MATCH_BANK), sync_to_thread=True)
def list_sure_lines(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """Everything that is sure, to look over before it is accepted at once."""
    return _sure_page(request, database, Form.starting(request))


@post("/bank/sure", guards=admit(Permission.MATCH_BANK), sync_to_thread=True)
def accept_sure_lines(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Book the ticked ones, each by itself, and tell which were no longer possible.

    A line is booked once, whoever presses how often: it needs no token of its own.
    """
    try:
        with form.reading():
            chosen = form.ids("line", missing=N_("Tick at least one line."))
    except Refused as refused:
        return _sure_page(request, database, form.refused(refused), status=422)
    keys = {line_id: form.value(f"key-{line_id}") for line_id in chosen[:MOST_AT_ONCE]}
    done = accept_all(database, keys, actor=actor_of(request))
    return _sure_page(request, database, Form.starting(request), done=done)


def _sure_page(
    request: AnyRequest, database: GivenDatabase, form: Form, *, done: Accepted | None = None, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        found = sure_ones(session)
        names = names_of(session, (each for _, each in found))
        refused = [(line_view(queries.line(session, line_id)), why) for line_id, why in done.refused] if done else []
    currencies = sorted({row.currency for row, _ in found})
    sums = [
        Money.sum((Money(row.amount_minor, currency) for row, _ in found if row.currency == currency), currency)
        for currency in currencies
    ]
    context = {
        "lines": [
            (row.id, row, Money(row.amount_minor, row.currency), key_of(each), suggestion_view(each, names))
            for row, each in found
        ],
        "sums": sums,
        "done": done,
        "refused": refused,
        "form": form.only_at({"line"} if found else ()),
    }
    return page(request, "backoffice/bank/sure.html", context, status=status)
