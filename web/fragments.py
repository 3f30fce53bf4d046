"""Answers: whole pages, parts of pages for htmx, redirects that both understand, and events that other parts hear."""

from collections.abc import Mapping
from typing import Final, TypeVar
from urllib.parse import urlsplit

from litestar import Response

from web.visit import AnyRequest, visit_of

T = TypeVar("T")
Context = Mapping[str, object]
HTML: Final = "text/html"
VARY: Final = {"vary": "HX-Request"}


def page(request: AnyRequest, template: str, context: Context | None = None, *, status: int = 200) -> Response[bytes]:
    """The whole page, with the site's navigation around it."""
    return _whole(request, template, context or {}, status)


def fragment(
    request: AnyRequest, template: str, context: Context | None = None, *, status: int = 200
) -> Response[bytes]:
    """A part of a page, as htmx swaps it in."""
    return _rendered(request, template, context or {}, status)


def page_or_fragment(
    request: AnyRequest, *, page: str, fragment: str, context: Context | None = None, status: int = 200
) -> Response[bytes]:
    """The fragment where htmx asks for it; the page for plain, boosted and history-restoring requests."""
    if visit_of(request).from_htmx:
        return _rendered(request, fragment, context or {}, status)
    return _whole(request, page, context or {}, status)


def see_other(request: AnyRequest, url: str) -> Response[bytes]:
    """Send the browser on after a POST: 303, or the header by which htmx leaves the page."""
    if visit_of(request).header(b"hx-request") == "true":
        return Response(b"", media_type=HTML, status_code=200, headers={"hx-redirect": url, **VARY})
    return Response(b"", media_type=HTML, status_code=303, headers={"location": url})


def trigger(response: Response[T], *events: str) -> Response[T]:
    """Tell the rest of the page what happened (such as `balance-changed`); whoever shows it asks for it again."""
    said = response.headers.get("hx-trigger")
    response.headers["hx-trigger"] = ", ".join((*([said] if said else []), *events))
    return response


def path_of(request: AnyRequest) -> str:
    """Path and query of the request, for a way back to here."""
    query = request.scope["query_string"].decode("latin-1")
    return f"{request.scope['path']}?{query}" if query else str(request.scope["path"])


def own_path(wanted: str | None, otherwise: str = "/") -> str:
    """`wanted` if it is a path of this site and nothing else, so that a `next` cannot lead anybody elsewhere."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")) or not wanted.isprintable():
        return otherwise
    parts = urlsplit(wanted)
    return otherwise if parts.scheme or parts.netloc or "\\" in wanted else wanted


def _whole(request: AnyRequest, template: str, context: Context, status: int) -> Response[bytes]:
    around = {"request_path": path_of(request), **visit_of(request).site.page_context(request)}
    return _rendered(request, template, {**around, **context}, status)


def _rendered(request: AnyRequest, template: str, context: Context, status: int) -> Response[bytes]:
    visit = visit_of(request)
    ours = {"visit": visit, "visitor": visit.visitor, "csrf_field": visit.csrf_field, "once_field": visit.once_field}
    html = visit.site.renderer.render(visit.tag, template, {**ours, **context})
    return Response(html.encode(), media_type=HTML, status_code=status, headers=dict(VARY))
