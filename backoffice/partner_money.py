"""Partner money: what a partner owes us and we owe it, what it tells us of, its costs, and what we pay it."""

from __future__ import annotations

from functools import partial

from litestar import Response, get, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.partner_money_views import (
    collected_view,
    commission_invoice_view,
    cost_view,
    paid_view,
    remittance_view,
    stand_views,
)
from domain.placements import queries
from domain.remittances import listing
from domain.remittances.costs import accept_cost, refuse_cost
from domain.remittances.holding import held
from domain.remittances.model import PAID_FROM_NAMES, PaidFrom
from domain.remittances.paying import pay_partner
from domain.remittances.statement import standing
from domain.sessions.once import use_once
from domain.shared.db.session import Database, today
from domain.shared.errors import N_
from domain.staff.permissions import Permission
from web.acting import carry_out
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.visit import AnyRequest

MONEY = "/partners/{partner_id:int}/money"
COST = "/partner-costs/{cost_id:int}"
FROM = {one.value: one for one in PaidFrom}
PAYING = {"amount", "paid_on", "paid_from", "note"}
LONGEST_NOTE = 500
PartnerId = FromPath[int]


def money_path(partner_id: int) -> str:
    """Where the page of a partner's money is."""
    return f"/partners/{partner_id}/money"


@get(MONEY, guards=admit(Permission.SEE_PLACEMENTS), sync_to_thread=True)
def show_partner_money(request: AnyRequest, database: GivenDatabase, partner_id: PartnerId) -> Response[bytes]:
    """What stands between us and a partner, and what is to be done about it."""
    with database.reading() as session:
        day = today(session).isoformat()
    return _show(request, database, partner_id, Form.starting(request, paid_on=day, paid_from=PaidFrom.BANK.value))


@post(MONEY, guards=admit(Permission.BOOK_REMITTANCE), sync_to_thread=True)
def pay_a_partner(
    request: AnyRequest, database: GivenDatabase, partner_id: PartnerId, form: SentForm
) -> Response[bytes]:
    """Write down that a partner was paid, or that it was set off against what it owes us."""
    with database.reading() as session:
        queries.partner(session, partner_id)
        currencies = {currency: currency for currency in standing(session, partner_id)} or {
            database.business.currency: database.business.currency
        }

    def act(session: Session) -> None:
        with form.reading():
            currency = form.choice("currency", currencies)
            amount = form.amount("amount", currency)
            paid_on = form.day("paid_on")
            paid_from = form.choice("paid_from", FROM)
            note = form.text("note", required=False, longest=LONGEST_NOTE)
        use_once(session, form.value("once"))
        pay_partner(session, partner_id, amount, paid_on, paid_from, note=note, actor=actor_of(request))

    again = partial(_show, request, database, partner_id)
    return carry_out(request, database, form, act, there=money_path(partner_id), again=again)


@get(COST, guards=admit(Permission.SEE_PLACEMENTS), sync_to_thread=True)
def show_partner_cost(request: AnyRequest, database: GivenDatabase, cost_id: FromPath[int]) -> Response[bytes]:
    """What a partner has spent, on what, and what became of it."""
    return _show_cost(request, database, cost_id, Form.starting(request))


@post(COST, guards=admit(Permission.BOOK_REMITTANCE), sync_to_thread=True)
def decide_partner_cost(
    request: AnyRequest, database: GivenDatabase, cost_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Owe the partner what it has spent, or refuse it with a reason."""
    with database.reading() as session:
        listing.cost(session, cost_id)

    def act(session: Session) -> None:
        if form.value("act") == "accept":
            accept_cost(session, cost_id, actor=actor_of(request))
            return
        with form.reading():
            why = form.text("why", longest=LONGEST_NOTE, missing=N_("Say why."))
        refuse_cost(session, cost_id, why=why, actor=actor_of(request))

    again = partial(_show_cost, request, database, cost_id)
    return carry_out(request, database, form, act, there=f"/partner-costs/{cost_id}", again=again)


def _show(request: AnyRequest, database: Database, partner_id: int, form: Form) -> Response[bytes]:
    with database.reading() as session:
        partner = queries.partner(session, partner_id)
        stands = stand_views(standing(session, partner_id))
        unremitted = [collected_view(row) for row in listing.unremitted(session, partner_id)]
        uninvoiced = [collected_view(row) for row in listing.uninvoiced(session, partner)]
        context = {
            "partner_id": partner_id,
            "partner_name": partner.name,
            "stands": stands,
            "comes": {collected.currency: comes for collected, comes in held(session, partner_id)},
            "unremitted": unremitted,
            "to_remit": sorted({one.amount.currency for one in unremitted}),
            "to_invoice": sorted({one.amount.currency for one in uninvoiced}),
            "remittances": [remittance_view(row) for row in listing.remittances(session, partner_id)],
            "invoices": [commission_invoice_view(row) for row in listing.commission_invoices(session, partner_id)],
            "costs": [cost_view(row) for row in listing.costs(session, partner_id)],
            "payments": [paid_view(row) for row in listing.payments(session, partner_id)],
            "payable": [one for one in stands if one.payable.minor > 0],
            "paid_from": PAID_FROM_NAMES,
            "longest": LONGEST_NOTE,
            "form": form.only_at(PAYING | ({"currency"} if len(stands) > 1 else set())),
        }
    return page(request, "backoffice/partners/money.html", context)


def _show_cost(request: AnyRequest, database: Database, cost_id: int, form: Form) -> Response[bytes]:
    with database.reading() as session:
        cost = cost_view(listing.cost(session, cost_id))
    context = {"cost": cost, "longest": LONGEST_NOTE, "form": form.only_at({"why"} if cost.to_decide else ())}
    return page(request, "backoffice/partners/cost.html", context)
