"""Starting: write down that somebody is about to pay, claim the invoices, prepare what the processor will be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.payments import changing, queries
from domain.payments.model import (
    AttemptState,
    Payment,
    PaymentAttempt,
    PaymentClaim,
    PaymentLine,
    PaymentMethod,
    PaymentStatus,
)
from domain.payments.processor import Processor
from domain.payments.snapshots import CheckoutLine, CheckoutRequest
from domain.receivables import queries as receivables
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import business, now
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.ids import new_public_id
from domain.shared.money import Money

PAGE_OPEN_FOR = timedelta(minutes=60)
"""How long the processor's page stays open, and so how long an abandoned claim can last."""


class AlreadyClaimed(Conflict):
    """Somebody is paying one of these invoices right now; `mine` when it is the same person."""

    def __init__(self, claim: AnyRow, *, mine: bool) -> None:
        super().__init__(N_("{payer} started paying this at {since}."), payer=claim.payer or "", since=claim.claimed_at)
        self.payment_public_id: str = claim.public_id
        self.payer: str = claim.payer or ""
        self.since: datetime = claim.claimed_at
        self.mine = mine


@dataclass(frozen=True, slots=True)
class Started:
    """A payment that has been started: `url` when the processor's page is open already, else the attempt to send."""

    payment_id: int
    public_id: str
    attempt_id: int
    url: str | None


def start(
    session: Session,
    processor: Processor,
    account_id: int,
    wanted: Mapping[int, Money],
    *,
    login_id: int,
    return_url: str,
    cancel_url: str,
    language: str,
    actor: Actor,
) -> Started:
    """Claim the wanted invoices (id → how much of it) for one payment and store the exact request for its page.

    The same person asking for the same again gets the same payment. `{payment}` in the URLs becomes its public id.
    Raises AlreadyClaimed, Invalid (an amount that cannot be paid), NotFound. The processor is asked for nothing here:
    it only composes the request's body.
    """
    account = accounts.lock(session, account_id)
    invoices = receivables.invoices(session, account_id, wanted)
    _refuse_unreasonable(invoices, wanted)
    claims = queries.live_claims(session, wanted)
    if claims:
        return _same_again(session, claims, wanted, login_id)

    payment = Payment(
        public_id=new_public_id(now(session)),
        account_id=account_id,
        login_id=login_id,
        method=PaymentMethod.CHECKOUT,
        status=PaymentStatus.PENDING,
        currency=account.currency,
        amount_minor=Money.sum(wanted.values(), account.currency).minor,
        created_at=now(session),
        checkout_expires_at=now(session) + PAGE_OPEN_FOR,
    )
    session.add(payment)
    session.flush()
    changing.note(session, payment, None, actor=actor)
    for invoice in invoices:
        session.add(PaymentLine(payment_id=payment.id, invoice_id=invoice.id, amount_minor=wanted[invoice.id].minor))
        session.add(PaymentClaim(payment_id=payment.id, invoice_id=invoice.id, claimed_at=now(session)))
    customer_id = queries.customer_id(session, account_id)
    if customer_id is None:
        raise RuntimeError("the account is made known to the processor before a payment starts")
    request = CheckoutRequest(
        payment_id=payment.public_id,
        installation=business(session).installation,
        customer_id=customer_id,
        lines=[CheckoutLine(invoice.number, wanted[invoice.id]) for invoice in invoices],
        success_url=return_url.replace("{payment}", payment.public_id),
        cancel_url=cancel_url.replace("{payment}", payment.public_id),
        expires_at=now(session) + PAGE_OPEN_FOR,
        language=language,
    )
    attempt = PaymentAttempt(
        payment_id=payment.id,
        number=1,
        state=AttemptState.PREPARED,
        request=processor.compose_checkout(request),
        prepared_at=now(session),
        only_look=False,
    )
    session.add(attempt)
    session.flush()
    audit.record(
        session,
        "payment.started",
        actor=actor,
        subject=("payment", payment.id),
        account_id=account_id,
        after={"amount": payment.amount, "invoices": [invoice.number for invoice in invoices]},
    )
    return Started(payment.id, payment.public_id, attempt.id, None)


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


def _same_again(session: Session, claims: AnyRows, wanted: Mapping[int, Money], login_id: int) -> Started:
    """The payment that this person has already started for exactly this; AlreadyClaimed when it is another one."""
    claim = next((claim for claim in claims if claim.login_id != login_id), claims[0])
    mine = claim.login_id == login_id
    meant = {line.invoice_id: line.amount_minor for line in queries.lines(session, claim.payment_id)}
    if not mine or meant != {invoice_id: amount.minor for invoice_id, amount in wanted.items()}:
        raise AlreadyClaimed(claim, mine=mine)
    payment = session.get_one(Payment, claim.payment_id)
    if payment.status is PaymentStatus.PROCESSING:
        raise AlreadyClaimed(claim, mine=True)
    attempt = queries.attempt_of(session, payment.id)
    return Started(payment.id, payment.public_id, attempt.id, payment.checkout_url)
