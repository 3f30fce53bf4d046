"""Asking clamd, on a real socket: clean, found, too much, silent, and not there."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from adapters.scanning.clamd import Clamd
from domain.documents.scanning import ScannerUnreachable

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class TinyClamd:
    """Speaks INSTREAM as clamd does, on one connection after the other; `most` bytes are all that it takes."""

    def __init__(self, listening: socket.socket, *, most: int = 1 << 20, answers: bool = True) -> None:
        self.listening, self.most, self.answers = listening, most, answers
        self.heard: list[bytes] = []
        self.thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                answer = self._answer(stream.read)
                if self.answers:
                    connection.sendall(answer + b"\0")

    def _answer(self, read: object) -> bytes:
        assert callable(read)
        if read(10) != b"zINSTREAM\0":
            return b"UNKNOWN COMMAND"
        content = b""
        while length := struct.unpack("!L", read(4))[0]:
            content += read(length)
            if len(content) > self.most:
                return b"INSTREAM size limit exceeded. ERROR"
        self.heard.append(content)
        return b"stream: Eicar-Test-Signature FOUND" if EICAR in content else b"stream: OK"


@contextmanager
def clamd(path: Path | None = None, *, most: int = 1 << 20, answers: bool = True) -> Iterator[tuple[str, TinyClamd]]:
    """A clamd on this machine, and its address."""
    listening = socket.socket(socket.AF_UNIX if path else socket.AF_INET)
    listening.bind(str(path) if path else ("127.0.0.1", 0))
    listening.listen()
    serving = TinyClamd(listening, most=most, answers=answers)
    serving.thread.start()
    try:
        yield f"unix:{path}" if path else f"tcp://127.0.0.1:{listening.getsockname()[1]}", serving
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        serving.thread.join()


def test_it_hears_all_of_it_and_says_what_it_found() -> None:
    with clamd() as (address, serving):
        scanner = Clamd(address)

        found = [scanner.scan([b"harm", b"", b"less"]), scanner.scan([EICAR[:20], EICAR[20:]]), scanner.scan([])]

    assert found == [None, "Eicar-Test-Signature", None]
    assert serving.heard == [b"harmless", EICAR, b""]


def test_a_socket_of_this_machine_will_do(tmp_path: Path) -> None:
    with clamd(tmp_path / "clamd") as (address, _):
        assert Clamd(address).scan([EICAR]) == "Eicar-Test-Signature"


def test_more_than_it_takes_is_no_answer() -> None:
    with clamd(most=10) as (address, _), pytest.raises(ScannerUnreachable):
        Clamd(address).scan([b"x" * 1000] * 10)


def test_without_an_answer_nothing_is_believed(tmp_path: Path) -> None:
    with clamd(answers=False) as (address, _), pytest.raises(ScannerUnreachable, match="hung up"):
        Clamd(address).scan([b"harmless"])
    for gone in ("tcp://127.0.0.1:9", f"unix:{tmp_path}/nobody"):
        with pytest.raises(ScannerUnreachable):
            Clamd(gone, seconds=1).scan([b"harmless"])
