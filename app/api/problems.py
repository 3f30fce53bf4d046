"""Problems: what a program reads when it is refused, as application/problem+json (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus

import msgspec
import structlog
from litestar import Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from domain.shared.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from web.rate_limits import TooOften
from web.visit import AnyRequest, visit_of

MEDIA_TYPE = "application/problem+json"
WHOLE_BODY = "data"
"""What the framework calls a body in which something is missing."""
log = structlog.get_logger("api")


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why a request was refused: `detail` is for people; `field` names what of the request is wrong."""

    title: str
    status: int
    detail: str
    request_id: str
    field: str | None = None


class NoKey(Exception):
    """The request brings no key, or one that opens nothing."""


def problem(request: AnyRequest, status: int, detail: str, *, field: str | None = None) -> Response[bytes]:
    """The answer to a request that is refused."""
    told = Problem(HTTPStatus(status).phrase, status, detail, visit_of(request).request_id, field)
    return Response(msgspec.json.encode(told), media_type=MEDIA_TYPE, status_code=status)


def _on_no_key(request: AnyRequest, _: NoKey) -> Response[bytes]:
    answer = problem(request, 401, "Show a key that is in use, as: Authorization: Bearer qk_…")
    answer.headers["www-authenticate"] = "Bearer"
    return answer


def _on_not_found(request: AnyRequest, refused: NotFound) -> Response[bytes]:
    return problem(request, 404, str(refused))


def _on_not_allowed(request: AnyRequest, refused: NotAllowed) -> Response[bytes]:
    return problem(request, 403, str(refused))


def _on_conflict(request: AnyRequest, refused: Conflict) -> Response[bytes]:
    return problem(request, 409, str(refused))


def _on_refused(request: AnyRequest, refused: Refused) -> Response[bytes]:
    return problem(request, 422, str(refused), field=refused.field)


def _on_too_often(request: AnyRequest, refused: TooOften) -> Response[bytes]:
    answer = problem(request, 429, f"Too many requests. Try again in {refused.wait} s.")
    answer.headers["retry-after"] = str(refused.wait)
    return answer


def _on_http(request: AnyRequest, refused: HTTPException) -> Response[bytes]:
    if refused.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _on_crash(request, refused)
    wrong = refused.extra[0] if isinstance(refused.extra, list) and refused.extra else {}
    said = f"{refused.detail} {wrong.get('message', '')}".strip()
    field = wrong.get("key")
    return problem(request, refused.status_code, said, field=None if field == WHOLE_BODY else field)


def _on_crash(request: AnyRequest, crash: Exception) -> Response[bytes]:
    log.error("crash", route=request.scope.get("path_template") or "none", exc_info=crash)
    return problem(request, 500, "Something went wrong on our side. It was written down under this request id.")


PROBLEMS: ExceptionHandlersMap = {
    NoKey: _on_no_key,
    NotFound: _on_not_found,
    NotAllowed: _on_not_allowed,
    Conflict: _on_conflict,
    Invalid: _on_refused,
    Refused: _on_refused,
    TooOften: _on_too_often,
    HTTPException: _on_http,
    Exception: _on_crash,
}
"""How each refusal is told to a program."""
