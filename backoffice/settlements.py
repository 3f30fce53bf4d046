"""Settlements: the lists of offers to settle, those of one account, and one with all that is known of it."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit, officer_of
from backoffice.frame import frame
from backoffice.given import AccountId
from backoffice.wording import with_doers
from domain.documents import queries as documents
from domain.documents.model import Category
from domain.policies import authority
from domain.policies.acts import Act
from domain.processing.placing import settling
from domain.processing.settling.letters import SUBJECT
from domain.sessions.once import use_once
from domain.settlements import offering, queries, watching
from domain.settlements.model import OfferStatus
from domain.settlements.queries import View
from domain.shared.db.session import Database
from domain.shared.errors import N_, Invalid
from domain.staff.permissions import Permission
from web.acting import carry_out
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.links import with_query
from web.settlements import STATUS_BADGES, offer_view
from web.visit import AnyRequest

PAGE = 50
LIST = "/settlements"
PATH = "/settlements/{offer_id:int}"
ACT = "act"
"""Which button was pressed: `approve` or `withdraw`."""
VIEW_WORDS = {
    View.APPROVAL: N_("Wait for approval"),
    View.OFFERED: N_("Offered"),
    View.PAYING: N_("Being paid"),
    View.FULFILLED: N_("Settled"),
    View.ENDED: N_("Ended"),
}
"""What the lists are called."""
CAN_BE_WITHDRAWN = frozenset({OfferStatus.AWAITING_APPROVAL, OfferStatus.OFFERED})
OfferId = FromPath[int]


@get(LIST, guards=admit(Permission.SEE_PLANS), sync_to_thread=True)
def list_settlements(
    request: AnyRequest,
    database: GivenDatabase,
    show: FromQuery[str] = View.OFFERED,
    place: FromQuery[int | None] = None,
) -> Response[bytes]:
    """Offers of all accounts, the newest first."""
    view = View(show) if show in set(View) else View.OFFERED
    with database.reading() as session:
        rows = queries.offers(session, view, place=place, limit=PAGE + 1)
        standings = queries.standings(session, [row.id for row in rows[:PAGE]])
        counts = queries.counts(session)
    context = {
        "offers": [offer_view(row, standing=standings.get(row.id)) for row in rows[:PAGE]],
        "views": [
            (words, with_query(LIST, show=one.value), one is view, counts[one]) for one, words in VIEW_WORDS.items()
        ],
        "following": with_query(LIST, show=view.value, place=rows[PAGE - 1].id) if len(rows) > PAGE else None,
    }
    return page(request, "backoffice/settlements/list.html", context)


@get("/accounts/{account_id:int}/settlements", guards=admit(Permission.SEE_PLANS), sync_to_thread=True)
def account_settlements(request: AnyRequest, database: GivenDatabase, account_id: AccountId) -> Response[bytes]:
    """All offers of the account, and what could be offered now."""
    with database.reading() as session:
        context = frame(session, account_id, "settlements")
        rows = queries.of_account(session, account_id)
        standings = queries.standings(session, [row.id for row in rows])
        context["offers"] = [offer_view(row, standing=standings.get(row.id)) for row in rows]
        context["room"] = offering.room_of(session, account_id)
    return page(request, "backoffice/settlements/account.html", context)


@get(PATH, guards=admit(Permission.SEE_PLANS), sync_to_thread=True)
def show_settlement(request: AnyRequest, database: GivenDatabase, offer_id: OfferId) -> Response[bytes]:
    """How much instead of how much, how it stands, what was given up, and how it went."""
    return _show(request, database, offer_id, Form.starting(request))


@post(PATH, guards=admit(Permission.OFFER_SETTLEMENT), sync_to_thread=True)
def decide_settlement(
    request: AnyRequest, database: GivenDatabase, offer_id: OfferId, form: SentForm
) -> Response[bytes]:
    """Approve it, within one's authority, or take it back."""
    with database.reading() as session:
        account_id = queries.offer(session, offer_id).account_id

    def act(session: Session) -> None:
        use_once(session, form.value("once"))
        role, actor = officer_of(request).role, actor_of(request)
        match form.value(ACT):
            case "approve":
                settling.approve(session, account_id, offer_id, role=role, actor=actor)
            case "withdraw":
                with form.reading():
                    why = form.text("why", longest=500, missing=N_("Say why."))
                settling.withdraw(session, account_id, offer_id, why=why, actor=actor)
            case _:
                raise Invalid(N_("Choose one of these."))

    def again(form: Form) -> Response[bytes]:
        return _show(request, database, offer_id, form)

    return carry_out(request, database, form, act, there=f"{LIST}/{offer_id}", again=again)


def _show(request: AnyRequest, database: Database, offer_id: int, form: Form) -> Response[bytes]:
    with database.reading() as session:
        row = queries.offer(session, offer_id)
        offer = offer_view(row, queries.invoices(session, offer_id), queries.standing(session, offer_id))
        role = officer_of(request).role
        covered = authority.covers(session, role, Act.SETTLEMENT, offer.percent, account_id=row.account_id)
        context = {
            "offer": offer,
            "changes": [
                (change, STATUS_BADGES[change.after], who)
                for change, who in with_doers(session, queries.changes(session, offer_id))
            ],
            "letter": documents.newest(session, Category.DISCHARGE, (SUBJECT, offer_id)),
            "letter_day": watching.letter_day(session, offer_id),
            "may_approve": covered and offer.status is OfferStatus.AWAITING_APPROVAL,
            "may_withdraw": offer.status in CAN_BE_WITHDRAWN,
            "form": form,
        }
    return page(request, "backoffice/settlements/show.html", context)
