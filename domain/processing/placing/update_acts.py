"""Update acts: whether what a partner's update tells is known already, and doing it where it is not."""

from __future__ import annotations

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from domain.placements import closing, ending, sending
from domain.placements.correspondence import reading, writing
from domain.placements.correspondence.model import NoteKind
from domain.placements.files.schema import Update, UpdateKind
from domain.placements.model import (
    CLOSING_NAMES,
    PLACEMENT_NAMES,
    Placement,
    PlacementChange,
    PlacementStatus,
)
from domain.processing.placing.collecting import Collected, report_bounce, report_collection
from domain.remittances import collections
from domain.remittances.costs import Spent, tell_cost
from domain.remittances.model import PlacementCost
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_, Conflict
from domain.shared.money import Money

_WAITS = frozenset({PlacementStatus.SENT})
WHILE: dict[UpdateKind, frozenset[PlacementStatus]] = {
    UpdateKind.ACCEPTED: _WAITS,
    UpdateKind.REFUSED: _WAITS,
    UpdateKind.RETURNED: closing.WORKING,
    UpdateKind.CLOSED: closing.WORKING,
}
"""The states in which an update can be true that changes one; all others can be told as long as anybody remembers."""
LEADS_TO = {
    UpdateKind.ACCEPTED: PlacementStatus.ACTIVE,
    UpdateKind.REFUSED: PlacementStatus.REFUSED,
    UpdateKind.RETURNED: PlacementStatus.RETURNED,
    UpdateKind.CLOSED: PlacementStatus.CLOSED,
}
"""The state to which an update leads."""


def is_known(session: Session, row: AnyRow, told: Update) -> bool:
    """Whether just this was told or done before, of a placement as `people.seen` gives it."""
    match told.update:
        case UpdateKind.ACCEPTED:
            return _was_taken(session, row.id)
        case UpdateKind.REFUSED:
            return bool(row.status is PlacementStatus.REFUSED)
        case UpdateKind.RETURNED:
            return bool(row.status is PlacementStatus.RETURNED)
        case UpdateKind.CLOSED:
            return bool(row.status is PlacementStatus.CLOSED and row.closing is told.code)
        case UpdateKind.PAYMENT:
            found = collections.by_reference(session, row.id, told.partner_reference or "")
            return found is not None and (found.amount, found.received_on) == (amount_of(told), told.happened_on)
        case UpdateKind.BOUNCED:
            paid = collections.by_reference(session, row.id, told.partner_reference or "")
            return paid is not None and collections.reversal_of(session, paid.id) is not None
        case UpdateKind.COST:
            return _is_known_cost(session, row.id, told)
        case UpdateKind.ACTIVITY | UpdateKind.QUESTION:
            kind = NoteKind(told.update.value)
            return reading.same(session, row.id, kind, told.text or "", told.happened_on) is not None


def check_state(status: PlacementStatus, told: Update) -> None:
    """Raise Conflict where an update cannot be true of a placement in this state."""
    if status not in WHILE.get(told.update, frozenset({status})):
        raise Conflict(N_("This has moved on meanwhile: {state}."), state=PLACEMENT_NAMES[status])


def do(session: Session, row: AnyRow, told: Update, *, actor: Actor) -> None:
    """Do what an update tells. Raises what the domain refuses: Conflict, Invalid, NotFound."""
    of, placement_id, text = row.account_id, row.id, told.text or ""
    match told.update:
        case UpdateKind.ACCEPTED:
            sending.take(session, of, placement_id, actor=actor)
        case UpdateKind.REFUSED:
            sending.refuse(session, of, placement_id, why=text, actor=actor)
        case UpdateKind.RETURNED:
            ending.give_back(session, of, placement_id, why=text, actor=actor)
        case UpdateKind.CLOSED:
            assert told.code is not None
            why = text or CLOSING_NAMES[told.code]
            closing.close(session, of, placement_id, told.code, why=why, actor=actor)
        case UpdateKind.PAYMENT | UpdateKind.BOUNCED:
            _do_money(session, row, told, actor)
        case UpdateKind.COST:
            spent = Spent(told.partner_reference or "", amount_of(told), told.happened_on, text)
            tell_cost(session, session.get_one(Placement, placement_id), spent, actor=actor)
        case UpdateKind.ACTIVITY:
            writing.tell_activity(session, of, placement_id, text, happened_on=told.happened_on, actor=actor)
        case UpdateKind.QUESTION:
            writing.ask(session, of, placement_id, text, happened_on=told.happened_on, actor=actor)


def _do_money(session: Session, row: AnyRow, told: Update, actor: Actor) -> None:
    """Book what the debtor has paid the partner, or what of that went back."""
    of, placement_id, reference, on = row.account_id, row.id, told.partner_reference or "", told.happened_on
    if told.update is UpdateKind.BOUNCED:
        report_bounce(session, of, placement_id, reference=reference, on=on, why=told.text, actor=actor)
        return
    report_collection(session, of, placement_id, Collected(reference, amount_of(told), on, told.text), actor=actor)


def amount_of(told: Update) -> Money:
    """The amount of an update that has one; the checks of the file have seen to that."""
    assert told.amount is not None
    assert told.currency is not None
    return Money.of(told.amount, told.currency)


def _was_taken(session: Session, placement_id: int) -> bool:
    taken = exists().where(
        PlacementChange.placement_id == placement_id,
        PlacementChange.before == PlacementStatus.SENT,
        PlacementChange.after == PlacementStatus.ACTIVE,
    )
    return bool(session.scalar(select(taken)))


def _is_known_cost(session: Session, placement_id: int, told: Update) -> bool:
    found = session.scalars(
        select(PlacementCost).where(
            PlacementCost.placement_id == placement_id, PlacementCost.reference == told.partner_reference
        )
    ).one_or_none()
    return found is not None and (found.amount, found.spent_on) == (amount_of(told), told.happened_on)
