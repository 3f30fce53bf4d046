"""Dispute talking: staff answer, ask, write down what the customer said, keep notes, and file papers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from litestar import Response, post
from litestar.params import FromPath
from sqlalchemy.orm import Session

from backoffice.access import actor_of, admit
from backoffice.dispute import PATH, dispute_page
from domain.disputes import queries, talking
from domain.disputes.answering import answer_with_paper
from domain.disputes.model import DisputeMessage
from domain.disputes.raising import LONGEST_WORDS
from domain.documents.intake import TakenIn
from domain.documents.model import Category
from domain.documents.names import FILED_AS
from domain.processing.filing_papers import file_papers
from domain.sessions.once import use_once
from domain.shared.errors import N_, Invalid
from domain.staff.permissions import Permission
from web.acting import read_and_carry_out
from web.forms import SentForm
from web.given import GivenDatabase
from web.uploads import MOST_SENT, GivenIntake
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
    words, files = ("note", "note_files") if say is talking.note_down else ("words", "files")

    def read() -> tuple[str, list[TakenIn]]:
        if say is None:
            raise Invalid(N_("Choose one of these."))
        with form.reading():
            said = form.text(words, longest=LONGEST_WORDS, missing=N_("Write something first."))
        return said, intake.take_all(form.uploads(files), field=files)

    def act(session: Session, sent: tuple[str, list[TakenIn]]) -> None:
        said, taken = sent
        use_once(session, form.value("once"))
        assert say is not None
        say(session, row.account_id, row.id, said, files=taken, actor=actor_of(request))

    there = f"/disputes/{dispute_id}#thread"
    again = partial(dispute_page, request, database, dispute_id)
    return read_and_carry_out(request, database, form, read, act, there=there, again=again)


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

    def read() -> tuple[Category, list[TakenIn]]:
        with form.reading():
            category = form.choice("category", FILED_AS)
            if not form.uploads("papers"):
                form.refuse("papers", N_("Choose a file."))
        return category, intake.take_all(form.uploads("papers"), field="papers")

    def act(session: Session, sent: tuple[Category, list[TakenIn]]) -> None:
        category, taken = sent
        use_once(session, form.value("once"))
        about, actor = ("dispute", row.id), actor_of(request)
        file_papers(session, row.account_id, taken, category=category, about=about, actor=actor)
        answer_with_paper(session, row.id, actor=actor)

    there = f"/disputes/{dispute_id}"
    again = partial(dispute_page, request, database, dispute_id)
    return read_and_carry_out(request, database, form, read, act, there=there, again=again)
