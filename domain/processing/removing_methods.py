"""Removing methods: a saved method is forgotten, and automatic payment that lives on it is turned off with it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.collecting import queries as collecting
from domain.collecting import turning
from domain.collecting.model import StopReason
from domain.saved_methods import keeping
from domain.saved_methods.model import SavedMethod
from domain.shared.actor import Actor
from domain.shared.errors import N_, Conflict


def pays_automatically(session: Session, method: SavedMethod) -> bool:
    """Whether automatic payment takes the money from this method."""
    running = collecting.running(session, method.account_id)
    return running is not None and running.saved_method_id == method.id


def remove_method(
    session: Session, account_id: int, method_id: int, *, stops_autopay: bool, login_id: int, actor: Actor
) -> SavedMethod:
    """Take a method off the account. Conflict where automatic payment uses it, unless that is to be turned off too.

    Raises NotFound, and NotAllowed unless it is theirs.
    """
    accounts.lock(session, account_id)
    method = keeping.own(session, account_id, method_id, login_id)
    if pays_automatically(session, method):
        if not stops_autopay:
            raise Conflict(
                N_("Automatic payment takes its money from {label}. Turn it off as well, or keep {label}."),
                field="stops_autopay",
                label=method.label,
            )
        turning.turn_off(session, account_id, StopReason.PAYER, actor=actor)
    return keeping.remove(session, account_id, method_id, login_id=login_id, actor=actor)
