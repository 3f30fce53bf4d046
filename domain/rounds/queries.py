"""Queries: how a round stands, item by item; each follows from its payment and from what is open now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Right
from domain.accounts.queries import OwnAccount
from domain.payments import queries as payments
from domain.payments.model import LIVE, Payment, PaymentStatus
from domain.receivables.held import ON_PLAN, held_parts
from domain.receivables.model import Invoice
from domain.rounds.model import PaymentRound, PaymentRoundItem, PaymentRoundLine
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_, NotFound
from domain.shared.money import Money

NO_MORE: Mapping[int, Money] = MappingProxyType({})
"""Of no invoice less is asked than is open."""
NO_SUCH_ROUND = N_("We could not find that list of payments.")


class ItemState(StrEnum):
    """How an account of a round stands."""

    LEFT = "left"
    UNFINISHED = "unfinished"
    """Its payer has to go on at the processor's page or their bank's."""
    CONFIRMING = "confirming"
    ON_ITS_WAY = "on_its_way"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    SETTLED = "settled"
    """Nothing of what was wanted is open any more, though not by this round."""


TO_DO = frozenset({ItemState.LEFT, ItemState.FAILED})
"""The states in which a payment can be started; a skipped item can be taken up again, too."""
UNDER_WAY = frozenset({ItemState.UNFINISHED, ItemState.CONFIRMING, ItemState.ON_ITS_WAY})


@dataclass(frozen=True, slots=True)
class ItemLine:
    """An invoice of an item: what was wanted, and how much of that is still open."""

    invoice_id: int
    number: str
    wanted: Money
    left: Money


@dataclass(frozen=True, slots=True)
class Item:
    """An account of a round; `claim` is somebody's other payment for one of its invoices."""

    id: int
    account: OwnAccount
    state: ItemState
    lines: tuple[ItemLine, ...]
    payment: AnyRow | None
    claim: AnyRow | None

    @property
    def to_pay(self) -> dict[int, Money]:
        """How much of which invoice a payment would be for now."""
        return {line.invoice_id: line.left for line in self.lines if line.left}

    @property
    def amount(self) -> Money:
        """What its payment is or was over, or would be now."""
        if self.payment is not None and self.state in UNDER_WAY | {ItemState.DONE}:
            return Money(self.payment.amount_minor, self.payment.currency)
        return Money.sum((line.left for line in self.lines), self.account.currency)

    @property
    def can_be_paid(self) -> bool:
        """Whether a payment can be started for it."""
        return bool(self.to_pay) and self.state in TO_DO | {ItemState.SKIPPED}


def round_of(session: Session, login_id: int, round_id: int) -> PaymentRound:
    """This login's round; NotFound for anybody else's."""
    found = session.get(PaymentRound, round_id)
    if found is None or found.login_id != login_id:
        raise NotFound(NO_SUCH_ROUND)
    return found


def open_round(session: Session, login_id: int) -> PaymentRound | None:
    """The list that this login began last."""
    return session.scalars(
        select(PaymentRound).where(PaymentRound.login_id == login_id, PaymentRound.closed_at.is_(None))
    ).one_or_none()


def item_row(session: Session, login_id: int, account_id: int, item_id: int) -> PaymentRoundItem:
    """The item of this account in one of this login's rounds, read afresh; NotFound for any other."""
    found = session.scalars(
        select(PaymentRoundItem)
        .join(PaymentRound, PaymentRound.id == PaymentRoundItem.round_id)
        .where(
            PaymentRoundItem.id == item_id,
            PaymentRoundItem.account_id == account_id,
            PaymentRound.login_id == login_id,
        )
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise NotFound(NO_SUCH_ROUND)
    return found


def items(
    session: Session, login_id: int, round_id: int, *, only: int | None = None, at_most: Mapping[int, Money] = NO_MORE
) -> list[Item]:
    """The items of a round whose accounts this login may still pay, by the accounts' names; `only` one if wanted.

    `at_most` is what is asked today of invoices of which less is asked than is open, by invoice.
    """
    own = {each.id: each for each in accounts.accounts_of(session, login_id) if Right.PAY in each.rights}
    query = (
        select(
            PaymentRoundItem.id.label("item"),
            PaymentRoundItem.account_id.label("its_account"),
            PaymentRoundItem.skipped_at,
            Payment.checkout_url,
            *payments.SHOWN,
        )
        .outerjoin(Payment, Payment.id == PaymentRoundItem.payment_id)
        .where(PaymentRoundItem.round_id == round_id)
    )
    if only is not None:
        query = query.where(PaymentRoundItem.id == only)
    rows = [row for row in session.execute(query) if row.its_account in own]
    lines = _lines(session, [row.item for row in rows], {row.its_account for row in rows}, at_most)
    found = []
    claims = _claims(session, [line for row in rows for line in lines[row.item]])
    for row in rows:
        its = tuple(lines[row.item])
        payment = row if row.id is not None else None
        others = (claims.get(line.invoice_id) for line in its)
        claim = next((each for each in others if each and each.payment_id != row.id), None)
        state = _state(payment, skipped=row.skipped_at is not None, left=any(line.left for line in its))
        found.append(Item(row.item, own[row.its_account], state, its, payment, claim))
    return sorted(found, key=lambda item: (item.account.name, item.account.id))


def _state(payment: AnyRow | None, *, skipped: bool, left: bool) -> ItemState:
    if payment is not None and payment.status is PaymentStatus.SUCCEEDED:
        return ItemState.DONE
    if payment is not None and payment.status in LIVE:
        if payment.status is PaymentStatus.PROCESSING:
            return ItemState.ON_ITS_WAY
        return ItemState.UNFINISHED if payment.checkout_url else ItemState.CONFIRMING
    if skipped:
        return ItemState.SKIPPED
    if not left:
        return ItemState.SETTLED
    return ItemState.LEFT if payment is None else ItemState.FAILED


def _lines(
    session: Session, item_ids: Collection[int], account_ids: Collection[int], at_most: Mapping[int, Money]
) -> dict[int, list[ItemLine]]:
    """The lines of these items, of these accounts; of what came to be paid by a plan since nothing is left."""
    agreed = held_parts(session, account_ids, ON_PLAN)
    found: dict[int, list[ItemLine]] = defaultdict(list)
    rows = session.execute(
        select(
            PaymentRoundLine.item_id,
            PaymentRoundLine.invoice_id,
            PaymentRoundLine.amount_minor,
            Invoice.number,
            Invoice.open_minor,
            Invoice.currency,
        )
        .join(Invoice, Invoice.id == PaymentRoundLine.invoice_id)
        .where(PaymentRoundLine.item_id.in_(item_ids))
        .order_by(Invoice.due_on, Invoice.id)
    )
    for row in rows:
        wanted = Money(row.amount_minor, row.currency)
        still_open = Money(0 if row.invoice_id in agreed else row.open_minor, row.currency)
        left = min(wanted, still_open, at_most.get(row.invoice_id, wanted))
        found[row.item_id].append(ItemLine(row.invoice_id, row.number, wanted, left))
    return found


def _claims(session: Session, lines: Collection[ItemLine]) -> dict[int, AnyRow]:
    return {claim.invoice_id: claim for claim in payments.live_claims(session, [line.invoice_id for line in lines])}
