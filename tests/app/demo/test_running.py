"""Running: the demo asks for its ports first, and says in a sentence which one is taken."""

from __future__ import annotations

import socket
from pathlib import Path

from click.testing import CliRunner

from app.cli import main


def test_a_port_in_use_is_a_sentence_and_nothing_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        options = [
            "--portal-port",
            str(port),
            "--office-port",
            "24191",
            "--stripe-port",
            "24192",
            "--mail-port",
            "24193",
        ]

        command = ["demo", "--portal-port", str(port), *options]
        result = CliRunner().invoke(main, command, env={"QUITTANCE_HOME": str(tmp_path)})

    assert result.exit_code == 1
    assert f"Port {port} of 127.0.0.1" in result.output
    assert not (tmp_path / "quittance.db").exists()
