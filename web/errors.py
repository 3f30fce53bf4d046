"""Errors: what people read when something is refused, missing, too much, or broken. Never a traceback."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

import structlog
from litestar import MediaType, Response
from litestar.exceptions import HTTPException
from litestar.serialization import encode_json
from litestar.types import ExceptionHandlersMap
from sqlalchemy.exc import DataError

from domain.shared.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from web.admission import SAFE_METHODS, SignInNeeded
from web.csrf import CsrfRefused
from web.fragments import HTML, VARY, own_path, page, path_of, see_other
from web.rate_limits import TooOften
from web.visit import AnyRequest, visit_of

log = structlog.get_logger("web")
TEXT_TOO_LONG = "22001"
"""PostgreSQL's `string_data_right_truncation`."""
SECRETS = frozenset({"password", "again", "code", "token"})
"""Fields that are on no page a second time, and so neither is the form that has one."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that came too often, to be sent again as it was; its `files` have to be chosen once more."""

    action: str
    fields: Sequence[tuple[str, str]]
    files: Collection[str]


def error_answer(
    request: AnyRequest, template: str, status: int, context: Mapping[str, object] | None = None
) -> Response[bytes]:
    """An error as a page, as a message that htmx puts where the page keeps its notices, or as JSON for programs."""
    visit = visit_of(request)
    if _asked_by_machine(request):
        body = {"error": template, "request_id": visit.request_id}
        return Response(encode_json(body), media_type=MediaType.JSON, status_code=status)
    whole = not visit.from_htmx
    if whole and visit.visitor is not None and status < 500:
        seen = own_path(urlsplit(visit.header(b"referer")).path)
        inside = {"shell": visit.site.refusal_shell, "request_id": visit.request_id, "back": seen, **(context or {})}
        return page(request, f"errors/{template}.html", inside, status=status)
    shell = "errors/_page.html" if whole else "errors/_message.html"
    given = {"visit": visit, "shell": shell, "request_id": visit.request_id, "status": status, **(context or {})}
    html = visit.site.renderer.render(visit.tag, f"errors/{template}.html", given)
    headers = dict(VARY) if whole else {**VARY, "hx-retarget": "#notice", "hx-reswap": "innerHTML show:top"}
    return Response(html.encode(), media_type=HTML, status_code=status, headers=headers)


def _asked_by_machine(request: AnyRequest) -> bool:
    # A path that leads nowhere has no handler.
    return bool(getattr(request.scope.get("route_handler"), "opt", {}).get("machine"))


def on_refused(request: AnyRequest, refused: Refused) -> Response[bytes]:
    """A refusal that no form caught: say it on a page of its own."""
    return error_answer(request, "refused", 422, {"words": visit_of(request).speaking.refusal(refused)})


def on_not_found(request: AnyRequest, refused: Exception) -> Response[bytes]:
    """No such thing, or none that this visitor may know of."""
    words = None
    if isinstance(refused, NotFound) and refused.text != NotFound.USUAL:  # which is what the page's heading says
        words = visit_of(request).speaking.refusal(refused)
    return error_answer(request, "not_found", 404, {"words": words})


def on_not_allowed(request: AnyRequest, refused: NotAllowed) -> Response[bytes]:
    """Seen, but not theirs to do: say who can."""
    speaking = visit_of(request).speaking
    who_can = [speaking.translate(who) for who in refused.who_can]
    return error_answer(request, "not_allowed", 403, {"words": speaking.refusal(refused), "who_can": who_can})


def on_forged(request: AnyRequest, _: CsrfRefused) -> Response[bytes]:
    """The form was not ours, or is from an earlier session."""
    return error_answer(request, "form_expired", 403)


def on_too_often(request: AnyRequest, refused: TooOften) -> Response[bytes]:
    """Too many tries: say when another is welcome, and keep what was typed for it."""
    waits = {"minutes": -(-refused.wait // 60), "seconds": refused.wait}
    answer = error_answer(request, "too_often", 429, {**waits, "kept": _kept(request)})
    answer.headers["retry-after"] = str(refused.wait)
    return answer


def _kept(request: AnyRequest) -> Kept | None:
    """What the form was sent with; nothing where no form was sent, or where a secret is in it."""
    visit = visit_of(request)
    if request.method in SAFE_METHODS or not visit.typed or SECRETS & visit.typed.keys():
        return None
    fields = [(name, value) for name, values in visit.typed.items() for value in values]
    return Kept(path_of(request), fields, visit.sent_files)


def on_stranger(request: AnyRequest, _: SignInNeeded) -> Response[bytes]:
    """Nobody is signed in: lead to the sign-in page, and back here afterwards where that makes sense."""
    visit = visit_of(request)
    if visit.from_htmx or request.method not in SAFE_METHODS:
        seen = visit.header(b"hx-current-url") or visit.header(b"referer")
        back = own_path(urlsplit(seen).path, otherwise="")
    else:
        back = own_path(path_of(request), otherwise="")
    query = f"?next={quote(back, safe='/')}" if back and back != "/" else ""
    return see_other(request, f"{visit.site.sign_in_path}{query}")


def on_http(request: AnyRequest, problem: HTTPException) -> Response[bytes]:
    """What the framework refused: unknown paths, methods, sizes, unreadable input."""
    match problem.status_code:
        case 404:
            return on_not_found(request, problem)
        case 405:
            answer = error_answer(request, "not_this_way", 405)
            answer.headers.update({k: v for k, v in (problem.headers or {}).items() if k.lower() == "allow"})
            return answer
        case 413:
            return error_answer(request, "too_large", 413)
        case status if status < 500:
            return error_answer(request, "unreadable", status)
        case _:
            return on_crash(request, problem)


def on_beyond(request: AnyRequest, problem: Exception) -> Response[bytes]:
    """An address names what no database can hold, such as a number of thirty digits: there is no such thing."""
    route = request.scope.get("path_template") or "none"
    log.warning("beyond the database", route=route, method=request.scope["method"], exc_info=problem)
    return on_not_found(request, problem)


def on_data(request: AnyRequest, problem: DataError) -> Response[bytes]:
    """The same; but a text that is too long for its column is our fault, since nothing refused it before."""
    is_ours = getattr(problem.orig, "sqlstate", None) == TEXT_TOO_LONG
    return on_crash(request, problem) if is_ours else on_beyond(request, problem)


def on_crash(request: AnyRequest, problem: Exception) -> Response[bytes]:
    """Our fault: write it down under a reference, tell the person the reference, and promise nothing about money."""
    route = request.scope.get("path_template") or "none"
    log.error("crash", route=route, method=request.scope["method"], exc_info=problem)
    return error_answer(request, "broken", 500)


HANDLERS: ExceptionHandlersMap = {
    Refused: on_refused,
    Invalid: on_refused,
    Conflict: on_refused,
    NotFound: on_not_found,
    NotAllowed: on_not_allowed,
    CsrfRefused: on_forged,
    TooOften: on_too_often,
    SignInNeeded: on_stranger,
    OverflowError: on_beyond,
    DataError: on_data,
    HTTPException: on_http,
    Exception: on_crash,
}
