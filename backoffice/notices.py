"""Notices: the lists of them, and those that wait for approval as a batch."""

from __future__ import annotations

from dataclasses import dataclass, replace

from litestar import Response, get, post
from litestar.params import FromQuery
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.notice_deciding import LONGEST_WHY, Decided, decide_each, reason_of
from backoffice.notice_views import NoticeView, notice_view
from domain.notices import queries
from domain.notices.model import HELD_BACK_NAMES, HeldBack
from domain.notices.queries import Narrowed, View
from domain.policies.contacting import CHANNEL_NAMES, WORDING_NAMES, Channel, Wording
from domain.shared.db.rows import AnyRows
from domain.shared.db.session import Database
from domain.shared.errors import N_, Refused
from domain.staff.permissions import Permission
from web.forms import Form, SentForm, query_form
from web.fragments import page
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest

PAGE = 50
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
    try:
        with form.reading():
            shown = "shown" if form.value("act") == "approve_all" else "notice"
            ids = form.ids(shown, missing=N_("Tick at least one notice."))
            why = reason_of(form)
    except Refused as refused:
        place = form.value("place")
        at = int(place) if place.isdecimal() else None
        return _list(request, database, View.TO_APPROVE, form.refused(refused), place=at, status=422)
    done = decide_each(database, ids[:PAGE], why, actor_of(request))
    narrowed = {name: form.value(name) for name in FILTERS}
    return _list(request, database, View.TO_APPROVE, Form.starting(request, **narrowed), done=done)


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
    whatever_why = replace(wanted, why=None)
    typed = {name: form.value(name) for name in FILTERS}
    if view is View.HELD_BACK:
        typed["why"] = form.value("why")
    with database.reading() as session:
        rows = queries.notices(session, view, wanted, place=place, limit=PAGE + 1)
        shown = _views(session, rows[:PAGE])
        counts = queries.counts(session, whatever_why)
        held = queries.held_back_by_reason(session, whatever_why) if view is View.HELD_BACK else {}
        results = _results(session, done or [])
    context = {
        "notices": shown,
        "ticked": None if status == 200 else set(form.values("notice")),
        "kept": {**typed, "place": place},
        "view": view.value,
        "empty_words": EMPTY_WORDS[view],
        "views": [
            (words, with_query("/notices", **{**typed, "show": one.value}), one is view, counts.get(one))
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
