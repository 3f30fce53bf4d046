"""Second look: whether what a notice would ask for is still to be asked for, right before it is decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.advices import queries as advices
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
    StopKind.PLAN_BEARING: HeldBack.PLAN,
    StopKind.OFFER: HeldBack.OFFER,
    StopKind.PLACEMENT: HeldBack.PLACED,
    StopKind.JUDGMENT: HeldBack.BEFORE_COURT,
    StopKind.WRITE_OFF: HeldBack.WRITTEN_OFF,
    StopKind.BARRED: HeldBack.BARRED,
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
    return looks(session, [(account, due)])[account.id]


def looks(session: Session, due: Sequence[tuple[Account, Sequence[DueStep]]]) -> dict[int, list[Part]]:
    """The same for several accounts, by their ids, with as many queries as for one."""
    places = {each.invoice_id: account.id for account, steps in due for each in steps}
    ids = [account.id for account, _ in due]
    known = _Known(
        day=today(session),
        paying=frozenset(row.invoice_id for row in payments.live_claims_of(session, ids)),
        collected=frozenset(coming.row.invoice_id for coming in collecting.coming_of(session, ids)),
        holds=holding.holds_on(session, places, kinds_that_hold(Held.CHASING)),
        told=advices.told_of(session, ids, since=today(session) - WAITED_FOR),
    )
    credit = credits.unapplied_of(session, ids)
    return {account.id: _parts(account, steps, known, credit.get(account.id, 0)) for account, steps in due}


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of the invoices of some accounts, by their ids."""

    day: date
    paying: frozenset[int]
    collected: frozenset[int]
    holds: Mapping[int, Sequence[Hold]]
    told: Mapping[int, int]


def _parts(account: Account, due: Sequence[DueStep], known: _Known, credit: int) -> list[Part]:
    parts = []
    for each in due:
        left = _Left(each.open_minor)
        left.out(each.open_minor if each.invoice_id in known.paying else 0, HeldBack.PAYING)
        left.out(each.open_minor if each.invoice_id in known.collected else 0, HeldBack.AUTOPAY)
        left.out(*_held(known.holds.get(each.invoice_id, ()), known.day, each.open_minor))
        left.out(known.told.get(each.invoice_id, 0), HeldBack.TOLD)
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


def _held(holds: Sequence[Hold], day: date, open_minor: int) -> tuple[int, HeldBack]:
    """How much of what is open is held that day, and by what."""
    on = {hold.kind for hold in holds if hold.is_on(day)}
    held = open_minor if on & NEEDS_NOTHING else holding.held(holds, day, open_minor)
    return held, next((WHY[kind] for kind in STRONGEST if kind in on), HeldBack.PAUSED)
