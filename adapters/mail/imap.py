"""IMAP: mail that waits on a server, read over TLS; what was taken is marked as seen there, and that is all."""

from __future__ import annotations

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import unquote, urlsplit

from adapters.mail.smtp import LOOPBACK, TIME_OUT
from domain.notices.incoming.arriving import LARGEST, Taker
from domain.shared.mail import MailUnavailable

TLS_PORT, PLAIN_PORT = 993, 143


class ImapMailbox:
    """The folder at `imaps://name:password@host/INBOX`; `imap://` only on this machine."""

    def __init__(self, url: str, *, time_out: float = TIME_OUT, tls: ssl.SSLContext | None = None) -> None:
        parts = urlsplit(url)
        self._encrypted = parts.scheme == "imaps"
        self._host = parts.hostname or ""
        self._port = parts.port or (TLS_PORT if self._encrypted else PLAIN_PORT)
        if not self._encrypted and self._host not in LOOPBACK:
            raise ValueError(f"{self._host} is another machine: mail is read from there over TLS only (imaps://…)")
        self._name, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._folder = unquote(parts.path.strip("/")) or "INBOX"
        self._time_out = time_out
        self._tls = tls

    def each(self, take: Taker, *, limit: int) -> int:
        """Hand over the oldest unseen mails, in a connection of its own. Raises MailUnavailable."""
        taken = 0
        with self._opened() as server:
            for uid in self._unseen(server)[:limit]:
                raw = self._fetched(server, uid)
                if raw is not None and take(raw):
                    self._expect_ok(*server.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))
                    taken += 1
        return taken

    @contextmanager
    def _opened(self) -> Iterator[imaplib.IMAP4]:
        """A server that has let us into the folder; whatever goes wrong there is tried again later."""
        server: imaplib.IMAP4 | None = None
        try:
            server = self._greeted()
            server.login(self._name, self._password)
            self._expect_ok(*server.select(_quoted(self._folder)))
            yield server
        except (OSError, imaplib.IMAP4.error) as problem:
            raise MailUnavailable(f"mailbox {self._host}:{self._port}: {problem}") from problem
        finally:
            if server is not None:
                with suppress(OSError, imaplib.IMAP4.error):
                    server.logout()

    def _greeted(self) -> imaplib.IMAP4:
        if not self._encrypted:
            return imaplib.IMAP4(self._host, self._port, timeout=self._time_out)
        tls = self._tls or ssl.create_default_context()
        return imaplib.IMAP4_SSL(self._host, self._port, ssl_context=tls, timeout=self._time_out)

    def _unseen(self, server: imaplib.IMAP4) -> list[str]:
        kind, data = server.uid("SEARCH", "UNSEEN")
        self._expect_ok(kind, data)
        return (data[0] or b"").decode("ascii").split()

    def _fetched(self, server: imaplib.IMAP4, uid: str) -> bytes | None:
        """The mail, without marking it; None where somebody has taken it away meanwhile."""
        kind, data = server.uid("FETCH", uid, f"(BODY.PEEK[]<0.{LARGEST}>)")
        self._expect_ok(kind, data)
        return next((part[1] for part in data if isinstance(part, tuple)), None)

    def _expect_ok(self, kind: str, data: object) -> None:
        if kind != "OK":
            raise imaplib.IMAP4.error(f"{kind} {data}")


def _quoted(folder: str) -> str:
    """A folder's name as IMAP quotes it (RFC 3501, 4.3)."""
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
