"""Serving: the sites and the bare pages, each by uvicorn in a process of its own, as long as they are needed."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from socket import create_connection, socket
from time import monotonic, sleep

import uvicorn
from litestar import Litestar
from litestar.types import ASGIApp

from adapters.bank_files.reader import BankFiles
from adapters.storage.disk import DiskStore
from backoffice.application import application as office_application
from bench.bare import bare_portal
from bench.databases import opened
from bench.filling import SECRET
from bench.housed import housed_portal
from domain.documents.storage import Store
from domain.shared.db.session import Database
from portal.application import application
from tests.support.fakes import FakeProcessor
from tests.support.outside import MemoryStore, PlainRenderer
from web.logging import configure_logging
from web.settings import SiteSettings

PATIENCE = 60
"""Seconds that a server may take to start."""


def office(database: Database, store: Store, port: int = 8001) -> Litestar:
    """The back office over this database."""
    return office_application(
        settings=SiteSettings(public_url=f"http://127.0.0.1:{port}", secret=SECRET),
        database=database,
        store=store,
        renderer=PlainRenderer(),
        bank_reader=BankFiles(),
        nudge=lambda: None,
        webhook_counts=dict,
        portal_url="http://127.0.0.1:8000",
    )


@contextmanager
def served(side: str, url: str, documents: Path | None = None) -> Iterator[int]:
    """The port on which "portal", "office", "bare" or "housed" is served over the database at `url`.

    `documents` is the folder where what was filed lies; without it there is none.
    """
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    server = get_context("spawn").Process(target=_serve, args=(side, url, port, documents), daemon=True)
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


def _serve(side: str, url: str, port: int, documents: Path | None) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stderr.fileno())
    configure_logging(json=True)
    store: Store = MemoryStore() if documents is None else DiskStore(documents)
    with opened(url) as database:
        app: ASGIApp
        if side == "bare":
            app = bare_portal(url)
        elif side == "housed":
            app = housed_portal(url, database, f"http://127.0.0.1:{port}")
        elif side == "office":
            app = office(database, store, port)
        else:
            app = application(
                settings=SiteSettings(public_url=f"http://127.0.0.1:{port}", secret=SECRET),
                database=database,
                processor=FakeProcessor(),
                store=store,
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
