"""`python -m bench.scale`: fill PostgreSQL with a crowd, open every page of both sites, and write the table down."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import Final

from litestar import Litestar
from rich.progress import Progress

from adapters.storage.disk import DiskStore
from backoffice.access import Admit
from bench.databases import new_database, opened
from bench.scale.crowding import Crowd, crowd
from bench.scale.duties import work_off
from bench.scale.peopling import of_the_office, of_the_portal
from bench.scale.visiting import TIMES, Asked, Visited, pages, visit
from bench.serving import office, served
from domain.shared.db.session import Database
from domain.staff.model import Role
from domain.staff.permissions import may
from tests.portal.conftest import a_portal
from tests.portal.test_access import path as portal_path
from tests.support.routes import Way

GOAL: Final = 0.3
"""Seconds within which 95 of a hundred answers have to begin."""
SIZE: Final = Crowd(100_000)
DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "scale.md"
BEGIN, END = "<!-- the last run -->\n", "<!-- end of the last run -->"
WORSE: Final = 12
"""So many of the slowest pages are printed, and all that miss the goal; the documentation has every page."""
ALSO: Final[Mapping[str, Sequence[str]]] = {
    "/accounts": (
        "?q=harbour+bakery",
        "?q=harbuor+bakry",
        "?q=INV-00123456",
        "?show=late&sort=late",
        "?sort=open",
        "?least=1000&most=2000",
    ),
    "/search": ("?q=harbour+bakery", "?q=harbuor+bakry", "?q=00123456", "?q=1234.50"),
}
"""Pages that are asked for with something behind the question mark too."""
WANTS: Final[Mapping[str, str]] = {"/bulk/new": "?account=1&account=2&account=3"}
"""Pages that say what they lack without something behind the question mark."""
_IN_ANOTHER_STATE = "the one of its kind that there is stands otherwise: it refuses, and says why"
LEFT_OUT: Final[Mapping[str, str]] = {
    "/accounts/{account_id:int}/invoices/{invoice_id:int}/extend": _IN_ANOTHER_STATE,
    "/accounts/{account_id:int}/invoices/{invoice_id:int}/shorten": _IN_ANOTHER_STATE,
    "/accounts/{account_id:int}/invoices/{invoice_id:int}/waive": _IN_ANOTHER_STATE,
    "/refunds/{refund_id:str}/explain": _IN_ANOTHER_STATE,
    "/payments/{public_id:str}/return": _IN_ANOTHER_STATE,
    "/plans/{plan_id:int}/pause": _IN_ANOTHER_STATE,
    "/plans/{plan_id:int}/end": _IN_ANOTHER_STATE,
    "/chargebacks/{chargeback_ref:str}/answer/check": "a form that was not filled in comes back",
    "/receipts/slip": "a form that was not filled in comes back",
    "/several/invoices": "a form that was not filled in comes back",
}
"""Pages that are not measured, and why."""


def main() -> None:
    """Measure everything, in a folder that is gone afterwards; 1 where a page is too slow or did not come."""
    size = Crowd(int(sys.argv[1])) if len(sys.argv) > 1 else SIZE
    with tempfile.TemporaryDirectory(prefix="quittance-scale-") as name:
        documents = Path(name) / "documents"
        url = new_database("PostgreSQL", Path(name), "scale")
        with opened(url) as database:
            began = perf_counter()
            crowd(database.bind, size)  # type: ignore[arg-type]
            filled = perf_counter() - began
            worked = work_off(database)
            asked = {"office": _office(database, documents, size), "portal": _portal(database, documents)}
        with Progress(transient=True) as progress:
            bar = progress.add_task("visiting", total=sum(map(len, asked.values())))
            visited = []
            for side, wanted in asked.items():
                with served(side, url, documents) as port:
                    visited += visit(port, wanted, lambda: progress.advance(bar))
    visited.sort(key=lambda one: one.p95, reverse=True)
    _write_down(visited, size, filled, worked)
    sys.exit(any(one.p95 > GOAL or not one.came for one in visited))


def _office(database: Database, documents: Path, size: Crowd) -> list[Asked]:
    cookies, naming = of_the_office(database, documents)
    asked = []
    for way in _opened(office(database, DiskStore(documents))):
        role = _role(way)
        cookie, address = cookies[role], way.filled({**dict.fromkeys(way.wants, 1), **naming(way, role)})
        first = WANTS.get(way.path, "")
        asked += [Asked(way.path + query, address + query, cookie) for query in (first, *ALSO.get(way.path, ()))]
        if way.wants == ["account_id"]:
            theirs = way.filled({"account_id": size.accounts // 2})
            asked.append(Asked(f"{way.path} (of the crowd)", theirs, cookie))
    return asked


def _opened(app: Litestar) -> list[Way]:
    """The pages that are measured."""
    return [way for way in pages(app) if way.path not in LEFT_OUT]


def _role(way: Way) -> Role:
    """Who opens a page: whoever has the right to, managers first."""
    (door,) = (each for each in way.handler.guards or () if isinstance(each, Admit))
    enough = any if door.one_is_enough else all
    opens: list[Role] = [r for r in (Role.MANAGER, *Role) if enough(may(r, one) for one in door.permissions)]
    return opens[0]


def _portal(database: Database, documents: Path) -> list[Asked]:
    cookie, values = of_the_portal(database, documents)
    wanted = _opened(a_portal(database, database.clock).app)  # type: ignore[arg-type]
    return [Asked(way.path, portal_path(way, {**dict.fromkeys(way.wants, 1), **values}), cookie) for way in wanted]


def _write_down(visited: Sequence[Visited], size: Crowd, filled: float, worked: Mapping[str, float]) -> None:
    """Put the table in the place of the last one in the documentation, and print what is worst."""
    good = [one for one in visited if one.p95 <= GOAL and one.came]
    bad = [one for one in visited if one not in good]
    told = (
        f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}; {size.accounts:,} customers with {size.invoices:,} invoices on "
        f"PostgreSQL, filled in {filled:.0f} s. {len(visited)} pages, each asked for {TIMES} times: "
        f"{len(good)} begin within {GOAL * 1000:.0f} ms in 95 of 100 cases."
    )
    duties = "".join(f"| {words} | {seconds:.1f} s |\n" for words, seconds in worked.items())
    worked_off = f"| Work in the background | Took |\n|---|---|\n{duties}"
    before, _, rest = DOCUMENT.read_text().partition(BEGIN)
    DOCUMENT.write_text(f"{before}{BEGIN}{told}\n\n{worked_off}\n{_table(bad + good)}{END}{rest.partition(END)[2]}")
    print(told, worked_off, _table(bad + good[:WORSE]), sep="\n\n")


def _table(shown: Sequence[Visited]) -> str:
    rows = [f"| `{one.route}` | {one.status} | {one.median * 1000:.0f} ms | {one.p95 * 1000:.0f} ms |" for one in shown]
    return "\n".join(["| Page | Status | Half begin within | 95 of 100 within |", "|---|---|---|---|", *rows]) + "\n"


if __name__ == "__main__":
    main()
