"""What a mail provider tells by webhook: believed when it is signed, of now, and in the form of the documentation."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.mail.hooks import BadMailHook, Kind, MailFault, mail_of, read_hook, signed
from domain.notices.incoming.reports import Outcome, Report

SECRET = "a secret that nobody guesses, ever"
NOON = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)
STAMP = str(int(NOON.timestamp()))
BOUNCE = {"id": "e1", "kind": "bounced", "at": "2026-03-16T11:59:00Z", "message_id": "<n@p>", "permanent": True}


def body(**changes: Any) -> bytes:
    return json.dumps({**BOUNCE, **changes}).encode()


def header(raw: bytes, *, stamp: str = STAMP, secret: str = SECRET) -> str:
    return f"t={stamp},v1={signed(raw, stamp, secret)}"


def fault(raw: bytes, signature: str) -> MailFault | None:
    try:
        read_hook(raw, signature, secret=SECRET, now=NOON)
    except BadMailHook as refused:
        return refused.fault
    return None


def test_a_bounce_says_what_a_report_by_mail_would() -> None:
    raw = body(detail="550 no such user", address="maya@harbour.example")
    mail = mail_of(read_hook(raw, header(raw), secret=SECRET, now=NOON))

    assert mail.report == Report(Outcome.FAILED, ("<n@p>",), True, "550 no such user")
    assert (mail.message_id, mail.sender, mail.automatic) == ("hook.e1", "maya@harbour.example", True)


def test_an_answer_is_a_mail_like_any_other() -> None:
    raw = json.dumps(
        {
            "id": "e2",
            "kind": "inbound",
            "at": "2026-03-16T11:59:00",
            "message_id": "<1@x>",
            "from": "Maya@Harbour.example",
            "subject": "Re: A reminder",
            "text": "Paid",
            "references": ["<n@p>"],
        }
    ).encode()
    mail = mail_of(read_hook(raw, header(raw), secret=SECRET, now=NOON))

    assert (mail.message_id, mail.sender, mail.subject, mail.body) == (
        "<1@x>",
        "maya@harbour.example",
        "Re: A reminder",
        "Paid",
    )
    assert mail.references == ("<n@p>",)
    assert mail.report is None
    assert mail.written_at == datetime(2026, 3, 16, 11, 59, tzinfo=UTC)


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_is_understood(kind: Kind) -> None:
    raw = body(kind=kind.value)

    assert (mail_of(read_hook(raw, header(raw), secret=SECRET, now=NOON)).report is None) is (kind is Kind.INBOUND)


def test_what_is_not_to_be_believed() -> None:
    raw = body()
    early, late = (str(int(STAMP) + seconds) for seconds in (301, -301))

    assert fault(raw, "") is MailFault.NOT_SIGNED
    assert fault(raw, header(raw, secret="another")) is MailFault.FORGED
    assert fault(raw + b" ", header(raw)) is MailFault.FORGED
    assert fault(raw, header(raw).replace(STAMP, str(int(STAMP) + 1))) is MailFault.FORGED
    assert fault(raw, f"v1={signed(raw, '', SECRET)}") is MailFault.NOT_NOW
    assert fault(raw, header(raw, stamp="²")) is MailFault.NOT_NOW
    assert {fault(raw, header(raw, stamp=stamp)) for stamp in (early, late)} == {MailFault.NOT_NOW}
    assert fault(raw, header(raw, stamp=str(int(STAMP) - 299))) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"\xff",
        b"[" * 100_000,
        b'{"id": 1}',
        body(kind="opened"),
        body(id=""),
        body(id="x" * 101),
        body(at="soon"),
        body(references="x"),
    ],
)
def test_what_makes_no_sense(raw: bytes) -> None:
    assert fault(raw, header(raw)) is MailFault.UNREADABLE


@given(st.binary(max_size=300), st.text(max_size=120))
def test_nothing_does_any_harm(raw: bytes, signature: str) -> None:
    assert fault(raw, signature) in {MailFault.NOT_SIGNED, MailFault.FORGED}
