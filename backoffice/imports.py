"""Imports: upload a file, match its columns, look at what it comes to, book it, and take it back if it was wrong."""

from __future__ import annotations

from litestar import Response, get, post
from litestar.params import FromPath, FromQuery

from backoffice.access import actor_of, admit, officer_of
from backoffice.confirming import unsure
from backoffice.given import GivenNudge
from backoffice.matching import OURS_WORDS, beginning, column_choices, date_choices, read_mapping, starting_form
from backoffice.wording import with_doers
from domain.documents import filing
from domain.documents import queries as documents
from domain.documents.model import Category
from domain.documents.storage import Store
from domain.importing import preparing, undoing
from domain.importing.following import in_hand
from domain.importing.guessing import look
from domain.importing.mapping import REQUIRED, BookedAs
from domain.importing.messages import BookFile, ReadFile
from domain.importing.model import BatchState
from domain.importing.problems import Unreadable
from domain.importing.queries import batches, preview, remembered_mapping
from domain.importing.tables import LARGEST_FILE
from domain.outbox import sending as outbox
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.shared.errors import N_, NotFound, Refused
from domain.shared.money import Money
from domain.staff.permissions import Permission
from web.forms import AROUND_A_FILE, Form, SentForm
from web.fragments import page, page_or_fragment, see_other
from web.given import GivenDatabase, GivenStore
from web.uploads import GivenIntake
from web.visit import AnyRequest, visit_of

PAGE = 50
BADGES = {
    BatchState.READING: ("waiting", N_("Being read")),
    BatchState.PREVIEWED: ("draft", N_("Not booked")),
    BatchState.DONE: ("paid", N_("Booked")),
    BatchState.UNDONE: ("void", N_("Taken back")),
}
"""How each state of an import is shown."""
BOOKED_AS_WORDS = {
    BookedAs.SALES: (N_("Sales"), N_("Invoices that count as sold, with their tax.")),
    BookedAs.OPENING_BALANCE: (N_("Opening balances"), N_("Invoices whose sale stands in other books.")),
}
"""What imported invoices can stand against."""


@get("/imports", guards=admit(Permission.SEE_IMPORTS), sync_to_thread=True)
def list_imports(request: AnyRequest, database: GivenDatabase, before: FromQuery[int | None] = None) -> Response[bytes]:
    """The files that were imported, newest first, and the way to add one."""
    return _list_page(request, database, Form.starting(request), before=before)


@post(
    "/imports",
    guards=admit(Permission.IMPORT),
    sync_to_thread=True,
    request_max_body_size=LARGEST_FILE + AROUND_A_FILE,
)
def upload(request: AnyRequest, database: GivenDatabase, form: SentForm, intake: GivenIntake) -> Response[bytes]:
    """Keep the file, and go on to its columns."""
    try:
        with form.reading():
            sent = form.upload("file", missing=N_("Choose a file of invoices."))
        assert sent is not None
        taken = intake.take_data(sent)
    except Refused as refused:
        return _list_page(request, database, form.refused(refused), status=422)
    with database.transaction() as session:
        kept = filing.enter(
            session,
            taken,
            category=Category.IMPORT,
            account_id=None,
            subject=("staff", officer_of(request).staff_id),
            actor=actor_of(request),
        )
    return see_other(request, f"/imports/files/{kept.id}")


@get("/imports/files/{document_id:int}", guards=admit(Permission.IMPORT), sync_to_thread=True)
def match_columns(
    request: AnyRequest, database: GivenDatabase, document_id: FromPath[int], store: GivenStore
) -> Response[bytes]:
    """Which of its columns is which of ours."""
    return _match_page(request, database, store, document_id, None)


@post("/imports/files/{document_id:int}", guards=admit(Permission.IMPORT), sync_to_thread=True)
def read_file(
    request: AnyRequest,
    database: GivenDatabase,
    document_id: FromPath[int],
    form: SentForm,
    store: GivenStore,
    nudge: GivenNudge,
) -> Response[bytes]:
    """Have the worker read the file that way."""
    with database.reading() as session:
        _uploaded(documents.any_document(session, document_id))
    try:
        mapping = read_mapping(form)
    except Refused as refused:
        return _match_page(request, database, store, document_id, form.refused(refused), status=422)
    actor = actor_of(request)
    message = ReadFile(document_id, mapping.as_values(), officer_of(request).staff_id, actor.address)
    with database.transaction() as session:
        message_id = outbox.add(session, message)
    nudge()
    return see_other(request, f"/imports/progress/{message_id}")


@get("/imports/progress/{message_id:int}", guards=admit(Permission.SEE_IMPORTS), sync_to_thread=True)
def follow_work(request: AnyRequest, database: GivenDatabase, message_id: FromPath[int]) -> Response[bytes]:
    """How far the worker is; asks again by itself, and leads on once it is done."""
    with database.reading() as session:
        work = in_hand(session, message_id)
    if work.is_done:
        return see_other(request, f"/imports/{work.batch_id}")
    return page_or_fragment(
        request,
        page="backoffice/imports/work.html",
        fragment="backoffice/imports/_work.html",
        context={"work": work, "path": f"/imports/progress/{message_id}"},
    )


@get("/imports/{batch_id:int}", guards=admit(Permission.SEE_IMPORTS), sync_to_thread=True)
def show_import(request: AnyRequest, database: GivenDatabase, batch_id: FromPath[int]) -> Response[bytes]:
    """What a file comes to, or came to."""
    return _show(request, database, batch_id, Form.starting(request))


@post("/imports/{batch_id:int}/book", guards=admit(Permission.IMPORT), sync_to_thread=True)
def book_file(
    request: AnyRequest, database: GivenDatabase, batch_id: FromPath[int], nudge: GivenNudge
) -> Response[bytes]:
    """Have the worker book it."""
    actor = actor_of(request)
    with database.transaction() as session:
        preview(session, batch_id)
        message = BookFile(batch_id, officer_of(request).staff_id, actor.address)
        message_id = outbox.add(session, message)
    nudge()
    return see_other(request, f"/imports/progress/{message_id}")


@post("/imports/{batch_id:int}/discard", guards=admit(Permission.IMPORT), sync_to_thread=True)
def discard(request: AnyRequest, database: GivenDatabase, batch_id: FromPath[int], form: SentForm) -> Response[bytes]:
    """Forget a file that was not booked."""
    try:
        with database.transaction() as session:
            preparing.discard(session, batch_id)
    except Refused as refused:
        return _show(request, database, batch_id, form.refused(refused), status=422)
    return see_other(request, "/imports")


@post("/imports/{batch_id:int}/undo", guards=admit(Permission.UNDO_IMPORT), sync_to_thread=True)
def undo(request: AnyRequest, database: GivenDatabase, batch_id: FromPath[int], form: SentForm) -> Response[bytes]:
    """Take all of it back."""
    with database.reading() as session:
        preview(session, batch_id)
    if (asked := unsure(request, database, form)) is not None:
        return asked
    try:
        with database.transaction() as session:
            undoing.undo(session, batch_id, actor=actor_of(request))
    except Refused as refused:
        return _show(request, database, batch_id, form.refused(refused), status=422)
    return see_other(request, f"/imports/{batch_id}")


def _list_page(
    request: AnyRequest, database: Database, form: Form, *, before: int | None = None, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        rows = batches(session, before=before, limit=PAGE + 1)
        shown = with_doers(session, rows[:PAGE])
    context = {
        "imports": [(row, BADGES[row.state], doer) for row, doer in shown],
        "older": f"/imports?before={rows[PAGE - 1].id}" if len(rows) > PAGE else None,
        "form": form,
    }
    return page(request, "backoffice/imports/list.html", context, status=status)


def _match_page(
    request: AnyRequest, database: Database, store: Store, document_id: int, form: Form | None, *, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        document = _uploaded(documents.any_document(session, document_id))
    try:
        with store.open(document.sha256) as stream:
            seen = look(stream)
    except Unreadable as problem:
        context: dict[str, object] = {"document": document, "problem": problem.problem}
        return page(request, "backoffice/imports/unreadable.html", context, status=422)
    with database.reading() as session:
        remembered = remembered_mapping(session, seen.headers)
    shown = form or starting_form(request, seen, remembered, database.business.currency)
    speaking = visit_of(request).speaking
    headers, rows = beginning(seen)
    context = {
        "document": document,
        "headers": headers,
        "rows": rows,
        "remembered": remembered is not None,
        "form": shown,
        "required": [(ours.value, speaking.translate(OURS_WORDS[ours])) for ours in REQUIRED],
        "optional": [
            (ours.value, speaking.translate(words)) for ours, words in OURS_WORDS.items() if ours not in REQUIRED
        ],
        "columns": column_choices(seen),
        "dates": date_choices(shown),
        "booked_as": [(one.value, *words) for one, words in BOOKED_AS_WORDS.items()],
    }
    return page(request, "backoffice/imports/match.html", context, status=status)


def _show(request: AnyRequest, database: Database, batch_id: int, form: Form, *, status: int = 200) -> Response[bytes]:
    with database.reading() as session:
        seen = preview(session, batch_id)
    rows = [(row, Money(row.amount_minor, row.currency)) for row in seen.rows]
    context = {"seen": seen, "rows": rows, "badge": BADGES[seen.state], "form": form}
    return page(request, "backoffice/imports/show.html", context, status=status)


def _uploaded(document: AnyRow) -> AnyRow:
    """The document, if it is a file that was uploaded to be imported; a partner's are taken in another way."""
    if document.category is not Category.IMPORT or document.subject_kind == "partner":
        raise NotFound
    return document
