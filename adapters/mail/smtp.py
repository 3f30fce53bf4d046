"""SMTP: hands emails to a mail server, and tells what will never work from what may work later."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from adapters.mail.mime import as_message, envelope_address
from domain.shared.clock import Clock, SystemClock
from domain.shared.mail import AddressRefused, Email, MailRefused, MailUnavailable

LOOPBACK = ("127.0.0.1", "::1", "localhost")
"""Hosts to which mail may go unencrypted: it does not leave the machine."""
ENHANCED = re.compile(rb"5\.\d{1,3}\.\d{1,3}")
"""The status that many servers put in front of their words (RFC 3463)."""
DEAD = frozenset({b"5.1.0", b"5.1.1", b"5.1.2", b"5.1.3", b"5.1.6", b"5.1.10", b"5.2.1"})
"""Those that speak of the address itself: no such mailbox or host, moved away, disabled (RFC 3463, RFC 7505)."""
TIME_OUT = 30.0
"""Seconds that the server may take for any one answer."""


class SmtpMailer:
    """Delivers to the server at `smtp://name:password@host:587` (STARTTLS) or `smtps://…:465` (TLS from the start)."""

    def __init__(self, url: str, *, sender: str, clock: Clock | None = None, time_out: float = TIME_OUT) -> None:
        parts = urlsplit(url)
        self._encrypted = parts.scheme == "smtps"
        self._host = parts.hostname or ""
        self._port = parts.port or (465 if self._encrypted else 587)
        self._name = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._sender = sender
        self._clock = clock or SystemClock()
        self._time_out = time_out

    def send(self, email: Email) -> None:
        """Deliver one email over a connection of its own. Raises MailRefused, MailUnavailable."""
        recipient = envelope_address(email.to)
        content = as_message(email, sender=self._sender, at=self._clock.now())
        with self._connected() as server:
            options = self._options(server, recipient)
            self._expect_sender_accepted(*server.mail(envelope_address(parseaddr(self._sender)[1]), options))
            _expect_recipient_accepted(*server.rcpt(recipient))
            self._hand_over(server, content.as_bytes())

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        """A server that has greeted us, encrypts, and knows who we are; whatever goes wrong before DATA is retried."""
        server: smtplib.SMTP | None = None
        try:
            server = self._greeted()
            if self._name:
                server.login(self._name, self._password)
            yield server
        except (OSError, smtplib.SMTPException) as problem:
            raise MailUnavailable(f"mail server {self._host}:{self._port}: {problem}") from problem
        finally:
            if server is not None:
                with suppress(OSError, smtplib.SMTPException):
                    server.quit()
                server.close()

    def _greeted(self) -> smtplib.SMTP:
        if self._encrypted:
            return smtplib.SMTP_SSL(
                self._host, self._port, timeout=self._time_out, context=ssl.create_default_context()
            )
        server = smtplib.SMTP(self._host, self._port, timeout=self._time_out)
        server.ehlo_or_helo_if_needed()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
        elif self._host not in LOOPBACK:
            server.close()
            raise MailUnavailable(f"mail server {self._host}:{self._port} does not encrypt, so nothing was sent")
        return server

    def _options(self, server: smtplib.SMTP, recipient: str) -> list[str]:
        server.ehlo_or_helo_if_needed()
        if recipient.isascii():
            return []
        if not server.has_extn("smtputf8"):
            raise MailRefused(f"the mail server cannot write to {recipient!r}: it knows ASCII addresses only")
        return ["SMTPUTF8"]

    def _expect_sender_accepted(self, code: int, answer: bytes) -> None:
        """A refused sender is our own setting and no fault of this email's: it waits until somebody has mended that."""
        if code // 100 != 2:
            raise MailUnavailable(f"the mail server does not accept {self._sender!r} as sender: {_said(code, answer)}")

    def _hand_over(self, server: smtplib.SMTP, content: bytes) -> None:
        """Send the content; from the moment it is under way a lost connection leaves open whether it was taken."""
        try:
            _expect_accepted(*server.data(content))
        except smtplib.SMTPDataError as problem:
            _expect_accepted(problem.smtp_code, _bytes(problem.smtp_error))
        except (OSError, smtplib.SMTPServerDisconnected) as problem:
            raise MailUnavailable(f"the connection was lost after the email: {problem}", perhaps_sent=True) from problem


def _expect_recipient_accepted(code: int, answer: bytes) -> None:
    """A refused recipient is dead, unless the server says that something else is the matter with what we send."""
    status = ENHANCED.match(answer)
    if code // 100 == 5 and (status is None or status.group() in DEAD):
        raise AddressRefused(f"the mail server refused: {_said(code, answer)}")
    _expect_accepted(code, answer)


def _expect_accepted(code: int, answer: bytes) -> None:
    if code // 100 == 2:
        return
    if code // 100 == 5:
        raise MailRefused(f"the mail server refused: {_said(code, answer)}")
    raise MailUnavailable(f"the mail server said later: {_said(code, answer)}")


def _said(code: int, answer: bytes) -> str:
    return f"{code} {answer.decode('utf-8', 'replace')}"


def _bytes(answer: bytes | str) -> bytes:
    return answer.encode() if isinstance(answer, str) else answer
