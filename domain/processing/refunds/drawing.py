"""Refund sources: from what a refund can be taken, what that does to the account, and the taking itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.invoicing import credit_notes
from domain.invoicing.credit_notes import Effect
from domain.invoicing.model import CreditNote
from domain.payments.model import BY_PROCESSOR, Payment
from domain.policies import authority
from domain.policies.acts import Act
from domain.processing import aftermath, money_left
from domain.receivables import credits, withdrawing
from domain.receivables.model import CreditItem, CreditKind, Invoice, WithdrawalKind
from domain.receivables.withdrawing import Uncovered
from domain.refunds import queries
from domain.refunds.model import Refund, RefundSource, RefundWay
from domain.shared.actor import Actor
from domain.shared.clock import start_of_day
from domain.shared.db.session import business, today
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.money import Money
from domain.staff.model import Role


@dataclass(frozen=True, slots=True)
class Wish:
    """A refund as staff ask for it.

    For a credit note `amount` is what the note credits on the invoice `invoice_id`; what that sets free goes back.
    `way` is where the money came from, unless it is to go from our bank.
    """

    payment_id: int
    amount: Money
    source: RefundSource
    reason: str
    invoice_id: int | None = None
    way: RefundWay | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a refund would do: how much goes back, by which way, and what that leaves.

    `reopens` names the invoices that are open again, `credit_left` is the account's credit afterwards. `let_go` is what
    whoever asks has let go alone already; with it the refund is held against their authority.
    """

    amount: Money
    way: RefundWay
    still_refundable: Money
    reopens: Sequence[Uncovered]
    credit_left: Money
    credit_note: Effect | None
    let_go: Money
    needs_approval: bool


def preview(session: Session, payment: Payment, wish: Wish, *, role: Role, actor: Actor) -> Preview:
    """What the refund would do now; raises what `asking.request` would raise."""
    way = _way(payment, wish.way)
    refundable = aftermath.refundable(session, payment)
    _refuse_unreasonable(payment, wish)
    effect = credit_note_effect(session, payment, wish)
    amount = wish.amount if effect is None else effect.becomes_credit
    if amount > refundable:
        raise Invalid(N_("At most {left} of this payment can still be refunded."), field="amount", left=refundable)
    credit = available_credit(session, payment)
    if wish.source is RefundSource.CREDIT:
        refuse_above_credit(credit, amount)
    if effect is not None:
        authority.check(session, role, Act.CREDIT_NOTE, wish.amount, account_id=payment.account_id)
    reopens = reopened(session, payment, wish.source, amount)
    used = amount if wish.source is RefundSource.CREDIT else Money.zero(amount.currency)
    if wish.source is RefundSource.REVERSAL:
        used = amount - Money.sum((part.amount for part in reopens), amount.currency)
    let_go = let_go_alone(session, payment, actor)
    return Preview(
        amount=amount,
        way=way,
        still_refundable=refundable - amount,
        reopens=reopens,
        credit_left=credit - used,
        credit_note=effect,
        let_go=let_go,
        needs_approval=not authority.covers(session, role, Act.REFUND, let_go + amount, account_id=payment.account_id),
    )


def let_go_alone(session: Session, payment: Payment, actor: Actor) -> Money:
    """What somebody has let go alone of a payment, and of its account today: it counts towards their authority."""
    since = start_of_day(today(session), business(session).time_zone)
    return queries.let_go_by(session, actor.id, payment, since=since)


def credit_note_effect(session: Session, payment: Payment, wish: Wish) -> Effect | None:
    """What the credit note of the wish does, None where it names another source; Invalid when it sets nothing free."""
    if wish.source is not RefundSource.CREDIT_NOTE:
        return None
    invoice = credited_invoice(session, payment, wish.invoice_id)
    effect = credit_notes.effect(session, invoice, wish.amount, reason=wish.reason)
    if not effect.becomes_credit:
        raise Invalid(
            N_("{open} is open on invoice {number}: the credit note would settle that, and set nothing free."),
            field="amount",
            open=invoice.open,
            number=invoice.number,
        )
    return effect


def credited_invoice(session: Session, payment: Payment, invoice_id: int | None) -> Invoice:
    """The invoice that a credit note is for; Invalid unless it is one of the account's."""
    invoice = session.get(Invoice, invoice_id, populate_existing=True) if invoice_id is not None else None
    if invoice is None or invoice.account_id != payment.account_id:
        raise Invalid(N_("Choose the invoice that is credited."), field="invoice")
    return invoice


def reopened(session: Session, payment: Payment, source: RefundSource, amount: Money) -> Sequence[Uncovered]:
    """The invoices that a reversal opens again; Conflict where the payment's money has left by another way."""
    if source is not RefundSource.REVERSAL:
        return ()
    item = withdrawing.item_of(session, CreditKind.PAYMENT, payment.public_id)
    return withdrawing.uncovering(session, item, amount)


def available_credit(session: Session, payment: Payment) -> Money:
    """The unapplied credit of the payment's account."""
    return credits.unapplied(session, payment.account_id, payment.currency)


def refuse_above_credit(credit: Money, amount: Money) -> None:
    """Raise Invalid where there is less unapplied credit than is to be taken from it."""
    if amount > credit:
        raise Invalid(
            N_("The account has {credit} of credit. Refund that or less, or name another source."),
            field="amount",
            credit=credit,
        )


def draw(
    session: Session,
    account: Account,
    payment: Payment,
    refund: Refund,
    *,
    effective_on: date,
    note: CreditNote | None = None,
    actor: Actor,
) -> list[Uncovered]:
    """Take the refund's amount from its source on the locked account; which invoices that opens again.

    *Credit*: of this payment first, then the rest, oldest first. *Credit note*: of `note`. *Reversal*: what the payment
    had settled.
    """
    if refund.source is RefundSource.REVERSAL:
        return money_left.take_payment_back(
            session,
            account,
            payment,
            refund.amount,
            kind=WithdrawalKind.REFUND,
            source=refund.name,
            effective_on=effective_on,
            actor=actor,
        )
    left = refund.amount
    for item in _items(session, payment, note):
        part = min(left, item.unapplied)
        if part:
            withdrawing.withdraw(
                session, item, part, kind=WithdrawalKind.REFUND, source=refund.name, effective_on=effective_on
            )
            left -= part
    if left:
        raise Conflict(N_("Only {left} of this credit is not used yet."), left=refund.amount - left)
    return []


def there_since(session: Session, payment: Payment, refund: Refund, note: CreditNote | None) -> date:
    """The day since when all was there that `draw` takes: before it a refund cannot have taken effect."""
    assert payment.effective_on is not None
    if refund.source is RefundSource.REVERSAL:
        return payment.effective_on
    since, left = payment.effective_on, refund.amount
    for item in _items(session, payment, note):
        if left:
            since, left = max(since, item.effective_on), left - min(left, item.unapplied)
    return since


def _items(session: Session, payment: Payment, note: CreditNote | None) -> list[CreditItem]:
    """What a refund takes from: the credit of `note`, else the payment's own and then the oldest unapplied credit."""
    if note is not None:
        return [withdrawing.item_of(session, CreditKind.CREDIT_NOTE, note.number)]
    items = credits.unapplied_items(session, payment.account_id)
    return sorted(items, key=lambda item: (item.kind, item.source) != (CreditKind.PAYMENT, payment.public_id))


def _way(payment: Payment, wanted: RefundWay | None) -> RefundWay:
    """Back through the processor where it came from there and nothing else is wanted; else from the bank."""
    if payment.method in BY_PROCESSOR and wanted is not RefundWay.BANK:
        return RefundWay.PROCESSOR
    return RefundWay.BANK


def _refuse_unreasonable(payment: Payment, wish: Wish) -> None:
    if payment.recorded_at is None or payment.voided_at is not None:
        raise Conflict(N_("Only a payment that has arrived can be refunded."))
    if wish.source is RefundSource.UNEXPLAINED:
        raise Invalid(N_("Say what the money is taken from."), field="source")
    if wish.amount.currency != payment.currency:
        raise Invalid(N_("This account is kept in {currency}."), field="amount", currency=payment.currency)
    if wish.amount.minor <= 0:
        raise Invalid(N_("Enter how much goes back."), field="amount")
    if not wish.reason.strip():
        raise Invalid(N_("Say why the money goes back."), field="reason")
