"""Payments: what became of each: not finished, being confirmed, receipted, or not gone through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from litestar import Response, get, post
from litestar.params import FromQuery
from sqlalchemy.orm import Session

from domain.accounts.model import Right
from domain.disputes.ageing import disputed, late_part
from domain.late_charges import queries as late_charges
from domain.outbox import sending as outbox
from domain.payments import queries as payments
from domain.payments import sending
from domain.payments.messages import LookUp
from domain.payments.model import LIVE, AttemptState, Payment, PaymentMethod, PaymentStatus
from domain.payments.processor import Processor, ProcessorUnreachable
from domain.processing.aftermath import aftermath_of
from domain.receivables import credits
from domain.receivables import queries as receivables
from domain.receivables.model import CreditKind, WithdrawalKind
from domain.refunds.queries import by_name
from domain.refunds.wording import taken_words
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import Database, now, today
from domain.shared.errors import Conflict, Refused
from domain.shared.money import Money
from domain.shared.words import Words
from domain.statements.agreements import Agreements, agreements
from domain.statements.receipts import earned_by
from portal.access import Entered, enter
from portal.contested import ContestedView, contested_views, returned_view
from portal.doors import Door, SignedIn
from portal.given import AccountId, GivenProcessor, PublicId
from portal.paying import UNREACHABLE
from portal.refunds import RefundView, refund_views
from portal.views import GONE_WORDS, claim_views, payment_view
from web.forms import Form, SentForm
from web.fragments import page, page_or_fragment, see_other, trigger
from web.given import GivenDatabase, GivenNudge
from web.rate_limits import Rate, TooOften
from web.visit import AnyRequest, visit_of

PAGE = 50
LOOKING = Rate(6, 60)
"""So often one payment is looked up because somebody comes back to it: each time the processor is asked."""
FRESH = timedelta(hours=1)
"""So long a receipt is a thank-you; later it is a paper."""


@dataclass(frozen=True, slots=True)
class StillOwed:
    """What is owed after a payment: all of it, what of it is late, what is in dispute, and what is paid as agreed."""

    owed: Money
    late: Money
    disputed: Money
    agreed: Agreements


@get("/accounts/{account_id:int}/payments", sync_to_thread=True)
def list_payments(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, before: FromQuery[int | None] = None
) -> Response[bytes]:
    """Every payment, newest first."""
    with database.reading() as session:
        account = enter(request, session, account_id)
        rows = payments.of_account(session, account_id, before=before, limit=PAGE + 1)
        became = aftermath_of(session, [row.id for row in rows[:PAGE]])
    older = f"{account.path}/payments?before={rows[PAGE - 1].id}" if len(rows) > PAGE else None
    views = [payment_view(row, became[row.id]) for row in rows[:PAGE]]
    context = {"account": account, "payments": views, "older": older}
    return page(request, "portal/payments/list.html", context)


@get("/accounts/{account_id:int}/payments/{public_id:str}", sync_to_thread=True)
def show_payment(
    request: AnyRequest, database: GivenDatabase, account_id: AccountId, public_id: PublicId
) -> Response[bytes]:
    """One payment: its receipt, or how it stands and what can be done."""
    return show(request, database, SignedIn(request, account_id), public_id)


@get("/accounts/{account_id:int}/payments/{public_id:str}/returned", sync_to_thread=True)
def returned(
    request: AnyRequest,
    database: GivenDatabase,
    account_id: AccountId,
    public_id: PublicId,
    nudge: GivenNudge,
) -> Response[bytes]:
    """Back from the processor's page: nothing is posted here, it waits until the reconciliation has done it."""
    return come_back(request, database, SignedIn(request, account_id), public_id, nudge)


@get("/accounts/{account_id:int}/payments/{public_id:str}/state", sync_to_thread=True)
def state(request: AnyRequest, database: GivenDatabase, account_id: AccountId, public_id: PublicId) -> Response[bytes]:
    """Only reads: what the waiting page asks again and again."""
    return show(request, database, SignedIn(request, account_id), public_id, confirming=True)


@post("/accounts/{account_id:int}/payments/{public_id:str}/give-up", sync_to_thread=True)
def give_up(
    request: AnyRequest,
    database: GivenDatabase,
    processor: GivenProcessor,
    account_id: AccountId,
    public_id: PublicId,
    form: SentForm,
) -> Response[bytes]:
    """Close the processor's page, so that the invoices are free for another payment."""
    return close(request, database, processor, SignedIn(request, account_id), public_id, form)


def come_back(
    request: AnyRequest, database: Database, door: Door, public_id: str, nudge: Callable[[], None]
) -> Response[bytes]:
    """Have the payment looked up, and wait for it; at once to its page where it has come to its end."""
    with database.reading() as session:
        account = door.enter(session)
        payment = door.payment(session, public_id)
    if payment.status not in LIVE:
        return see_other(request, f"{account.path}/payments/{public_id}")
    with suppress(TooOften):
        visit_of(request).site.limiter.count("look a payment up", public_id, LOOKING)
        with database.transaction() as session:
            outbox.add(session, LookUp(payment_id=payment.id), account_id=account.id)
        nudge()
    return show(request, database, door, public_id, confirming=True)


def close(
    request: AnyRequest, database: Database, processor: Processor, door: Door, public_id: str, form: Form
) -> Response[bytes]:
    """Close the processor's page of a payment, unless it turns out to have been paid."""
    with database.reading() as session:
        account = door.enter(session, Right.PAY)
        door.payment(session, public_id)
    try:
        gone = sending.cancel(database, processor, public_id, actor=door.actor)
    except ProcessorUnreachable:
        return show(request, database, door, public_id, form=form.refused(Conflict(UNREACHABLE)), status=503)
    except Refused as refused:
        return show(request, database, door, public_id, form=form.refused(refused), status=422)
    where = "" if gone else "/returned"
    return see_other(request, f"{account.path}/payments/{public_id}{where}")


def show(
    request: AnyRequest,
    database: Database,
    door: Door,
    public_id: str,
    *,
    confirming: bool = False,
    form: Form | None = None,
    status: int = 200,
) -> Response[bytes]:
    """One payment in the face that it has now; `confirming` while somebody waits for it."""
    with database.reading() as session:
        account = door.enter(session)
        payment = door.payment(session, public_id)
        meant = payments.lines(session, payment.id)
        settled = _settled(session, account, public_id, meant)
        contested, refunds = _what_became(session, account, payment)
        claims = payments.live_claims(session, [line.invoice_id for line in meant]) if payment.status in LIVE else ()
        paying = claim_views(claims, door.login_id, door.link_id).values()
        context = {
            "account": account,
            "contested": contested,
            "refunds": refunds,
            "payment": payment_view(payment, aftermath_of(session, [payment.id])[payment.id]),
            "claim": next((claim for claim in paying if claim.payment == public_id), None),
            "path": f"{account.path}/payments/{public_id}",
            "meant": _amounts(payment, meant),
            "settled": _amounts(payment, settled),
            "earned": earned_by(session, public_id),
            "interest": _interest(session, payment, settled),
            "credit": credits.left_of(session, CreditKind.PAYMENT, public_id, payment.currency),
            "gone": [] if account.by_link else _gone(session, payment),
            "still_owed": None if account.by_link else _still_owed(session, account),
            "standing": _standing(session, payment, confirming=confirming),
            "asks_bank": payments.waits_for_bank(session, payment),
            "is_saved": payment.method is not PaymentMethod.CHECKOUT,
            "is_fresh": not contested
            and not refunds
            and payment.recorded_at is not None
            and now(session) - payment.recorded_at < FRESH,
            "continue_at": payment.checkout_url if account.may_pay else None,
            "form": form or Form.starting(request),
        }
    answer = page_or_fragment(
        request,
        page="portal/payments/show.html",
        fragment="portal/payments/_state.html",
        context=context,
        status=status,
    )
    return trigger(answer, "balance-changed") if payment.status is PaymentStatus.SUCCEEDED else answer


def _still_owed(session: Session, account: Entered) -> StillOwed:
    totals = receivables.totals(session, account.id, account.currency)
    agreed = agreements(session, account.id, account.currency)
    day, currency = today(session), account.currency
    in_dispute = disputed(session, day, account.id, but=agreed.invoice_ids).get(currency, {})
    late = totals.late - agreed.late(day) - late_part(in_dispute, currency)
    return StillOwed(totals.owed, late, Money.sum(in_dispute.values(), currency), agreed)


def _settled(session: Session, account: Entered, public_id: str, meant: AnyRows) -> AnyRows:
    """What the payment settled; by a link not what its credit was used for since then."""
    settled = payments.settled(session, public_id)
    ids = {line.invoice_id for line in meant}
    return [line for line in settled if line.invoice_id in ids] if account.by_link else settled


def _what_became(
    session: Session, account: Entered, payment: Payment
) -> tuple[list[ContestedView], Sequence[RefundView]]:
    """What banks took back of the payment, and what was refunded; by a link neither."""
    if account.by_link:
        return [], ()
    contested = [*contested_views(session, account.id, payment.id), *returned_view(session, payment)]
    return contested, refund_views(session, payment.id)


def _interest(session: Session, payment: Payment, settled: AnyRows) -> Money:
    """The interest that is still to be asked for of what the payment settled."""
    ids = [line.invoice_id for line in settled if not line.open_minor]
    found = late_charges.still_to_come(session, payment.account_id, ids)
    return Money.sum(found.values(), payment.currency)


def _gone(session: Session, payment: Payment) -> list[tuple[Words, Money]]:
    """What of the payment's credit has left the account, and why; refunds by how far they are."""
    where = (CreditKind.PAYMENT, payment.public_id, payment.currency)
    gone = [
        (Words.of(GONE_WORDS[kind]), amount)
        for kind, amount in credits.gone_from(session, *where).items()
        if kind is not WithdrawalKind.REFUND
    ]
    by_refund = credits.gone_for(session, *where, by=WithdrawalKind.REFUND)
    refunds = by_name(session, by_refund)
    return gone + [(taken_words(refunds[name].status, refunds[name].sent_at), by_refund[name]) for name in by_refund]


def _amounts(payment: Payment, lines: AnyRows) -> list[tuple[AnyRow, Money]]:
    return [(line, Money(line.amount_minor, payment.currency)) for line in lines]


def _standing(session: Session, payment: Payment, *, confirming: bool) -> str:
    """Which of the faces of the page is shown."""
    if payment.voided_at is not None:
        return "withdrawn"
    if payment.status is PaymentStatus.SUCCEEDED:
        return "receipt"
    if payment.status in (PaymentStatus.FAILED, PaymentStatus.CANCELED):
        return "ended"
    if payment.status is PaymentStatus.PROCESSING:
        return "processing"
    if payment.method is PaymentMethod.AUTOMATIC and payment.failure and not payment.checkout_url:
        return "trying"
    if confirming:
        return "confirming"
    if payment.checkout_url:
        return "waiting"
    taken = payment.intent_id is not None and payments.attempt_of(session, payment.id).state is AttemptState.ANSWERED
    return "confirming" if taken else "unknown"
