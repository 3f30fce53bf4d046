"""Placement answers: how a placement stands, and what became of a partner's file, as programs read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated

import msgspec
from litestar import Response
from sqlalchemy.orm import Session

from app.api.problems import MEDIA_TYPE, Problem
from domain.placements import queries
from domain.placements.files.flaws import Flaw
from domain.placements.model import Closing, PlacementStatus
from domain.placements.naming import percent_of, reference_of
from domain.processing.placing.answers import Answer, Outcome, counts
from domain.processing.placing.taking_in import Flawed
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import now
from domain.shared.money import Money
from domain.shared.words import Words
from web.visit import AnyRequest, visit_of

Amount = Annotated[str, msgspec.Meta(pattern=r"^[0-9]+([.][0-9]+)?$", description="In the placement's currency.")]
Percent = Annotated[str, msgspec.Meta(pattern=r"^[0-9]+([.][0-9]+)?$", description="Per cent of what is collected.")]


class PlacementAnswer(msgspec.Struct, frozen=True):
    """How a placement stands; `open` is what is owed of it now, whoever was paid."""

    reference: str
    account_number: str
    status: PlacementStatus
    closing: Closing | None
    currency: str
    placed: Amount
    open: Amount
    commission: Percent
    sent_at: datetime
    returns_on: date | None
    ended_at: datetime | None


class DebtAnswer(msgspec.Struct, frozen=True):
    """One invoice or debit note of a placement: what of it was handed over, and what is open now."""

    number: str
    placed: Amount
    open: Amount


class PlacementWithDebts(PlacementAnswer, frozen=True):
    """A placement with what it is made of, the oldest due first."""

    debts: list[DebtAnswer]
    as_of: datetime


class RecordAnswer(msgspec.Struct, frozen=True):
    """One update or remittance of a file: where it stands, what it told, and what became of it."""

    place: str
    told: str
    reference: str
    on: date
    outcome: Outcome
    why: str | None


class FileAnswer(msgspec.Struct, frozen=True):
    """What became of a file, record by record in its order."""

    done: int
    known: int
    refused: int
    records: list[RecordAnswer]


class FlawAnswer(msgspec.Struct, frozen=True):
    """One thing that is wrong with a file, as `quittance placement validate` names it."""

    place: str
    field: str
    wrong: str
    todo: str


class FileProblem(Problem, frozen=True, omit_defaults=True):
    """Why a file was not taken in, and each thing that is wrong with it."""

    problems: list[FlawAnswer] = msgspec.field(default_factory=list)


def placement_answer(row: AnyRow) -> PlacementAnswer:
    """A row of `people.seen`."""
    return PlacementAnswer(
        reference=reference_of(row.id),
        account_number=row.account_number,
        status=row.status,
        closing=row.closing,
        currency=row.currency,
        placed=_amount(row.placed_minor, row.currency),
        open=_amount(row.open_minor, row.currency),
        commission=str(percent_of(row.rate_bp)),
        sent_at=row.sent_at,
        returns_on=row.returns_on,
        ended_at=row.ended_at,
    )


def placement_with_debts(session: Session, row: AnyRow) -> PlacementWithDebts:
    """The same with its debts."""
    debts = [
        DebtAnswer(each.number, _amount(each.placed_minor, row.currency), _amount(each.open_minor, row.currency))
        for each in queries.invoices(session, row.id)
        if each.placed_minor is not None
    ]
    return PlacementWithDebts(**msgspec.structs.asdict(placement_answer(row)), debts=debts, as_of=now(session))


def file_answer(answers: Sequence[Answer], say: Callable[[Words], str] = str) -> FileAnswer:
    """What became of a file; `say` puts the reasons into the reader's language."""
    many = counts(answers)
    records = [
        RecordAnswer(
            each.place, each.told, each.reference, each.on, each.outcome, None if each.why is None else say(each.why)
        )
        for each in answers
    ]
    return FileAnswer(many[Outcome.DONE], many[Outcome.KNOWN], many[Outcome.REFUSED], records)


def flaw_answers(flaws: Sequence[Flaw]) -> list[FlawAnswer]:
    """What is wrong with a file."""
    return [FlawAnswer(flaw.place, flaw.field, flaw.wrong, flaw.todo) for flaw in flaws]


def on_flawed(request: AnyRequest, flawed: Flawed) -> Response[bytes]:
    """How it is told that a file cannot be taken in."""
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    request_id = visit_of(request).request_id
    told = FileProblem(status.phrase, status, str(flawed), request_id, "file", flaw_answers(flawed.flaws))
    return Response(msgspec.json.encode(told), media_type=MEDIA_TYPE, status_code=status)


def _amount(minor: int, currency: str) -> str:
    return str(Money(minor, currency).decimal)
