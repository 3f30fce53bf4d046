"""Taken: how the collection of each part of a plan from its saved method stands, for its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from domain.collecting.model import Collection, CollectionState, SubjectKind
from domain.payments.model import Payment
from domain.plans.model import Instalment
from domain.saved_methods.model import SavedMethod


@dataclass(frozen=True, slots=True)
class Taking:
    """The latest collection of a part: on which day it is taken, or tried again, from what; its payment if any."""

    state: CollectionState
    on: date
    method: str
    payment: str | None
    failure: str | None


def takings(session: Session, plan_id: int) -> dict[int, Taking]:
    """The latest collection of each part of a plan that has one, by part."""
    rows = session.execute(
        select(
            Collection.subject_id,
            Collection.state,
            Collection.collect_on,
            Collection.next_try_on,
            Collection.failure,
            SavedMethod.label,
            Payment.public_id,
        )
        .join(
            Instalment,
            and_(Collection.subject_kind == SubjectKind.INSTALMENT, Instalment.id == Collection.subject_id),
        )
        .join(SavedMethod, SavedMethod.id == Collection.saved_method_id)
        .outerjoin(Payment, Payment.id == Collection.payment_id)
        .where(Instalment.plan_id == plan_id)
        .order_by(Collection.id)
    )
    return {
        row.subject_id: Taking(row.state, row.next_try_on or row.collect_on, row.label, row.public_id, row.failure)
        for row in rows
    }
