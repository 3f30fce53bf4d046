"""Placements: an agency's or attorney's programs fetch what was handed to it, and bring what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import Annotated, BinaryIO

import msgspec
from litestar import Response, get, post
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIType, Operation, RequestBody, Schema
from litestar.params import FromPath, FromQuery, QueryParameter, RawBody
from sqlalchemy.orm import Session

from app.api.credit import KEYED, GivenDatabase, refusals
from app.api.keys import admitted_partner
from app.api.placement_answers import (
    FileAnswer,
    FileProblem,
    PlacementAnswer,
    PlacementWithDebts,
    file_answer,
    placement_answer,
    placement_with_debts,
)
from app.api.problems import MEDIA_TYPE
from domain.placements.correspondence.model import BroughtBy
from domain.placements.files.schema import LARGEST_FILE
from domain.placements.naming import named
from domain.placements.people import seen
from domain.processing.placing.bringing import bring
from domain.processing.placing.building import FileForm
from domain.processing.placing.fetching import fetch
from domain.shared.db.rows import AnyRow
from web.forms import AROUND_A_FILE
from web.rate_limits import Rate
from web.uploads import GivenIntake
from web.visit import AnyRequest, visit_of

PAGE = 100
Format = Annotated[FileForm, QueryParameter(name="format")]
BRINGING = Rate(60, 60)
"""So often one key may bring a file: each may tell a thousand things."""


class Placements(msgspec.Struct, frozen=True):
    """A page of placements in the order of their references; `after` is where the next one begins, null: no more."""

    placements: list[PlacementAnswer]
    after: str | None


@dataclass(frozen=True, slots=True)
class _Sent:
    """A file as it was sent."""

    filename: str
    file: BinaryIO


@dataclass
class _TakesAFile(Operation):
    """How the document describes a body that is a file as it stands."""

    def __post_init__(self) -> None:
        self.request_body = RequestBody(
            required=True,
            description="A file of updates or remittances: docs/placement-file.md.",
            content={
                "application/json": OpenAPIMediaType(schema=Schema(type=OpenAPIType.OBJECT)),
                "text/csv": OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING)),
            },
        )


@get(
    "/placements",
    sync_to_thread=True,
    operation_id="placements",
    summary="What was handed to you",
    responses=refusals(400),
    security=KEYED,
)
def placements(request: AnyRequest, database: GivenDatabase, after: FromQuery[str] = "") -> Response[Placements]:
    """All placements that were ever sent to the partner of this key, in pages of a hundred, and how each stands."""
    partner_id, _ = admitted_partner(request, database)
    with database.reading() as session:
        rows = seen.every(session, partner_id, after=named(after), limit=PAGE + 1)
    found = [placement_answer(row) for row in rows[:PAGE]]
    return Response(Placements(found, found[-1].reference if len(rows) > PAGE else None))


@get(
    "/placements/{reference:str}",
    sync_to_thread=True,
    operation_id="placement",
    summary="How one placement stands",
    responses=refusals(400),
    security=KEYED,
)
def placement(request: AnyRequest, database: GivenDatabase, reference: FromPath[str]) -> Response[PlacementWithDebts]:
    """How a placement stands right now, and what is open of each of its debts; also once it is back."""
    partner_id, _ = admitted_partner(request, database)
    with database.reading() as session:
        row = _theirs(session, partner_id, reference)
        return Response(placement_with_debts(session, row))


@get(
    "/placements/{reference:str}/file",
    sync_to_thread=True,
    operation_id="placement_file",
    summary="The file of a placement",
    responses={
        200: ResponseSpec(bytes, description="The file.", media_type="application/json", generate_examples=False),
        **refusals(400),
    },
    security=KEYED,
)
def placement_file(
    request: AnyRequest, database: GivenDatabase, reference: FromPath[str], form_wanted: Format = FileForm.JSON
) -> Response[bytes]:
    """The placement file, as JSON or CSV, while the placement lies with the partner; afterwards it is not found."""
    partner_id, actor = admitted_partner(request, database)
    with database.transaction() as session:
        made = fetch(session, _theirs(session, partner_id, reference), form_wanted, actor=actor)
    return Response(made.content, media_type=made.media_type)


@post(
    "/placements/updates",
    sync_to_thread=True,
    status_code=200,
    operation_id="bring_updates",
    summary="Bring updates or remittances",
    responses={
        **refusals(400, 409, 413),
        422: ResponseSpec(
            FileProblem, description="It cannot be taken in.", media_type=MEDIA_TYPE, generate_examples=False
        ),
    },
    security=KEYED,
    operation_class=_TakesAFile,
    request_max_body_size=LARGEST_FILE + AROUND_A_FILE,
)
def bring_updates(
    request: AnyRequest, database: GivenDatabase, intake: GivenIntake, body: RawBody, name: FromQuery[str] = "updates"
) -> Response[FileAnswer]:
    """Bring a file of updates or remittances; each record is done for itself, and what is known is not done again."""
    partner_id, actor = admitted_partner(request, database)
    visit_of(request).site.limiter.count("api-bring", str(actor.id), BRINGING)
    answers = bring(database, intake, partner_id, _Sent(name, BytesIO(body)), by=BroughtBy.API, actor=actor)
    return Response(file_answer(answers))


def _theirs(session: Session, partner_id: int, reference: str) -> AnyRow:
    """A placement of this partner; NotFound."""
    return seen.placement(session, partner_id, named(reference))
