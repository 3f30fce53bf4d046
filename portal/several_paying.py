"""Several paying: the list of accounts that are paid one after another; every press is one payment of one account."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from domain.accounts.model import Right
from domain.outbox import sending as outbox
from domain.payments import queries as payments
from domain.payments import sending
from domain.payments.messages import LookUp
from domain.payments.model import LIVE, Payment
from domain.payments.processor import Processor, ProcessorUnreachable
from domain.payments.sending import Outcome
from domain.payments.starting import AlreadyClaimed, Started
from domain.rounds import going, queries
from domain.rounds.going import Way
from domain.rounds.queries import Item, ItemState
from domain.saved_methods import queries as saved_methods
from domain.saved_methods.consenting import CONSENT_TEXTS, CURRENT_VERSION
from domain.sessions.once import SentAlready, use_once
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid
from portal.access import actor_of, customer_of, enter
from portal.given import AccountId, GivenProcessor
from portal.paying import ANOTHER_WAY, NO_REASON, NOT_TAKEN, UNREACHABLE, chosen_method
from portal.several_views import asked_for_less, is_waiting, item_view, items_of, sums
from portal.way_views import agreement_of, way_view
from web.forms import Form, SentForm
from web.fragments import fragment, page, see_other
from web.given import GivenDatabase, GivenNudge
from web.rate_limits import Rate
from web.visit import AnyRequest, visit_of

STARTING = Rate(120, 3600)
"""So many payments one login may start from lists."""
FINISHED = frozenset({ItemState.DONE, ItemState.ON_ITS_WAY, ItemState.SKIPPED, ItemState.SETTLED})
"""The states in which nothing is asked of the payer."""
MOST = 10**17
"""No amount that a form tells is larger."""
UNDER_WAY = frozenset({ItemState.UNFINISHED, ItemState.CONFIRMING, ItemState.ON_ITS_WAY})
"""Neither paid yet nor left to begin."""
PATH = "/accounts/{account_id:int}/several/{item_id:int}"
RoundId = FromPath[int]
ItemId = FromPath[int]


@get("/several/{round_id:int}", sync_to_thread=True)
def round_page(
    request: AnyRequest,
    database: GivenDatabase,
    round_id: RoundId,
    item: FromQuery[int | None] = None,
    returned: FromQuery[int | None] = None,
) -> Response[bytes]:
    """How the list stands, and the next of it to be paid, or the one that was asked for."""
    return _round_page(request, database, round_id, None, item_id=item, returned=returned)


@get("/several/{round_id:int}/state", sync_to_thread=True)
def round_state(
    request: AnyRequest, database: GivenDatabase, round_id: RoundId, returned: FromQuery[int | None] = None
) -> Response[bytes]:
    """Only reads: what the list asks again and again while something is being confirmed."""
    login_id = customer_of(request).login_id
    with database.reading() as session:
        queries.round_of(session, login_id, round_id)
        items = items_of(session, login_id, round_id)
    context = _progress(request, round_id, items, returned)
    return fragment(request, "portal/several/_progress.html", context)


@post(f"{PATH}/pay", sync_to_thread=True)
def pay_item(
    request: AnyRequest,
    database: GivenDatabase,
    processor: GivenProcessor,
    account_id: AccountId,
    item_id: ItemId,
    form: SentForm,
) -> Response[bytes]:
    """Pay for one account: from its saved method at one press, or on the processor's page, which leads back here."""
    round_id = _enter_item(request, database, account_id, item_id)
    visit_of(request).site.limiter.count("pay-several", str(customer_of(request).login_id), STARTING)
    here = f"/several/{round_id}"
    try:
        with form.reading():
            expected = form.number("expected", least=1, most=MOST)
            method_id = chosen_method(form)
        sending.know_customer(database, processor, account_id)
        started = _start(request, database, processor, round_id, account_id, item_id, form, expected, method_id)
        if started is None:
            return see_other(request, here)
        if started.url is not None:
            return see_other(request, started.url)
        outcome = sending.send(database, processor, started.attempt_id, actor=actor_of(request))
        with database.reading() as session:
            payment = payments.by_public_id(session, started.public_id)
        if outcome in (Outcome.DECLINED, Outcome.REFUSED):
            raise Conflict(NOT_TAKEN, why=visit_of(request).speaking.translate(payment.failure or NO_REASON))
    except SentAlready:
        return see_other(request, here)
    except AlreadyClaimed:
        return _round_page(request, database, round_id, form, item_id=item_id, status=409)
    except ProcessorUnreachable:
        unreachable = form.refused(Conflict(UNREACHABLE))
        return _round_page(request, database, round_id, unreachable, item_id=item_id, status=503)
    except (Invalid, Conflict) as refused:
        return _round_page(request, database, round_id, form.refused(refused), item_id=item_id, status=422)
    if outcome is Outcome.TAKEN:
        return see_other(request, f"{_path(account_id, item_id)}/returned")
    return see_other(request, payment.checkout_url if outcome is Outcome.OPENED and payment.checkout_url else here)


@post(f"{PATH}/skip", sync_to_thread=True)
def skip_item(request: AnyRequest, database: GivenDatabase, account_id: AccountId, item_id: ItemId) -> Response[bytes]:
    """Leave one account out, and go on with the next."""
    round_id = _enter_item(request, database, account_id, item_id)
    with database.transaction() as session:
        going.skip(session, account_id, item_id, login_id=customer_of(request).login_id, actor=actor_of(request))
    return see_other(request, f"/several/{round_id}")


@post(f"{PATH}/give-up", sync_to_thread=True)
def give_up_item(
    request: AnyRequest,
    database: GivenDatabase,
    processor: GivenProcessor,
    account_id: AccountId,
    item_id: ItemId,
    form: SentForm,
) -> Response[bytes]:
    """Close the processor's page of an item, so that it can be paid otherwise."""
    round_id = _enter_item(request, database, account_id, item_id)
    payment = _payment_of(request, database, account_id, item_id)
    if payment is None:
        return see_other(request, f"/several/{round_id}")
    try:
        gone = sending.cancel(database, processor, payment.public_id, actor=actor_of(request))
    except ProcessorUnreachable:
        return _round_page(request, database, round_id, form.refused(Conflict(UNREACHABLE)), status=503)
    except Conflict as refused:
        return _round_page(request, database, round_id, form.refused(refused), status=422)
    where = f"/several/{round_id}?item={item_id}" if gone else f"{_path(account_id, item_id)}/returned"
    return see_other(request, where)


@get(f"{PATH}/returned", sync_to_thread=True)
def item_returned(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, item_id: ItemId, nudge: GivenNudge
) -> Response[bytes]:
    """Back from the processor's page: nothing is posted here, the list goes on while the reconciliation does it."""
    round_id = _enter_item(request, database, account_id, item_id)
    payment = _payment_of(request, database, account_id, item_id)
    if payment is None or payment.status not in LIVE:
        return see_other(request, f"/several/{round_id}")
    with database.transaction() as session:
        outbox.add(session, LookUp(payment_id=payment.id), account_id=account_id)
    nudge()
    return see_other(request, f"/several/{round_id}?returned={item_id}")


def _enter_item(request: AnyRequest, database: Database, account_id: int, item_id: int) -> int:
    """The round of an item that is theirs, on an account that they may pay."""
    with database.reading() as session:
        enter(request, session, account_id, Right.PAY)
        return queries.item_row(session, customer_of(request).login_id, account_id, item_id).round_id


def _payment_of(request: AnyRequest, database: Database, account_id: int, item_id: int) -> Payment | None:
    with database.reading() as session:
        row = queries.item_row(session, customer_of(request).login_id, account_id, item_id)
        return session.get(Payment, row.payment_id) if row.payment_id is not None else None


def _start(
    request: AnyRequest,
    database: Database,
    processor: Processor,
    round_id: int,
    account_id: int,
    item_id: int,
    form: Form,
    expected: int,
    method_id: int | None,
) -> Started | None:
    """The payment of an item, started at the first press of this very form; None where one is coming already."""
    public_url = visit_of(request).site.settings.public_url
    way = Way(
        return_url=f"{public_url}{_path(account_id, item_id)}/returned",
        cancel_url=f"{public_url}/several/{round_id}",
        language=visit_of(request).speaking.language,
        saved_method_id=method_id,
        agreement=agreement_of(request) if method_id is None and form.ticked("save") else None,
    )
    with database.transaction() as session:
        started = going.start_item(
            session,
            processor,
            account_id,
            item_id,
            way,
            expected=expected,
            at_most=asked_for_less(session, customer_of(request).login_id),
            login_id=customer_of(request).login_id,
            actor=actor_of(request),
        )
        if started is not None and started.is_new:
            use_once(session, form.value("once"))
    return started


def _path(account_id: int, item_id: int) -> str:
    return f"/accounts/{account_id}/several/{item_id}"


def _round_page(
    request: AnyRequest,
    database: Database,
    round_id: int,
    form: Form | None,
    *,
    item_id: int | None = None,
    returned: int | None = None,
    status: int = 200,
) -> Response[bytes]:
    login_id = customer_of(request).login_id
    with database.reading() as session:
        is_latest = queries.round_of(session, login_id, round_id).closed_at is None
        items = items_of(session, login_id, round_id)
        current = _current(items, item_id) if is_latest else None
        day = today(session)
        usable = saved_methods.usable(session, current.account.id, login_id, day) if current else []
    methods = [way_view(row, login_id, day) for row in usable]
    context = {
        **_progress(request, round_id, items, returned),
        "is_latest": is_latest,
        "current": item_view(current, login_id) if current else None,
        "methods": methods,
        "form": form or Form.starting(request, method=str(methods[0].id) if methods else ANOTHER_WAY),
        "consent": CONSENT_TEXTS[CURRENT_VERSION],
        "email": customer_of(request).email,
    }
    return page(request, "portal/several/round.html", context, status=status)


def _current(items: list[Item], item_id: int | None) -> Item | None:
    """The item that was asked for, else the next that nobody has tried to pay."""
    asked = next((item for item in items if item.id == item_id and item.can_be_paid), None)
    return asked or next((item for item in items if item.state is ItemState.LEFT and item.claim is None), None)


def _progress(request: AnyRequest, round_id: int, items: list[Item], returned: int | None) -> dict[str, object]:
    login_id = customer_of(request).login_id
    views = [item_view(item, login_id, has_returned=item.id == returned) for item in items]
    done = [view for view in views if view.state is ItemState.DONE]
    return {
        "path": f"/several/{round_id}",
        "items": views,
        "returned": returned,
        "waiting": is_waiting(views),
        "done": len(done),
        "paid_sums": sums(view.amount for view in done),
        "is_finished": all(view.state in FINISHED for view in views),
        "under_way_sums": sums(view.amount for view in views if view.state in UNDER_WAY),
        "left_sums": sums(view.amount for view in views if view.state in queries.TO_DO),
    }
