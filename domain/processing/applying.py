"""Applying: unapplied credit is used for invoices, and what settles one invoice is moved to another."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.payments import queries as payments
from domain.payments.model import Payment
from domain.policies.ruling import sections_today
from domain.processing import discounts
from domain.processing.agreements import agreements_follow
from domain.receivables import allocating, credits
from domain.receivables import queries as receivables
from domain.receivables.allocating import open_in_order, within
from domain.receivables.model import Allocation, CreditItem, CreditKind, Invoice
from domain.receivables.withdrawing import Uncovered
from domain.shared.actor import Actor
from domain.shared.db.session import today
from domain.shared.errors import N_, Conflict, Invalid, NotFound
from domain.shared.money import Money
from domain.statements.agreements import agreements
from domain.tasks import working
from domain.tasks.model import TaskKind

IS_PAYING = N_("Invoice {number} is being paid right now. Wait until that payment has ended.")
NO_SUCH_ALLOCATION = N_("This no longer settles that invoice.")


@dataclass(frozen=True, slots=True)
class Use:
    """How much credit settles, or would settle, which invoice."""

    invoice_id: int
    number: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Move:
    """What moving an allocation does: `applied` settles the other invoice, `left` becomes credit."""

    allocation_id: int
    source: Invoice
    target: Invoice
    applied: Money
    left: Money


def suggestion(session: Session, account_id: int, currency: str) -> list[Use]:
    """How the account's credit would settle its invoices, the oldest due first; those being paid right now wait.

    What is being settled for less takes no more than its settlement asks for, and what is on a plan no more than is
    due of it: more can be chosen by whoever wants it so.
    """
    left, limits = credits.unapplied(session, account_id, currency), agreements(session, account_id, currency).suggested
    invoices = open_in_order(session, account_id) if left else ()
    claimed = {row.invoice_id for row in payments.live_claims(session, [invoice.id for invoice in invoices])}
    uses = []
    for invoice in invoices:
        if invoice.id in claimed:
            continue
        amount = within(limits, invoice.id, min(left, invoice.open))
        if amount:
            uses.append(Use(invoice.id, invoice.number, amount))
            left -= amount
    return uses


def check_use(session: Session, account_id: int, currency: str, wanted: Mapping[int, Money]) -> list[Use]:
    """What using credit this way would do, or the refusal of it: Invalid beside a field, Conflict while one is paid."""
    if not wanted:
        raise Invalid(N_("Choose at least one invoice."), field="invoice")
    rows = receivables.invoices(session, account_id, wanted)
    _refuse_claimed(session, wanted)
    for row in rows:
        amount, still_open = wanted[row.id], Money(row.open_minor, currency)
        if amount.minor <= 0 or amount > still_open:
            raise Invalid(
                N_("Enter an amount up to {open} for invoice {number}."),
                field=f"amount-{row.id}",
                open=still_open,
                number=row.number,
            )
    there = credits.unapplied(session, account_id, currency)
    if Money.sum(wanted.values(), currency) > there:
        raise Invalid(N_("There is only {credit} of credit to use."), field="invoice", credit=there)
    return [Use(row.id, row.number, wanted[row.id]) for row in rows]


def use_credit(session: Session, account_id: int, wanted: Mapping[int, Money], *, actor: Actor) -> list[Use]:
    """Settle invoices from the account's unapplied credit, the oldest credit first, as of today.

    Raises what `check_use` raises; what is asked for is done as a whole or not at all.
    """
    account = accounts.lock(session, account_id)
    uses = check_use(session, account_id, account.currency, wanted)
    items = list(credits.unapplied_items(session, account_id))
    for use in uses:
        invoice = session.get_one(Invoice, use.invoice_id, populate_existing=True)
        rest = use.amount
        for item in items:
            rest -= allocating.apply_upto(session, item, invoice, rest, effective_on=today(session))
        if rest:
            raise Conflict(N_("There is only {credit} of credit to use."), credit=use.amount - rest)
    settle_surplus(session, items)
    agreements_follow(session, account, wanted, actor=actor)
    audit.record(
        session,
        "credit.used",
        actor=actor,
        subject=("account", account_id),
        account_id=account_id,
        after={
            "amount": Money.sum((use.amount for use in uses), account.currency),
            "invoices": [use.number for use in uses],
        },
    )
    return uses


def usable_by_itself(session: Session, account_id: int, currency: str) -> Money:
    """How much credit settles the account's next invoice by itself: all of it where its policy says so, else none."""
    section = sections_today(session, account_id).allocation
    if section is None or not section.use_credit:
        return Money.zero(currency)
    return credits.unapplied(session, account_id, currency)


def use_by_itself(session: Session, invoice: Invoice, *, actor: Actor) -> None:
    """Settle a new invoice of a locked account from its unapplied credit, where the account's policy says so."""
    amount = min(usable_by_itself(session, invoice.account_id, invoice.currency), invoice.open)
    if amount:
        use_credit(session, invoice.account_id, {invoice.id: amount}, actor=actor)


def check_move(session: Session, account_id: int, allocation_id: int, to_invoice_id: int) -> Move:
    """What moving an allocation to another open invoice of the account would do; NotFound, or Conflict where it cannot.

    A credit note stays with the invoice that it was issued on.
    """
    allocation, item = standing_allocation(session, account_id, allocation_id)
    receivables.invoices(session, account_id, [to_invoice_id])
    source = session.get_one(Invoice, allocation.invoice_id, populate_existing=True)
    target = session.get_one(Invoice, to_invoice_id, populate_existing=True)
    if item.kind is CreditKind.CREDIT_NOTE:
        raise Conflict(N_("A credit note stays with the invoice that it was issued on."))
    if item.kind is CreditKind.DISCOUNT:
        raise Conflict(N_("A discount stays with the invoice that was paid early."))
    if item.kind is CreditKind.CONCESSION:
        raise Conflict(N_("What was given up to settle a debt stays with its invoice."))
    if item.kind is CreditKind.WRITE_OFF:
        raise Conflict(N_("What was given up for good stays with its invoice."))
    if source.id == target.id or not target.open:
        raise Conflict(N_("Choose another invoice that is open."))
    _refuse_claimed(session, [target.id])
    amount = Money(allocation.amount_minor, item.currency)
    applied = min(amount, target.open)
    return Move(allocation.id, source, target, applied, amount - applied)


def move_allocation(
    session: Session, account_id: int, allocation_id: int, to_invoice_id: int, *, reason: str, actor: Actor
) -> Move:
    """Let what settles one invoice settle another, as of today; what that one cannot take becomes credit.

    A discount that the payment had earned falls, and comes back where the payment is moved back; a settlement that it
    had paid is open again. Raises what
    `check_move` raises, and Invalid without a reason.
    """
    account = accounts.lock(session, account_id)
    if not reason.strip():
        raise Invalid(N_("Say why."), field="reason")
    move = check_move(session, account_id, allocation_id, to_invoice_id)
    allocation, item = standing_allocation(session, account_id, allocation_id)
    taken = allocating.take_back(session, allocation)
    if item.kind is CreditKind.PAYMENT:
        payment = session.scalars(select(Payment).where(Payment.public_id == item.source)).one()
        opened = [Uncovered(move.source.id, move.source.number, move.applied + move.left)]
        discounts.revoke(
            session, account, payment, opened, source=f"allocation:{allocation.id}", effective_on=taken.effective_on
        )
    allocating.apply(session, item, move.target, move.applied, effective_on=taken.effective_on)
    if item.kind is CreditKind.PAYMENT:
        name = f"allocation:{allocation.id}"
        discounts.restore(session, account, item, returning=name, effective_on=taken.effective_on)
    agreements_follow(session, account, [move.source.id, move.target.id], actor=actor)
    audit.record(
        session,
        "allocation.moved",
        actor=actor,
        subject=("invoice", move.target.id),
        account_id=account_id,
        after={"amount": move.applied, "from": move.source.number, "to": move.target.number, "why": reason.strip()},
    )
    return move


def standing_allocation(session: Session, account_id: int, allocation_id: int) -> tuple[Allocation, CreditItem]:
    """An allocation of this account that was not taken back, and its credit; NotFound, or Conflict where it was."""
    allocation = session.get(Allocation, allocation_id)
    if allocation is None or allocation.account_id != account_id:
        raise NotFound(NO_SUCH_ALLOCATION)
    item = session.get_one(CreditItem, allocation.credit_item_id, populate_existing=True)
    if allocation.id not in {row.id for row in allocating.standing(session, item)}:
        raise Conflict(NO_SUCH_ALLOCATION)
    return allocation, item


def _refuse_claimed(session: Session, invoice_ids: Collection[int]) -> None:
    for claim in payments.live_claims(session, invoice_ids):
        number = session.get_one(Invoice, claim.invoice_id).number
        raise Conflict(IS_PAYING, number=number)


def settle_surplus(session: Session, items: Collection[CreditItem]) -> None:
    """Nobody has to decide any more what becomes of a surplus that is used up."""
    for item in items:
        if item.kind is CreditKind.PAYMENT and not item.unapplied:
            working.settle(session, TaskKind.SURPLUS, subject=("payment", item.source))
