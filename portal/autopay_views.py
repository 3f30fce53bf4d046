"""Autopay views: what is going to be taken automatically, as plain values for the portal's templates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.collecting.model import AHEAD, CollectionState
from domain.collecting.queries import Coming
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words
from portal.access import Entered

COMING_WORDS = {
    CollectionState.PLANNED: N_("{amount} will be taken on {day} from {method}"),
    CollectionState.ANNOUNCED: N_("{amount} will be taken on {day} from {method}"),
    CollectionState.COLLECTING: N_("{amount} is being taken from {method}"),
    CollectionState.ACTION_REQUIRED: N_("Your bank asks you to confirm {amount}"),
    CollectionState.RETRYING: N_("{amount} could not be taken from {method}. We try again on {day}"),
}
"""What is said of a collection that may still bring money."""


@dataclass(frozen=True, slots=True)
class ComingView:
    """One collection; `href` leads to its payment where there is one, else to its invoice."""

    invoice_id: int
    number: str
    amount: Money
    day: date
    method: str
    words: Words
    href: str
    is_ahead: bool


def coming_view(coming: Coming, account: Entered) -> ComingView:
    """What is coming, as its template wants it."""
    row, amount, day = coming.row, coming.amount, coming.day
    invoice, payment = f"{account.path}/invoices/{row.invoice_id}", f"{account.path}/payments/{row.payment}"
    return ComingView(
        invoice_id=row.invoice_id,
        number=row.number,
        amount=amount,
        day=day,
        method=row.method,
        words=Words.of(COMING_WORDS[row.state], **_named(row.state, amount, day, row.method)),
        href=payment if row.payment else invoice,
        is_ahead=row.state in AHEAD,
    )


def next_taken(views: Iterable[ComingView]) -> Words | None:
    """What is taken next, in one sentence: all that one day brings; None where nothing is ahead."""
    ahead = [view for view in views if view.is_ahead]
    if not ahead:
        return None
    day, method = ahead[0].day, ahead[0].method
    together = Money.sum((view.amount for view in ahead if view.day == day), ahead[0].amount.currency)
    return Words.of(COMING_WORDS[CollectionState.PLANNED], amount=together, day=day, method=method)


def _named(state: CollectionState, amount: Money, day: date, method: str) -> dict[str, object]:
    given: dict[str, object] = {"amount": amount, "day": day, "method": method}
    return {name: value for name, value in given.items() if f"{{{name}}}" in COMING_WORDS[state]}
