"""Fetching: a partner takes the file of what lies with it, on its pages or by a program; each time is written down."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.placements.model import PLACED, Partner
from domain.placements.queries import NO_SUCH_PLACEMENT
from domain.processing.placing.building import FileForm, MadeFile, made_file
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRow
from domain.shared.errors import NotFound


def fetch(session: Session, row: AnyRow, form: FileForm, *, actor: Actor) -> MadeFile:
    """The file of a placement as `people.seen` gives it to its partner.

    NotFound once it does not lie there: who owes it is the partner's business no more.
    """
    if row.status not in PLACED:
        raise NotFound(NO_SUCH_PLACEMENT)
    made = made_file(session, row.id, form)
    record(
        session,
        "placement.fetched",
        actor=actor,
        subject=("placement", row.id),
        account_id=row.account_id,
        after={"filename": made.name, "partner": session.get_one(Partner, row.partner_id).name},
    )
    return made
