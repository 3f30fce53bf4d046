"""Dispute talking: staff answer, ask, write down what the customer said, keep notes, and file papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from litestar import Response, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.dispute import PATH, dispute_page
from domain.disputes import queries, talking
from domain.disputes.answering import answer_with_paper
from domain.disputes.model import DisputeMessage
from domain.disputes.raising import LONGEST_WORDS
from domain.documents.names import BY_HAND
from domain.processing.filing_papers import file_papers
from domain.sessions.once import use_once
from domain.shared.errors import N_, Invalid, Refused
from domain.staff.permissions import Permission
from web.acting import carry_out, status_of
from web.forms import SentForm
from web.given import GivenDatabase
from web.uploads import MOST_SENT, GivenIntake, sent_files
from web.visit import AnyRequest

TALK: Mapping[str, Callable[..., DisputeMessage]] = {
    "answer": talking.answer,
    "ask": talking.ask,
    "heard": talking.write_to_us,
    "note": talking.note_down,
}
"""What each button of the thread does."""


@post(
    f"{PATH}/messages",
    guards=admit(Permission.HANDLE_DISPUTES),
    request_max_body_size=MOST_SENT,
    sync_to_thread=True,
)
def talk_in_dispute(
    request: AnyRequest, database: GivenDatabase, dispute_id: FromPath[int], form: SentForm, intake: GivenIntake
) -> Response[bytes]:
    """Add a message to the thread, with its files."""
    with database.reading() as session:
        row = queries.dispute(session, dispute_id)
    say = TALK.get(form.value("act"))
    is_note = say is talking.note_down
    words, files = ("note", "note_files") if is_note else ("words", "files")

    def again(refused: Refused) -> Response[bytes]:
        if refused.field == "words":
            refused.field = words
        return dispute_page(request, database, dispute_id, form.refused(refused), status=status_of(refused))

    try:
        if say is None:
            raise Invalid(N_("Choose one of these."))
        with form.reading():
            said = form.text(words, longest=LONGEST_WORDS, missing=N_("Write something first."))
        taken = intake.take_all(sent_files(form, files), field=files)
    except Refused as refused:
        return again(refused)

    def act(session: Session) -> None:
        use_once(session, form.value("once"))
        say(session, row.account_id, row.id, said, files=taken, actor=actor_of(request))

    return carry_out(
        request,
        database,
        form,
        act,
        there=f"/disputes/{dispute_id}#thread",
        again=lambda form: dispute_page(request, database, dispute_id, form, status=422),
    )


@post(
    f"{PATH}/papers",
    guards=admit(Permission.HANDLE_DISPUTES),
    request_max_body_size=MOST_SENT,
    sync_to_thread=True,
)
def file_in_dispute(
    request: AnyRequest, database: GivenDatabase, dispute_id: FromPath[int], form: SentForm, intake: GivenIntake
) -> Response[bytes]:
    """File papers about it; the one that was missing answers it at once."""
    with database.reading() as session:
        row = queries.dispute(session, dispute_id)
    try:
        with form.reading():
            category = form.choice("category", {one.value: one for one in BY_HAND})
            if not sent_files(form, "papers"):
                form.refuse("papers", N_("Choose a file."))
        taken = intake.take_all(sent_files(form, "papers"), field="papers")
    except Refused as refused:
        return dispute_page(request, database, dispute_id, form.refused(refused), status=status_of(refused))

    def act(session: Session) -> None:
        use_once(session, form.value("once"))
        about, actor = ("dispute", row.id), actor_of(request)
        file_papers(session, row.account_id, taken, category=category, about=about, actor=actor)
        answer_with_paper(session, row.id, actor=actor)

    return carry_out(
        request,
        database,
        form,
        act,
        there=f"/disputes/{dispute_id}",
        again=lambda form: dispute_page(request, database, dispute_id, form, status=422),
    )
