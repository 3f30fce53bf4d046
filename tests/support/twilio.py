"""Twilio: a server on loopback that behaves as its messages API does, and signs what it tells as Twilio signs."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from twilio.request_validator import RequestValidator

ACCOUNT = "AC00000000000000000000000000000001"
TOKEN = "a token for tests only, 32 letters"
SENDER = "+441632960999"
NEEDED = frozenset({"To", "Body", "StatusCallback"})


@dataclass
class Twilio:
    """What it answers next, and what it was asked; `taken` are the messages that it has, the oldest first."""

    now: datetime
    status: int = 201
    code: int = 0
    words: str = "Something is wrong"
    answers: threading.Event | None = None
    """Set: each answer to a POST waits for it, after the message was taken."""
    nonsense: bool = False
    taken: list[dict[str, str]] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    url: str = ""

    def take(self, fields: Mapping[str, str]) -> dict[str, str]:
        """Have a message, as if it was sent."""
        message = {
            "sid": f"SM{len(self.taken) + 1:032d}",
            "to": fields["To"],
            "from": fields.get("From", SENDER),
            "body": fields["Body"],
            "status": "queued",
            "date_created": format_datetime(self.now),
            "callback": fields.get("StatusCallback", ""),
        }
        self.taken.append(message)
        return message


class _Handler(BaseHTTPRequestHandler):
    twilio: Twilio

    def do_POST(self) -> None:
        """Take a message, or refuse it."""
        fields = self._fields(self.rfile.read(int(self.headers["content-length"])).decode())
        self.twilio.asked.append(("POST", fields))
        path = f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
        if not self._known():
            self._answer(401, {"code": 20003, "message": "Authenticate", "status": 401})
        elif self.path != path or not set(fields) >= NEEDED or not {"From", "MessagingServiceSid"} & set(fields):
            self._answer(400, {"code": 21604, "message": "A required field is missing", "status": 400})
        elif self.twilio.status != 201:
            problem = {"code": self.twilio.code, "message": self.twilio.words, "status": self.twilio.status}
            self._answer(self.twilio.status, problem)
        else:
            message = self.twilio.take(fields)
            if self.twilio.answers is not None:
                self.twilio.answers.wait(10)
            self._answer(201, message)

    def do_GET(self) -> None:
        """The messages to a number, the newest first."""
        wanted = self._fields(urlsplit(self.path).query)
        self.twilio.asked.append(("GET", wanted))
        if not self._known():
            self._answer(401, {"code": 20003, "message": "Authenticate", "status": 401})
            return
        found = [message for message in reversed(self.twilio.taken) if message["to"] == wanted["To"]]
        self._answer(200, {"messages": found, "next_page_uri": None, "page_size": 50, "page": 0})

    def _known(self) -> bool:
        expected = base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
        return self.headers.get("authorization") == f"Basic {expected}"

    def _fields(self, text: str) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}

    def _answer(self, status: int, said: object) -> None:
        body = b"<html>" if self.twilio.nonsense else json.dumps(said).encode()
        try:
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            """Nobody waits for the answer any more."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving(now: datetime = datetime(2026, 3, 16, 12, tzinfo=UTC)) -> Iterator[Twilio]:
    """Twilio on a port of its own, gone at the end."""
    made = Twilio(now)
    handler = type("Handler", (_Handler,), {"twilio": made})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    made.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield made
    finally:
        if made.answers is not None:
            made.answers.set()
        server.shutdown()
        server.server_close()
        thread.join()


def signature(url: str, fields: Mapping[str, str], *, token: str = TOKEN) -> str:
    """What Twilio puts into `X-Twilio-Signature` when it posts `fields` to `url`."""
    return str(RequestValidator(token).compute_signature(url, dict(fields)))
