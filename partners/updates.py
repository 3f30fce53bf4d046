"""Updates: a partner brings a file of updates or remittances, sees what it would come to, and has it taken in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery
from sqlalchemy.orm import Session

from domain.documents import queries as documents
from domain.documents.model import Category
from domain.documents.storage import Store
from domain.placements.correspondence import files
from domain.placements.correspondence.model import BROUGHT_NAMES, BroughtBy
from domain.placements.files.schema import LARGEST_FILE
from domain.processing.placing.answers import OUTCOME_NAMES, Answer, Outcome, counts
from domain.processing.placing.bringing import keep
from domain.processing.placing.foreseeing import foresee
from domain.processing.placing.taking_in import Brought, Flawed, Record, read, take_in
from domain.sessions.once import use_once
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.shared.errors import N_, NotFound, Refused
from domain.shared.words import Words
from partners.access import actor_of, agent_of
from partners.telling import TELLING
from web.forms import AROUND_A_FILE, Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase, GivenStore
from web.links import with_query
from web.uploads import GivenIntake
from web.visit import AnyRequest, visit_of

LIST = "/files"
PAGE = 50
BADGES = {Outcome.DONE: "paid", Outcome.KNOWN: "draft", Outcome.REFUSED: "failed"}
FORESEEN = {
    Outcome.DONE: N_("Would be done"),
    Outcome.KNOWN: N_("Known before"),
    Outcome.REFUSED: N_("Would be refused"),
}
"""What each outcome is called before it is one."""
TOLD_WORDS = {
    "accepted": N_("Taken on"),
    "refused": N_("Refused"),
    "payment": N_("Payment"),
    "bounced": N_("Payment that went back"),
    "cost": N_("Cost"),
    "activity": N_("What was done"),
    "question": N_("Question"),
    "returned": N_("Given back"),
    "closed": N_("Closed"),
    "remittance": N_("Remittance"),
}
"""What each record of a file is called on the screen."""


@dataclass(frozen=True, slots=True)
class RecordView:
    """One record of a file, and what became of it or would."""

    place: str
    told: str
    reference: str
    on: date
    badge: tuple[str, str]
    why: Words | None


@dataclass(frozen=True, slots=True)
class FileView:
    """A file in the list of those that were brought."""

    id: int
    name: str
    by: str
    at: datetime
    counts: dict[Outcome, int]


@get(LIST, sync_to_thread=True)
def list_files(request: AnyRequest, database: GivenDatabase, before: FromQuery[int | None] = None) -> Response[bytes]:
    """The files that were brought, the newest first, and the form for another."""
    return _list_page(request, database, Form.starting(request), before=before)


@post(LIST, sync_to_thread=True, request_max_body_size=LARGEST_FILE + AROUND_A_FILE)
def bring_file(request: AnyRequest, database: GivenDatabase, form: SentForm, intake: GivenIntake) -> Response[bytes]:
    """Keep a file that is one, and show what it would come to; nothing is done yet."""
    agent = agent_of(request)
    visit_of(request).site.limiter.count("tell", str(agent.login_id), TELLING)
    try:
        with form.reading():
            sent = form.upload("file", missing=N_("Choose a file of updates or remittances."))
        assert sent is not None
        read(sent.file)
        sent.file.seek(0)
        taken = intake.take_data(sent)
        with database.reading() as session:
            known = files.of_content(session, agent.partner_id, taken.sha256)
        if known is not None:
            return see_other(request, f"{LIST}/{known.id}")
        kept = keep(database, agent.partner_id, taken, actor=actor_of(request))
    except Refused as refused:
        flaws = refused.flaws if isinstance(refused, Flawed) else ()
        return _list_page(request, database, form.refused(refused), flaws=flaws, status=422)
    return see_other(request, f"{LIST}/new/{kept.id}")


@get(f"{LIST}/new/{{document_id:int}}", sync_to_thread=True)
def foresee_file(
    request: AnyRequest, database: GivenDatabase, document_id: FromPath[int], store: GivenStore
) -> Response[bytes]:
    """What a file would come to."""
    return _foreseen_page(request, database, store, document_id, Form.starting(request))


@post(f"{LIST}/new/{{document_id:int}}", sync_to_thread=True)
def take_file_in(
    request: AnyRequest, database: GivenDatabase, document_id: FromPath[int], form: SentForm, store: GivenStore
) -> Response[bytes]:
    """Do what a file tells, record by record."""
    agent = agent_of(request)
    visit_of(request).site.limiter.count("tell", str(agent.login_id), TELLING)
    document, records = _kept(request, database, store, document_id)
    try:
        with database.transaction() as session:
            use_once(session, form.value("once"))
    except Refused as refused:
        return _foreseen_page(request, database, store, document_id, form.refused(refused), status=422)
    brought = Brought(document.filename, document.sha256, BroughtBy.SITE)
    take_in(database, agent.partner_id, records, brought, actor=actor_of(request))
    with database.reading() as session:
        row = files.of_content(session, agent.partner_id, document.sha256)
    assert row is not None
    return see_other(request, f"{LIST}/{row.id}")


@get(f"{LIST}/{{file_id:int}}", sync_to_thread=True)
def show_file(request: AnyRequest, database: GivenDatabase, file_id: FromPath[int]) -> Response[bytes]:
    """What became of each record of a file."""
    with database.reading() as session:
        row = files.file(session, agent_of(request).partner_id, file_id)
    answers = [Answer.of(kept) for kept in row.answers]
    context = {
        "file": _file_view(row),
        "counts": _counted(answers, OUTCOME_NAMES),
        "records": [_record(answer, OUTCOME_NAMES) for answer in answers],
    }
    return page(request, "partners/file.html", context)


def _list_page(
    request: AnyRequest,
    database: Database,
    form: Form,
    *,
    before: int | None = None,
    flaws: object = (),
    status: int = 200,
) -> Response[bytes]:
    with database.reading() as session:
        rows = files.brought(session, agent_of(request).partner_id, before=before, limit=PAGE + 1)
    older = with_query(LIST, before=rows[PAGE - 1].id) if len(rows) > PAGE else None
    context = {
        "files": [_file_view(row) for row in rows[:PAGE]],
        "outcomes": list(OUTCOME_NAMES.items()),
        "older": older,
        "flaws": flaws,
        "largest": LARGEST_FILE // 1024 // 1024,
        "form": form,
    }
    return page(request, "partners/files.html", context, status=status)


def _foreseen_page(
    request: AnyRequest, database: Database, store: Store, document_id: int, form: Form, *, status: int = 200
) -> Response[bytes]:
    document, records = _kept(request, database, store, document_id)
    partner_id = agent_of(request).partner_id
    with database.reading() as session:
        known = files.of_content(session, partner_id, document.sha256)
        answers = [] if known is not None else foresee(session, partner_id, records)
    if known is not None:
        return see_other(request, f"{LIST}/{known.id}")
    context = {
        "name": document.filename,
        "path": f"{LIST}/new/{document_id}",
        "counts": _counted(answers, FORESEEN),
        "records": [_record(answer, FORESEEN) for answer in answers],
        "form": form,
    }
    return page(request, "partners/file_foreseen.html", context, status=status)


def _kept(request: AnyRequest, database: Database, store: Store, document_id: int) -> tuple[AnyRow, list[Record]]:
    """A file that this partner has sent, and its records; NotFound for every other."""
    with database.reading() as session:
        document = _document(session, document_id, agent_of(request).partner_id)
    with store.open(document.sha256) as stream:
        return document, read(stream)


def _document(session: Session, document_id: int, partner_id: int) -> AnyRow:
    row = documents.any_document(session, document_id)
    if (row.category, row.subject_kind, row.subject_id) != (Category.IMPORT, "partner", partner_id):
        raise NotFound(files.NO_SUCH_FILE)
    return row


def _file_view(row: AnyRow) -> FileView:
    many = counts([Answer.of(kept) for kept in row.answers])
    return FileView(row.id, row.name, BROUGHT_NAMES[row.brought_by], row.taken_at, many)


def _counted(answers: list[Answer], words: dict[Outcome, str]) -> list[tuple[str, int]]:
    many = counts(answers)
    return [(words[outcome], many[outcome]) for outcome in Outcome]


def _record(answer: Answer, words: dict[Outcome, str]) -> RecordView:
    badge = (BADGES[answer.outcome], words[answer.outcome])
    return RecordView(answer.place, TOLD_WORDS[answer.told], answer.reference, answer.on, badge, answer.why)
