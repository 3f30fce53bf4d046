"""Money left: a payment is taken back, wholly or in part, and what stood on it falls with it; and how it comes back.

The caller holds the account's lock and posts the entry that debits the receivable; here the account's items follow.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.invoicing.owed_again import owe_again
from domain.legal_cases import following as legal_cases
from domain.payments.model import Payment
from domain.placements import following as placements
from domain.plans import following as plans
from domain.processing import discounts
from domain.processing.agreements import agreements_follow
from domain.processing.placing import commissions
from domain.processing.settling import following as settling
from domain.receivables import allocating, withdrawing
from domain.receivables.model import CreditItem, CreditKind, Invoice, OwedAgain, WithdrawalKind
from domain.receivables.withdrawing import Uncovered
from domain.shared.actor import Actor
from domain.shared.money import Money
from domain.tasks.model import TASKS, TaskKind
from domain.tasks.opening import open_task
from domain.tasks.working import settle
from domain.write_offs import following as write_offs


def take_payment_back(
    session: Session,
    account: Account,
    payment: Payment,
    amount: Money,
    *,
    kind: WithdrawalKind,
    source: str,
    effective_on: date | None = None,
    first_from: Collection[int] = (),
    actor: Actor,
) -> list[Uncovered]:
    """Take `amount` of a recorded payment from the account's credit; which invoices are open again by how much.

    `actor` is whoever had it taken back, and so let fall what fell with it. What has left the payment's credit before,
    by a refund or a move to another account, is owed a second time.
    """
    item = withdrawing.item_of(session, CreditKind.PAYMENT, payment.public_id)
    there = min(amount, _left(session, item))
    uncovered: list[Uncovered] = []
    if there:
        _, uncovered = withdrawing.withdraw_covering(
            session, item, there, kind=kind, source=source, effective_on=effective_on, first_from=first_from
        )
        if not item.unapplied:
            settle(session, TaskKind.SURPLUS, subject=("payment", payment.public_id))
    uncovered = discounts.revoke(session, account, payment, uncovered, source=source, effective_on=effective_on)
    uncovered = settling.concessions_fall(session, account, uncovered, effective_on=effective_on, actor=actor)
    plans.follow_account(session, account.id, [each.invoice_id for each in uncovered], actor=actor)
    commissions.follow_account(session, account.id, [each.invoice_id for each in uncovered])
    placements.follow_account(session, account.id, [each.invoice_id for each in uncovered], actor=actor)
    legal_cases.follow_account(session, account.id, [each.invoice_id for each in uncovered], actor=actor)
    write_offs.follow_account(session, account.id, [each.invoice_id for each in uncovered], actor=actor)
    if amount > there:
        debt = owe_again(session, account, amount - there, source=source, effective_on=effective_on)
        uncovered.append(Uncovered(debt.id, debt.number, debt.amount))
    return uncovered


def would_uncover(
    session: Session, payment: Payment, amount: Money, *, first_from: Collection[int] = ()
) -> list[Uncovered]:
    """Which invoices taking `amount` of a recorded payment back would open again, and by how much: for a preview."""
    item = withdrawing.item_of(session, CreditKind.PAYMENT, payment.public_id)
    uncovered = withdrawing.uncovering(session, item, min(amount, _left(session, item)), first_from=first_from)
    uncovered = discounts.would_fall(session, payment, uncovered)
    return settling.would_fall(session, payment.account_id, uncovered)


def give_payment_back(
    session: Session,
    account: Account,
    amount: Money,
    *,
    kind: WithdrawalKind,
    source: str,
    returning: str,
    effective_on: date,
    actor: Actor,
) -> None:
    """What was taken back under `source` comes back, `amount` of it, and covers what it covered, unless that is paid.

    `returning` names the event that brings it back, once. What was owed a second time is settled by it.
    """
    rest = amount
    taken = withdrawing.withdrawals_of(session, kind, source)
    for withdrawal in taken:
        back = min(rest, withdrawing.still_gone(session, withdrawal, amount.currency))
        if back:
            withdrawing.give_back(session, withdrawal, back, source=returning, effective_on=effective_on)
            rest -= back
    for item_id in dict.fromkeys(withdrawal.credit_item_id for withdrawal in taken):
        item = session.get_one(CreditItem, item_id)
        if item.kind is CreditKind.PAYMENT:
            discounts.restore(session, account, item, returning=returning, effective_on=effective_on)
            covered = {allocation.invoice_id for allocation in allocating.standing(session, item)}
            agreements_follow(session, account, covered, effective_on=effective_on, actor=actor)
            _ask_about_surplus(session, item)
    if rest:
        item = allocating.add_credit(
            session, account, kind=CreditKind.REINSTATED, source=returning, amount=rest, effective_on=effective_on
        )
        for debt in _owed_again(session, source):
            allocating.apply_upto(session, item, debt, item.unapplied)


def _ask_about_surplus(session: Session, item: CreditItem) -> None:
    """Where nobody had decided what becomes of a surplus before it was taken, somebody does when it is back."""
    was_asked = exists().where(
        TASKS.c.account_id == item.account_id,
        TASKS.c.kind == TaskKind.SURPLUS,
        TASKS.c.subject_id == item.source,
        TASKS.c.done_by.is_(None),
    )
    if not item.unapplied or not session.scalar(select(was_asked)):
        return
    receipt = session.scalar(select(Payment.receipt_number).where(Payment.public_id == item.source))
    open_task(
        session,
        TaskKind.SURPLUS,
        subject=("payment", item.source),
        account_id=item.account_id,
        worth=item.unapplied,
        detail={"receipt": receipt},
    )


def _left(session: Session, item: CreditItem) -> Money:
    """What has not left the payment's credit before."""
    settling = (Money(row.amount_minor, item.currency) for row in allocating.standing(session, item))
    return item.unapplied + Money.sum(settling, item.currency)


def _owed_again(session: Session, source: str) -> list[Invoice]:
    wanted = select(Invoice).join(OwedAgain, OwedAgain.invoice_id == Invoice.id).where(OwedAgain.source == source)
    return list(session.scalars(wanted.order_by(Invoice.id).execution_options(populate_existing=True)))
