"""Several: whoever may pay for several accounts chooses among all that is open, checks it, and begins a list of it."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import Response, get, post

from domain.disputes import queries as disputes
from domain.payments import queries as payments
from domain.receivables import estates
from domain.rounds import choosing, queries
from domain.rounds.choosing import plan
from domain.rounds.going import begin
from domain.rounds.model import PaymentRound
from domain.rounds.queries import ItemState
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.session import Database, today
from domain.shared.errors import N_, Invalid
from domain.shared.money import Money
from domain.statements.agreements import agreements_of
from portal.access import actor_of, customer_of
from portal.several_views import asked_for_less, items_of, planned_view, sums
from portal.views import claim_views, invoice_view
from web.forms import Form, FormRefused, SentForm, query_form
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.rate_limits import Rate
from web.visit import AnyRequest, visit_of

PATH = "/several"
CHOOSING = Rate(120, 3600)
"""So often one login may check or begin a list."""
STEP = "step"
"""Which button was pressed: `check` or `begin`."""


@get(PATH, sync_to_thread=True)
def several_accounts(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """The accounts on which something is open, to choose those that are paid now; what is late is ticked."""
    return _accounts_page(request, database, None)


@get(f"{PATH}/invoices", sync_to_thread=True)
def several_invoices(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """What is open on the chosen accounts: all that is due of each, or single invoices."""
    form = query_form(request)
    try:
        with form.reading():
            account_ids = form.ids("account", missing=N_("Choose at least one account."))
    except FormRefused:
        return _accounts_page(request, database, form, status=422)
    return _invoices_page(request, database, account_ids, None)


@post(PATH, sync_to_thread=True)
def several(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Check what is to be paid, then keep it as the list that is gone through."""
    login_id = customer_of(request).login_id
    account_ids: tuple[int, ...] = ()
    try:
        with form.reading():
            account_ids = form.ids("account", missing=N_("Choose at least one account."))
            all_due_of = form.ids("due") if form.values("due") else ()
            invoice_ids = form.ids("invoice") if form.values("invoice") else ()
        visit_of(request).site.limiter.count("several", str(login_id), CHOOSING)
        if form.value(STEP) != "begin":
            return _check_page(request, database, account_ids, all_due_of, invoice_ids)
        with database.transaction() as session:
            use_once(session, form.value("once"))
            planned = plan(session, login_id, invoice_ids=invoice_ids, at_most=asked_for_less(session, login_id))
            round_id = begin(session, login_id, planned, actor=actor_of(request)).id
    except SentAlready:
        with database.reading() as session:
            begun = queries.open_round(session, login_id)
        return see_other(request, f"{PATH}/{begun.id}" if begun else PATH)
    except Invalid as refused:
        if not account_ids:
            return _accounts_page(request, database, form.refused(refused), status=422)
        return _invoices_page(request, database, account_ids, form.refused(refused), status=422)
    return see_other(request, f"{PATH}/{round_id}")


def _accounts_page(request: AnyRequest, database: Database, form: Form | None, *, status: int = 200) -> Response[bytes]:
    login_id = customer_of(request).login_id
    with database.reading() as session:
        owing = choosing.owing(session, login_id)
        going = queries.open_round(session, login_id)
        left = _unfinished(items_of(session, login_id, going.id)) if going else 0
    late = [str(each.account.id) for each in owing if each.late]
    context = {
        "owing": owing,
        "open_sums": sums(each.open for each in owing),
        "late_sums": sums(each.late for each in owing),
        "going": _going(going, left),
        "form": form or Form.starting(request, account=late),
    }
    return page(request, "portal/several/accounts.html", context, status=status)


def _invoices_page(
    request: AnyRequest, database: Database, account_ids: Sequence[int], form: Form | None, *, status: int = 200
) -> Response[bytes]:
    login_id = customer_of(request).login_id
    with database.reading() as session:
        found = choosing.open_invoices(session, login_id, account_ids)
        due = choosing.due(session, account_ids)
        shown = [row.id for rows in found.values() for row in rows]
        claims = claim_views(payments.live_claims(session, shown), login_id)
        contested, agreed = disputes.contested(session, shown), agreements_of(session, account_ids)
        frozen = {one for each in estates.in_estate(session, account_ids).values() for one in each.invoice_ids}
        day = today(session)
    groups = [
        (
            account,
            [
                invoice_view(row, day, claims, contested=contested, agreed=agreed.get(account.id), estate=frozen)
                for row in rows
            ],
            Money(due.get(account.id, (0, 0))[0], account.currency),
            due.get(account.id, (0, 0))[1],
        )
        for account, rows in sorted(found.items(), key=lambda group: group[0].id not in due)
    ]
    context = {
        "groups": groups,
        "most": choosing.MOST_SHOWN,
        "form": form or Form.starting(request, due=[str(account_id) for account_id in due]),
    }
    return page(request, "portal/several/invoices.html", context, status=status)


def _check_page(
    request: AnyRequest,
    database: Database,
    account_ids: Sequence[int],
    all_due_of: Sequence[int],
    invoice_ids: Sequence[int],
) -> Response[bytes]:
    login_id = customer_of(request).login_id
    with database.reading() as session:
        at_most = asked_for_less(session, login_id)
        planned = plan(session, login_id, all_due_of=all_due_of, invoice_ids=invoice_ids, at_most=at_most)
        going = queries.open_round(session, login_id)
        left = _unfinished(items_of(session, login_id, going.id)) if going else 0
    context = {
        "planned": [planned_view(each, login_id) for each in planned],
        "count": sum(bool(each.invoices) for each in planned),
        "sums": sums(each.total for each in planned),
        "account_ids": account_ids,
        "change": f"{PATH}/invoices?" + "&".join(f"account={each}" for each in account_ids),
        "going": _going(going, left),
    }
    return page(request, "portal/several/check.html", context)


def _unfinished(items: Sequence[queries.Item]) -> int:
    """How many items of a list still want their payer."""
    return sum(item.state in {ItemState.LEFT, ItemState.FAILED, ItemState.UNFINISHED} for item in items)


def _going(going: PaymentRound | None, left: int) -> tuple[str, int] | None:
    """Where the list is that somebody has begun and not finished, and how much of it is left."""
    return (f"{PATH}/{going.id}", left) if going is not None and left else None
