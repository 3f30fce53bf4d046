"""Foreseeing: what a partner's file would come to, as far as one can see without doing it; nothing is changed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from domain.placements.files.remittance_schema import Remitted
from domain.placements.files.schema import Update, UpdateKind
from domain.placements.model import PlacementStatus
from domain.placements.naming import named
from domain.placements.people import seen
from domain.processing.placing import remittance_acts, update_acts
from domain.processing.placing.answers import Answer, Outcome, why
from domain.processing.placing.taking_in import Record
from domain.remittances import collections
from domain.shared.errors import NotFound, Refused


def foresee(session: Session, partner_id: int, records: Sequence[Record]) -> list[Answer]:
    """What would become of each record; whether our books bear it out is seen only when it is done."""
    foreseeing = _Foreseeing(session, partner_id)
    return [foreseeing.answer(record) for record in records]


class _Foreseeing:
    """What the records so far would have led to."""

    def __init__(self, session: Session, partner_id: int) -> None:
        self._session = session
        self._partner_id = partner_id
        self._states: dict[int, PlacementStatus] = {}
        self._paid: set[tuple[int, str | None]] = set()

    def answer(self, record: Record) -> Answer:
        """What would become of the next record."""
        try:
            return record.answered(self._outcome(record.told))
        except Refused as refused:
            return record.answered(Outcome.REFUSED, why(refused))

    def _outcome(self, told: Update | Remitted) -> Outcome:
        if isinstance(told, Remitted):
            remittance_acts.meant(self._session, self._partner_id, told)
            known = remittance_acts.is_known(self._session, self._partner_id, told)
            return Outcome.KNOWN if known else Outcome.DONE
        row = seen.placement(self._session, self._partner_id, named(told.reference))
        if update_acts.is_known(self._session, row, told):
            return Outcome.KNOWN
        update_acts.check_state(self._states.get(row.id, row.status), told)
        self._states[row.id] = update_acts.LEADS_TO.get(told.update, self._states.get(row.id, row.status))
        payment = (row.id, told.partner_reference)
        if told.update is UpdateKind.PAYMENT:
            self._paid.add(payment)
        elif told.update is UpdateKind.BOUNCED and payment not in self._paid:
            self._check_paid(row.id, told)
        return Outcome.DONE

    def _check_paid(self, placement_id: int, told: Update) -> None:
        reference = told.partner_reference or ""
        if collections.by_reference(self._session, placement_id, reference) is None:
            raise NotFound(remittance_acts.NO_SUCH_PAYMENT, reference=reference, placement=told.reference)
