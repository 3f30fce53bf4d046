"""Opening: a claim about invoices of an account is prepared, filed at a court, and ended where there is no judgment."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.legal_cases import changing, queries
from domain.legal_cases.model import CaseInvoice, CaseOutcome, CaseStatus, LegalCase
from domain.limitations import recording as limitations
from domain.limitations.facts import timed
from domain.limitations.model import LimitationAct
from domain.limitations.recording import Noted
from domain.placements import queries as placements
from domain.placements.model import PLACED, PartnerKind
from domain.receivables.model import Invoice, InvoiceStatus
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, Invalid

LONGEST_COURT = 200
LONGEST_NUMBER = 80
LONGEST_WHY = 1_000


@dataclass(frozen=True, slots=True)
class Claim:
    """What is to be claimed: which invoices, before which court, and the attorney's placement, if one brings it."""

    invoice_ids: Collection[int]
    court: str
    placement_id: int | None = None
    note: str = ""


def open_case(session: Session, account_id: int, claim: Claim, *, actor: Actor) -> LegalCase:
    """Prepare a case about all that is open of some invoices. Raises Invalid beside the field, Conflict, NotFound."""
    account = accounts.lock(session, account_id)
    if not claim.court.strip():
        raise Invalid(N_("Say which court."), field="court")
    invoices = _invoices(session, account_id, claim.invoice_ids)
    if claim.placement_id is not None:
        _check_placement(session, account_id, claim.placement_id)
    case = LegalCase(
        account_id=account_id,
        placement_id=claim.placement_id,
        status=CaseStatus.PREPARED,
        court=claim.court.strip(),
        jurisdiction=None,
        currency=account.currency,
        claimed_minor=sum(invoice.open_minor for invoice in invoices),
        note=claim.note.strip() or None,
        opened_at=now(session),
    )
    session.add(case)
    session.flush()
    session.add_all(
        CaseInvoice(case_id=case.id, invoice_id=invoice.id, claimed_minor=invoice.open_minor) for invoice in invoices
    )
    changing.note(session, case, None, actor=actor, why=case.note)
    return case


def file(session: Session, account_id: int, case_id: int, *, filed_on: date, number: str, actor: Actor) -> LegalCase:
    """The claim is before the court, under its number, since a day. Raises Invalid beside the field, Conflict.

    A claim about a debt of which the time was over that day is refused: a court would not help.
    """
    accounts.lock(session, account_id)
    case = queries.entity(session, account_id, case_id)
    if filed_on > today(session):
        raise Invalid(N_("This day is still to come."), field="filed_on")
    if not number.strip():
        raise Invalid(N_("Enter the court's number of the case."), field="number")
    ids = changing.invoice_ids(session, case_id)
    for one in timed(session, ids).values():
        if one.is_barred(filed_on):
            raise Conflict(N_("{number} could no longer be enforced on that day."), number=one.number)
    case.filed_on, case.number = filed_on, number.strip()
    changing.change(session, case, CaseStatus.FILED, actor=actor, why=case.number)
    _tell_clock(session, case, LimitationAct.FILED, filed_on, ids, actor)
    return case


def close(
    session: Session, account_id: int, case_id: int, outcome: CaseOutcome, *, why: str, actor: Actor
) -> LegalCase:
    """End a case otherwise than by payment, which ends it by itself. Raises Invalid without a reason, Conflict."""
    accounts.lock(session, account_id)
    case = queries.entity(session, account_id, case_id)
    if outcome is CaseOutcome.PAID:
        raise Invalid(N_("It closes by itself once all is paid."), field="outcome")
    if not why.strip():
        raise Invalid(N_("Say why."), field="close_why")
    was_filed = case.status is CaseStatus.FILED
    changing.change(session, case, CaseStatus.CLOSED, actor=actor, why=why.strip(), outcome=outcome)
    if was_filed:
        ids = changing.invoice_ids(session, case_id)
        _tell_clock(session, case, LimitationAct.WITHDRAWN, today(session), ids, actor)
    return case


def _tell_clock(
    session: Session, case: LegalCase, act: LimitationAct, on: date, ids: Collection[int], actor: Actor
) -> None:
    for invoice_id in ids:
        noted = Noted(act, on, "", invoice_id=invoice_id)
        limitations.note_of_case(session, case.account_id, noted, source=case.source, actor=actor)


def _invoices(session: Session, account_id: int, ids: Collection[int]) -> list[Invoice]:
    """The open invoices of the account with these ids, none of them in a case that goes on."""
    if not ids:
        raise Invalid(N_("Choose at least one invoice."), field="invoice")
    found = session.scalars(
        select(Invoice)
        .where(
            Invoice.id.in_(ids),
            Invoice.account_id == account_id,
            Invoice.open_minor > 0,
            Invoice.status == InvoiceStatus.ISSUED,
        )
        .order_by(Invoice.due_on, Invoice.id)
        .execution_options(populate_existing=True)
    ).all()
    if len(found) < len(set(ids)):
        raise Invalid(N_("One of these is no longer open. Choose again."), field="invoice")
    taken = queries.in_a_case(session, account_id)
    for invoice in found:
        if invoice.id in taken:
            raise Conflict(N_("{number} is in another legal case already."), number=invoice.number)
    return list(found)


def _check_placement(session: Session, account_id: int, placement_id: int) -> None:
    """That an attorney has a debt of this account. NotFound, Conflict."""
    placed = placements.placement(session, placement_id, account_id=account_id)
    if placed.partner_kind is not PartnerKind.ATTORNEY or placed.status not in PLACED:
        raise Conflict(N_("No attorney has this debt now."))
