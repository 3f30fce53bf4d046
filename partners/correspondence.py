"""Correspondence: a partner says what it has done about a debt, and asks us what it has to know."""

from __future__ import annotations

from litestar import Response, get, post
from sqlalchemy.orm import Session

from domain.placements.correspondence import writing
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import today
from domain.shared.errors import N_
from partners.access import actor_of
from partners.given import PlacementId
from partners.placement import PATH
from partners.telling import form_page, tell
from web.forms import Form, SentForm
from web.given import GivenDatabase
from web.visit import AnyRequest

ACTIVITY, QUESTION = f"{PATH}/activity", f"{PATH}/question"


@get(ACTIVITY, sync_to_thread=True)
def activity_form(request: AnyRequest, database: GivenDatabase, placement_id: PlacementId) -> Response[bytes]:
    """The form for what was done; it starts with today."""
    with database.reading() as session:
        start = Form.starting(request, happened_on=today(session).isoformat())
    return form_page(request, database, placement_id, "partners/activity.html", start, _longest)


@post(ACTIVITY, sync_to_thread=True)
def tell_activity(
    request: AnyRequest, database: GivenDatabase, placement_id: PlacementId, form: SentForm
) -> Response[bytes]:
    """Write down what was done on a day."""

    def act(session: Session, row: AnyRow) -> None:
        with form.reading():
            words = form.text("words", longest=writing.LONGEST_WORDS, missing=N_("Say what you have done."))
            day = form.day("happened_on", missing=N_("Enter the day on which it happened."))
        writing.tell_activity(session, row.account_id, row.id, words, happened_on=day, actor=actor_of(request))

    def again(form: Form) -> Response[bytes]:
        return form_page(request, database, placement_id, "partners/activity.html", form, _longest)

    return tell(request, database, placement_id, form, act, again)


@get(QUESTION, sync_to_thread=True)
def question_form(request: AnyRequest, database: GivenDatabase, placement_id: PlacementId) -> Response[bytes]:
    """The form for a question."""
    return form_page(request, database, placement_id, "partners/question.html", Form.starting(request), _longest)


@post(QUESTION, sync_to_thread=True)
def ask_question(
    request: AnyRequest, database: GivenDatabase, placement_id: PlacementId, form: SentForm
) -> Response[bytes]:
    """Ask us something; the answer stands on the debt's page, and is mailed."""

    def act(session: Session, row: AnyRow) -> None:
        with form.reading():
            words = form.text("words", longest=writing.LONGEST_WORDS, missing=N_("Write what you want to know."))
        writing.ask(session, row.account_id, row.id, words, happened_on=today(session), actor=actor_of(request))

    def again(form: Form) -> Response[bytes]:
        return form_page(request, database, placement_id, "partners/question.html", form, _longest)

    return tell(request, database, placement_id, form, act, again)


def _longest(_: Session, __: AnyRow) -> dict[str, object]:
    return {"longest_words": writing.LONGEST_WORDS}
