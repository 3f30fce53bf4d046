"""Serving: the real command in a process of its own: it answers on both ports, and stops when it is told to."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest
import stripe
from sqlalchemy import Engine

from app.environment import WrongSetting
from app.serving import listen
from domain.inbox import queries as inbox
from domain.shared.clock import SystemClock
from domain.shared.db.session import Database

QUITTANCE = Path(sys.executable).with_name("quittance")
SECRET = "whsec_of_the_served_site"
KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c"
SECONDS = 60

pytestmark = pytest.mark.slow


@pytest.fixture
def environ(committed_db: Database, tmp_path: Path) -> Mapping[str, str]:
    """Settings for serving the test's own database on two free ports, with a Stripe that nobody can reach."""
    assert isinstance(committed_db.bind, Engine)
    portal, office, partners = free_ports()
    settings = {
        "HOME": str(tmp_path),
        "DATABASE_URL": committed_db.bind.url.render_as_string(hide_password=False),
        "PORTAL_PORT": str(portal),
        "OFFICE_PORT": str(office),
        "PARTNERS_PORT": str(partners),
        "SECRET_KEY": KEY,
        "STRIPE_KEY": "sk_test_of_the_served_site",
        "STRIPE_WEBHOOK_SECRETS": SECRET,
        "STRIPE_API_URL": "http://127.0.0.1:1",
        "MAIL_URL": f"folder:{tmp_path / 'mail'}",
    }
    outside = {name: value for name, value in os.environ.items() if not name.startswith("QUITTANCE_")}
    return outside | {f"QUITTANCE_{name}": value for name, value in settings.items()}


def free_ports() -> tuple[int, int, int]:
    with socket.socket() as first, socket.socket() as second, socket.socket() as third:
        for each in (first, second, third):
            each.bind(("127.0.0.1", 0))
        return first.getsockname()[1], second.getsockname()[1], third.getsockname()[1]


@contextmanager
def served(environ: Mapping[str, str], *words: str) -> Iterator[subprocess.Popen[str]]:
    """`quittance serve`, from the moment when it listens; killed at the end if it is still there."""
    command = [str(QUITTANCE), "serve", *words]
    with subprocess.Popen(command, env=dict(environ), stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            first = process.stderr.readline()
            assert '"serving"' in first, first + process.stderr.read()
            yield process
        finally:
            process.kill()


def ask(port: str, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> int:
    connection = HTTPConnection("127.0.0.1", int(port), timeout=SECONDS)
    try:
        connection.request(method, path, body, dict(headers or {}))
        return connection.getresponse().status
    finally:
        connection.close()


def stop(process: subprocess.Popen[str]) -> tuple[int, list[str]]:
    """Tell it to stop; how it ended, and what it logged."""
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=SECONDS)
    return process.returncode, said.splitlines()


def test_all_sites_answer_a_webhook_is_stored_and_sigterm_stops_all(
    committed_db: Database, environ: Mapping[str, str], engine_kind: str
) -> None:
    body = json.dumps(
        {"id": "evt_1", "type": "charge.captured", "created": 1_800_000_000, "livemode": False,
         "data": {"object": {"id": "ch_1"}}}
    )  # fmt: skip
    signature = stripe.WebhookSignature.generate_signature_header(body, SECRET, int(SystemClock().now().timestamp()))
    several = ["--workers", "2"] if engine_kind == "postgresql" else []

    with served(environ, *several) as process:
        portal, office, partners = (environ[f"QUITTANCE_{name}_PORT"] for name in ("PORTAL", "OFFICE", "PARTNERS"))
        answers = [
            ask(portal, "GET", "/health"),
            ask(office, "GET", "/health"),
            ask(portal, "GET", "/sign-in"),
            ask(office, "GET", "/sign-in"),
            ask(partners, "GET", "/sign-in"),
            ask(office, "POST", "/hooks/stripe", body.encode(), {"stripe-signature": signature}),
            ask(portal, "POST", "/hooks/stripe", body.encode(), {"stripe-signature": signature}),
        ]
        health = subprocess.run([QUITTANCE, "health"], env=dict(environ), capture_output=True, text=True, check=False)
        status, logged = stop(process)

    assert answers == [200, 200, 200, 200, 200, 404, 200]
    assert (health.returncode, health.stdout) == (0, "portal: ok\nback office: ok\npartners' site: ok\n")
    assert status == 0
    assert all(json.loads(line) for line in logged)
    assert not any(KEY in line or SECRET in line for line in logged)
    with committed_db.reading() as session:
        assert [event.external_id for event in inbox.events(session, inbox.View.ALL)] == ["evt_1"]


def test_a_port_that_is_taken_is_told_in_a_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(WrongSetting, match=f"Port {port} of 127.0.0.1 cannot be listened on"):
            listen("127.0.0.1", port)
