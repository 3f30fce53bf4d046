"""A browser without a screen: asks a site for pages, checks each strictly, and sends forms as people do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from types import TracebackType
from typing import Any, ClassVar, Self
from xml.etree.ElementTree import Element

from anyio.from_thread import BlockingPortal, start_blocking_portal
from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from tests.support.html import parse
from web.gate import Gate

Values = Mapping[str, str | list[str]]
Files = Mapping[str, tuple[str, bytes]] | Sequence[tuple[str, tuple[str, bytes]]]
"""What is uploaded: the file's name and content by the field's name."""


class Page:
    """One answer, parsed if it is HTML."""

    def __init__(self, client: Client, response: Response) -> None:
        self._client = client
        self.response = response
        self.status = response.status_code
        self.headers = response.headers
        self.path = str(response.url.raw_path.decode())
        if client.reads:
            _ = self.tree

    @cached_property
    def tree(self) -> Element | None:
        """What the answer consists of, if it is HTML; it is parsed strictly."""
        html = self.headers.get("content-type", "").startswith("text/html") and not self.is_download
        return parse(self.response.text) if html and self.response.text else None

    @property
    def is_download(self) -> bool:
        """Whether the answer is a file to keep, not a page to look at."""
        return str(self.headers.get("content-disposition", "")).startswith("attachment")

    @property
    def location(self) -> str:
        """Where a redirect leads."""
        return str(self.headers["location"])

    @property
    def words(self) -> str:
        """What can be read on the page, with single spaces."""
        assert self.tree is not None, f"{self.path} is not a page but {self.headers.get('content-type')}"
        return " ".join("".join(self.tree.itertext()).replace("\xa0", " ").split())

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """The elements of a kind, with these attributes (`class_` and `for_` for the reserved words)."""
        assert self.tree is not None
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        found = (element for element in self.tree.iter() if str(element.tag).rpartition("}")[2] == tag)
        return [element for element in found if all(element.get(name) == value for name, value in wanted.items())]

    def link(self, words: str) -> str:
        """Where the link with these words leads."""
        return next(str(a.get("href")) for a in self.all("a") if words in _words(a))

    def follow(self, words: str) -> Page:
        """Go where the link with these words leads."""
        return self._client.get(self.link(words))

    def submit(
        self, button: str, values: Values | None = None, *, files: Files | None = None, **more: str | list[str]
    ) -> Page:
        """Fill in the form that has a button with these words, add `files`, and press it."""
        form, pressed = self._form_with(button)
        data = {**_filled(form), **(values or {}), **more}
        if pressed.get("name"):
            data[str(pressed.get("name"))] = pressed.get("value") or ""
        action = pressed.get("formaction") or form.get("action") or self.path
        if (form.get("method") or "get").lower() == "get":
            return self._client.get(action, params=data)
        return self._client.post(action, data=data, files=files)

    def _form_with(self, words: str) -> tuple[Element, Element]:
        for form in self.all("form"):
            for button in form.iter("button"):
                if words in _words(button):
                    return form, button
        raise AssertionError(f"no form on {self.path} has a button {words!r}")


class Client:
    """A browser's visits to one site, at its public address: keeps cookies, follows nothing by itself.

    It `reads` every page as it comes, and so finds bad HTML, or only those that the test looks at.
    """

    _loop: ClassVar[BlockingPortal | None] = None

    @classmethod
    @contextmanager
    def in_one_loop(cls) -> Iterator[None]:
        """Have all sites answer in one event loop, with its threads: to start them anew costs as much as a page."""
        with start_blocking_portal() as cls._loop:
            yield
        cls._loop = None

    def __init__(self, app: Litestar, *, reads: bool = True) -> None:
        self.reads = reads
        assert isinstance(app.asgi_handler, Gate), "only what web.kit.assemble made can be visited"
        public_url = app.asgi_handler.site.settings.public_url
        self._http = TestClient(app, base_url=public_url, raise_server_exceptions=False)
        if self._loop is not None:
            self._http.blocking_portal = self._loop

    def __enter__(self) -> Self:
        self._http.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, at: TracebackType | None) -> None:
        self._http.__exit__(kind, value, at)

    @property
    def cookies(self) -> Any:
        """The cookies that this browser keeps."""
        return self._http.cookies

    def get(self, path: str, *, params: Values | None = None, headers: Mapping[str, str] | None = None) -> Page:
        """Open a page."""
        response = self._http.get(path, params=params, headers=dict(headers or {}), follow_redirects=False)
        return Page(self, response)

    def head(self, path: str) -> Page:
        """Ask what a page would answer, without the page."""
        return Page(self, self._http.head(path, follow_redirects=False))

    def fragment(self, path: str, *, params: Values | None = None) -> Page:
        """Ask for a part of a page, as htmx does."""
        return self.get(path, params=params, headers={"hx-request": "true"})

    def post(
        self,
        path: str,
        *,
        data: Values | None = None,
        files: Files | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        """Send exactly this; a form of a page is sent by `Page.submit`, which brings the token."""
        response = self._http.post(
            path, data=dict(data or {}), files=files, headers=dict(headers or {}), follow_redirects=False
        )
        return Page(self, response)

    def follow(self, page: Page) -> Page:
        """Go where a redirect leads, as far as it leads on this site."""
        for _ in range(5):
            if page.status not in {301, 302, 303, 307}:
                return page
            page = self.get(page.location)
        raise AssertionError(f"redirects in circles at {page.path}")


def _words(element: Element) -> str:
    return " ".join("".join(element.itertext()).replace("\xa0", " ").split())


def _filled(form: Element) -> dict[str, str | list[str]]:
    """What the form would send as it stands."""
    filled: dict[str, list[str]] = {}
    for name, value in _fields(form):
        filled.setdefault(name, []).append(value)
    return {name: values[0] if len(values) == 1 else values for name, values in filled.items()}


def _fields(form: Element) -> Iterator[tuple[str, str]]:
    for element in form.iter():
        name = element.get("name")
        if not name or element.tag not in {"input", "select", "textarea"}:
            continue
        kind = element.get("type", "text")
        if element.tag == "textarea":
            yield name, (element.text or "").removeprefix("\n")
        elif element.tag == "select":
            options = list(element.iter("option"))
            chosen = next((o for o in options if o.get("selected") is not None), options[0] if options else None)
            if chosen is not None:
                yield name, chosen.get("value", _words(chosen))
        elif kind in {"checkbox", "radio"}:
            if element.get("checked") is not None:
                yield name, element.get("value", "on")
        elif kind not in {"file", "submit", "button"}:
            yield name, element.get("value", "")
