"""Gathering: all that we hold about a contested payment, put together as a first draft of the answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.chargebacks.answering import Content, begin
from domain.chargebacks.answers import can_be_evidence, fitting
from domain.chargebacks.model import ChargebackAnswer
from domain.chargebacks.queries import by_ref
from domain.documents import filing
from domain.documents.intake import TakenIn
from domain.documents.model import Category, Document
from domain.documents.queries import IS_SUPERSEDED
from domain.documents.rendering import Renderer
from domain.documents.storage import Store, Unavailable
from domain.policies import acceptances
from domain.policies.proof import filename, proof
from domain.processing.contested.case import Case, case_of
from domain.processing.contested.correspondence import correspondence
from domain.processing.contested.texts import texts_of
from domain.shared.actor import Actor
from domain.shared.db.session import business
from domain.shared.errors import N_, Conflict
from domain.statements.papers import MEDIA_TYPE, print_invoice, print_receipt

LANGUAGE = "en"
"""Papers that are made for a bank are in English; what the customer was given stays as it was."""
FILED = {
    "shipping_documentation": frozenset({Category.PROOF_OF_DELIVERY}),
    "service_documentation": frozenset({Category.CONTRACT, Category.PURCHASE_ORDER}),
    "uncategorized_file": frozenset({Category.EVIDENCE}),
}
"""Which fields take the account's own papers of which sort."""
MOST_FILED = 5
"""Papers of one sort that are proposed; the last ones."""
MOST_OFFERED = 100
"""Files that staff can choose among; the last ones."""
MOST_INVOICES = 5
"""Invoices that are enclosed: a bank counts the pages, and the text names them all."""


@dataclass(frozen=True, slots=True)
class Made:
    """A paper that we make for the bank, for one field."""

    field: str
    filename: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Gathered:
    """What there is: texts by field, papers to be filed, and documents that are filed already, by field."""

    texts: dict[str, str] = field(default_factory=dict)
    made: list[Made] = field(default_factory=list)
    filed: dict[str, list[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """The same, with the papers that were made in the store: each with its field."""

    gathered: Gathered
    papers: Sequence[tuple[str, TakenIn]]


def gather(session: Session, renderer: Renderer, chargeback_ref: str) -> Gathered:
    """All that we hold, without writing anything; nothing for a payment that we did not record."""
    case = case_of(session, chargeback_ref)
    if case is None:
        return Gathered()
    filed = {name: _filed(session, case, categories) for name, categories in FILED.items()}
    if case.accepted is not None:
        fit = fitting(session, case.chargeback.id, case.account.id, [case.accepted.document_id])
        filed["customer_signature"] = [document.id for document in fit]
    return Gathered(
        texts_of(case, business(session)),
        list(_made(session, renderer, case)),
        {name: ids for name, ids in filed.items() if ids},
    )


def keep(store: Store, gathered: Gathered) -> Kept:
    """Put what was made into the store, outside of any transaction; Conflict where it takes nothing just now."""
    papers = []
    for paper in gathered.made:
        try:
            stored = store.put(paper.content)
        except Unavailable as problem:
            raise Conflict(N_("Files cannot be kept just now. Try again in a few minutes.")) from problem
        papers.append((paper.field, TakenIn(stored.sha256, stored.size, MEDIA_TYPE, paper.filename)))
    return Kept(gathered, papers)


def draft(session: Session, chargeback_ref: str, kept: Kept, *, actor: Actor) -> ChargebackAnswer:
    """File what was made, and begin the answer with all of it, or replace what a draft says. Raises as `begin` does."""
    row = by_ref(session, chargeback_ref)
    files = {name: list(ids) for name, ids in kept.gathered.filed.items()}
    for name, taken in kept.papers:
        document = filing.enter(
            session,
            taken,
            category=Category.EVIDENCE,
            account_id=row.account_id,
            subject=("chargeback", row.id),
            actor=actor,
            for_staff=True,
        )
        files.setdefault(name, []).append(document.id)
    return begin(session, chargeback_ref, Content(kept.gathered.texts, files), actor=actor)


def candidates(session: Session, chargeback_id: int, account_id: int | None) -> Sequence[Document]:
    """The files that can go with an answer, the newest first: the account's, and those about the chargeback."""
    wanted = select(Document).where(*can_be_evidence(chargeback_id, account_id), ~IS_SUPERSEDED)
    return session.scalars(wanted.order_by(Document.id.desc()).limit(MOST_OFFERED)).all()


def _made(session: Session, renderer: Renderer, case: Case) -> list[Made]:
    account_id, payment = case.account.id, case.payment
    receipt = print_receipt(session, renderer, account_id, payment.public_id, language=LANGUAGE)
    made = [Made("receipt", receipt.filename, receipt.content)]
    for invoice in case.invoices[:MOST_INVOICES]:
        printed = print_invoice(session, renderer, account_id, invoice.id)
        made.append(Made("receipt", printed.filename, printed.content))
    written = correspondence(session, renderer, case)
    if written is not None:
        made.append(Made("customer_communication", f"messages-{payment.receipt_number or payment.id}.pdf", written))
    if case.accepted is not None:
        version = acceptances.versions(session, [case.accepted.version_id])[case.accepted.version_id]
        content = proof(session, renderer, account_id, version, LANGUAGE)
        made.append(Made("customer_signature", filename(version), content))
    if case.chargeback.reason == "duplicate" and case.alike:
        other = print_receipt(session, renderer, account_id, case.alike[0].public_id, language=LANGUAGE)
        made.append(Made("duplicate_charge_documentation", other.filename, other.content))
    return made


def _filed(session: Session, case: Case, categories: frozenset[Category]) -> list[int]:
    """The account's last papers of these categories: what is about the invoices of the payment, else about no other."""
    invoices = {("invoice", invoice.id) for invoice in case.invoices}
    rows = session.execute(
        select(Document.id, Document.subject_kind, Document.subject_id)
        .where(*can_be_evidence(case.chargeback.id, case.account.id))
        .where(Document.category.in_(categories), ~IS_SUPERSEDED)
        .order_by(Document.id.desc())
    ).all()
    about = [row.id for row in rows if (row.subject_kind, row.subject_id) in invoices]
    general = [row.id for row in rows if row.subject_kind == "account"]
    return sorted((about + general)[:MOST_FILED])
