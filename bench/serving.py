"""Serving: the portal and the bare pages, each by uvicorn in a process of its own, as long as they are needed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from socket import create_connection, socket
from time import monotonic, sleep

import uvicorn
from litestar.types import ASGIApp

from bench.bare import bare_portal
from bench.databases import opened
from bench.filling import SECRET
from bench.housed import housed_portal
from portal.application import application
from tests.support.fakes import FakeProcessor
from tests.support.outside import MemoryStore, PlainRenderer
from web.logging import configure_logging
from web.settings import SiteSettings

PATIENCE = 60
"""Seconds that a server may take to start."""


@contextmanager
def served(side: str, url: str) -> Iterator[int]:
    """The port on which "portal", "bare" or "housed" is served over the database at `url`."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    server = get_context("spawn").Process(target=_serve, args=(side, url, port), daemon=True)
    server.start()
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.join()


def _wait_for(port: int) -> None:
    until = monotonic() + PATIENCE
    while True:
        try:
            create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            if monotonic() > until:
                raise
            sleep(0.1)
        else:
            return


def _serve(side: str, url: str, port: int) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stderr.fileno())
    configure_logging(json=True)
    with opened(url) as database:
        app: ASGIApp
        if side == "bare":
            app = bare_portal(url)
        elif side == "housed":
            app = housed_portal(url, database, f"http://127.0.0.1:{port}")
        else:
            app = application(
                settings=SiteSettings(public_url=f"http://127.0.0.1:{port}", secret=SECRET),
                database=database,
                processor=FakeProcessor(),
                store=MemoryStore(),
                renderer=PlainRenderer(),
                nudge=lambda: None,
            )
        uvicorn.run(
            app,
            host="127.0.0.1",
            port=port,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
        )
