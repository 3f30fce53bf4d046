"""Inbox: what the payment processor told us: waiting, failed, handled; a failed event can be tried again."""

from __future__ import annotations

import json

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from backoffice.access import actor_of, admit
from backoffice.given import GivenNudge, GivenWebhookCounts
from domain.inbox import handling
from domain.inbox import queries as inbox
from domain.inbox.queries import View
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.staff.permissions import Permission
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest

PAGE = 50
VIEW_WORDS = {
    View.FAILED: N_("Failed"),
    View.WAITING: N_("Waiting"),
    View.HANDLED: N_("Handled"),
    View.ALL: N_("All"),
}
"""What the lists are called."""
COUNT_WORDS = {
    "received": N_("Received"),
    "repeated": N_("Received again"),
    "not_signed": N_("Refused: not signed"),
    "forged": N_("Refused: signed by somebody else"),
    "old": N_("Refused: too old"),
    "from_the_future": N_("Refused: from the future"),
    "foreign": N_("Refused: from another mode or account"),
    "unreadable": N_("Refused: unreadable"),
    "mail_received": N_("About mail: received"),
    "mail_repeated": N_("About mail: received again"),
    "mail_not_signed": N_("About mail, refused: not signed"),
    "mail_forged": N_("About mail, refused: signed by somebody else"),
    "mail_not_now": N_("About mail, refused: too old, or from the future"),
    "mail_unreadable": N_("About mail, refused: unreadable"),
    "text_received": N_("About texts: received"),
    "text_repeated": N_("About texts: received again"),
    "text_not_signed": N_("About texts, refused: not signed"),
    "text_forged": N_("About texts, refused: signed by somebody else"),
    "text_unreadable": N_("About texts, refused: unreadable"),
}
"""What each count of webhooks is called."""


@get("/inbox", guards=admit(Permission.SEE_INBOX), sync_to_thread=True)
def list_events(
    request: AnyRequest,
    database: GivenDatabase,
    webhook_counts: GivenWebhookCounts,
    show: FromQuery[str] = "",
    after: FromQuery[int | None] = None,
) -> Response[bytes]:
    """The events of one list, and how many webhooks came."""
    with database.reading() as session:
        counts = inbox.counts(session)
        usual = View.FAILED if counts[View.FAILED] else View.ALL
        view = View(show) if show in set(View) else usual
        rows = inbox.events(session, view, after=after, limit=PAGE + 1)
        oldest = inbox.oldest_waiting(session)
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    context = {
        "events": [(row, badge(row)) for row in rows[:PAGE]],
        "older": last and with_query("/inbox", show=view.value, after=last.id),
        "views": [
            (words, with_query("/inbox", show=one.value), one is view, counts.get(one))
            for one, words in VIEW_WORDS.items()
        ],
        "oldest": oldest,
        "webhooks": [(COUNT_WORDS.get(name, name), count) for name, count in sorted(webhook_counts().items())],
    }
    return page(request, "backoffice/inbox/list.html", context)


@get("/inbox/{event_id:int}", guards=admit(Permission.SEE_INBOX), sync_to_thread=True)
def show_event(request: AnyRequest, database: GivenDatabase, event_id: FromPath[int]) -> Response[bytes]:
    """One event as it came, with what went wrong."""
    with database.reading() as session:
        row = inbox.event(session, event_id)
    context = {"event": row, "badge": badge(row), "payload": json.dumps(row.payload, indent=2, ensure_ascii=False)}
    return page(request, "backoffice/inbox/show.html", context)


@post("/inbox/{event_id:int}/retry", guards=admit(Permission.RETRY_EVENT), sync_to_thread=True)
def retry_event(
    request: AnyRequest, database: GivenDatabase, event_id: FromPath[int], nudge: GivenNudge
) -> Response[bytes]:
    """Have a failed event handled again, at once."""
    with database.transaction() as session:
        handling.retry(session, event_id, actor=actor_of(request))
    nudge()
    return see_other(request, f"/inbox/{event_id}")


def badge(row: AnyRow) -> tuple[str, str]:
    """How an event stands: the kind of its badge, and the fact as a message id."""
    if row.failed_at is not None:
        return "failed", N_("Failed")
    if row.handled_at is not None:
        return "paid", N_("Handled")
    return "waiting", N_("Waiting")
