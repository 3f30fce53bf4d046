"""Documents: other systems file papers about an account or one of its invoices, such as proofs of delivery."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, BinaryIO, Literal, cast

import msgspec
from litestar import Response, post
from litestar.datastructures import UploadFile
from litestar.params import FromPath, MultipartBody

from app.api.credit import KEYED, GivenDatabase, refusals
from app.api.keys import admitted
from domain.accounts import queries as accounts
from domain.accounts.queries import NO_SUCH_ACCOUNT
from domain.api_keys.model import Scope
from domain.documents.filing import Subject
from domain.documents.model import Category
from domain.processing.filing_papers import file_papers, invoice_called
from domain.shared.db.session import Database
from domain.shared.errors import N_, Invalid, NotFound
from web.forms import Upload
from web.uploads import MOST_SENT, GivenIntake
from web.visit import AnyRequest

Filed = Literal[
    "proof_of_delivery",
    "purchase_order",
    "contract",
    "correspondence",
    "invoice",
    "credit_note",
    "agreement",
    "guarantee",
    "notice",
    "receipt",
    "evidence",
]
"""The categories under which others file; `domain.documents.names.BY_HAND`."""


class Paper(msgspec.Struct, frozen=True):
    """One file and what it is; `invoice` is the number of the invoice that it is about, if it is about one."""

    file: UploadFile
    category: Filed
    invoice: Annotated[str, msgspec.Meta(max_length=64)] = ""


class PaperAnswer(msgspec.Struct, frozen=True):
    """The document as it is filed: a picture is made anew, so its hash is not the one of what was sent."""

    id: int
    sha256: str
    size: int
    media_type: str
    filename: str
    filed_at: datetime


@post(
    "/accounts/{number:str}/documents",
    sync_to_thread=True,
    operation_id="file_document",
    summary="File a document about an account or one of its invoices",
    responses=refusals(400, 409, 413, 422),
    security=KEYED,
    request_max_body_size=MOST_SENT,
)
def file_document(
    request: AnyRequest,
    database: GivenDatabase,
    intake: GivenIntake,
    number: FromPath[str],
    data: MultipartBody[Paper],
) -> Response[PaperAnswer]:
    """File a document; it is looked at as every file is, and the same twice makes two documents of one content."""
    actor = admitted(request, database, Scope.FILE_DOCUMENTS)
    account_id, about = _about(database, number, data.invoice)
    if not data.file.filename:
        raise Invalid(N_("Choose a file."), field="file")
    taken = intake.take_in(Upload(data.file.filename, data.file.content_type, cast("BinaryIO", data.file.file)))
    with database.transaction() as session:
        [document] = file_papers(
            session, account_id, [taken], category=Category(data.category), about=about, actor=actor
        )
        answer = PaperAnswer(
            document.id,
            document.sha256,
            document.size,
            document.media_type,
            document.filename,
            document.filed_at,
        )
    return Response(answer, status_code=201)


def _about(database: Database, number: str, invoice: str) -> tuple[int, Subject]:
    """The account of this number, and what the paper is about; what no number can look like is not looked for."""
    with database.reading() as session:
        account_id = accounts.id_of_number(session, number) if number.isprintable() else None
        if account_id is None:
            raise NotFound(NO_SUCH_ACCOUNT)
        wanted = invoice.strip()
        if not wanted.isprintable():
            raise Invalid(N_("This account has no invoice of this number."), field="number")
        return account_id, invoice_called(session, account_id, wanted, field="invoice") if wanted else (
            "account",
            account_id,
        )
