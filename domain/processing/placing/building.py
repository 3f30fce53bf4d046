"""Building: the file of a placement, from what was frozen when it was sent; what we do not know stays empty."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Date, func, literal, select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.relations import queries as relations
from domain.limitations.facts import laws
from domain.placements import queries
from domain.placements.files import csv_form, json_form
from domain.placements.files.fields import form_of
from domain.placements.files.schema import MOST_CONTACTS, Contact, Debt, FileKind, Header, Placed, PlacementFile, Role
from domain.placements.model import PlacementInvoice
from domain.placements.naming import reference_of
from domain.policies.sections import Part
from domain.processing.placing import bearing
from domain.processing.placing.bearing import Owed
from domain.receivables.due_days import due_then
from domain.receivables.model import CreditItem, CreditKind, Invoice, Withdrawal, WithdrawalKind
from domain.shared.clock import day_in
from domain.shared.db.rows import AnyRow
from domain.shared.db.session import business, now
from domain.shared.errors import N_, Conflict
from domain.shared.money import Money

WENT_BACK = (WithdrawalKind.RETURN, WithdrawalKind.CHARGEBACK)
MOST_GUARANTORS = MOST_CONTACTS // 2
"""So many are named, so that there is room for those at the debtor."""


class FileForm(StrEnum):
    """The forms of a placement file."""

    CSV = "csv"
    JSON = "json"


MEDIA_TYPES = {FileForm.CSV: "text/csv; charset=utf-8", FileForm.JSON: "application/json"}


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file to be downloaded or sent: what it is called, what it is, and its bytes."""

    name: str
    media_type: str
    content: bytes


def made_file(session: Session, placement_id: int, form: FileForm) -> MadeFile:
    """The file of a placement that was sent. Raises NotFound, and Conflict while it has not been sent."""
    file = placement_file(session, placement_id)
    content = csv_form.written(file) if form is FileForm.CSV else json_form.written(file)
    return MadeFile(f"{reference_of(placement_id)}.{form}", MEDIA_TYPES[form], content)


def placement_file(session: Session, placement_id: int) -> PlacementFile:
    """A placement with its debts as they were when it was sent, and with its people as they are known now.

    Raises NotFound, and Conflict while it has not been sent.
    """
    row = queries.placement(session, placement_id)
    if row.sent_at is None:
        raise Conflict(N_("There is a file of it once it has been sent."))
    header = Header(
        kind=FileKind.PLACEMENTS,
        creditor=form_of(Header, "creditor").fitting(business(session).name) or "-",
        partner=form_of(Header, "partner").fitting(row.partner_name) or "-",
        made_at=now(session).replace(microsecond=0),
    )
    return PlacementFile(header, placements=(_placed(session, row),))


def _placed(session: Session, row: AnyRow) -> Placed:
    account = accounts.account(session, row.account_id)
    debts = _debts(session, row, account)
    parts = {part: sum((debt.open for debt in debts if debt.part is part), Decimal(0)) for part in Part}
    zero = Money.zero(row.currency).decimal

    def told(name: str, value: str | None) -> str | None:
        return form_of(Placed, name).fitting(value)

    return Placed(
        reference=reference_of(row.id),
        account_number=told("account_number", account.number) or "-",
        name=told("name", account.name) or "-",
        legal_form=account.legal_form,
        email=told("email", account.email),
        phone=told("phone", account.phone),
        address=told("address", account.address),
        country=told("country", account.country),
        jurisdiction=told("jurisdiction", _law(session, row.account_id)),
        language=told("language", account.language) or business(session).language,
        currency=row.currency,
        principal=parts[Part.PRINCIPAL] + zero,
        interest=parts[Part.INTEREST] + zero,
        costs=parts[Part.COSTS] + zero,
        total=Money(row.placed_minor, row.currency).decimal,
        delinquent_on=min(debt.due_on for debt in debts),
        last_payment_on=_last_payment_on(session, row),
        contacts=_contacts(session, row.account_id),
        debts=debts,
    )


def _law(session: Session, account_id: int) -> str | None:
    """Whose law governs its debts, where staff have said so: else only a guess."""
    law = laws()
    return session.scalar(select(law.c.jurisdiction).where(law.c.account_id == account_id))


def _contacts(session: Session, account_id: int) -> tuple[Contact, ...]:
    """Who answers for its debts besides the debtor, then those whom we know there."""
    guarantors = relations.guarantors(session, account_id)[:MOST_GUARANTORS]
    known = accounts.contacts(session, account_id)
    found = [_contact(Role.GUARANTOR, each, each.address) for each in guarantors]
    found += [_contact(Role.CONTACT, each, None) for each in known]
    return tuple(found[:MOST_CONTACTS])


def _contact(role: Role, row: AnyRow, address: str | None) -> Contact:
    return Contact(
        role=role,
        name=form_of(Contact, "name").fitting(row.name) or "-",
        email=form_of(Contact, "email").fitting(row.email),
        phone=form_of(Contact, "phone").fitting(row.phone),
        address=form_of(Contact, "address").fitting(address),
    )


def _debts(session: Session, row: AnyRow, account: AnyRow) -> tuple[Debt, ...]:
    """What was handed over, the oldest due first, by the due days that held then."""
    sent_on = day_in(row.sent_at, business(session).time_zone)
    due_on = due_then(Invoice.__table__.c.id, Invoice.__table__.c.due_on, literal(sent_on, Date)).label("was_due_on")
    rows = session.execute(
        select(
            Invoice.id,
            Invoice.number,
            Invoice.issued_on,
            Invoice.amount_minor,
            Invoice.description,
            Invoice.terms_version_id,
            due_on,
            PlacementInvoice.part,
            PlacementInvoice.placed_minor,
        )
        .join(PlacementInvoice, PlacementInvoice.invoice_id == Invoice.id)
        .where(PlacementInvoice.placement_id == row.id, PlacementInvoice.placed_minor.is_not(None))
        .order_by(due_on, Invoice.id)
    ).all()
    owed = [Owed(each.id, each.terms_version_id, each.was_due_on) for each in rows if each.part is Part.PRINCIPAL]
    runs = bearing.runs(session, owed, account.legal_form, sent_on=sent_on, sent_at=row.sent_at)
    return tuple(
        Debt(
            number=form_of(Debt, "number").fitting(each.number) or "-",
            part=each.part,
            issued_on=each.issued_on,
            due_on=each.was_due_on,
            amount=Money(each.amount_minor, row.currency).decimal,
            open=Money(each.placed_minor, row.currency).decimal,
            interest_from=runs[each.id].first if each.id in runs else None,
            interest_rate=runs[each.id].rate if each.id in runs else None,
            description=form_of(Debt, "description").fitting(each.description),
        )
        for each in rows
    )


def _last_payment_on(session: Session, row: AnyRow) -> date | None:
    """The day of the last payment of the account that was here when the placement was sent, and had not gone back."""
    gone = (
        select(func.coalesce(func.sum(Withdrawal.amount_minor), 0))
        .where(
            Withdrawal.credit_item_id == CreditItem.id,
            Withdrawal.kind.in_(WENT_BACK),
            Withdrawal.recorded_at <= row.sent_at,
        )
        .scalar_subquery()
    )
    return session.scalar(
        select(func.max(CreditItem.effective_on)).where(
            CreditItem.account_id == row.account_id,
            CreditItem.kind == CreditKind.PAYMENT,
            CreditItem.recorded_at <= row.sent_at,
            CreditItem.voided_at.is_(None),
            gone < CreditItem.amount_minor,
        )
    )
