"""Filing papers: what people and other systems send about an account, one of its invoices or one of its disputes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.disputes import queries as disputes
from domain.documents.filing import Subject, enter_all
from domain.documents.intake import TakenIn
from domain.documents.model import DOCUMENTS, Category, Document
from domain.documents.names import BY_HAND
from domain.documents.queries import IS_ERASED
from domain.receivables import queries as receivables
from domain.receivables.model import Invoice, InvoiceStatus
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRows
from domain.shared.errors import N_, Invalid, NotFound

IS_GOOD = Invoice.status != InvoiceStatus.VOID
"""Whether papers may be filed about an invoice by its number, which one that is void leaves to the next."""


def file_papers(
    session: Session,
    account_id: int,
    taken: Sequence[TakenIn],
    *,
    category: Category,
    about: Subject,
    actor: Actor,
    for_staff: bool = False,
) -> list[Document]:
    """File what was taken in under the account; `about` is ("account" | "invoice" | "dispute", id), one of its own.

    Invalid where there is no file, or for a category under which only the house itself files; NotFound where what it is
    about is not the account's. A paper that was missing answers its dispute by itself (`domain.disputes.answering`).
    """
    if category not in BY_HAND:
        raise Invalid(N_("Choose what it is."), field="category")
    if not taken:
        raise Invalid(N_("Choose a file."), field="files")
    accounts.lock(session, account_id)
    _check_own(session, account_id, about)
    return enter_all(
        session, taken, category=category, account_id=account_id, subject=about, actor=actor, for_staff=for_staff
    )


def file_new_papers(
    session: Session,
    account_id: int,
    taken: Sequence[TakenIn],
    *,
    category: Category,
    about: Subject,
    actor: Actor,
    for_staff: bool = False,
) -> list[int]:
    """As `file_papers`, each content once, and none that is filed about the same already: the new documents, by id.

    Invalid, beside "files", where all of them are there already.
    """
    accounts.lock(session, account_id)
    each_once = {one.sha256: one for one in taken}.values()
    new = [one for one in each_once if filed_already(session, about, category, one.sha256) is None]
    if taken and not new:
        raise Invalid(N_("These files are filed about this already."), field="files")
    filed = file_papers(session, account_id, new, category=category, about=about, actor=actor, for_staff=for_staff)
    return [document.id for document in filed]


def invoice_called(session: Session, account_id: int, number: str, *, field: str = "number") -> Subject:
    """The invoice of this account with this number, to file about, none that is void; Invalid, beside `field`, else."""
    wanted = select(Invoice.id, Invoice.number).where(Invoice.account_id == account_id, is_called(number), IS_GOOD)
    found = exactly(number, session.execute(wanted).all())
    if not found:
        raise Invalid(N_("This account has no invoice of this number."), field=field)
    return "invoice", found[0].id


def is_called(number: str) -> ColumnElement[bool]:
    """Whether an invoice has this number, whichever case it is typed in; each spelling is found by the index."""
    return Invoice.number.in_({number, number.upper(), number.lower()})


def exactly(number: str, found: AnyRows) -> AnyRows:
    """Of invoices that are called so those whose number is spelt just so, where there is one; else all of them."""
    return [row for row in found if row.number == number] or found


def filed_already(session: Session, about: Subject, category: Category, sha256: str) -> int | None:
    """The document of this content that is filed about the same under the same category, or None."""
    kind, subject_id = about
    return session.scalar(
        select(DOCUMENTS.c.id)
        .where(
            DOCUMENTS.c.subject_kind == kind,
            DOCUMENTS.c.subject_id == subject_id,
            DOCUMENTS.c.category == category,
            DOCUMENTS.c.sha256 == sha256,
            ~IS_ERASED,
        )
        .order_by(DOCUMENTS.c.id)
        .limit(1)
    )


def _check_own(session: Session, account_id: int, about: Subject) -> None:
    match about:
        case ("account", subject_id):
            if subject_id != account_id:
                raise NotFound
        case ("invoice", subject_id):
            receivables.invoice(session, account_id, subject_id)
        case ("dispute", subject_id):
            disputes.dispute(session, subject_id, account_id=account_id)
        case _:
            raise NotFound
