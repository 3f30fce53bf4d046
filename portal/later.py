"""Later: the page for who sees that an invoice will be paid late: all that is open to them, and how to reach us."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import Response, get
from litestar.params import FromQuery
from sqlalchemy.orm import Session

from domain.accounts.model import Right
from domain.disputes import queries as disputes
from domain.payments import queries as payments
from domain.placements.acting import acting, placed_ids
from domain.plans import negotiating
from domain.plans import queries as plans
from domain.plans.model import TALKING, PlanStatus
from domain.processing.extending import fence_of as extension_fence
from domain.promises import queries as promises
from domain.promises.making import fence_of as promise_fence
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict
from domain.shared.money import Money
from domain.statements.agreements import agreements
from portal.doors import Door, SignedIn
from portal.given import AccountId
from portal.views import InvoiceView, claim_views, invoice_view
from web.fragments import page
from web.given import GivenDatabase
from web.visit import AnyRequest


@get("/accounts/{account_id:int}/later", sync_to_thread=True)
def later(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, invoice: FromQuery[int | None] = None
) -> Response[bytes]:
    """What can be done where it will be late: about one invoice, or about all that is open."""
    return later_page(request, database, SignedIn(request, account_id), invoice)


def later_page(request: AnyRequest, database: Database, door: Door, invoice_id: int | None) -> Response[bytes]:
    """The ways that are open inside the fence; of several invoices one is chosen first, for what is about one."""
    with database.reading() as session:
        account = door.enter(session, Right.PROMISE)
        rows = door.open_invoices(session) if invoice_id is None else [door.invoice(session, invoice_id)]
        open_ids = [row.id for row in rows if row.open_minor]
        claims = claim_views(payments.live_claims(session, open_ids), door.login_id, door.link_id)
        contested = disputes.contested(session, open_ids)
        agreed = agreements(session, account.id, account.currency)
        handed = acting(session, account.id, open_ids)
        open_rows = [row for row in rows if row.open_minor and agreed.of(row.id) is None]
        all_views = [invoice_view(row, today(session), claims, contested=contested) for row in open_rows]
        views = [view for view in all_views if view.id not in placed_ids(handed)]
        alone = views or all_views
        one = alone[0] if len(alone) == 1 else None
        ids = [view.id for view in views]
        context = {
            "account": account,
            "acting": handed,
            "invoices": views,
            "one": one,
            "open": Money.sum((view.open for view in views), account.currency),
            "payable": [view for view in all_views if view.payable and view.undisputed],
            "extension": extension_fence(session, account.id, one.id) if one is not None and one in views else None,
            "promised": sorted(set(promises.promised_days(session, ids).values())),
            "promise": promise_fence(session, account.id, ids) if _is_free(views) else None,
            "pays_in_parts": _pays_in_parts(session, account.id, ids),
            "agreed": next((agreed.of(one) for one in open_ids if agreed.of(one)), None),
            "talk": _talk(session, account.id),
            "may_contest": one is not None and account.may_dispute and one.contestable,
        }
    return page(request, "portal/later/show.html", context)


def _pays_in_parts(session: Session, account_id: int, invoice_ids: Sequence[int]) -> list[int]:
    """Which of these can be paid by a plan, where the terms have plans."""
    try:
        negotiating.plans_of(session, account_id)
    except Conflict:
        return []
    there = {row.id for row in plans.plannable(session, account_id)}
    return [invoice_id for invoice_id in invoice_ids if invoice_id in there]


def _talk(session: Session, account_id: int) -> int | None:
    """The plan that is talked about, or waits to be signed or started."""
    rows = plans.of_account(session, account_id, TALKING | {PlanStatus.ACCEPTED})
    return rows[0].id if rows else None


def _is_free(views: Sequence[InvoiceView]) -> bool:
    """Whether something is open and nobody is paying it: what is being paid is not promised."""
    return bool(views) and not any(view.paying for view in views)
