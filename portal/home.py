"""Home: one sentence and one number, what comes next, and the last movements."""

from __future__ import annotations

from litestar import Response, get

from domain.accounts.model import Right
from domain.advices.queries import open_advices
from domain.collecting import queries as collecting
from domain.disputes import queries as disputes
from domain.disputes.ageing import disputed, late_by_account, late_part
from domain.late_charges import queries as late_charges
from domain.payments import discount_quotes
from domain.payments import queries as payments
from domain.placements.acting import acting
from domain.plans import queries as plans
from domain.plans.model import TALKING
from domain.policies import acceptances
from domain.promises import queries as promises
from domain.receivables import queries as receivables
from domain.receivables.ageing import ageing_of, apart, without
from domain.shared.db.session import today
from domain.shared.money import Money
from domain.statements.agreements import Agreements, Kind, agreements, agreements_of
from domain.statements.latest import latest_movements
from portal.access import customer_of, enter, own_accounts
from portal.autopay_views import coming_view, next_taken
from portal.failed import failed_views
from portal.given import AccountId
from portal.insolvency import estate_of, ids_in
from portal.plan_views import living_plans
from portal.settlements import standing_offers
from portal.transfers import told_views
from portal.views import claim_views, invoice_view, move_views, payment_view
from web.fragments import page, page_or_fragment, see_other
from web.given import GivenDatabase
from web.promises import promise_view
from web.visit import AnyRequest, visit_of

LAST_MOVEMENTS = 5
NEXT_DUE = 4


@get("/", sync_to_thread=True)
def root(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """Lead to the one account, or to the choice where there are several."""
    with database.reading() as session:
        own = own_accounts(session, customer_of(request))
    return see_other(request, f"/accounts/{own[0].id}" if len(own) == 1 else "/accounts")


@get("/accounts", sync_to_thread=True)
def choose_account(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """The accounts that this login may see, with what is open and what is late on each."""
    with database.reading() as session:
        own = own_accounts(session, customer_of(request))
        owed = receivables.owed_by_account(session, [account.id for account in own])
        agreed, day = agreements_of(session, list(owed)), today(session)
        in_agreements = {key for one in agreed.values() for key in one.invoice_ids}
        in_dispute = late_by_account(session, day, list(owed), but=in_agreements)
    rows = []
    for account in own:
        still_open, late = (Money(minor, account.currency) for minor in owed.get(account.id, (0, 0)))
        apart_from_it = agreed.get(account.id, Agreements(account.currency))
        late -= apart_from_it.late(day) + in_dispute.get(account.id, Money.zero(account.currency))
        rows.append((account, still_open, late, apart_from_it.open()))
    to_pay = [account for account in own if account.id in owed and Right.PAY in account.rights]
    return page(request, "portal/accounts.html", {"accounts": rows, "pays_several": len(to_pay) > 1})


@get("/accounts/{account_id:int}", sync_to_thread=True)
def home(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """What is owed, what of it is late, what comes next."""
    with database.reading() as session:
        account = enter(request, session, account_id)
        day = today(session)
        late = receivables.open_invoices(session, account_id, due_before=day)
        coming = receivables.open_invoices(session, account_id, due_from=day)
        claims = payments.live_claims_of(session, [account_id])
        offers = discount_quotes.offered(session, account_id, [row.id for row in coming])
        ids = [row.id for row in (*late, *coming)]
        contested, agreed = disputes.contested(session, ids), agreements(session, account_id, account.currency)
        estate = estate_of(session, account_id)
        frozen = ids_in(estate)
        interest = late_charges.still_to_come(session, account_id, [row.id for row in late])
        totals = receivables.totals(session, account_id, account.currency)
        aged, _ = apart(session, ageing_of(session, account_id, day), account_id, agreed.invoice_ids)
        in_dispute = disputed(session, day, account_id, but=agreed.invoice_ids).get(account.currency, {})
        context = {
            "account": account,
            "today": day,
            "totals": totals,
            "late": totals.late - agreed.late(day) - late_part(in_dispute, account.currency),
            "estate": estate,
            "in_dispute": Money.sum(in_dispute.values(), account.currency),
            "on_plan": agreed.open(Kind.PLAN) - agreed.not_started,
            "on_signed_plan": agreed.not_started,
            "being_settled": agreed.open(Kind.SETTLEMENT),
            "plans": living_plans(session, account_id),
            "talk": next(iter(plans.of_account(session, account_id, TALKING)), None),
            "ageing": without(aged, in_dispute),
            "movements": move_views(
                latest_movements(session, account_id, LAST_MOVEMENTS), account, visit_of(request).speaking
            ),
            "taken_next": next_taken(coming_view(row, account) for row in collecting.coming(session, account_id)),
            "told": told_views(database.business.bank, open_advices(session, account_id), day),
            "new_terms": acceptances.is_asked(session, account_id),
            "failed": failed_views(session, account_id, {claim.invoice_id for claim in claims}),
            "settlements": standing_offers(session, account_id),
            "acting": acting(session, account.id),
            "promised": [promise_view(row) for row in promises.open_of_account(session, account_id)],
            "live": [payment_view(row) for row in payments.live_of_account(session, account_id)],
        }
    mine = claim_views(claims, customer_of(request).login_id)
    all_late = [invoice_view(row, day, mine, contested=contested, agreed=agreed, estate=frozen) for row in late]
    pay_late = [view for view in all_late if view.payable and view.asked]
    all_coming = (
        invoice_view(row, day, mine, offers, contested=contested, agreed=agreed, estate=frozen) for row in coming
    )
    not_late = [view for view in all_coming if view.asked]
    if estate is not None and estate.since:
        context |= {"plans": (), "talk": None}
    if frozen:
        context["late"] = Money.sum((view.asked for view in all_late), account.currency)
    context["paying"] = {view.payment: view for view in mine.values()}
    context["pay_late"] = pay_late
    context["late_payable"] = Money.sum((view.asked for view in pay_late), account.currency)
    to_come = (interest[view.id] for view in pay_late if view.id in interest)
    context["interest"] = Money.sum(to_come, account.currency)
    context["next_due"] = not_late[:NEXT_DUE]
    context["payable"] = pay_late or [view for view in not_late if view.payable]
    return page_or_fragment(request, page="portal/home.html", fragment="portal/_home.html", context=context)
