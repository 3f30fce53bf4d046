"""An answer to a bank as its pages show it: what each field says, its files, and what is missing or too much."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.chargebacks import evidence
from domain.chargebacks.answering import NOTHING, Content
from domain.chargebacks.answers import TOO_LATE, can_answer
from domain.chargebacks.bundles import bundles_of, papers_of
from domain.chargebacks.evidence import Field, Sort
from domain.chargebacks.handing_in import stranded
from domain.chargebacks.model import WORKED_ON, AnswerState, Chargeback, ChargebackAnswer
from domain.documents.model import Category, Document
from domain.documents.storage import Store, Unavailable
from domain.processing.contested import gathering
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import Database
from domain.shared.errors import N_, Invalid
from domain.shared.words import Words
from domain.staff import queries as staff
from web.forms import Form
from web.visit import AnyRequest

FOR_DOCUMENT = "goes-"
"""How the name of a field begins that says where a document goes; its id follows."""
NEW_FILES, NEW_FILES_GO = "files", "files_go"
"""The fields for files that are sent with the form, and for where they go."""
FILE_FIELDS = [each for each in evidence.FIELDS.values() if each.sort is Sort.FILE]
SHOWN = {each.name for each in evidence.FIELDS.values() if each.sort is not Sort.FILE} | {NEW_FILES, NEW_FILES_GO}
"""The fields of the form beside which something can be said."""
MASTERCARD = "Mastercard"
"""How the means of a payment by such a card begin."""


@dataclass(frozen=True, slots=True)
class FileView:
    """A file that can go to the bank, and the field that it goes to, empty where it does not go."""

    id: int
    filename: str
    category: Category
    media_type: str
    size: int
    filed_at: datetime
    goes: str
    erased_at: datetime | None = None
    picture_width: int | None = None

    @property
    def name(self) -> str:
        """The form's field for where it goes."""
        return f"{FOR_DOCUMENT}{self.id}"


@dataclass(frozen=True, slots=True)
class SaidView:
    """One field with what it says: a text, or files."""

    about: Field
    text: str
    files: list[FileView] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer on its way from a draft to the bank."""

    number: int
    version: int
    is_draft: bool
    is_sending: bool
    is_stranded: bool
    """Whether the worker has given up handing it in, until somebody has it tried again."""
    refusal: str | None
    edited_at: datetime
    edited_by: str | None
    submitted_at: datetime | None
    said: list[SaidView]
    lacking: list[str]


def answer_view(session: Session, row: AnyRow, answer: ChargebackAnswer) -> AnswerView:
    """The answer to a chargeback, a row of its queries."""
    documents = _documents(session, answer)
    names = staff.names(session, {answer.edited_by} if answer.edited_by is not None else set())
    said = [
        SaidView(
            one,
            answer.texts.get(one.name, ""),
            [_file(documents[each], one.name) for each in answer.files.get(one.name, ())],
        )
        for one in evidence.FIELDS.values()
        if answer.texts.get(one.name) or answer.files.get(one.name)
    ]
    return AnswerView(
        number=answer.number,
        version=answer.version,
        is_draft=answer.state in WORKED_ON,
        is_sending=answer.state is AnswerState.SENDING,
        is_stranded=stranded(session, row.chargeback_ref) is not None,
        refusal=answer.refusal if answer.state is AnswerState.REFUSED else None,
        edited_at=answer.edited_at,
        edited_by=names.get(answer.edited_by or 0),
        submitted_at=answer.submitted_at,
        said=said,
        lacking=evidence.lacking(row.reason, answer.texts, answer.files),
    )


def files_of(session: Session, row: AnyRow, answer: ChargebackAnswer) -> tuple[list[FileView], list[FileView]]:
    """The files that go with the answer, in the order of their fields, and the others that could."""
    documents = _documents(session, answer)
    going = [_file(documents[each], name) for name, ids in answer.files.items() for each in ids]
    order = [one.name for one in FILE_FIELDS]
    going.sort(key=lambda file: (order.index(file.goes), file.id))
    others = gathering.candidates(session, row.id, row.account_id)
    return going, [_file(document, "") for document in others if document.id not in documents]


def starting(request: AnyRequest, answer: ChargebackAnswer) -> Form:
    """The form of a draft, with what it says."""
    goes = {f"{FOR_DOCUMENT}{each}": name for name, ids in answer.files.items() for each in ids}
    return Form.starting(request, version=str(answer.version), **answer.texts, **goes)


def read_content(form: Form) -> Content:
    """The texts and files of a form that was sent; refused beside their fields."""
    texts = {
        one.name: form.text(one.name, required=False, longest=one.longest)
        for one in evidence.FIELDS.values()
        if one.sort is not Sort.FILE
    }
    files: dict[str, list[int]] = {}
    for name in form.names():
        number = name.removeprefix(FOR_DOCUMENT)
        if name.startswith(FOR_DOCUMENT) and number.isdecimal() and len(number) < 19 and form.value(name):
            files.setdefault(form.value(name), []).append(int(number))
    return Content(texts, files)


def problems(database: Database, store: Store, row: AnyRow, answer: ChargebackAnswer) -> list[Words]:
    """Why an answer cannot be handed in as it is: too late, too much, or a file that cannot be read."""
    with database.reading() as session:
        if not can_answer(session, session.get_one(Chargeback, row.id)):
            return [Words.of(TOO_LATE)]
        papers = papers_of(session, answer.files)
    if not answer.texts and not answer.files:
        return [Words.of(NOTHING)]
    try:
        bundles = bundles_of(store, papers).values()
    except Invalid as refused:
        return [Words.of(refused.text, **refused.params)]
    except Unavailable:
        return [Words.of(N_("The files cannot be read just now. Try again in a few minutes."))]
    size, pages = sum(len(made.content) for made in bundles), sum(made.pages for made in bundles)
    is_mastercard = (row.means or "").startswith(MASTERCARD)
    return evidence.too_much(answer.texts, size, pages, is_mastercard=is_mastercard)


def _documents(session: Session, answer: ChargebackAnswer) -> dict[int, Document]:
    ids = {each for one in answer.files.values() for each in one}
    return {document.id: document for document in session.scalars(select(Document).where(Document.id.in_(ids)))}


def _file(document: Document, goes: str) -> FileView:
    return FileView(
        document.id,
        document.filename,
        document.category,
        document.media_type,
        document.size,
        document.filed_at,
        goes,
    )
