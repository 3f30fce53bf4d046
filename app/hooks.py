"""Hooks: where Stripe tells us that something happened. Verify, store, answer; no rule runs here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import structlog
from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import RawBody

from adapters.stripe.webhooks import BadWebhook, read_webhook
from app.tallying import Tally
from domain.inbox import receiving as inbox
from domain.shared.db.session import Database

log = structlog.get_logger("hooks")

SOURCE = "stripe"
LARGEST = 512 * 1024
"""Bytes; Stripe's events are a few thousand."""


def stripe_hook(
    database: Database, *, secrets: Sequence[str], livemode: bool, tally: Tally, nudge: Callable[[], None]
) -> HTTPRouteHandler:
    """`POST /hooks/stripe`: 200 for what is stored (or was), 400 for what is not to be believed.

    `nudge` wakes the worker. No secret at all would believe everybody, and so is a ValueError.
    """
    if not secrets or not all(secret.strip() for secret in secrets):
        raise ValueError("a webhook is not open without a signing secret")

    @post("/hooks/stripe", opt={"machine": True}, sync_to_thread=True, request_max_body_size=LARGEST, status_code=200)
    def receive(request: Request[Any, Any, Any], body: RawBody) -> Response[bytes]:
        signature = request.headers.get("stripe-signature", "")
        if not keep_webhook(database, body, signature, secrets=secrets, livemode=livemode, tally=tally):
            return Response(b"", status_code=400, media_type="text/plain")
        nudge()
        return Response(b"", status_code=200, media_type="text/plain")

    return receive


def keep_webhook(
    database: Database, body: bytes, signature: str, *, secrets: Sequence[str], livemode: bool, tally: Tally
) -> bool:
    """Put what Stripe sent into the inbox, once; False for what is not to be believed."""
    try:
        told = read_webhook(body, signature, secrets, now=database.clock.now(), livemode=livemode)
    except BadWebhook as refused:
        tally.add(refused.fault)
        log.warning("webhook refused", fault=refused.fault, size=len(body))
        return False
    with database.transaction() as session:
        new = inbox.receive(
            session,
            source=SOURCE,
            external_id=told.event_id,
            kind=told.kind,
            object_ref=told.object_ref,
            payload=told.payload,
            occurred_at=told.occurred_at,
        )
    tally.add("received" if new else "repeated")
    return True
