"""Policy review: the page that a manager opens each quarter: what a policy brought, what stands out, what to change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from litestar import Response, get, post
from litestar.types import ControllerRouterHandler
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.given import GivenNudge
from backoffice.policies import PolicyId
from backoffice.report_views import section_views
from backoffice.wording import with_doers
from domain.policies import drafting, queries
from domain.reporting.reviewing.deciding import LONGEST, decide, decisions
from domain.reporting.reviewing.sheet import REVIEW, quarter
from domain.reporting.sheets import keeping
from domain.reporting.sheets.asking import HREF, Asked, days_of
from domain.reporting.sheets.files import MEDIA_TYPES
from domain.sessions.once import use_once
from domain.shared.db.session import Database, today
from domain.shared.errors import N_
from domain.shared.months import months_later
from domain.staff.permissions import Permission
from web.acting import carry_out
from web.forms import Form, SentForm
from web.fragments import page, page_or_fragment, path_of, see_other
from web.given import GivenDatabase
from web.links import with_query
from web.visit import AnyRequest, visit_of

PATH = "/policies/{policy_id:int}/review"
SHOWN = 6
"""So many quarters can be chosen: the one that runs and those before it."""


@get(PATH, guards=admit(Permission.SEE_POLICY_REVIEW), sync_to_thread=True)
def show_review(
    request: AnyRequest, database: GivenDatabase, policy_id: PolicyId, nudge: GivenNudge
) -> Response[bytes]:
    """A quarter of a policy beside the one before it: the last one that is over, unless another is asked for."""
    return _page(request, database, policy_id, nudge, None)


@post(PATH, guards=admit(Permission.WRITE_POLICY), sync_to_thread=True)
def decide_on_review(
    request: AnyRequest, database: GivenDatabase, policy_id: PolicyId, nudge: GivenNudge, form: SentForm
) -> Response[bytes]:
    """Keep what was decided, and when the policy is looked at again."""

    def act(session: Session) -> None:
        with form.reading():
            words = form.text("words", missing=N_("Say what was decided."), longest=LONGEST)
            next_on = form.day("next_on")
        use_once(session, form.value("once"))
        asked = _asked(session, form.value("quarter"), policy_id)
        decide(session, policy_id, asked.since, asked.last, words, next_on, actor=actor_of(request))

    there = with_query(f"/policies/{policy_id}/review", quarter=form.value("quarter"))
    return carry_out(
        request, database, form, act, there=there, again=lambda form: _page(request, database, policy_id, nudge, form)
    )


def _page(
    request: AnyRequest, database: Database, policy_id: int, nudge: GivenNudge, form: Form | None
) -> Response[bytes]:
    typed = form.value("quarter") if form else request.query_params.get("quarter", "")
    own = f"/policies/{policy_id}/review"
    with database.reading() as session:
        policy = drafting.the_policy(session, policy_id)
        asked = _asked(session, typed, policy_id)
        found = keeping.kept(session, REVIEW, asked)
        slow = found is None and keeping.is_slow(session)
        sheet = found.sheet if found else None if slow else keeping.made(session, REVIEW, asked)
        day = today(session)
        decided = with_doers(session, decisions(session, policy_id))
        is_draft = queries.draft_of(session, policy_id) is not None
    context: dict[str, object] = {
        "policy": policy,
        "report": REVIEW,
        "days": days_of(replace(asked, last=max(asked.since, min(asked.last, day)))),
        "quarters": _quarters(day, policy_id, asked),
        "form": form or Form.starting(request, next_on=months_later(day, 3).isoformat(), quarter=str(asked.since)),
    }
    if sheet is None:
        with database.transaction() as session:
            keeping.ask_for(session, REVIEW, asked)
        nudge()
        context["again"] = with_query(own, quarter=asked.since)
        return page_or_fragment(
            request,
            page="backoffice/reports/making.html",
            fragment="backoffice/reports/_making.html",
            context=context,
        )
    if visit_of(request).from_htmx and request.method == "GET":
        return see_other(request, path_of(request))
    context |= {
        "sheet": sheet,
        "sections": section_views(sheet, visit_of(request).speaking),
        "decided": decided,
        "is_draft": is_draft,
        "trial_href": with_query(
            f"/policies/{policy_id}/trial", **{"whom": "ruled", "from": asked.since, "to": min(asked.last, day)}
        ),
        "files": [(end, f"{HREF.format(REVIEW.name)}.{end}?{asked.text}") for end in MEDIA_TYPES],
        "quarter": asked.since.isoformat(),
        "least_day": day,
    }
    return page(request, "backoffice/policies/review.html", context)


def _asked(session: Session, typed: str, policy_id: int) -> Asked:
    """The quarter that begins on the day that was typed; the last one that is over where none does."""
    day = today(session)
    for first in _firsts(day, policy_id):
        if first.isoformat() == typed:
            return quarter(first, policy_id)
    return quarter(months_later(day, -3), policy_id)


def _firsts(day: date, policy_id: int) -> list[date]:
    first = quarter(day, policy_id).since
    return [months_later(first, -3 * back) for back in range(SHOWN)]


def _quarters(day: date, policy_id: int, asked: Asked) -> list[tuple[date, str, bool, None]]:
    own = f"/policies/{policy_id}/review"
    firsts = reversed(_firsts(day, policy_id))
    return [(first, with_query(own, quarter=first), first == asked.since, None) for first in firsts]


PAGES: tuple[ControllerRouterHandler, ...] = (show_review, decide_on_review)
"""Every handler of reviews."""
