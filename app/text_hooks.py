"""Text hooks: where Twilio tells us what became of a text, and hands on what customers text. Verify, store, answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import RawBody

from adapters.sms.webhooks import SIGNATURE, BadTextWebhook, is_news, read_form
from app.tallying import Tally
from domain.inbox import receiving as inbox
from domain.shared.db.session import Database, now

log = structlog.get_logger("hooks")

SOURCE = "twilio"
TEXTS_PATH = "/hooks/texts"
NEWS, RECEIVED = "text.status", "text.received"
"""The kinds of event."""
MARK = "mark"
"""Names the notice that a text was sent for, in the address that Twilio was given with it and in what is stored."""
LARGEST = 64 * 1024
"""Bytes; a text has 1,600 characters at most."""
NOTHING_TO_SAY = b"<Response/>"
"""What Twilio is to answer the customer, in its own language: nothing."""


def text_hook(
    database: Database, *, token: str, portal_url: str, tally: Tally, nudge: Callable[[], None]
) -> HTTPRouteHandler:
    """`POST /hooks/texts`: 200 for what is stored (or was), 403 for what is not to be believed.

    Twilio signs the address that it knows, so that is made of `portal_url`, whatever a proxy makes of it. No token at
    all would believe everybody, and so is a ValueError.
    """
    if not token.strip():
        raise ValueError("a webhook is not open without a signing secret")

    @post(TEXTS_PATH, opt={"machine": True}, sync_to_thread=True, request_max_body_size=LARGEST, status_code=200)
    def receive_text(request: Request[Any, Any, Any], body: RawBody) -> Response[bytes]:
        query = request.scope["query_string"].decode("latin-1")
        url = f"{portal_url}{TEXTS_PATH}" + (f"?{query}" if query else "")
        try:
            fields = read_form(url, body, request.headers.get(SIGNATURE, ""), token=token)
        except BadTextWebhook as refused:
            tally.add(refused.fault)
            log.warning("text webhook refused", fault=refused.fault, size=len(body))
            return Response(b"", status_code=403, media_type="text/plain")
        new = _keep(database, fields, request.query_params.get(MARK, ""))
        tally.add("text_received" if new else "text_repeated")
        nudge()
        return Response(NOTHING_TO_SAY, status_code=200, media_type="text/xml")

    return receive_text


def _keep(database: Database, fields: dict[str, str], mark: str) -> bool:
    """Put it into the inbox, once: by message and state, or by message. What one number texts is handled in turn."""
    sid = fields.get("MessageSid", "")
    news = is_news(fields)
    with database.transaction() as session:
        return inbox.receive(
            session,
            source=SOURCE,
            external_id=f"{sid}.{fields['MessageStatus']}" if news else sid,
            kind=NEWS if news else RECEIVED,
            object_ref=sid if news else fields.get("From", sid),
            payload={**fields, MARK: mark},
            occurred_at=now(session),
        )
