"""Health: whether this process can answer and reach its data, for whoever watches it."""

from collections.abc import Mapping

from litestar import Response, get
from litestar.handlers import HTTPRouteHandler
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from domain.shared.db.session import Database

HEALTHY = b'{"status":"ok"}'
"""What a site that is well answers."""


def is_ours(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether such an answer comes from one of our sites that is well, and not from somebody else at its port."""
    return "x-request-id" in {name.lower() for name in headers} and body == HEALTHY


def health_handler(database: Database) -> HTTPRouteHandler:
    """`GET /health`: 200 when the database answers, 503 when it does not. It tells nothing else."""

    @get("/health", opt={"machine": True}, sync_to_thread=True)
    def health() -> Response[dict[str, str]]:
        try:
            with database.reading() as session:
                session.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return Response({"status": "no database"}, status_code=503)
        return Response({"status": "ok"})

    return health
