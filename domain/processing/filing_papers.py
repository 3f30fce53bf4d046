"""Filing papers: what people and other systems send about an account, one of its invoices or one of its disputes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.disputes import queries as disputes
from domain.documents.filing import Subject, enter_all
from domain.documents.intake import TakenIn
from domain.documents.model import Category, Document
from domain.documents.names import BY_HAND
from domain.receivables import queries as receivables
from domain.receivables.model import Invoice, InvoiceStatus
from domain.shared.actor import Actor
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


def invoice_called(session: Session, account_id: int, number: str, *, field: str = "number") -> Subject:
    """The invoice of this account with this number, to file about, none that is void; Invalid, beside `field`, else."""
    wanted = select(Invoice.id).where(Invoice.account_id == account_id, Invoice.number == number, IS_GOOD)
    invoice_id = session.scalar(wanted)
    if invoice_id is None:
        raise Invalid(N_("This account has no invoice of this number."), field=field)
    return "invoice", invoice_id


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
