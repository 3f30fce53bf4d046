"""Second look: whether what a notice would ask for is still to be asked for, right before it is decided."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.advices.queries import open_advices
from domain.collecting import queries as collecting
from domain.dunning.selecting import DueStep
from domain.notices.deciding import Part
from domain.notices.model import HeldBack
from domain.payments import queries as payments
from domain.receivables import credits
from domain.shared.db.session import today
from domain.shared.money import Money
from domain.stops import holding
from domain.stops.holding import Hold, kinds_that_hold
from domain.stops.model import Held, StopKind

WHY = {
    StopKind.DISPUTE: HeldBack.DISPUTED,
    StopKind.CHARGEBACK: HeldBack.CHARGEBACK,
    StopKind.PROMISE: HeldBack.PROMISED,
    StopKind.PLAN: HeldBack.PLAN,
    StopKind.OFFER: HeldBack.OFFER,
    StopKind.PLACEMENT: HeldBack.PLACED,
    StopKind.INSOLVENCY: HeldBack.INSOLVENT,
    StopKind.BREATHING_SPACE: HeldBack.BREATHING_SPACE,
    StopKind.CEASE: HeldBack.CEASE,
    StopKind.MANUAL: HeldBack.PAUSED,
}
"""What each kind of stop is called where it holds a notice back."""
STRONGEST = tuple(WHY)
"""Of several that hold, the first of these is named."""
NEEDS_NOTHING = frozenset({StopKind.INSOLVENCY, StopKind.BREATHING_SPACE, StopKind.CEASE})
"""The stops that are about the person: where one holds, not even what else is open is asked for."""


def look(session: Session, account: Account, due: Sequence[DueStep]) -> list[Part]:
    """What is still to be asked for of each invoice, and what is left out and why; under the account's lock.

    Asked, in this order: is something being paid, told of, or going to be collected; is it held; does unused credit
    cover it.
    """
    ids = [each.invoice_id for each in due]
    paying = {row.invoice_id for row in payments.live_claims(session, ids)}
    told = {invoice_id for advice in open_advices(session, account.id) for invoice_id, _ in advice.lines}
    collected = {coming.row.invoice_id for coming in collecting.coming(session, account.id)}
    holds = holding.holds_on(session, dict.fromkeys(ids, account.id), kinds_that_hold(Held.CHASING))
    credit = credits.unapplied(session, account.id, account.currency)
    parts = []
    for each in due:
        open_ = Money(each.open_minor, account.currency)
        why = (
            HeldBack.PAYING
            if each.invoice_id in paying
            else HeldBack.TOLD
            if each.invoice_id in told
            else HeldBack.AUTOPAY
            if each.invoice_id in collected
            else None
        )
        left_out = open_ if why else Money.zero(account.currency)
        if why is None:
            left_out, why = _held(session, holds.get(each.invoice_id, []), open_)
        covered = min(credit, open_ - left_out)
        credit -= covered
        if covered.minor > 0:
            left_out, why = left_out + covered, why or HeldBack.CREDIT
        parts.append(Part(each.invoice_id, each.due_on, open_ - left_out, left_out, why, each.step.day))
    return parts


def _held(session: Session, holds: Sequence[Hold], open_: Money) -> tuple[Money, HeldBack | None]:
    """How much of what is open is held today, and by what."""
    day = today(session)
    on = {hold.kind for hold in holds if hold.is_on(day)}
    if not on:
        return Money.zero(open_.currency), None
    held = open_.minor if on & NEEDS_NOTHING else holding.held(holds, day, open_.minor)
    return Money(held, open_.currency), next(WHY[kind] for kind in STRONGEST if kind in on)
