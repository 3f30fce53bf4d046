"""An IMAP server on loopback, in a thread: as much of RFC 3501 as reading one folder takes, plain or over TLS."""

from __future__ import annotations

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

LOGIN = ("quittance", 'pass"word')


@dataclass
class Folder:
    """What lies on the server: mails by their number, and which of them were seen."""

    mails: dict[int, bytes] = field(default_factory=dict)
    seen: set[int] = field(default_factory=set)
    commands: list[str] = field(default_factory=list)
    port: int = 0
    refuse: str = ""
    """A command that is answered with NO."""

    def put(self, raw: bytes) -> int:
        """Another mail comes in."""
        number = max(self.mails, default=40) + 1
        self.mails[number] = raw
        return number

    @property
    def url(self) -> str:
        """Where it is, over plain TCP."""
        return f"imap://quittance:pass%22word@127.0.0.1:{self.port}/INBOX"


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"* OK ready\r\n")
        while line := self.rfile.readline().decode("utf-8", "replace").strip():
            tag, command, rest = (*line.split(" ", 2), "", "")[:3]
            kind = f"{command} {rest}".upper()
            self.folder.commands.append(kind.split("(")[0].strip())
            if self.folder.refuse and kind.startswith(self.folder.refuse):
                self._say(f"{tag} NO not now")
            else:
                self._answer(tag, command.upper(), rest)
            if command.upper() == "LOGOUT":
                return

    @property
    def folder(self) -> Folder:
        server = self.server
        assert isinstance(server, _Server)
        return server.folder

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def _answer(self, tag: str, command: str, rest: str) -> None:
        if command == "CAPABILITY":
            self._say("* CAPABILITY IMAP4rev1")
        elif command == "LOGIN":
            name, password = LOGIN
            quoted = password.replace('"', '\\"')
            if rest not in (f'{name} "{quoted}"', f'"{name}" "{quoted}"'):
                self._say(f"{tag} NO wrong password")
                return
        elif command == "SELECT":
            if rest != '"INBOX"':
                self._say(f"{tag} NO no such folder")
                return
            self._say(f"* {len(self.folder.mails)} EXISTS")
        elif command == "UID":
            self._uid(rest)
        elif command == "LOGOUT":
            self._say("* BYE")
        self._say(f"{tag} OK done")

    def _uid(self, rest: str) -> None:
        command, _, given = rest.partition(" ")
        if command.upper() == "SEARCH":
            unseen = [str(number) for number in sorted(self.folder.mails) if number not in self.folder.seen]
            self._say(" ".join(["* SEARCH", *unseen]))
        elif command.upper() == "FETCH":
            self._fetch(int(given.split()[0]), given)
        elif command.upper() == "STORE":
            self.folder.seen.add(int(given.split()[0]))

    def _fetch(self, number: int, given: str) -> None:
        wanted = re.search(r"BODY\.PEEK\[\]<0\.(\d+)>", given)
        assert wanted, f"a mail is read without being marked, and only so much of it: {given}"
        raw = self.folder.mails.get(number)
        if raw is None:
            return
        part = raw[: int(wanted[1])]
        self.wfile.write(f"* {number} FETCH (UID {number} BODY[]<0> {{{len(part)}}}\r\n".encode() + part + b")\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, folder: Folder, tls: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.folder = folder
        if tls is not None:
            self.socket = tls.wrap_socket(self.socket, server_side=True)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up, or does not like our certificate, is no fault of the server's."""


@contextmanager
def imap_server(tls: ssl.SSLContext | None = None) -> Iterator[Folder]:
    """The server, with one empty folder."""
    folder = Folder()
    with _Server(folder, tls) as server:
        folder.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield folder
        finally:
            server.shutdown()
            thread.join()
