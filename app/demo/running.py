"""Running: the sites, the worker, Stripe's simulator and the mailbox in one process, until Ctrl-C."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import asdict
from http.client import HTTPConnection, HTTPException

from litestar.types import ASGIApp

from app.asgi import office_site, partner_site, portal_site
from app.demo.settings import HERE, Ports
from app.demo.stage import open_simulator
from app.environment import WrongSetting
from app.mailbox.application import application as mailbox
from app.serving import listen, serve_until_told
from app.settings import Settings
from app.wiring import wired
from app.worker import Worker
from domain.shared.clock import SystemClock
from web.health import is_ours

MOST_PORT = 65535


def listen_everywhere(ports: Ports) -> dict[str, socket.socket]:
    """A socket for each part; WrongSetting with every port that is taken, who has them, and which options to give."""
    sockets: dict[str, socket.socket] = {}
    taken: dict[str, int] = {}
    for name, port in asdict(ports).items():
        try:
            sockets[name] = listen(HERE, port)
        except WrongSetting:
            taken[name] = port
    if not taken:
        return sockets
    close(sockets)
    raise WrongSetting(_taken(taken, beyond=max(asdict(ports).values())))


def _taken(taken: Mapping[str, int], *, beyond: int) -> str:
    """What to say of ports that cannot be had: the way out is the next free ones beyond all."""
    few = "Port" if len(taken) == 1 else "Ports"
    whose = next((f" Another Quittance answers on {port}." for port in taken.values() if _is_quittance(port)), "")
    free = (port for port in range(beyond + 1, MOST_PORT + 1) if _is_free(port))
    options = " ".join(f"--{name}-port {port}" for name, port in zip(taken, free, strict=False))
    return f"{few} {', '.join(map(str, taken.values()))} of {HERE} cannot be had.{whose} Choose others: {options}"


def _is_free(port: int) -> bool:
    try:
        listen(HERE, port).close()
    except WrongSetting:
        return False
    return True


def _is_quittance(port: int) -> bool:
    """Whether one of our sites answers there."""
    connection = HTTPConnection(HERE, port, timeout=1)
    try:
        connection.request("GET", "/health")
        answer = connection.getresponse()
        return is_ours(dict(answer.getheaders()), answer.read())
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


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
                "partners": partner_site(everything),
                "stripe": simulator.asgi,
                "mail": mailbox(settings, everything.database, f"http://{HERE}:{ports.mail}"),
            }
            with Worker(everything).running():
                serve_until_told(apps, sockets)
    finally:
        simulator.close()
