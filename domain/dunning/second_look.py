"""Second look: whether what a notice would ask for is still to be asked for, right before it is decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

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
WAITED_FOR = timedelta(days=5)
"""So long after its day a transfer that we were told of is waited for before anybody is reminded."""
NEEDS_NOTHING = frozenset({StopKind.INSOLVENCY, StopKind.BREATHING_SPACE, StopKind.CEASE})
"""The stops that are about the person: where one holds, not even what else is open is asked for."""


def look(session: Session, account: Account, due: Sequence[DueStep]) -> list[Part]:
    """What is still to be asked for of each invoice, and what is left out and why; under the account's lock.

    Asked, in this order: is it being paid, or going to be collected; is it held; is a transfer on its way; does unused
    credit cover it. The first that leaves something out is named.
    """
    ids = [each.invoice_id for each in due]
    paying = {row.invoice_id for row in payments.live_claims(session, ids)}
    collected = {coming.row.invoice_id for coming in collecting.coming(session, account.id)}
    holds = holding.holds_on(session, dict.fromkeys(ids, account.id), kinds_that_hold(Held.CHASING))
    told = _told(session, account.id)
    credit = credits.unapplied(session, account.id, account.currency).minor
    parts = []
    for each in due:
        left = _Left(each.open_minor)
        left.out(each.open_minor if each.invoice_id in paying else 0, HeldBack.PAYING)
        left.out(each.open_minor if each.invoice_id in collected else 0, HeldBack.AUTOPAY)
        left.out(*_held(session, holds.get(each.invoice_id, []), each.open_minor))
        left.out(told.get(each.invoice_id, 0), HeldBack.TOLD)
        credit -= left.out(credit, HeldBack.CREDIT)
        asked = Money(left.asked, account.currency)
        left_out = Money(each.open_minor - left.asked, account.currency)
        step_day = None if each.rides else each.step.day
        parts.append(Part(each.invoice_id, each.due_on, asked, left_out, left.why, step_day))
    return parts


def still_true(due: Sequence[DueStep], parts: Sequence[Part]) -> bool:
    """Whether something of what a notice is about is still asked for; a late charge alone is no reason to remind."""
    return any(part.asked.minor > 0 for each, part in zip(due, parts, strict=True) if not each.rides)


def why_nothing(parts: Sequence[Part]) -> HeldBack:
    """Why nothing of these invoices is asked for (any more)."""
    return next((part.why for part in parts if part.why), HeldBack.PAID)


@dataclass(slots=True)
class _Left:
    """How much of an invoice is still asked for, and what was the first to leave something out."""

    asked: int
    why: HeldBack | None = None

    def out(self, minor: int, why: HeldBack) -> int:
        """Leave out so much, as far as there is so much; how much that was."""
        part = min(minor, self.asked)
        if part > 0:
            self.asked -= part
            self.why = self.why or why
        return part


def _told(session: Session, account_id: int) -> dict[int, int]:
    """How much of which invoice is on its way by transfer, as the customer says; for some days after its day."""
    found: dict[int, int] = {}
    for advice in open_advices(session, account_id):
        if advice.expected_on >= today(session) - WAITED_FOR:
            for invoice_id, amount in advice.lines:
                found[invoice_id] = found.get(invoice_id, 0) + amount.minor
    return found


def _held(session: Session, holds: Sequence[Hold], open_minor: int) -> tuple[int, HeldBack]:
    """How much of what is open is held today, and by what."""
    day = today(session)
    on = {hold.kind for hold in holds if hold.is_on(day)}
    held = open_minor if on & NEEDS_NOTHING else holding.held(holds, day, open_minor)
    return held, next((WHY[kind] for kind in STRONGEST if kind in on), HeldBack.PAUSED)
