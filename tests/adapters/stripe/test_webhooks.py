"""Webhooks: forged, old, future, foreign and rotated ones."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from adapters.stripe.webhooks import BadWebhook, Fault, read_webhook

NOW = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)
SECRET = "whsec_the_present_one"
OLD_SECRET = "whsec_the_one_before"


def an_event(**changes: Any) -> bytes:
    event = {
        "id": "evt_1",
        "object": "event",
        "type": "payment_intent.succeeded",
        "created": int(NOW.timestamp()),
        "livemode": False,
        "data": {"object": {"id": "pi_1", "object": "payment_intent", "receipt_email": "ana@example.com"}},
    }
    return json.dumps(event | changes).encode()


def signed(body: bytes, *, secret: str = SECRET, at: datetime = NOW) -> str:
    header: str = stripe.WebhookSignature.generate_signature_header(body.decode(), secret, int(at.timestamp()))
    return header


def fault_of(body: bytes, signature: str) -> Fault:
    with pytest.raises(BadWebhook) as caught:
        read_webhook(body, signature, [SECRET], now=NOW, livemode=False)
    return caught.value.fault


def test_a_signed_message_is_read_and_nothing_personal_is_kept() -> None:
    body = an_event()

    told = read_webhook(body, signed(body), [SECRET], now=NOW, livemode=False)

    assert (told.event_id, told.kind, told.object_ref) == ("evt_1", "payment_intent.succeeded", "pi_1")
    assert told.occurred_at == NOW
    assert told.payload == {"object": "payment_intent"}


def test_while_a_secret_is_replaced_both_are_believed() -> None:
    body = an_event()

    for secret in (SECRET, OLD_SECRET):
        told = read_webhook(body, signed(body, secret=secret), [SECRET, OLD_SECRET], now=NOW, livemode=False)
        assert told.event_id == "evt_1"


def test_a_message_without_a_signature_is_turned_away() -> None:
    assert fault_of(an_event(), "") is Fault.NOT_SIGNED


def test_a_forged_message_is_turned_away() -> None:
    body = an_event()

    assert fault_of(body, signed(body, secret="whsec_of_somebody_else")) is Fault.FORGED
    assert fault_of(body + b" ", signed(body)) is Fault.FORGED
    assert fault_of(b"\xff\xfe", signed(body)) is Fault.FORGED


@given(st.text(max_size=80))
def test_whatever_stands_in_the_header_is_never_a_crash(header: str) -> None:
    assert fault_of(an_event(), header) in {Fault.FORGED, Fault.NOT_SIGNED}


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_five_minutes_either_way_are_tolerated(seconds: int) -> None:
    body = an_event()

    told = read_webhook(body, signed(body, at=NOW + timedelta(seconds=seconds)), [SECRET], now=NOW, livemode=False)

    assert told.event_id == "evt_1"


def test_an_old_message_is_turned_away() -> None:
    body = an_event()

    assert fault_of(body, signed(body, at=NOW - timedelta(seconds=301))) is Fault.OLD


def test_a_message_from_the_future_is_turned_away() -> None:
    body = an_event()

    assert fault_of(body, signed(body, at=NOW + timedelta(seconds=301))) is Fault.FROM_THE_FUTURE


def test_a_message_of_the_other_mode_is_turned_away() -> None:
    body = an_event(livemode=True)

    assert fault_of(body, signed(body)) is Fault.FOREIGN


@pytest.mark.parametrize("changes", [{"data": {}}, {"id": 7}, {"data": {"object": {}}}, {"created": "today"}])
def test_a_signed_message_of_another_shape_is_turned_away(changes: dict[str, Any]) -> None:
    body = an_event(**changes)

    assert fault_of(body, signed(body)) is Fault.UNREADABLE
