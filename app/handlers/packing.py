"""Packing: evidence packs that were asked for are made, one after the other, while their page asks how far they are."""

from __future__ import annotations

import traceback

import structlog

from app.wired import Wired
from domain.dunning.turns import Did
from domain.evidence import making

log = structlog.get_logger("evidence")


def make_due(wired: Wired) -> Did:
    """Make each pack that waits; how many, and how many could not be made. Safe to repeat and to be killed."""
    with wired.database.reading() as session:
        waiting = making.due(session)
    return sum((_make(wired, pack_id) for pack_id in waiting), Did())


def _make(wired: Wired, pack_id: int) -> Did:
    try:
        return Did(int(making.make(wired.database, wired.store, wired.renderer, pack_id)))
    except Exception as problem:
        log.warning("pack failed", pack=pack_id, exc_info=True)
        with wired.database.transaction() as session:
            making.give_up(session, pack_id, traceback.format_exc())
        return Did(failures=1, error=str(problem))
