"""The browser itself: it starts, runs our htmx and lays out with our stylesheet, from files that the set-up built."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Page

BUILT = Path(__file__).resolve().parents[1] / "web" / "static-built"


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and says nothing about it."""

    def log_message(self, format: str, *words: object) -> None:
        """Nothing."""


@pytest.fixture
def built() -> Iterator[str]:
    """The address at which the built assets are served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(BUILT)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_built_file_loads_and_htmx_runs(page: Page, built: str) -> None:
    manifest = json.loads((BUILT / "manifest.json").read_text())
    page.goto(f"{built}/manifest.json")

    answers = {name: page.request.get(f"{built}/{file}").status for name, file in manifest.items()}
    page.add_script_tag(url=f"{built}/{manifest['js/htmx.min.js']}")

    assert set(answers.values()) == {200}
    assert page.evaluate("htmx.version").startswith("2.")
