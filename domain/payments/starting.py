"""Starting: write down that somebody is about to pay, claim the invoices, prepare what the processor will be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.audit import recording as audit
from domain.payments import changing, discount_quotes, queries
from domain.payments.model import (
    WAITING,
    AttemptState,
    Payment,
    PaymentAttempt,
    PaymentClaim,
    PaymentLine,
    PaymentMethod,
    PaymentStatus,
    SavedAttempt,
)
from domain.payments.processor import Processor
from domain.payments.snapshots import CheckoutLine, CheckoutRequest, SavedMethodRequest
from domain.receivables import estates
from domain.receivables import queries as receivables
from domain.saved_methods import queries as saved_methods
from domain.saved_methods.consenting import Agreement, agree, consent_for, source_of_payment
from domain.saved_methods.model import SavedMethod
from domain.shared.actor import Actor, ActorKind
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import business, now
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.ids import new_public_id
from domain.shared.money import Money

PAGE_OPEN_FOR = timedelta(minutes=60)
"""How long the processor's page stays open, and so how long an abandoned claim can last."""


class AlreadyClaimed(Conflict):
    """Somebody is paying one of these invoices right now; `mine` when it is the same person.

    `on_its_way` says that the money is coming, so that nobody can take over; `payer` is empty where nobody pressed a
    button for it. A claim is on the whole invoice, whatever part of it is being paid: `claim` says which part.
    """

    def __init__(self, claim: AnyRow, *, mine: bool) -> None:
        super().__init__(N_("{payer} started paying this at {since}."), payer=claim.payer or "", since=claim.claimed_at)
        self.claim = claim
        self.payment_public_id: str = claim.public_id
        self.payer: str = claim.payer or ""
        self.since: datetime = claim.claimed_at
        self.mine = mine
        self.on_its_way: bool = claim.status is PaymentStatus.PROCESSING


@dataclass(frozen=True, slots=True)
class Started:
    """A payment that has been started: `url` when the processor's page is open already, else the attempt to send.

    `is_new` says that it was not there before: the same person asking for the same again gets the same payment.
    """

    payment_id: int
    public_id: str
    attempt_id: int
    url: str | None
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class _Way:
    """How somebody wants to pay: asking for the same again in the same way gives the same payment."""

    method: PaymentMethod
    saved_method_id: int | None = None
    keeps_method: bool = False


@dataclass(frozen=True, slots=True)
class _Payer:
    """Who pays: somebody who has signed in, or whoever holds a link; nobody where it is taken by itself."""

    login_id: int | None
    pay_link_id: int | None

    @classmethod
    def of(cls, login_id: int | None, actor: Actor) -> _Payer:
        return cls(login_id, actor.id if actor.kind is ActorKind.PAY_LINK else None)


def start(
    session: Session,
    processor: Processor,
    account_id: int,
    wanted: Mapping[int, Money],
    *,
    login_id: int | None,
    return_url: str,
    cancel_url: str,
    language: str,
    actor: Actor,
    agreement: Agreement | None = None,
) -> Started:
    """Claim the wanted invoices (id → how much of it) for one payment and store the exact request for its page.

    The same person asking for the same again gets the same payment. `{payment}` in the URLs becomes its public id.
    Without a `login_id` the actor is whoever holds a pay link. With an `agreement`, which takes a login, the method is
    kept for later. Raises AlreadyClaimed, Invalid (an amount that cannot be paid),
    NotFound. The processor is asked for nothing here: it only composes the request's body.
    """
    account = accounts.lock(session, account_id)
    invoices = receivables.invoices(session, account_id, wanted)
    _refuse_unreasonable(invoices, wanted)
    _refuse_estate(session, account_id, invoices)
    way = _Way(PaymentMethod.CHECKOUT, keeps_method=agreement is not None)
    claims = queries.live_claims(session, wanted)
    if claims:
        return _same_again(session, claims, wanted, _Payer.of(login_id, actor), way)

    payment = _write_down(session, account, invoices, wanted, way, login_id=login_id, actor=actor)
    payment.checkout_expires_at = now(session) + PAGE_OPEN_FOR
    if agreement is not None and login_id is not None:
        agree(session, account_id, login_id, agreement, source=source_of_payment(payment.public_id))
    request = CheckoutRequest(
        payment_id=payment.public_id,
        installation=business(session).installation,
        customer_id=_customer(session, account_id),
        account_id=account_id,
        lines=[CheckoutLine(invoice.number, wanted[invoice.id]) for invoice in invoices],
        success_url=return_url.replace("{payment}", payment.public_id),
        cancel_url=cancel_url.replace("{payment}", payment.public_id),
        expires_at=now(session) + PAGE_OPEN_FOR,
        language=language,
        save=agreement is not None and login_id is not None,
    )
    attempt = _prepare(session, payment, 1, processor.compose_checkout(request))
    return Started(payment.id, payment.public_id, attempt.id, None)


def start_saved(
    session: Session,
    processor: Processor,
    account_id: int,
    wanted: Mapping[int, Money],
    *,
    saved_method_id: int,
    login_id: int | None,
    return_url: str | None,
    actor: Actor,
    method: PaymentMethod = PaymentMethod.SAVED,
) -> Started:
    """As `start`, but the money is taken from a saved method as soon as the attempt is sent.

    Without a `return_url` nobody is there to answer the bank (off-session); without a `login_id` the method need not be
    anybody's own, which is for payments that were agreed before (AUTOMATIC). Raises as `start` does, and Conflict when
    the processor no longer has the method.
    """
    account = accounts.lock(session, account_id)
    saved = _usable(session, account_id, saved_method_id, login_id)
    invoices = receivables.invoices(session, account_id, wanted)
    _refuse_unreasonable(invoices, wanted)
    _refuse_estate(session, account_id, invoices)
    way = _Way(method, saved_method_id=saved.id)
    claims = queries.live_claims(session, wanted)
    if claims:
        return _same_again(session, claims, wanted, _Payer.of(login_id, actor), way)

    payment = _write_down(session, account, invoices, wanted, way, login_id=login_id, actor=actor)
    if return_url is not None:
        payment.checkout_expires_at = now(session) + PAGE_OPEN_FOR
    request = SavedMethodRequest(
        payment_id=payment.public_id,
        installation=business(session).installation,
        customer_id=_customer(session, account_id),
        account_id=account_id,
        method_ref=saved.method_ref,
        amount=payment.amount,
        return_url=_returning(return_url, payment),
    )
    attempt = _prepare(session, payment, 1, processor.compose_saved(request))
    session.add(SavedAttempt(attempt_id=attempt.id, saved_method_id=saved.id))
    return Started(payment.id, payment.public_id, attempt.id, None)


def retry_saved(
    session: Session,
    payment_id: int,
    *,
    saved_method_id: int,
    login_id: int | None,
    return_url: str | None,
    actor: Actor,
) -> int:
    """Prepare one more try of a payment that a saved method was to pay and that still waits; the attempt to send.

    A try whose outcome is not known comes back as it is: sending it again ends it. With a `return_url` somebody is
    there to answer the bank. Raises Conflict when the payment waits for nothing, or the method is gone.
    """
    payment = session.get_one(Payment, payment_id)
    accounts.lock(session, payment.account_id)
    session.refresh(payment)
    saved = _usable(session, payment.account_id, saved_method_id, login_id)
    if payment.status not in WAITING or payment.intent_id is None or payment.method is PaymentMethod.CHECKOUT:
        raise Conflict(N_("This payment cannot be tried again."))
    latest = queries.attempt_of(session, payment.id)
    if latest.state is not AttemptState.ANSWERED:
        return latest.id
    payment.failure = None
    body = confirmation(saved.method_ref, _returning(return_url, payment))
    attempt = _prepare(session, payment, latest.number + 1, body)
    session.add(SavedAttempt(attempt_id=attempt.id, saved_method_id=saved.id))
    audit.record(
        session,
        "payment.retried",
        actor=actor,
        subject=("payment", payment.id),
        account_id=payment.account_id,
        after={"amount": payment.amount, "attempt": attempt.number},
    )
    return attempt.id


def confirmation(method_ref: str, return_url: str | None) -> dict[str, Any]:
    """What `confirm_intent` is told: from which method, and whether somebody is there to answer the bank."""
    there = {"off_session": True} if return_url is None else {"return_url": return_url}
    return {"payment_method": method_ref, **there}


def _usable(session: Session, account_id: int, method_id: int, login_id: int | None) -> SavedMethod:
    saved = saved_methods.method_of(session, account_id, method_id, login_id=login_id)
    if not saved.is_there:
        raise Conflict(N_("{label} can no longer be used. Choose another way to pay."), label=saved.label)
    return saved


def _returning(return_url: str | None, payment: Payment) -> str | None:
    return None if return_url is None else return_url.replace("{payment}", payment.public_id)


def _customer(session: Session, account_id: int) -> str:
    customer_id = queries.customer_id(session, account_id)
    if customer_id is None:
        raise RuntimeError("the account is made known to the processor before a payment starts")
    return customer_id


def _write_down(
    session: Session,
    account: Account,
    invoices: AnyRows,
    wanted: Mapping[int, Money],
    way: _Way,
    *,
    login_id: int | None,
    actor: Actor,
) -> Payment:
    """The payment with its instruction, its claims and its first rows in the books of who did what."""
    payment = Payment(
        public_id=new_public_id(now(session)),
        account_id=account.id,
        login_id=login_id,
        method=way.method,
        status=PaymentStatus.PENDING,
        currency=account.currency,
        amount_minor=Money.sum(wanted.values(), account.currency).minor,
        created_at=now(session),
    )
    session.add(payment)
    session.flush()
    changing.note(session, payment, None, actor=actor)
    for invoice in invoices:
        session.add(PaymentLine(payment_id=payment.id, invoice_id=invoice.id, amount_minor=wanted[invoice.id].minor))
        session.add(PaymentClaim(payment_id=payment.id, invoice_id=invoice.id, claimed_at=now(session)))
    discount_quotes.quote(session, account, payment, wanted)
    audit.record(
        session,
        "payment.started",
        actor=actor,
        subject=("payment", payment.id),
        account_id=account.id,
        after={"amount": payment.amount, "invoices": [invoice.number for invoice in invoices]},
    )
    return payment


def _prepare(session: Session, payment: Payment, number: int, body: dict[str, Any]) -> PaymentAttempt:
    attempt = PaymentAttempt(
        payment_id=payment.id,
        number=number,
        state=AttemptState.PREPARED,
        request=body,
        prepared_at=now(session),
        only_look=False,
    )
    session.add(attempt)
    session.flush()
    return attempt


def _refuse_estate(session: Session, account_id: int, invoices: AnyRows) -> None:
    """What fell into somebody's estate cannot be paid here: what is taken out of an estate may have to go back."""
    frozen = estates.of_account(session, account_id).invoice_ids
    for invoice in invoices:
        if invoice.id in frozen:
            raise Conflict(
                N_("Invoice {number} falls into insolvency proceedings: it cannot be paid here."), number=invoice.number
            )


def _refuse_unreasonable(invoices: AnyRows, wanted: Mapping[int, Money]) -> None:
    if not wanted:
        raise Invalid(N_("Choose at least one invoice to pay."), field="invoice")
    for invoice in invoices:
        amount, still_open = wanted[invoice.id], Money(invoice.open_minor, invoice.currency)
        field = f"amount-{invoice.id}"
        if not still_open:
            raise Invalid(N_("Invoice {number} is already settled."), field=field, number=invoice.number)
        if amount.currency != invoice.currency:
            raise Invalid(N_("Invoice {number} is in another currency."), field=field, number=invoice.number)
        if amount.minor <= 0:
            raise Invalid(N_("Enter how much of invoice {number} you want to pay."), field=field, number=invoice.number)
        if amount > still_open:
            raise Invalid(
                N_("Only {open} is open on invoice {number}. Enter that or less."),
                field=field,
                open=still_open,
                number=invoice.number,
            )


def _same_again(session: Session, claims: AnyRows, wanted: Mapping[int, Money], payer: _Payer, way: _Way) -> Started:
    """The payment that this person has started for exactly this in this way; AlreadyClaimed when it is another one."""
    claim = next((claim for claim in claims if _Payer(claim.login_id, claim.pay_link_id) != payer), claims[0])
    mine = _Payer(claim.login_id, claim.pay_link_id) == payer
    meant = {line.invoice_id: line.amount_minor for line in queries.lines(session, claim.payment_id)}
    payment = session.get_one(Payment, claim.payment_id)
    same = meant == {invoice_id: amount.minor for invoice_id, amount in wanted.items()}
    if not mine or not same or way != _way_of(session, payment) or payment.status is PaymentStatus.PROCESSING:
        raise AlreadyClaimed(claim, mine=mine)
    attempt = queries.attempt_of(session, payment.id)
    return Started(payment.id, payment.public_id, attempt.id, payment.checkout_url, is_new=False)


def _way_of(session: Session, payment: Payment) -> _Way:
    consent = consent_for(session, source_of_payment(payment.public_id))
    return _Way(payment.method, queries.saved_method_of(session, payment.id), consent is not None)
