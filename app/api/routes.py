"""Routes: all that other systems can ask, under /api/v1, and the document that describes it."""

from __future__ import annotations

import msgspec
from litestar import Litestar, Response, Router, get, route
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from app.api import credit, documents, placements
from app.api.placement_answers import on_flawed
from app.api.problems import PROBLEMS, problem
from domain.processing.placing.taking_in import Flawed
from web.kit import constant
from web.visit import AnyRequest

PREFIX = "/api/v1"
VERSION = "1.0.0"
HANDLERS: list[ControllerRouterHandler] = [
    credit.credit,
    credit.put_unbilled,
    credit.remove_unbilled,
    documents.file_document,
    placements.placements,
    placements.placement,
    placements.placement_file,
    placements.bring_updates,
]

REFUSALS = {**PROBLEMS, Flawed: on_flawed}


def described() -> bytes:
    """The OpenAPI document of these routes and no others, made from the handlers themselves."""
    app = Litestar(
        [Router(PREFIX, route_handlers=HANDLERS)],
        dependencies={"database": constant(None), "intake": constant(None)},
        logging_config=None,
        openapi_config=OpenAPIConfig(
            title="Quittance",
            version=VERSION,
            use_handler_docstrings=True,
            description="Ask how much credit an account has before you ship; say what is not yet billed; file papers; "
            "fetch what was handed to you, and bring what became of it.",
            components=Components(
                security_schemes={"key": SecurityScheme(type="http", scheme="bearer", description="A key: qk_…")}
            ),
        ),
    )
    return msgspec.json.format(msgspec.json.encode(app.openapi_schema.to_schema()), indent=2)


def api() -> Router:
    """The handlers, as programs call them: no cookies, problems instead of pages."""
    document = described()

    @get("/openapi.json", sync_to_thread=False)
    def describe() -> Response[bytes]:
        return Response(document, media_type="application/json")

    @route("/{rest:path}", http_method=["GET", "POST", "PUT", "DELETE", "PATCH"], sync_to_thread=False)
    def nothing_here(request: AnyRequest, rest: FromPath[str]) -> Response[bytes]:
        return problem(request, 404, "There is nothing here. /api/v1/openapi.json says what there is.")

    return Router(
        PREFIX,
        route_handlers=[*HANDLERS, describe, nothing_here],
        exception_handlers={**PROBLEMS, Flawed: on_flawed},
        opt={"machine": True},
    )
