"""History: what a trial has to know of some accounts, read once for all its columns, however many accounts they are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import ACCOUNTS
from domain.late_charges.facts import debts
from domain.late_charges.reckoning import Debt
from domain.policies.due_days import due_day
from domain.policies.sections import DueRule, Sections, Terms
from domain.policies.terms_versions import all_sections
from domain.receivables.model import Allocation, CreditItem, Extension, Invoice, InvoiceKind, InvoiceStatus
from domain.shared.db.rows import AnyRow, AnyRows


@dataclass(frozen=True, slots=True)
class Due:
    """When an invoice was due: on `day`, and until a later day was granted on `granted_on`, on `before`."""

    day: date
    before: date | None = None
    granted_on: date | None = None

    def on(self, day: date) -> date:
        """When it was due as it stood at the end of a day."""
        if self.before is not None and self.granted_on is not None and day < self.granted_on:
            return self.before
        return self.day


@dataclass(frozen=True, slots=True)
class History:
    """The accounts by id; their debit items; what settled each of them; and each invoice as its interest depends on it.

    `due` is each debit item's due day, by the terms that are tried. `governing` are the sections that did govern it.
    """

    accounts: dict[int, AnyRow]
    invoices: AnyRows
    allocations: dict[int, AnyRows]
    due: dict[int, Due]
    debts: Sequence[Debt]
    governing: dict[int, Sections]

    def governed_by(self, invoice: AnyRow) -> Sections:
        """What has governed an invoice; empty sections where nothing did."""
        return self.governing.get(invoice.terms_version_id) or Sections()


def read_history(session: Session, account_ids: Collection[int], sections: Sections, last: date) -> History:
    """All of it up to `last`, with due days as these sections would have set them: seven queries."""
    governing = all_sections(session)
    accounts = {row.id: row for row in session.execute(select(ACCOUNTS).where(ACCOUNTS.c.id.in_(account_ids)))}
    invoices = _invoices(session, account_ids, last)
    due = {
        row.id: _due(row, sections.terms, governing.get(row.terms_version_id), accounts[row.account_id].terms_days)
        for row in invoices
    }
    return History(
        accounts, invoices, _allocations(session, account_ids), due, _debts(session, account_ids, last, due), governing
    )


def _invoices(session: Session, account_ids: Collection[int], last: date) -> AnyRows:
    return session.execute(
        select(
            Invoice.id,
            Invoice.account_id,
            Invoice.kind,
            Invoice.parent_id,
            Invoice.number,
            Invoice.currency,
            Invoice.issued_on,
            Invoice.due_on,
            Invoice.amount_minor,
            Invoice.tax_minor,
            Invoice.terms_version_id,
            Invoice.import_id,
            Invoice.recorded_at,
            Extension.was_due_on,
            Extension.granted_on,
        )
        .outerjoin(Extension, Extension.invoice_id == Invoice.id)
        .where(Invoice.account_id.in_(account_ids), Invoice.status == InvoiceStatus.ISSUED, Invoice.issued_on <= last)
        .order_by(Invoice.id)
    ).all()


def _allocations(session: Session, account_ids: Collection[int]) -> dict[int, AnyRows]:
    """What settled each debit item, by its id, in the order in which it was recorded; what was taken back too."""
    found: dict[int, list[AnyRow]] = defaultdict(list)
    rows = session.execute(
        select(
            Allocation.invoice_id,
            Allocation.credit_item_id,
            Allocation.amount_minor,
            Allocation.effective_on,
            Allocation.recorded_at,
            CreditItem.kind,
            CreditItem.source,
            CreditItem.import_id,
        )
        .join(CreditItem, CreditItem.id == Allocation.credit_item_id)
        .where(Allocation.account_id.in_(account_ids))
        .order_by(Allocation.id)
    )
    for row in rows:
        found[row.invoice_id].append(row)
    return dict(found)


def _due(invoice: AnyRow, tried: Terms | None, governing: Sections | None, account_days: int) -> Due:
    """By the terms that are tried, where they say otherwise than those that govern it.

    What was set by hand, or granted later, stays where they say the same; a granted day stays in any case.
    """
    if invoice.was_due_on is not None:
        return Due(invoice.due_on, invoice.was_due_on, invoice.granted_on)
    is_invoice = invoice.kind is InvoiceKind.INVOICE
    if is_invoice and _rule(tried) != _rule(governing.terms if governing else None):
        return Due(due_day(invoice.issued_on, tried, account_days))
    return Due(invoice.due_on)


def _rule(terms: Terms | None) -> Terms | None:
    """The terms, or None where they leave the due day to the account, as no terms do."""
    return None if terms is None or terms.rule is DueRule.ACCOUNT else terms


def _debts(session: Session, account_ids: Collection[int], last: date, due: dict[int, Due]) -> list[Debt]:
    """Every invoice as if nothing had been charged for it yet, and as if its due day had been the tried one."""
    wanted = select(Invoice.id).where(
        Invoice.kind == InvoiceKind.INVOICE, Invoice.status == InvoiceStatus.ISSUED, Invoice.issued_on <= last
    )
    return [
        replace(
            debt,
            due_on=debt.due_on if due[debt.invoice_id].before is not None else due[debt.invoice_id].day,
            charged={},
            charged_through=None,
            cost_was_charged=False,
        )
        for debt in debts(session, wanted, account_ids)
    ]
