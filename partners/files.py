"""Files: the file of a placement, in both forms of the published schema."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from domain.audit.recording import record
from domain.placements.model import PLACED
from domain.placements.queries import NO_SUCH_PLACEMENT
from domain.processing.placing.building import FileForm, made_file
from domain.shared.errors import NotFound
from partners.access import actor_of, agent_of, enter
from partners.given import PlacementId
from partners.placement import PATH
from web.downloads import download
from web.given import GivenDatabase
from web.visit import AnyRequest


@get(f"{PATH}/file/{{kind:str}}", sync_to_thread=True)
def placement_file(
    request: AnyRequest, database: GivenDatabase, placement_id: PlacementId, kind: FromPath[str]
) -> Response[Any]:
    """The file, while the debt lies with the partner: afterwards who owes it is its business no more. Written down."""
    with database.transaction() as session:
        row = enter(request, session, placement_id)
        if row.status not in PLACED or kind not in set(FileForm):
            raise NotFound(NO_SUCH_PLACEMENT)
        made = made_file(session, placement_id, FileForm(kind))
        record(
            session,
            "placement.fetched",
            actor=actor_of(request),
            subject=("placement", placement_id),
            account_id=row.account_id,
            after={"filename": made.name, "partner": agent_of(request).partner_name},
        )
    return download(made.content, made.name, made.media_type)
