"""Deadlines: by which day what a task is about must be done, for those that have one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.chargebacks import queries as chargebacks
from domain.disputes.board import DUE
from domain.disputes.model import OURS, Dispute, DisputeHandling
from domain.shared.clock import day_in
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import business
from domain.tasks.model import TaskKind

IN_DETAIL = ("due_on", "last_on")
"""Where a task itself names its last day."""


def due_days(session: Session, rows: Collection[AnyRow]) -> dict[int, date]:
    """The last day of each of these tasks that has one, by its id: as many queries however many they are.

    A chargeback must be answered, a dispute answered or decided as its service level promises; steps of legal cases,
    claims in insolvencies and debts that end name their day themselves.
    """
    zone = business(session).time_zone
    moments = _chargebacks(session, {row.subject_id for row in rows if row.subject_kind == "chargeback"})
    promised = _disputes(session, {int(row.subject_id) for row in rows if row.kind is TaskKind.DISPUTE})
    found: dict[int, date] = {}
    for row in rows:
        moment = moments.get(row.subject_id) if row.subject_kind == "chargeback" else None
        if row.kind is TaskKind.DISPUTE:
            moment = promised.get(int(row.subject_id))
        named = next((row.detail[name] for name in IN_DETAIL if row.detail.get(name)), None)
        if moment is not None:
            found[row.id] = day_in(moment, zone)
        elif named is not None:
            found[row.id] = date.fromisoformat(named)
    return found


def _chargebacks(session: Session, refs: Collection[str]) -> dict[str, datetime]:
    if not refs:
        return {}
    waits = chargebacks.deadlines()
    rows = session.execute(select(waits.c.subject_id, waits.c.due).where(waits.c.subject_id.in_(refs)))
    return {row.subject_id: row.due for row in rows}


def _disputes(session: Session, ids: Collection[int]) -> dict[int, datetime]:
    if not ids:
        return {}
    rows = session.execute(
        select(Dispute.id, DUE.label("due"))
        .join(DisputeHandling, DisputeHandling.dispute_id == Dispute.id)
        .where(Dispute.id.in_(ids), Dispute.status.in_(OURS))
    )
    return {row.id: row.due for row in rows}
