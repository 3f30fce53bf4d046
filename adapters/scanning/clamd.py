"""Clamd: asks ClamAV's daemon whether there is a virus in a content, over TCP or a socket on this machine."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable
from urllib.parse import urlsplit

from domain.documents.scanning import ScannerUnreachable

USUAL_PORT = 3310
SECONDS = 20.0
"""So long an answer may take, and each part of the way to it."""
LONGEST_ANSWER = 4096
FOUND, CLEAN = " FOUND", "stream: OK"
ENDED = struct.pack("!L", 0)


class Clamd:
    """A clamd at `tcp://host:port` or `unix:/path`; each scan is a connection of its own, so it needs no lock."""

    def __init__(self, address: str, *, seconds: float = SECONDS) -> None:
        self._parts = urlsplit(address)
        self._seconds = seconds

    def scan(self, content: Iterable[bytes]) -> str | None:
        """The name of what was found, or None; ScannerUnreachable without a clear answer (clamd(8), INSTREAM)."""
        try:
            with self._connected() as connection:
                _send(connection, content)
                answer = _answer(connection)
        except OSError as problem:
            raise ScannerUnreachable(str(problem)) from problem
        if answer.endswith(FOUND):
            return answer.removesuffix(FOUND).removeprefix("stream: ")
        if answer != CLEAN:
            raise ScannerUnreachable(answer or "clamd hung up without an answer")
        return None

    def _connected(self) -> socket.socket:
        if self._parts.scheme == "tcp":
            address = (self._parts.hostname or "localhost", self._parts.port or USUAL_PORT)
            return socket.create_connection(address, timeout=self._seconds)
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(self._seconds)
        try:
            connection.connect(self._parts.path)
        except OSError:
            connection.close()
            raise
        return connection


def _send(connection: socket.socket, content: Iterable[bytes]) -> None:
    """The content in pieces with their length before each; clamd that has had enough answers and hangs up."""
    try:
        connection.sendall(b"zINSTREAM\0")
        for piece in content:
            if piece:
                connection.sendall(struct.pack("!L", len(piece)) + piece)
        connection.sendall(ENDED)
    except (BrokenPipeError, ConnectionResetError):
        return


def _answer(connection: socket.socket) -> str:
    heard = b""
    while not heard.endswith(b"\0") and len(heard) < LONGEST_ANSWER:
        piece = connection.recv(LONGEST_ANSWER)
        if not piece:
            break
        heard += piece
    return heard.decode("utf-8", "replace").rstrip("\0").strip()
