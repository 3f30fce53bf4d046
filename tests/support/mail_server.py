"""Mail server: a real SMTP server on loopback that misbehaves as a test tells it to."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller

ACCEPTED = "250 taken"


@dataclass
class Behaviour:
    """What the server answers, and what it has taken.

    `after_data` "drop" takes the mail and cuts the connection; "hang" does not take it and never says a word.
    """

    at_sender: str = ACCEPTED
    at_recipient: str = ACCEPTED
    after_data: list[str] = field(default_factory=list)
    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    refused: int = 0
    """How many senders were turned away."""

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """The answer to the sender."""
        if self.at_sender == ACCEPTED:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        else:
            self.refused += 1
        return self.at_sender

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """The answer to the recipient."""
        if self.at_recipient == ACCEPTED:
            envelope.rcpt_tos.append(address)
        return self.at_recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """The answer to the email itself: the next of `after_data`, or that it was taken."""
        answer = self.after_data.pop(0) if self.after_data else ACCEPTED
        if answer == "hang":
            await asyncio.Event().wait()
        if answer in (ACCEPTED, "drop"):
            self.taken.append(message_from_bytes(envelope.content, _class=EmailMessage, policy=default))
            self.recipients.extend(envelope.rcpt_tos)
        if answer == "drop":
            server.transport.abort()
        return answer


@contextmanager
def mail_server(behaviour: Behaviour | None = None) -> Iterator[Behaviour]:
    """A server on a free port of the loopback, stopped at the end."""
    behaviour = behaviour or Behaviour()
    with socket.create_server(("127.0.0.1", 0)) as free:
        behaviour.port = free.getsockname()[1]
    controller = Controller(behaviour, hostname="127.0.0.1", port=behaviour.port, enable_SMTPUTF8=False)
    controller.start()
    try:
        yield behaviour
    finally:
        controller.stop()
