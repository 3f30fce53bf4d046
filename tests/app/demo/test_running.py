"""Running: the demo asks for its ports first, and says in a sentence which are taken, by whom, and what to give."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from click.testing import CliRunner

from app.cli import main
from web.health import HEALTHY


class Healthy(BaseHTTPRequestHandler):
    """Answers like one of our sites."""

    def do_GET(self) -> None:
        """Say that all is well."""
        self.send_response(200)
        self.send_header("X-Request-Id", "1")
        self.end_headers()
        self.wfile.write(HEALTHY)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def a_site() -> Iterator[int]:
    """The port of something that answers like one of our sites."""
    with HTTPServer(("127.0.0.1", 0), Healthy) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def opening(home: Path, *options: str) -> str:
    """What a demo says that does not open."""
    result = CliRunner().invoke(main, ["demo", *options], env={"QUITTANCE_HOME": str(home)})
    assert result.exit_code == 1
    assert not (home / "quittance.db").exists()
    return " ".join(result.output.split())


def test_all_ports_in_use_are_told_at_once_with_free_ones(tmp_path: Path) -> None:
    with socket.socket() as one, socket.socket() as another:
        for taken in (one, another):
            taken.bind(("127.0.0.1", 0))
        first, second = one.getsockname()[1], another.getsockname()[1]
        options = ["--portal-port", first, "--office-port", "24191", "--stripe-port", second, "--mail-port", "24193"]
        options += ["--partners-port", "24194"]

        said = opening(tmp_path, *map(str, options))

    assert f"Ports {first}, {second} of 127.0.0.1 cannot be had. Choose others: --portal-port" in said
    assert "--stripe-port" in said
    assert "--office-port" not in said


def test_a_port_that_another_demo_has_is_told_as_that(tmp_path: Path) -> None:
    with a_site() as port:
        options = [
            "--office-port",
            "24191",
            "--stripe-port",
            "24192",
            "--mail-port",
            "24193",
            "--partners-port",
            "24194",
        ]

        said = opening(tmp_path, "--portal-port", str(port), *options)

    assert f"Port {port} of 127.0.0.1 cannot be had. Another Quittance answers on {port}. Choose others" in said
