"""Several views: rounds of payments as plain values for the portal's templates, and their sums by currency."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.queries import OwnAccount
from domain.payments.model import PaymentStatus
from domain.rounds import queries
from domain.rounds.choosing import Planned, PlannedInvoice
from domain.rounds.queries import Item, ItemLine, ItemState
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words
from domain.statements.agreements import settled_for_less
from portal.views import ClaimView, claim_views

BADGES = {
    ItemState.LEFT: ("open", N_("To be paid")),
    ItemState.UNFINISHED: ("waiting", N_("Not finished")),
    ItemState.CONFIRMING: ("waiting", N_("We are confirming it")),
    ItemState.ON_ITS_WAY: ("waiting", N_("On its way")),
    ItemState.DONE: ("paid", N_("Paid")),
    ItemState.FAILED: ("failed", N_("Did not go through")),
    ItemState.SKIPPED: ("void", N_("Skipped")),
    ItemState.SETTLED: ("paid", N_("Nothing left to pay")),
}
"""How each state of an item is shown."""
CANCELLED = ("void", N_("Cancelled"))


@dataclass(frozen=True, slots=True)
class ItemView:
    """An account of a round, as its payer sees it; `about` is what to know or do, `payment_href` its payment's page."""

    id: int
    account: OwnAccount
    state: ItemState
    badge: tuple[str, str]
    about: Words | None
    amount: Money
    lines: tuple[ItemLine, ...]
    claim: ClaimView | None
    payment_href: str | None
    continue_at: str | None
    can_be_paid: bool

    @property
    def path(self) -> str:
        """Where its steps are."""
        return f"/accounts/{self.account.id}/several/{self.id}"

    @property
    def claim_href(self) -> str | None:
        """The page of the payment that somebody has started for it."""
        return f"/accounts/{self.account.id}/payments/{self.claim.payment}" if self.claim else None


def asked_for_less(session: Session, login_id: int) -> dict[int, Money]:
    """What is asked today of the invoices that are being settled for less, on the accounts of a login."""
    return settled_for_less(session, [each.id for each in accounts.accounts_of(session, login_id)])


def items_of(session: Session, login_id: int, round_id: int) -> list[Item]:
    """The items of a round, each over what is asked for it today."""
    return queries.items(session, login_id, round_id, at_most=asked_for_less(session, login_id))


def item_view(item: Item, login_id: int, *, has_returned: bool = False) -> ItemView:
    """An item for its template; `has_returned` where its payer is just back from the processor's page."""
    state = item.state
    if state is ItemState.UNFINISHED and has_returned:
        state = ItemState.CONFIRMING
    payment = item.payment
    cancelled = state is ItemState.FAILED and payment is not None and payment.status is PaymentStatus.CANCELED
    claims = claim_views([item.claim] if item.claim else [], login_id)
    return ItemView(
        id=item.id,
        account=item.account,
        state=state,
        badge=CANCELLED if cancelled else BADGES[state],
        about=_about(item, state),
        amount=item.amount,
        lines=item.lines,
        claim=next(iter(claims.values()), None),
        payment_href=f"/accounts/{item.account.id}/payments/{payment.public_id}" if payment else None,
        continue_at=payment.checkout_url if payment and state is ItemState.UNFINISHED else None,
        can_be_paid=item.can_be_paid,
    )


def _about(item: Item, state: ItemState) -> Words | None:
    failure = item.payment.failure if item.payment is not None else None
    if state is ItemState.FAILED:
        return Words.of(failure) if failure else Words.of(N_("No money has moved. Try again, or skip it."))
    if state is ItemState.UNFINISHED:
        return Words.of(N_("No money has moved yet. Go on with it, or cancel it and pay otherwise."))
    if state is ItemState.CONFIRMING:
        return Words.of(N_("This takes a few seconds. You can go on with the others."))
    if state is ItemState.ON_ITS_WAY:
        return Words.of(N_("From a bank account it takes some days. There is nothing more to do."))
    return None


@dataclass(frozen=True, slots=True)
class PlannedView:
    """What is to be paid for an account, what of it is left out as disputed, and what somebody is paying already."""

    account: OwnAccount
    invoices: Sequence[PlannedInvoice]
    claimed: Sequence[tuple[str, Words]]
    total: Money


def planned_view(planned: Planned, login_id: int) -> PlannedView:
    """What was planned for one account, for its template."""
    claims = claim_views(planned.claims, login_id)
    return PlannedView(
        account=planned.account,
        invoices=planned.invoices,
        claimed=[(row.number, claims[row.id].words) for row in planned.claimed],
        total=planned.total,
    )


def sums(amounts: Iterable[Money]) -> list[Money]:
    """One total for each currency, in the currencies' order; none that is zero."""
    found: dict[str, Money] = {}
    for amount in amounts:
        found[amount.currency] = found.get(amount.currency, Money.zero(amount.currency)) + amount
    return [found[currency] for currency in sorted(found) if found[currency]]


def is_waiting(views: Iterable[ItemView]) -> bool:
    """Whether something changes by itself in the next seconds."""
    return any(view.state is ItemState.CONFIRMING for view in views)
