"""Handoff talking: staff answer what a partner asks about a placement."""

from __future__ import annotations

from functools import partial

from litestar import Response, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.handoff import PATH, account_of, handoff_page
from backoffice.handoffs import LIST
from domain.placements.correspondence import reading, writing
from domain.sessions.once import use_once
from domain.shared.errors import N_, Conflict
from domain.staff.permissions import Permission
from web.acting import carry_out
from web.forms import SentForm
from web.given import GivenDatabase
from web.visit import AnyRequest


@post(f"{PATH}/answers", guards=admit(Permission.PROPOSE_HANDOFF), sync_to_thread=True)
def answer_partner(
    request: AnyRequest, database: GivenDatabase, placement_id: FromPath[int], form: SentForm
) -> Response[bytes]:
    """Answer one of the partner's questions, which it is mailed."""
    account_id = account_of(database, placement_id)

    def act(session: Session) -> None:
        asked = {str(question_id): question_id for question_id in reading.questions(session, placement_id)}
        if not asked:
            raise Conflict(N_("They have asked nothing."))
        with form.reading():
            words = form.text("words", longest=writing.LONGEST_WORDS, missing=N_("Write something first."))
            question_id = form.choice("question", asked, missing=N_("Choose the question that you answer."))
        use_once(session, form.value("once"))
        writing.answer(session, account_id, placement_id, question_id, words, actor=actor_of(request))

    again = partial(handoff_page, request, database, placement_id)
    return carry_out(request, database, form, act, there=f"{LIST}/{placement_id}#talk", again=again)
