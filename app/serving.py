"""Serving: the sites and the worker in one process, or in several alike, until they are told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import structlog
import uvicorn
from litestar.types import ASGIApp

from app.asgi import office_site, partner_site, portal_site
from app.environment import WrongSetting
from app.settings import Settings
from app.wired import Wired
from app.wiring import wired
from app.worker import Worker

log = structlog.get_logger("serving")

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)
WAITING = 2048
"""Connections that may wait to be accepted, from before the sites are ready."""
GRACE_SECONDS = 10
"""How long requests under way may take when we are told to stop."""


class Server(uvicorn.Server):
    """A server that leaves signals to whoever runs several of them."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def run_sites(settings: Settings, *, processes: int = 1) -> None:
    """Serve the three sites and the worker; with several processes each has all of them, on the same ports."""
    sockets = {
        "portal": listen(settings.listen, settings.portal.port),
        "office": listen(settings.listen, settings.office.port),
        "partners": listen(settings.listen, settings.partners.port),
    }
    log.info(
        "serving",
        portal=settings.portal.public_url,
        office=settings.office.public_url,
        partners=settings.partners.public_url,
        processes=processes,
    )
    if processes == 1:
        _serve(settings, sockets)
        return
    _watch([_fork(settings, sockets) for _ in range(processes)])


def listen(address: str, port: int) -> socket.socket:
    """A socket that listens there; WrongSetting when it cannot."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named, or asyncio leaves Nagle on: 40 ms
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((address, port))
        found.listen(WAITING)
    except OSError as problem:
        found.close()
        raise WrongSetting(f"Port {port} of {address} cannot be listened on: {problem.strerror}.") from problem
    return found


async def serve_until(stop: asyncio.Event, apps: Mapping[str, ASGIApp], sockets: Mapping[str, socket.socket]) -> None:
    """Serve each application on the socket of its name until `stop` is set, then let requests under way finish."""
    servers = {name: Server(_config(app)) for name, app in apps.items()}
    running = [asyncio.create_task(server.serve([sockets[name]])) for name, server in servers.items()]
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait([stopping, *running], return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    for server in servers.values():
        server.should_exit = True
    await asyncio.gather(*running)


def run_worker(everything: Wired, *, once: bool) -> None:
    """The worker alone: one round over what is due, or until a signal."""
    worker = Worker(everything)
    if once:
        worker.drain()
        return
    told = threading.Event()
    for number in STOP_SIGNALS:
        signal.signal(number, lambda *_: told.set())
    with worker.running():
        told.wait()


def serve_until_told(apps: Mapping[str, ASGIApp], sockets: Mapping[str, socket.socket]) -> None:
    """Serve each application on the socket of its name until SIGINT or SIGTERM."""

    async def serve() -> None:
        stop = asyncio.Event()
        for number in STOP_SIGNALS:
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await serve_until(stop, apps, sockets)

    asyncio.run(serve())


def _serve(settings: Settings, sockets: Mapping[str, socket.socket]) -> None:
    with wired(settings) as everything:
        apps = {
            "portal": portal_site(everything),
            "office": office_site(everything),
            "partners": partner_site(everything),
        }
        with Worker(everything).running():
            serve_until_told(apps, sockets)


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def _fork(settings: Settings, sockets: Mapping[str, socket.socket]) -> int:
    child = os.fork()
    if child:
        return child
    status = 1
    try:
        _serve(settings, sockets)
        status = 0
    finally:
        os._exit(status)


def _watch(children: list[int]) -> None:
    """Pass signals on; when one process ends all end, so that whoever started us sees it and starts us anew."""
    left = set(children)
    told = False

    def stop(number: int, _: object) -> None:
        nonlocal told
        if told:  # once is enough: a second signal would meet processes that are half gone
            return
        told = True
        for child in left:
            os.kill(child, signal.SIGTERM)

    for number in STOP_SIGNALS:
        signal.signal(number, stop)
    failed = False
    while left:
        child, status = os.wait()
        left.discard(child)
        failed |= status != 0
        stop(signal.SIGTERM, None)
    if failed:
        raise SystemExit(1)
