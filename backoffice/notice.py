"""Notice: one notice with all that is known of it, let go or not, and its pay link taken back."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath

from backoffice.access import actor_of, admit
from backoffice.call_views import call_view
from backoffice.notice_deciding import LONGEST_WHY, Decided, decide_each, reason_of
from backoffice.notice_views import STATUS_BADGES, notice_view
from backoffice.notice_words import said_of
from backoffice.wording import with_doers
from domain.notices import pay_links, queries
from domain.shared.db.session import Database, now
from domain.shared.errors import N_, NotFound, Refused
from domain.staff.permissions import Permission
from web.acting import status_of
from web.forms import Form, SentForm
from web.fragments import fragment, page, see_other
from web.given import GivenDatabase
from web.visit import AnyRequest

PATH = "/notices/{notice_id:int}"


@get(PATH, guards=admit(Permission.SEE_NOTICES), sync_to_thread=True)
def show_notice(request: AnyRequest, database: GivenDatabase, notice_id: FromPath[int]) -> Response[bytes]:
    """Who it is for, what it says, which invoices it is about, and what became of it."""
    return _show(request, database, notice_id, Form.starting(request))


@get(f"{PATH}/words", guards=admit(Permission.SEE_NOTICES), sync_to_thread=True)
def notice_words(request: AnyRequest, database: GivenDatabase, notice_id: FromPath[int]) -> Response[bytes]:
    """What it says, alone, as the list unfolds it."""
    with database.reading() as session:
        context = {"said": said_of(session, queries.notice(session, notice_id))}
    return fragment(request, "backoffice/notices/_said.html", context)


@post(PATH, guards=admit(Permission.APPROVE_NOTICE), sync_to_thread=True)
def decide_notice(
    request: AnyRequest, database: GivenDatabase, notice_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Let it go, or not."""
    with database.reading() as session:
        queries.notice(session, notice_id)
    try:
        with form.reading():
            why = reason_of(form)
    except Refused as refused:
        return _show(request, database, notice_id, form.refused(refused), status=status_of(refused))
    (done,) = decide_each(database, [notice_id], why, actor_of(request))
    return _show(request, database, notice_id, Form.starting(request), done=done, status=422 if done.refused else 200)


@post(f"{PATH}/links/{{link_id:int}}/revoke", guards=admit(Permission.APPROVE_NOTICE), sync_to_thread=True)
def revoke_link(
    request: AnyRequest, database: GivenDatabase, notice_id: FromPath[int], link_id: FromPath[int]
) -> Response[bytes]:
    """The pay link of a notice works no more; safe to repeat."""
    with database.transaction() as session:
        if link_id not in {row.id for row in pay_links.of_notice(session, notice_id)}:
            raise NotFound(N_("We could not find that link."))
        pay_links.revoke(session, link_id, actor=actor_of(request))
    return see_other(request, f"/notices/{notice_id}")


def _show(
    request: AnyRequest,
    database: Database,
    notice_id: int,
    form: Form,
    *,
    done: Decided | None = None,
    status: int = 200,
) -> Response[bytes]:
    with database.reading() as session:
        row = queries.notice(session, notice_id)
        changes = queries.changes(session, notice_id)
        call = queries.call_of(session, notice_id)
        context = {
            "notice": notice_view(row, queries.parts(session, [notice_id])[notice_id]),
            "said": said_of(session, row),
            "changes": [(change, STATUS_BADGES[change.after], who) for change, who in with_doers(session, changes)],
            "links": pay_links.of_notice(session, notice_id),
            "news": queries.news_of(session, notice_id),
            "call": call_view(call) if call else None,
            "now": now(session),
            "done": done,
            "longest": LONGEST_WHY,
            "form": form,
        }
    return page(request, "backoffice/notices/show.html", context, status=status)
