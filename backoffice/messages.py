"""Messages: what customers have written to us: whose it is, what it answers to, and that it was dealt with."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.frame import entered
from domain.accounts import queries as accounts
from domain.notices.incoming import queries as message_queries
from domain.notices.incoming import taking_in
from domain.notices.incoming.matching import MATCHED_BY_NAMES, MatchedBy
from domain.notices.incoming.queries import View
from domain.policies.contacting import CHANNEL_NAMES, WORDING_NAMES, Channel
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.shared.errors import N_, Invalid
from domain.staff import queries as staff
from domain.staff.permissions import Permission
from web.acting import carry_out
from web.forms import Form, SentForm
from web.fragments import page
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest

PAGE = 50
PATH = "/messages/{incoming_id:int}"
VIEW_WORDS = {View.UNMATCHED: N_("Whose is it?"), View.OPEN: N_("To answer"), View.ALL: N_("All")}
"""What the lists are called."""
NO_ACCOUNT = N_("There is no account with this number.")


@get("/messages", guards=admit(Permission.SEE_MESSAGES), sync_to_thread=True)
def list_messages(
    request: AnyRequest,
    database: GivenDatabase,
    show: FromQuery[str] = "",
    account: FromQuery[int | None] = None,
    place: FromQuery[int | None] = None,
) -> Response[bytes]:
    """The messages of a list, of one account or all; the first list in which something waits where none is chosen."""
    with database.reading() as session:
        counts = message_queries.counts(session, account_id=account)
        view = _view(show, counts, one_account=account is not None)
        rows = message_queries.messages(session, view, account_id=account, place=place, limit=PAGE + 1)
        whose = entered(session, account) if account is not None else None
    shown = rows[:PAGE]
    context = {
        "messages": [(row, badge_of(row)) for row in shown],
        "account": whose,
        "views": [
            (words, with_query("/messages", show=one.value, account=account), one is view, counts.get(one))
            for one, words in VIEW_WORDS.items()
        ],
        "following": with_query("/messages", show=view.value, account=account, place=shown[-1].id)
        if len(rows) > PAGE
        else None,
    }
    return page(request, "backoffice/messages/list.html", context)


@get(PATH, guards=admit(Permission.SEE_MESSAGES), sync_to_thread=True)
def show_message(request: AnyRequest, database: GivenDatabase, incoming_id: FromPath[int]) -> Response[bytes]:
    """One message with its text, and what can be done about it."""
    return _show(request, database, incoming_id, Form.starting(request))


@post(PATH + "/account", guards=admit(Permission.HANDLE_MESSAGES), sync_to_thread=True)
def assign_message(
    request: AnyRequest, database: GivenDatabase, incoming_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Say whose it is."""

    def act(session: Session) -> None:
        message_queries.message(session, incoming_id)
        with form.reading():
            number = form.text("account", longest=64, missing=N_("Enter the number of the account."))
        account_id = accounts.id_of_number(session, number)
        if account_id is None:
            raise Invalid(NO_ACCOUNT, field="account")
        taking_in.assign(session, incoming_id, account_id, actor=actor_of(request))

    return _carry_out(request, database, incoming_id, form, act)


@post(PATH + "/settled", guards=admit(Permission.HANDLE_MESSAGES), sync_to_thread=True)
def settle_message(
    request: AnyRequest, database: GivenDatabase, incoming_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Mark it as dealt with."""

    def act(session: Session) -> None:
        with form.reading():
            note = form.text("note", required=False, longest=500)
        taking_in.settle(session, incoming_id, actor=actor_of(request), note=note)

    return _carry_out(request, database, incoming_id, form, act)


def badge_of(row: AnyRow) -> tuple[str, str]:
    """How a message stands: the kind of badge, and its words."""
    if row.settled_at is not None:
        return ("paid", N_("Dealt with")) if row.settled_by is not None else ("void", N_("Needs no answer"))
    return ("warning", N_("Whose is it?")) if row.account_id is None else ("waiting", N_("To answer"))


def _view(show: str, counts: dict[View, int], *, one_account: bool) -> View:
    if show in set(View):
        return View(show)
    if one_account:
        return View.ALL
    return next((view for view in (View.UNMATCHED, View.OPEN) if counts[view]), View.ALL)


def _carry_out(
    request: AnyRequest, database: Database, incoming_id: int, form: Form, act: Callable[[Session], None]
) -> Response[bytes]:
    return carry_out(
        request,
        database,
        form,
        act,
        there=f"/messages/{incoming_id}",
        again=lambda refused: _show(request, database, incoming_id, refused),
    )


def _answer_to(row: AnyRow) -> str | None:
    """The link that begins an answer in the mail program of whoever reads it; None where no mail came."""
    if row.channel is not Channel.EMAIL or "@" not in row.sender:
        return None
    subject = row.subject if row.subject.lower().startswith("re:") else f"Re: {row.subject}".strip()
    return f"mailto:{quote(row.sender, safe='@')}?subject={quote(subject)}"


def _show(request: AnyRequest, database: Database, incoming_id: int, form: Form) -> Response[bytes]:
    with database.reading() as session:
        row = message_queries.message(session, incoming_id)
        names = staff.names(session, {row.settled_by} if row.settled_by is not None else set())
    context = {
        "form": form,
        "message": row,
        "badge": badge_of(row),
        "channel": CHANNEL_NAMES[row.channel],
        "matched_by": MATCHED_BY_NAMES[MatchedBy(row.matched_by)] if row.matched_by else None,
        "answer_to": _answer_to(row),
        "answers": WORDING_NAMES[row.wording] if row.wording else None,
        "settled_by": names.get(row.settled_by),
    }
    return page(request, "backoffice/messages/show.html", context)
