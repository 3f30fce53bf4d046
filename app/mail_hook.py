"""Mail hook: where a mail provider tells us of bounces, complaints and answers. Verify, store, answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import structlog
from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import RawBody

from adapters.mail.hooks import SIGNATURE, BadMailHook, read_hook
from app.tallying import Tally
from domain.inbox import receiving as inbox
from domain.shared.db.session import Database

log = structlog.get_logger("hooks")

SOURCE = "mail"
TOLD = "mail.told"
"""The kind of event."""
LARGEST = 512 * 1024
"""Bytes; what is longer than that as plain text nobody has typed."""
LONGEST_REF = 120


def mail_hook(database: Database, *, secret: str, tally: Tally, nudge: Callable[[], None]) -> HTTPRouteHandler:
    """`POST /hooks/mail`: 200 for what is stored (or was), 403 for what is not to be believed.

    No secret at all would believe everybody, and so is a ValueError.
    """
    if not secret.strip():
        raise ValueError("a webhook is not open without a signing secret")

    @post("/hooks/mail", opt={"machine": True}, sync_to_thread=True, request_max_body_size=LARGEST, status_code=200)
    def receive_mail(request: Request[Any, Any, Any], body: RawBody) -> Response[bytes]:
        signature = request.headers.get(SIGNATURE, "")
        try:
            told = read_hook(body, signature, secret=secret, now=database.clock.now())
        except BadMailHook as refused:
            tally.add(refused.fault)
            log.warning("mail webhook refused", fault=refused.fault, size=len(body))
            return Response(b"", status_code=403, media_type="text/plain")
        with database.transaction() as session:
            new = inbox.receive(
                session,
                source=SOURCE,
                external_id=told.id,
                kind=TOLD,
                object_ref=(told.message_id or told.id)[:LONGEST_REF],
                payload=msgspec.to_builtins(told),
                occurred_at=database.clock.now(),
            )
        tally.add("mail_received" if new else "mail_repeated")
        nudge()
        return Response(b"", status_code=200, media_type="text/plain")

    return receive_mail
