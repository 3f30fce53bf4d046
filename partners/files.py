"""Files: the file of a placement, in both forms of the published schema."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.params import FromPath

from domain.placements.queries import NO_SUCH_PLACEMENT
from domain.processing.placing.building import FileForm
from domain.processing.placing.fetching import fetch
from domain.shared.errors import NotFound
from partners.access import actor_of, enter
from partners.given import PlacementId
from partners.placement import PATH
from web.downloads import download
from web.given import GivenDatabase
from web.visit import AnyRequest


@get(f"{PATH}/file/{{kind:str}}", sync_to_thread=True)
def placement_file(
    request: AnyRequest, database: GivenDatabase, placement_id: PlacementId, kind: FromPath[str]
) -> Response[Any]:
    """The file, while the debt lies with the partner."""
    if kind not in set(FileForm):
        raise NotFound(NO_SUCH_PLACEMENT)
    with database.transaction() as session:
        made = fetch(session, enter(request, session, placement_id), FileForm(kind), actor=actor_of(request))
    return download(made.content, made.name, made.media_type)
