"""Invoices: each as it was issued, with its lines and taxes, what settled it, and the papers that are filed on it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sqlalchemy import and_, select

from domain.documents.model import DOCUMENTS, Category
from domain.evidence.layout import safe_part
from domain.evidence.sources import MOST_ROWS, File, Record, Section, Sources, Table, as_json, made_file
from domain.invoicing.model import CreditNote, EarlyDiscount
from domain.receivables.model import (
    Allocation,
    CreditItem,
    Extension,
    ExtensionCut,
    Invoice,
    InvoiceLine,
    InvoiceStatus,
)
from domain.settlements.model import Concession
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words
from domain.statements import papers
from domain.statements.papers import Printed

FOLDER = "invoices"
INVOICE = (
    Invoice.id,
    Invoice.kind,
    Invoice.parent_id,
    Invoice.number,
    Invoice.status,
    Invoice.issued_on,
    Invoice.due_on,
    Invoice.currency,
    Invoice.amount_minor,
    Invoice.tax_minor,
    Invoice.open_minor,
    Invoice.description,
    Invoice.purchase_order,
    Invoice.delivered_on,
    Invoice.recorded_at,
    Invoice.voided_at,
)
LINE = (
    InvoiceLine.position,
    InvoiceLine.description,
    InvoiceLine.quantity,
    InvoiceLine.amount_minor,
    InvoiceLine.tax_minor,
)
NOTE = (
    CreditNote.number,
    CreditNote.issued_on,
    CreditNote.amount_minor,
    CreditNote.tax_minor,
    CreditNote.reason,
    CreditNote.recorded_at,
)
DISCOUNT = (
    EarlyDiscount.number,
    EarlyDiscount.amount_minor,
    EarlyDiscount.tax_minor,
    EarlyDiscount.effective_on,
    EarlyDiscount.payment,
    EarlyDiscount.recorded_at,
)
CONCESSION = (
    Concession.number,
    Concession.amount_minor,
    Concession.tax_minor,
    Concession.effective_on,
    Concession.recorded_at,
)
LATER = (
    Extension.was_due_on,
    Extension.due_on,
    Extension.granted_on,
    Extension.granted_at,
    Extension.reason,
    Extension.actor_kind,
    Extension.actor_id,
)
CUT = (
    ExtensionCut.was_due_on,
    ExtensionCut.due_on,
    ExtensionCut.cut_on,
    ExtensionCut.cut_at,
    ExtensionCut.reason,
    ExtensionCut.actor_kind,
    ExtensionCut.actor_id,
)
SETTLED_BY = (
    CreditItem.kind,
    CreditItem.source,
    Allocation.amount_minor,
    Allocation.effective_on,
    Allocation.recorded_at,
)
FILED_ELSEWHERE = (Category.IMPORT, Category.BANK_FILE)
"""What may hold other customers' data, whatever it is filed on."""


def section(sources: Sources) -> Section:
    """A folder for each invoice, debit notes among them, in the order of issue."""
    where = [Invoice.account_id == sources.account.id, *sources.about(Invoice.id)]
    rows = sources.rows(*INVOICE, where=where, order=(Invoice.issued_on, Invoice.id))
    files: list[File] = []
    for row in rows:
        files += _files(sources, row, sources.place(f"{FOLDER}/{safe_part(row.number)}"))
    return Section(files, (_table(sources, rows[-MOST_ROWS:]),))


def _files(sources: Sources, row: AnyRow, folder: str) -> list[File]:
    session, renderer, account_id, language = sources.session, sources.renderer, sources.account.id, sources.language
    files = [
        made_file(f"{folder}/invoice.json", lambda: as_json(_told(sources, row))),
        made_file(
            f"{folder}/invoice.pdf",
            lambda: papers.print_invoice(session, renderer, account_id, row.id, language=language).content,
        ),
    ]
    for model, make in (
        (CreditNote, papers.print_credit_note),
        (EarlyDiscount, papers.print_discount_note),
        (Concession, papers.print_concession_note),
    ):
        numbered = select(model.id, model.number).where(model.invoice_id == row.id, model.number.is_not(None))
        for note in session.execute(numbered.order_by(model.id)):
            printed = partial(make, session, renderer, account_id, note.id, language=language)
            place = sources.place(f"{folder}/credit-note-{safe_part(note.number)}", ".pdf")
            files.append(made_file(place, partial(_content, printed)))
    filed = and_(
        DOCUMENTS.c.subject_kind == "invoice",
        DOCUMENTS.c.subject_id == row.id,
        DOCUMENTS.c.account_id == account_id,
        DOCUMENTS.c.category.not_in(FILED_ELSEWHERE),
    )
    return [*files, *sources.documents(f"{folder}/filed", filed)]


def _content(make: Callable[[], Printed]) -> bytes:
    return make().content


def _told(sources: Sources, row: AnyRow) -> Record:
    """Everything about one invoice, amounts in minor units of its currency."""
    told = sources.record(row)
    told.pop("id")
    parent_id = told.pop("parent_id")
    settled = (
        select(*SETTLED_BY)
        .join(CreditItem, CreditItem.id == Allocation.credit_item_id)
        .where(Allocation.invoice_id == row.id)
        .order_by(Allocation.id)
    )

    def of_invoice(*columns: object, model: type[object]) -> list[Record]:
        key, place = model.invoice_id, model.id  # type: ignore[attr-defined]
        return sources.records(sources.rows(*columns, where=[key == row.id], order=place), ours=("reason",))

    return {
        **told,
        "comes_from": sources.numbers.get(parent_id) if isinstance(parent_id, int) else None,
        "lines": of_invoice(*LINE, model=InvoiceLine),
        "settled_by": sources.records(sources.session.execute(settled).all()),
        "credit_notes": sources.records(
            sources.rows(*NOTE, where=[CreditNote.invoice_id == row.id], order=CreditNote.id)
        ),
        "early_discounts": of_invoice(*DISCOUNT, model=EarlyDiscount),
        "concessions": of_invoice(*CONCESSION, model=Concession),
        "later_due_dates": of_invoice(*LATER, model=Extension),
        "later_due_dates_taken_back": of_invoice(*CUT, model=ExtensionCut),
    }


def _table(sources: Sources, rows: AnyRows) -> Table:
    currency = sources.account.currency
    head = (N_("Invoice"), N_("Issued"), N_("Due"), N_("Amount"), N_("Tax"), N_("Open"))
    return Table(
        N_("Invoices"),
        head,
        3,
        [
            [
                Words.of(N_("{number}, withdrawn"), number=row.number)
                if row.status is InvoiceStatus.VOID
                else row.number,
                row.issued_on,
                row.due_on,
                Money(row.amount_minor, currency),
                Money(row.tax_minor, currency),
                Money(row.open_minor, currency),
            ]
            for row in rows
        ],
    )
