"""Site and visit: what handlers and templates may know of where they are, who is asking, and in which language."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any, Protocol, cast

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.types import Scope
from markupsafe import Markup

from domain.shared.business import Business
from domain.shared.db.session import Database
from domain.shared.tokens import new_token
from web.csrf import FIELD, TokenMaker
from web.localisation import LANGUAGES, Localisation, negotiate
from web.rate_limits import RateLimiter
from web.rendering import Renderer
from web.settings import SiteSettings

CUSTOMERS = "portal"
"""The name of the site that customers see."""
A_YEAR = 365 * 24 * 3600
"""Seconds that a choice such as the language is kept for."""

Connection = ASGIConnection[Any, Any, Any, Any]
AnyRequest = Request[Any, Any, Any]


class Visitor(Protocol):
    """Who is signed in, as far as the kit needs to know; each site has its own kind."""

    @property
    def language(self) -> str | None:
        """The language that this person chose, if they did."""


@dataclass(frozen=True)
class Site:
    """One of the applications, with all that its pages share."""

    name: str
    settings: SiteSettings
    database: Database
    renderer: Renderer
    tokens: TokenMaker
    limiter: RateLimiter
    authenticate: Callable[[AnyRequest], Visitor | None]
    page_context: Callable[[AnyRequest], Mapping[str, object]]
    remember_language: Callable[[AnyRequest, str], None] | None
    sign_in_path: str
    refusal_shell: str = "errors/_page.html"
    """What stands around a refusal that somebody who is signed in reads."""
    only_language: str | None = None
    """The one language of a site that has no other."""

    @property
    def business(self) -> Business:
        """The creditor as it is described now."""
        return self.database.business

    @property
    def languages(self) -> Sequence[str]:
        """The languages to choose from: customers have those that the business offers, everybody else all."""
        return (self.name == CUSTOMERS and self.business.languages) or list(LANGUAGES)

    def offered(self, tag: str) -> str:
        """The tag, or the first language on offer where its own is not."""
        return tag if tag.partition("-")[0] in self.languages else self.languages[0]

    def cookie_name(self, purpose: str = "", *, path: str = "/") -> str:
        """The name of this site's cookie: bound to the host under TLS, and told apart from the other sites' always.

        A cookie for one path alone can only be bound to TLS: browsers refuse `__Host-` with a path (RFC 6265bis).
        """
        name = f"{self.name}-{purpose}" if purpose else self.name
        prefix = "__Host-" if path == "/" else "__Secure-"
        return f"{prefix}{name}" if self.settings.tls else name


@dataclass(slots=True)
class Visit:
    """One request, from its arrival to its answer."""

    site: Site
    request_id: str
    address: str
    headers: Mapping[bytes, bytes] = field(repr=False)
    visitor: Visitor | None = None
    typed: Mapping[str, Sequence[str]] = field(default_factory=dict, repr=False)
    """The fields of the form that was sent, once it has been read."""
    sent_files: Collection[str] = ()
    """The names under which files came with it."""
    set_cookies: list[bytes] = field(default_factory=list, repr=False)
    _cookies: dict[str, str] | None = field(default=None, repr=False)
    _tag: str | None = None
    _csrf_token: str | None = field(default=None, repr=False)

    def header(self, name: bytes) -> str:
        """A request header by its lower-case name; empty when it was not sent."""
        return self.headers.get(name, b"").decode("latin-1")

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that the browser sent."""
        if self._cookies is None:
            self._cookies = _parse_cookies(self.header(b"cookie"))
        return self._cookies

    @property
    def session_token(self) -> str:
        """The session token that the browser sent to this site; empty when it sent none."""
        return self.cookies.get(self.site.cookie_name(), "")

    def begin_session(self, token: str) -> None:
        """Give the browser a session token; how long it is good for the server decides."""
        self.set_cookie("", token)

    def end_session(self) -> None:
        """Take the session token from the browser."""
        self.set_cookie("", "", max_age=0)

    @property
    def tag(self) -> str:
        """The language tag to answer in: the person's own choice, the cookie's, the browser's."""
        if self._tag is None:
            own = self.visitor.language if self.visitor else None
            kept = self.cookies.get(self.site.cookie_name("language"))
            wished = self.site.only_language or negotiate((own, kept), self.header(b"accept-language"))
            self._tag = self.site.offered(wished)
        return self._tag

    @property
    def speaking(self) -> Localisation:
        """The words and formats to answer with."""
        return self.site.renderer.speaking(self.tag)

    @property
    def csrf_token(self) -> str:
        """The token for this page's forms; the first use of it on a visit may set the cookie that it is checked by."""
        if self._csrf_token is None:
            name = self.site.cookie_name("csrf")
            kept = self.cookies.get(name, "")
            if self.site.tokens.holds(kept, self.session_token):
                self._csrf_token = kept
            else:
                self._csrf_token = self.site.tokens.make(self.session_token)
                self.set_cookie("csrf", self._csrf_token)
        return self._csrf_token

    def csrf_field(self) -> Markup:
        """The hidden field that every form of ours carries."""
        return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, self.csrf_token)

    def once_field(self) -> Markup:
        """The hidden field of a form that does something for good: the same page has its effect once."""
        return Markup('<input type="hidden" name="once" value="{}">').format(new_token())

    def set_cookie(self, purpose: str, value: str, *, max_age: int | None = None, path: str = "/") -> None:
        """Send a cookie of this site with the answer, whatever the answer is; an empty purpose is the session."""
        name = self.site.cookie_name(purpose, path=path)
        morsel = SimpleCookie({name: value})[name]
        morsel["path"], morsel["samesite"], morsel["httponly"] = path, "Lax", True
        morsel["secure"] = self.site.settings.tls
        if max_age is not None:
            morsel["max-age"] = max_age
        self.set_cookies.append(morsel.OutputString().encode("latin-1"))

    @property
    def from_htmx(self) -> bool:
        """Whether htmx asks for a part of a page (a boosted or restored page is a whole one)."""
        headers = self.headers
        return (
            headers.get(b"hx-request") == b"true"
            and b"hx-boosted" not in headers
            and b"hx-history-restore-request" not in headers
        )


def visit_of(connection: Connection | Scope) -> Visit:
    """The visit that a request belongs to."""
    scope = connection.scope if isinstance(connection, ASGIConnection) else connection
    return cast("Visit", scope["state"]["visit"])


def _parse_cookies(header: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in header.split(";"))
    return {name.strip(): value.strip().strip('"') for name, _, value in pairs}
