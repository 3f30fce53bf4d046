"""The service over HTTP, against a real server on loopback: what is believed, what is not, and what is too late."""

from __future__ import annotations

import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from adapters.credit_checks.http import SIGNATURE, HttpCreditChecks
from domain.credit.checks.provider import CheckRefused, CheckSubject, CheckUnavailable
from tests.support.builders import money
from tests.support.waiting import IMPATIENT, PATIENT

SECRET = "shared secret"
GOOD = {
    "as_of": "2026-03-01",
    "score": 72,
    "limit": {"amount": "2500.00", "currency": "GBP"},
    "rating": "Low risk",
    "expires_on": "2026-09-01",
}
SUBJECT = CheckSubject("C-7", "Harbour Café Ltd", "company", "GBP", country="GB", company_number="00445790")


@dataclass
class Service:
    """What the service answers next, and what it was asked."""

    status: int = 200
    body: bytes = json.dumps(GOOD).encode()
    secret: str = SECRET
    hangs: threading.Event | None = None
    cuts: bool = False
    asked: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def service() -> Iterator[Service]:
    """A server of our own on loopback that speaks the interface."""
    made = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            given = json.loads(self.rfile.read(int(self.headers["content-length"])))
            made.asked.append((self.headers["authorization"], given))
            if made.hangs is not None:
                made.hangs.wait(10)
                return
            if self.headers["authorization"] != "Bearer our key":
                made.status = 401
            signed = hmac.new(made.secret.encode(), made.body, sha256).hexdigest()
            self.send_response(made.status)
            self.send_header(SIGNATURE, f"sha256={signed}")
            self.send_header("content-length", str(len(made.body) + (100 if made.cuts else 0)))
            self.end_headers()
            self.wfile.write(made.body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_port}/checks"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield made
    if made.hangs is not None:
        made.hangs.set()
    server.shutdown()
    server.server_close()
    thread.join()


def checks(service: Service, *, key: str = "our key", time_out: float = PATIENT) -> HttpCreditChecks:
    """The adapter."""
    return HttpCreditChecks(service.url, key=key, secret=SECRET, name="Agency", time_out=(time_out, time_out))


def test_a_signed_answer_is_read_and_kept_whole(service: Service) -> None:
    found = checks(service).look_up(SUBJECT)

    assert found is not None
    assert (found.score, found.limit, found.rating) == (72, money("2500"), "Low risk")
    assert (found.as_of, found.expires_on) == (date(2026, 3, 1), date(2026, 9, 1))
    assert found.raw == service.body
    assert service.asked == [
        (
            "Bearer our key",
            {
                "reference": "C-7",
                "name": "Harbour Café Ltd",
                "legal_form": "company",
                "currency": "GBP",
                "country": "GB",
                "company_number": "00445790",
            },
        )
    ]


def test_whom_nobody_knows_has_no_result(service: Service) -> None:
    service.status = 404

    assert checks(service).look_up(SUBJECT) is None


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_a_service_in_trouble_may_be_asked_again(service: Service, status: int) -> None:
    service.status = status

    with pytest.raises(CheckUnavailable):
        checks(service).look_up(SUBJECT)


def test_a_service_that_takes_too_long_may_be_asked_again(service: Service) -> None:
    service.hangs = threading.Event()

    with pytest.raises(CheckUnavailable):
        checks(service, time_out=IMPATIENT).look_up(SUBJECT)


def test_a_cut_answer_may_be_asked_for_again(service: Service) -> None:
    service.cuts = True

    with pytest.raises((CheckUnavailable, CheckRefused)):
        checks(service).look_up(SUBJECT)


def test_nobody_at_the_address_may_be_asked_again(service: Service) -> None:
    nobody = HttpCreditChecks("http://127.0.0.1:9/checks", key="k", secret=SECRET, name="Agency", time_out=(0.5, 0.5))

    with pytest.raises(CheckUnavailable):
        nobody.look_up(SUBJECT)


def test_a_wrong_key_needs_somebody_to_look(service: Service) -> None:
    with pytest.raises(CheckRefused):
        checks(service, key="another").look_up(SUBJECT)


def test_an_answer_with_another_signature_is_not_believed(service: Service) -> None:
    service.secret = "of somebody else"

    with pytest.raises(CheckRefused, match="signature"):
        checks(service).look_up(SUBJECT)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"score": 72}',
        b'{"as_of": "2026-02-30"}',
        b'{"as_of": "2026-03-01", "score": 101}',
        b'{"as_of": "2026-03-01", "score": "72"}',
        b'{"as_of": "2026-03-01", "limit": {"amount": "1.234", "currency": "GBP"}}',
        b'{"as_of": "2026-03-01", "limit": {"amount": "NaN", "currency": "GBP"}}',
        b"x" * 1_000_001,
    ],
)
def test_what_was_not_agreed_is_not_believed(service: Service, body: bytes) -> None:
    service.body = body

    with pytest.raises(CheckRefused):
        checks(service).look_up(SUBJECT)


@pytest.mark.parametrize(("key", "secret"), [("", "s"), ("k", "")])
def test_without_key_or_secret_nobody_is_asked(key: str, secret: str) -> None:
    with pytest.raises(ValueError, match="key"):
        HttpCreditChecks("http://127.0.0.1:9", key=key, secret=secret, name="Agency")
