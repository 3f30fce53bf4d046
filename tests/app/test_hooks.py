"""Hooks: what is believed is stored once, what is not is turned away and counted."""

from __future__ import annotations

import json
from typing import Any

import pytest
import stripe
from litestar import Litestar
from litestar.testing import TestClient

from app.hooks import LARGEST, stripe_hook
from app.nudging import Nudge
from app.tallying import Tally
from app.wired import Wired
from domain.inbox import queries as inbox
from tests.app.conftest import SECRET

Hook = TestClient[Litestar]


def an_event(wired: Wired, **changes: Any) -> str:
    event = {
        "id": "evt_1",
        "object": "event",
        "type": "payment_intent.succeeded",
        "created": int(wired.database.clock.now().timestamp()),
        "livemode": False,
        "data": {"object": {"id": "pi_1", "object": "payment_intent"}},
    }
    return json.dumps(event | changes)


def send(hook: Hook, wired: Wired, body: str, *, secret: str = SECRET, late: int = 0) -> int:
    at = int(wired.database.clock.now().timestamp()) - late
    signature = stripe.WebhookSignature.generate_signature_header(body, secret, at)
    return hook.post("/hooks/stripe", content=body, headers={"stripe-signature": signature}).status_code


def stored(wired: Wired) -> int:
    with wired.database.reading() as session:
        return len(inbox.events(session, inbox.View.ALL))


def test_a_message_is_stored_once_and_wakes_the_worker(hook: Hook, wired: Wired) -> None:
    woken = wired.nudge.listen()

    first = send(hook, wired, an_event(wired))
    second = send(hook, wired, an_event(wired))

    assert (first, second) == (200, 200)
    assert stored(wired) == 1
    assert woken.is_set()
    assert wired.tally.counts() == {"received": 1, "repeated": 1}


def test_forged_old_future_foreign_and_unsigned_messages_are_turned_away_and_counted(hook: Hook, wired: Wired) -> None:
    answers = [
        send(hook, wired, an_event(wired), secret="whsec_of_somebody_else"),
        send(hook, wired, an_event(wired), late=301),
        send(hook, wired, an_event(wired), late=-301),
        send(hook, wired, an_event(wired, livemode=True)),
        hook.post("/hooks/stripe", content=an_event(wired)).status_code,
        send(hook, wired, "nonsense"),
    ]

    assert answers == [400] * 6
    assert stored(wired) == 0
    assert wired.tally.counts() == {
        "forged": 1, "old": 1, "from_the_future": 1, "foreign": 1, "not_signed": 1, "unreadable": 1
    }  # fmt: skip


def test_an_endless_message_is_not_read_to_its_end(hook: Hook, wired: Wired) -> None:
    assert send(hook, wired, "x" * (LARGEST + 1)) == 413
    assert stored(wired) == 0


def test_without_the_database_stripe_is_asked_to_come_again(
    hook: Hook, wired: Wired, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise OSError("no database")

    monkeypatch.setattr(wired.database, "transaction", gone)

    assert send(hook, wired, an_event(wired)) == 500


@pytest.mark.parametrize("secrets", [[], [""], ["  "]])
def test_a_hook_is_never_open_without_a_secret(wired: Wired, secrets: list[str]) -> None:
    with pytest.raises(ValueError, match="signing secret"):
        stripe_hook(wired.database, secrets=secrets, livemode=False, tally=Tally(), nudge=Nudge())
