"""Granted discounts: what of them stands, their entries, and how one shrinks when its invoice is credited."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.invoicing.model import EarlyDiscount
from domain.ledger import posting as ledger
from domain.ledger.chart import LedgerAccount
from domain.ledger.posting import EntryKind, Leg, PostedEntry, credit, debit
from domain.receivables import withdrawing
from domain.receivables.model import CreditItem, CreditKind, Withdrawal, WithdrawalKind
from domain.shared.money import Money

BY_CREDIT_NOTE = "credit_note:"
"""How the source of what a credit note took of a discount begins; its id follows."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A discount of which `amount` stands."""

    discount: EarlyDiscount
    amount: Money

    @property
    def tax(self) -> Money:
        """The invoice's tax within it: its share, floored, and all of it within the whole discount."""
        return tax_within(self.discount, self.amount)


def of_invoice(session: Session, invoice_id: int) -> list[Standing]:
    """The discounts on an invoice of which anything stands."""
    return _standing(session, EarlyDiscount.invoice_id == invoice_id)


def of_payment(session: Session, payment: str) -> list[Standing]:
    """The discounts that a payment (its public id) has earned and of which anything stands."""
    return _standing(session, EarlyDiscount.payment == payment)


def gone(session: Session, discount_ids: Collection[int]) -> dict[int, int]:
    """How much of each of these discounts has fallen or shrunk away, in minor units; whole ones are left out."""
    named = {f"discount:{each}": each for each in discount_ids}
    rows = session.execute(
        select(CreditItem.source, func.sum(Withdrawal.amount_minor).label("minor"))
        .join(Withdrawal, Withdrawal.credit_item_id == CreditItem.id)
        .where(CreditItem.kind == CreditKind.DISCOUNT, CreditItem.source.in_(named))
        .group_by(CreditItem.source)
    )
    return {named[row.source]: int(row.minor) for row in rows if row.minor}


def post_grant(session: Session, account: Account, discount: EarlyDiscount) -> PostedEntry:
    """The entry of a discount: allowed and tax against the receivable."""
    return _post(
        session,
        account,
        EntryKind.EARLY_DISCOUNT,
        discount.source,
        discount.amount,
        discount.tax,
        discount.effective_on,
    )


def take_back(
    session: Session, account: Account, found: Standing, amount: Money, *, source: str, effective_on: date | None
) -> None:
    """Take a discount back, or a part of it, with its share of the tax: the invoice is open by so much again."""
    discount = found.discount
    item = withdrawing.item_of(session, CreditKind.DISCOUNT, discount.source)
    withdrawal, _ = withdrawing.withdraw_covering(
        session, item, amount, kind=WithdrawalKind.REVOKED, source=source, effective_on=effective_on
    )
    tax = found.tax - tax_within(discount, found.amount - amount)
    day = effective_on or discount.effective_on
    _post(session, account, EntryKind.DISCOUNT_REVOKED, _moved(discount, withdrawal), amount, tax, day)


def give_back(session: Session, account: Account, discount: EarlyDiscount, *, source: str, effective_on: date) -> None:
    """Give back what of a discount fell last with its payment; nothing where it has not fallen."""
    item = withdrawing.item_of(session, CreditKind.DISCOUNT, discount.source)
    fell = _fell_by(session, item)
    if fell is None:
        return
    amount = withdrawing.still_gone(session, fell, item.currency)
    if not amount:
        return
    before = discount.amount - Money(gone(session, [discount.id]).get(discount.id, 0), item.currency)
    returned = withdrawing.give_back(session, fell, source=source, effective_on=effective_on)
    tax = tax_within(discount, before + amount) - tax_within(discount, before)
    _post(session, account, EntryKind.DISCOUNT_RESTORED, _moved(discount, returned), amount, tax, effective_on)


def shrinking(found: Sequence[Standing], credited: Money, of: Money) -> list[tuple[Standing, Money]]:
    """By how much each discount shrinks when `credited` of what was settled with them, `of`, is credited.

    In proportion, rounded half to even, and by all of it where all is credited.
    """
    if credited.minor <= 0:
        return []
    return [(each, each.amount.times(Fraction(credited.minor, of.minor))) for each in found]


def tax_within(discount: EarlyDiscount, amount: Money) -> Money:
    """The tax within so much of a discount: its share, floored, and all of it within all."""
    return Money(discount.tax_minor * amount.minor // discount.amount_minor, amount.currency)


def _standing(session: Session, which: ColumnElement[bool]) -> list[Standing]:
    rows = session.scalars(select(EarlyDiscount).where(which).order_by(EarlyDiscount.id)).all()
    lost = gone(session, [row.id for row in rows]) if rows else {}
    left = [(row, row.amount - Money(lost.get(row.id, 0), row.currency)) for row in rows]
    return [Standing(row, amount) for row, amount in left if amount]


def _fell_by(session: Session, item: CreditItem) -> Withdrawal | None:
    """The last withdrawal by which a discount fell with its payment."""
    return session.scalars(
        select(Withdrawal)
        .where(
            Withdrawal.credit_item_id == item.id,
            Withdrawal.reverses_id.is_(None),
            ~Withdrawal.source.startswith(BY_CREDIT_NOTE, autoescape=True),
        )
        .order_by(Withdrawal.id.desc())
        .limit(1)
    ).one_or_none()


def _moved(discount: EarlyDiscount, because: Withdrawal) -> str:
    """How the entry of a change is named: one payment can go and come back by the same name more than once."""
    return f"{discount.source}:withdrawal:{because.id}"


def _post(
    session: Session, account: Account, kind: EntryKind, source: str, amount: Money, tax: Money, effective_on: date
) -> PostedEntry:
    """Allowed and tax against the receivable; the other way round where it is taken back."""
    legs = [
        debit(LedgerAccount.DISCOUNTS_ALLOWED, amount - tax),
        debit(LedgerAccount.TAX_PAYABLE, tax),
        credit(LedgerAccount.RECEIVABLE, amount, account_id=account.id),
    ]
    if kind is EntryKind.DISCOUNT_REVOKED:
        legs = [Leg(leg.ledger_account, -leg.amount, leg.account_id) for leg in legs]
    return ledger.post(session, kind=kind, source=source, effective_on=effective_on, legs=legs)
