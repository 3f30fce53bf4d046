"""Visiting: every page of a site, asked for by somebody who is signed in, and how long each takes to answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection
from time import perf_counter
from typing import Final

from litestar import Litestar

from tests.support.routes import Way, ways

TIMES: Final = 20
"""So often each page is asked for, after once that does not count."""
PATIENCE: Final = 10.0
"""Seconds after which a page is asked for no more: it is too slow, whatever comes."""
FILES: Final = (".csv", ".xlsx", ".pdf", ".json", ".xml", ".zip")


@dataclass(frozen=True, slots=True)
class Asked:
    """One page as somebody asks for it: what it is called in the table, its address, and the asker's cookies."""

    route: str
    address: str
    cookie: str


@dataclass(slots=True)
class Visited:
    """How one page answered: its status, and how long each answer took to begin, in seconds."""

    route: str
    status: int
    seconds: list[float] = field(default_factory=list)

    @property
    def came(self) -> bool:
        """Whether it is there."""
        return self.status < 400

    @property
    def p95(self) -> float:
        """Within this time 95 of a hundred answers begin."""
        return sorted(self.seconds)[max(0, round(len(self.seconds) * 0.95) - 1)]

    @property
    def median(self) -> float:
        """Half of them do within this."""
        return sorted(self.seconds)[len(self.seconds) // 2]


def pages(app: Litestar) -> list[Way]:
    """Every page that somebody who is signed in can open; files to download and programs' ways are none."""
    private = [way for way in ways(app) if way.method == "GET" and not way.is_public]
    return [way for way in private if not way.handler.opt.get("machine") and not way.path.endswith(FILES)]


def visit(port: int, wanted: Sequence[Asked], progress: Callable[[], None]) -> list[Visited]:
    """Ask for each page as often as it takes, one after the other over one connection."""
    connection = HTTPConnection("127.0.0.1", port, timeout=300)
    visited = []
    for asked in wanted:
        one = Visited(asked.route, 0)
        _ask(connection, asked)
        while len(one.seconds) < TIMES and sum(one.seconds) < PATIENCE:
            one.status, taken = _ask(connection, asked)
            one.seconds.append(taken)
        visited.append(one)
        progress()
    connection.close()
    return visited


def _ask(connection: HTTPConnection, asked: Asked) -> tuple[int, float]:
    headers = {"cookie": asked.cookie, "accept": "text/html", "accept-language": "en-GB"}
    began = perf_counter()
    connection.request("GET", asked.address, headers=headers)
    answer = connection.getresponse()
    taken = perf_counter() - began
    answer.read()
    return answer.status, taken
