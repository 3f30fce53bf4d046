"""The portal's statement page under load: the whole house, against the bare driver with Jinja."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from bench.databases import new_database, opened
from bench.filling import SignedIn, fill
from bench.load import Browser, ask
from bench.measuring import Pairs, in_turns
from bench.serving import served

ROWS = 50


class PagesDiffer(Exception):
    """The two sides do not show the same page, so their speeds cannot be compared."""


def compare_with_bare(engine: str, folder: Path, progress: Callable[[], None]) -> Pairs:
    """Everything against one function: who asks, whether they may, the rows, the page."""
    return _compare(engine, folder, progress, "bare")


def compare_with_housed(engine: str, folder: Path, progress: Callable[[], None]) -> Pairs:
    """The rows and the page alone: who asks, and whether they may, is found out by our own code on both sides."""
    return _compare(engine, folder, progress, "housed")


def _compare(engine: str, folder: Path, progress: Callable[[], None], other: str) -> Pairs:
    """Serve the same page from the same database in turns, after seeing that it is the same page."""
    url = new_database(engine, folder, f"statement_{other}")
    with opened(url) as database:
        people = fill(database)
    with served("portal", url) as ours, served(other, url) as bare:
        _same_page(ours, bare, people)
        return in_turns(lambda: ask(ours, people), lambda: ask(bare, people), progress)


def _same_page(ours: int, bare: int, people: list[SignedIn]) -> None:
    for who in people:
        pages = []
        for port in (ours, bare):
            browser = Browser(port, who)
            pages.append(browser.page())
            browser.close()
        if pages[0] != pages[1]:
            raise PagesDiffer(f"account {who.account_id}: {len(pages[0])} and {len(pages[1])} bytes")
        if pages[0].count(b"moves__after") < ROWS:
            raise PagesDiffer(f"account {who.account_id}: fewer than {ROWS} rows")
