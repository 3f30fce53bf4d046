"""Running: both sites, the worker, Stripe's simulator and the mailbox in one process, until Ctrl-C."""

from __future__ import annotations

import socket
from collections.abc import Mapping

from litestar.types import ASGIApp

from app.asgi import office_site, portal_site
from app.demo.settings import HERE, Ports
from app.demo.stage import open_simulator
from app.mailbox.application import application as mailbox
from app.serving import listen, serve_until_told
from app.settings import Settings
from app.wiring import wired
from app.worker import Worker
from domain.shared.clock import SystemClock


def listen_everywhere(ports: Ports) -> dict[str, socket.socket]:
    """A socket for each part; WrongSetting with a sentence where a port is taken."""
    wanted = {"portal": ports.portal, "office": ports.office, "stripe": ports.stripe, "mail": ports.mail}
    sockets: dict[str, socket.socket] = {}
    try:
        for name, port in wanted.items():
            sockets[name] = listen(HERE, port)
    except BaseException:
        close(sockets)
        raise
    return sockets


def close(sockets: Mapping[str, socket.socket]) -> None:
    """Let go of the ports."""
    for each in sockets.values():
        each.close()


def serve(settings: Settings, ports: Ports, sockets: Mapping[str, socket.socket]) -> None:
    """Serve everything until we are told to stop, then let what is under way finish."""
    simulator = open_simulator(settings, SystemClock())
    try:
        with wired(settings) as everything:
            apps: dict[str, ASGIApp] = {
                "portal": portal_site(everything),
                "office": office_site(everything),
                "stripe": simulator.asgi,
                "mail": mailbox(settings, everything.database, f"http://{HERE}:{ports.mail}"),
            }
            with Worker(everything).running():
                serve_until_told(apps, sockets)
    finally:
        simulator.close()
