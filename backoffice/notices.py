"""Notices: the lists of them, those that wait for approval as a batch, and one with all that is known of it."""

from __future__ import annotations

from dataclasses import dataclass

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.notice_deciding import Decided, approve_each, reject_each
from backoffice.notice_views import STATUS_BADGES, NoticeView, call_view, notice_view
from backoffice.notice_words import said_of
from backoffice.wording import with_doers
from domain.notices import pay_links, queries
from domain.notices.model import HELD_BACK_NAMES, HeldBack
from domain.notices.queries import Narrowed, View
from domain.policies.contacting import CHANNEL_NAMES, WORDING_NAMES, Channel, Wording
from domain.shared.db.rows import AnyRows
from domain.shared.db.session import Database, now
from domain.shared.errors import N_, Invalid, NotFound, Refused
from domain.staff.permissions import Permission
from web.acting import status_of
from web.forms import Form, SentForm, query_form
from web.fragments import fragment, page, see_other
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest

PAGE = 50
LONGEST_WHY = 500
VIEW_WORDS = {
    View.TO_APPROVE: N_("To approve"),
    View.CALLS: N_("Calls due"),
    View.READY: N_("On their way"),
    View.SENT: N_("Sent"),
    View.HELD_BACK: N_("Held back"),
    View.FAILED: N_("Not delivered"),
}
"""What the lists are called."""
EMPTY_WORDS = {
    View.TO_APPROVE: N_("Notices that somebody is to look at before they go appear here, by the rules of the policy."),
    View.CALLS: N_("Customers who are to be called appear here, by the rules of the policy."),
    View.READY: N_("What is decided and not sent yet appears here: emails that wait for their hour, letters to print."),
    View.SENT: N_("Every reminder that went out appears here, with what became of it."),
    View.HELD_BACK: N_("What was not sent appears here, with the reason: it was paid, promised, disputed and so on."),
    View.FAILED: N_("Messages that did not reach anybody appear here."),
}
"""What will appear in each."""
CHANNELS = {channel.value: channel for channel in Channel}
WORDINGS = {wording.value: wording for wording in Wording}
REASONS = {why.value: why for why in HeldBack}
PATH = "/notices/{notice_id:int}"
SAY_WHY = N_("Say why it is not to go.")
CHOOSE_ONE = N_("Choose one of these.")
APPROVE, APPROVE_ALL, REJECT = "approve", "approve_all", "reject"
"""What the buttons send."""
FILTERS = ("first", "last", "channel", "wording")
"""What every list is narrowed by; what was held back by its reason (`why`) too."""


@get("/notices", guards=admit(Permission.SEE_NOTICES), sync_to_thread=True)
def list_notices(
    request: AnyRequest,
    database: GivenDatabase,
    show: FromQuery[str] = View.TO_APPROVE,
    place: FromQuery[int | None] = None,
) -> Response[bytes]:
    """Notices of all accounts: what waits for somebody first."""
    view = View(show) if show in set(View) else View.TO_APPROVE
    return _list(request, database, view, query_form(request), place=place)


@post("/notices", guards=admit(Permission.APPROVE_NOTICE), sync_to_thread=True)
def decide_notices(request: AnyRequest, database: GivenDatabase, form: SentForm) -> Response[bytes]:
    """Approve those that are ticked, or all that are shown, or reject them with a reason; each by itself.

    A notice is decided on once, whoever presses how often: it needs no token of its own.
    """
    act = form.value("act")
    try:
        if act not in (APPROVE, APPROVE_ALL, REJECT):
            raise Invalid(CHOOSE_ONE)
        with form.reading():
            ids = form.ids("shown" if act == APPROVE_ALL else "notice", missing=N_("Tick at least one notice."))
            why = form.text("why", longest=LONGEST_WHY, missing=SAY_WHY) if act == REJECT else ""
    except Refused as refused:
        place = form.value("place")
        at = int(place) if place.isdecimal() else None
        return _list(request, database, View.TO_APPROVE, form.refused(refused), place=at, status=422)
    chosen, actor = ids[:PAGE], actor_of(request)
    done = reject_each(database, chosen, why, actor) if act == REJECT else approve_each(database, chosen, actor)
    narrowed = {name: form.value(name) for name in FILTERS}
    return _list(request, database, View.TO_APPROVE, Form.starting(request, **narrowed), done=done)


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
    act, actor = form.value("act"), actor_of(request)
    try:
        with form.reading():
            why = form.text("why", longest=LONGEST_WHY, missing=SAY_WHY) if act == REJECT else ""
        if act not in (APPROVE, REJECT):
            raise Invalid(CHOOSE_ONE)
    except Refused as refused:
        return _show(request, database, notice_id, form.refused(refused), status=status_of(refused))
    (done,) = (
        reject_each(database, [notice_id], why, actor) if act == REJECT else approve_each(database, [notice_id], actor)
    )
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


def _list(
    request: AnyRequest,
    database: Database,
    view: View,
    form: Form,
    *,
    place: int | None = None,
    done: list[Decided] | None = None,
    status: int = 200,
) -> Response[bytes]:
    wanted = _narrowed(form, view)
    typed = {name: form.value(name) for name in FILTERS}
    if view is View.HELD_BACK:
        typed["why"] = form.value("why")
    with database.reading() as session:
        rows = queries.notices(session, view, wanted, place=place, limit=PAGE + 1)
        shown = _views(session, rows[:PAGE])
        counts = queries.counts(session, _all_reasons(wanted))
        held = queries.held_back_by_reason(session, _all_reasons(wanted)) if view is View.HELD_BACK else {}
        results = _results(session, done or [])
    context = {
        "notices": shown,
        "ticked": None if status == 200 else set(form.values("notice")),
        "kept": {**typed, "place": place},
        "view": view.value,
        "empty_words": EMPTY_WORDS[view],
        "views": [
            (words, with_query("/notices", **{**typed, "show": one.value}), one is view, counts[one])
            for one, words in VIEW_WORDS.items()
        ],
        "reasons": [
            (
                HELD_BACK_NAMES[why],
                with_query("/notices", **{**typed, "show": view, "why": why}),
                wanted.why is why,
                many,
            )
            for why, many in held.items()
        ],
        "channels": [(channel.value, words) for channel, words in CHANNEL_NAMES.items()],
        "wordings": [(wording.value, words) for wording, words in WORDING_NAMES.items()],
        "all_reasons": [(why.value, words) for why, words in HELD_BACK_NAMES.items()],
        "is_narrowed": wanted != Narrowed(),
        "following": with_query("/notices", **{**typed, "show": view.value, "place": rows[PAGE - 1].id})
        if len(rows) > PAGE
        else None,
        "results": results,
        "done": done is not None,
        "longest": LONGEST_WHY,
        "form": form,
    }
    return page(request, "backoffice/notices/list.html", context, status=status)


def _narrowed(form: Form, view: View) -> Narrowed:
    """What the filters ask for; one that cannot be read says so and is left out."""
    return Narrowed(
        first=form.optional_day("first"),
        last=form.optional_day("last"),
        channel=CHANNELS.get(form.value("channel")),
        wording=WORDINGS.get(form.value("wording")),
        why=REASONS.get(form.value("why")) if view is View.HELD_BACK else None,
    )


def _all_reasons(wanted: Narrowed) -> Narrowed:
    return Narrowed(wanted.first, wanted.last, wanted.channel, wanted.wording)


def _views(session: Session, rows: AnyRows) -> list[NoticeView]:
    parts = queries.parts(session, [row.id for row in rows])
    return [notice_view(row, parts[row.id]) for row in rows]


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one notice of a batch."""

    notice: NoticeView
    decided: Decided


def _results(session: Session, done: list[Decided]) -> list[Result]:
    rows = queries.some(session, [each.notice_id for each in done])
    views = {view.id: view for view in _views(session, rows)}
    return [Result(views[each.notice_id], each) for each in done if each.notice_id in views]


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
