"""Bank statements: the files of the bank: uploaded, looked at, and taken in; tables after their columns are matched."""

from __future__ import annotations

from dataclasses import dataclass, replace
from os import SEEK_END
from typing import BinaryIO

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from backoffice.access import actor_of, admit, officer_of
from backoffice.bank_columns import (
    COLUMN_WORDS,
    FILE_FIELDS,
    REQUIRED,
    column_choices,
    date_choices,
    read_columns,
    remembered,
    starting_form,
)
from domain.banking import queries, uploading
from domain.banking.columns import BankColumns
from domain.banking.files import BadBankFile, BankFile, BankFileReader, FileFormat
from domain.banking.taking_in import preview, take_in
from domain.importing.problems import visible
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.shared.errors import N_, Refused
from domain.shared.money import Money
from domain.staff.permissions import Permission
from web.forms import AROUND_A_FILE, Form, SentForm
from web.fragments import page, see_other
from web.given import GivenDatabase, GivenStore
from web.uploads import GivenIntake
from web.visit import AnyRequest, visit_of

PAGE = 50
LARGEST = 16 * 1024 * 1024
"""Bytes of a file that is read while somebody waits; `quittance bank import` takes larger ones."""
SHOWN_PROBLEMS = 100
FILE_PATH = "/bank/files/{file_id:int}"
GivenReader = NamedDependency[BankFileReader]
"""Reads the files of banks."""
FORMAT_NAMES = {
    FileFormat.CAMT053: "CAMT.053",
    FileFormat.MT940: "MT940",
    FileFormat.OFX: "OFX",
    FileFormat.TABLE: N_("Table"),
}
"""What each format is called."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The file that a page is about; `id` is None while it was not kept."""

    id: int | None
    filename: str


@get("/bank/statements", guards=admit(Permission.SEE_BANK), sync_to_thread=True)
def list_bank_statements(
    request: AnyRequest, database: GivenDatabase, before: FromQuery[int | None] = None
) -> Response[bytes]:
    """The statements that were taken in, newest first, and the way to add one."""
    return _list_page(request, database, Form.starting(request), before=before)


@post(
    "/bank/statements",
    guards=admit(Permission.MATCH_BANK),
    sync_to_thread=True,
    request_max_body_size=LARGEST + AROUND_A_FILE,
)
def upload_bank_file(
    request: AnyRequest, database: GivenDatabase, form: SentForm, intake: GivenIntake, bank_reader: GivenReader
) -> Response[bytes]:
    """Keep the file aside, if it can be read, and go on to what is in it."""
    try:
        with form.reading():
            sent = form.upload("file", missing=N_("Choose a file of the bank."))
        assert sent is not None
        _read_once(bank_reader, sent.file, sent.filename)
        taken = intake.take_data(sent)
    except BadBankFile as problem:
        assert sent is not None
        return _refused_page(request, Shown(None, sent.filename), problem)
    except Refused as refused:
        return _list_page(request, database, form.refused(refused), status=422)
    staff_id = officer_of(request).staff_id
    with database.transaction() as session:
        kept = uploading.keep(session, taken, staff_id=staff_id)
    return see_other(request, f"/bank/files/{kept}")


@get(FILE_PATH, guards=admit(Permission.MATCH_BANK), sync_to_thread=True)
def show_bank_file(
    request: AnyRequest, database: GivenDatabase, file_id: FromPath[int], store: GivenStore, bank_reader: GivenReader
) -> Response[bytes]:
    """What the file says, beside what is known; of a table, first, which column is which."""
    document, sha256 = _uploaded(database, file_id)
    try:
        with store.open(sha256) as stream:
            if bank_reader.format_of(stream) is FileFormat.TABLE:
                return _match_page(request, database, bank_reader, stream, document, None)
            told = bank_reader.read(stream, document.filename)
    except BadBankFile as problem:
        return _refused_page(request, document, problem)
    return _preview_page(request, database, document, told, None)


@post(FILE_PATH, guards=admit(Permission.MATCH_BANK), sync_to_thread=True)
def take_in_bank_file(
    request: AnyRequest,
    database: GivenDatabase,
    file_id: FromPath[int],
    form: SentForm,
    store: GivenStore,
    bank_reader: GivenReader,
) -> Response[bytes]:
    """Show what a table says by its columns, or take the file in: each line once, however often this is sent."""
    document, sha256 = _uploaded(database, file_id)
    columns = None
    with store.open(sha256) as stream:
        try:
            is_table = bank_reader.format_of(stream) is FileFormat.TABLE
            columns = read_columns(form) if is_table else None
            told = bank_reader.read(stream, document.filename, columns=columns)
            size = stream.seek(0, SEEK_END)
        except BadBankFile as problem:
            return _refused_page(request, document, problem, can_match=columns is not None)
        except Refused as refused:
            return _match_page(request, database, bank_reader, stream, document, form.refused(refused), status=422)
    if form.value("step") != "take":
        return _preview_page(request, database, document, told, columns, form)
    with database.transaction() as session:
        seen = preview(session, told)
        names = {each.page.account: form.value(f"name-{place}") for place, each in reversed(list(enumerate(seen)))}
        document_id = uploading.file_upload(session, file_id, size=size, actor=actor_of(request))
        taken = take_in(session, document_id, told, actor=actor_of(request), names=names, columns=columns)
    return see_other(request, "/bank" if any(each.new_count for each in taken) else "/bank/statements")


def _read_once(reader: BankFileReader, stream: BinaryIO, filename: str) -> None:
    """Raise BadBankFile for a file of which nothing can be made; of a table only its beginning is looked at."""
    if reader.format_of(stream) is FileFormat.TABLE:
        reader.look(stream)
    else:
        reader.read(stream, filename)


def _uploaded(database: Database, file_id: int) -> tuple[Shown, str]:
    """The file that somebody looks at, and by what the store finds it; NotFound where there is none."""
    with database.reading() as session:
        kept = uploading.upload(session, file_id)
        return Shown(kept.id, kept.filename), kept.sha256


def _list_page(
    request: AnyRequest, database: Database, form: Form, *, before: int | None = None, status: int = 200
) -> Response[bytes]:
    with database.reading() as session:
        rows = queries.imports(session, before=before, limit=PAGE + 1)
    context = {
        "statements": [
            (row, FORMAT_NAMES[FileFormat(row.format)], _money(row.opening_minor, row), _money(row.closing_minor, row))
            for row in rows[:PAGE]
        ],
        "older": f"/bank/statements?before={rows[PAGE - 1].id}" if len(rows) > PAGE else None,
        "form": form,
    }
    return page(request, "backoffice/bank/statements.html", context, status=status)


def _money(minor: int | None, row: AnyRow) -> Money | None:
    return None if minor is None else Money(minor, row.currency)


def _preview_page(
    request: AnyRequest,
    database: Database,
    document: Shown,
    told: BankFile,
    columns: BankColumns | None,
    form: Form | None = None,
) -> Response[bytes]:
    with database.reading() as session:
        seen = preview(session, told)
    context = {
        "document": document,
        "format": FORMAT_NAMES[told.format],
        "statements": [
            (
                place,
                each,
                each.name is None and each.page.account not in {before.page.account for before in seen[:place]},
            )
            for place, each in enumerate(seen)
        ],
        "new": sum(len(each.new) for each in seen),
        "known": sum(each.known_count for each in seen),
        "matched": [(name, value) for name in form.names() for value in form.values(name) if name != "step"]
        if form is not None and columns is not None
        else [],
        "form": form or Form.starting(request),
    }
    return page(request, "backoffice/bank/file.html", context)


def _match_page(
    request: AnyRequest,
    database: Database,
    reader: BankFileReader,
    stream: BinaryIO,
    document: Shown,
    form: Form | None,
    *,
    status: int = 200,
) -> Response[bytes]:
    try:
        look = reader.look(stream)
    except BadBankFile as problem:
        return _refused_page(request, document, problem)
    with database.reading() as session:
        known = remembered(session, look)
    shown = form or starting_form(request, look, known, database.business.currency)
    speaking = visit_of(request).speaking
    words = [(each.value, speaking.translate(name), each in REQUIRED) for each, name in COLUMN_WORDS.items()]
    context = {
        "document": document,
        "headers": [visible(header) for header in look.headers],
        "rows": [[visible(cell[:30]) for cell in row] for row in look.rows[:5]],
        "remembered": known is not None,
        "form": shown.only_at({*FILE_FIELDS, *(f"column-{each.value}" for each in COLUMN_WORDS)}),
        "required": [(value, name) for value, name, needed in words if needed],
        "optional": [(value, name) for value, name, needed in words if not needed],
        "columns": column_choices(look),
        "dates": date_choices(shown),
    }
    return page(request, "backoffice/bank/match.html", context, status=status)


def _refused_page(
    request: AnyRequest, document: Shown, problem: BadBankFile, *, can_match: bool = False
) -> Response[bytes]:
    context = {
        "document": document,
        "problems": [replace(each, found=visible(each.found)) for each in problem.problems[:SHOWN_PROBLEMS]],
        "can_match": can_match,
    }
    return page(request, "backoffice/bank/refused.html", context, status=422)
