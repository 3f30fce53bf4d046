"""Queries: write-offs for lists and pages, with their changes, what came in for them, and the tax claimed back."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.receivables.model import Allocation, CreditItem, Invoice
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import N_, NotFound
from domain.write_offs import relief
from domain.write_offs.model import Recovery, TaxRelief, WriteOff, WriteOffChange, WriteOffStatus

NO_SUCH_WRITE_OFF = N_("We could not find that write-off.")


class View(StrEnum):
    """The lists of write-offs for staff."""

    TO_APPROVE = "to_approve"
    STANDING = "standing"
    RELIEF_DUE = "relief_due"
    RELEASED = "released"
    ENDED = "ended"


_W = WriteOffStatus
VIEWS: dict[View, frozenset[WriteOffStatus]] = {
    View.TO_APPROVE: frozenset({_W.PROPOSED}),
    View.STANDING: frozenset({_W.STANDING}),
    View.RELEASED: frozenset({_W.RELEASED}),
    View.ENDED: frozenset({_W.RECOVERED, _W.DECLINED, _W.DROPPED, _W.TAKEN_BACK}),
}
_SHOWN = (
    select(
        WriteOff.id,
        WriteOff.account_id,
        WriteOff.invoice_id,
        WriteOff.kind,
        WriteOff.status,
        WriteOff.currency,
        WriteOff.amount_minor,
        WriteOff.tax_minor,
        WriteOff.left_minor,
        WriteOff.reason,
        WriteOff.proposed_at,
        WriteOff.written_on,
        WriteOff.released_on,
        WriteOff.ended_at,
        Account.name.label("account_name"),
        Account.number.label("account_number"),
        Invoice.number.label("invoice_number"),
        Invoice.issued_on,
        Invoice.due_on,
        Invoice.delivered_on,
        Invoice.open_minor,
        TaxRelief.amount_minor.label("relieved_minor"),
        TaxRelief.relieved_on,
    )
    .join(Account, Account.id == WriteOff.account_id)
    .join(Invoice, Invoice.id == WriteOff.invoice_id)
    .outerjoin(TaxRelief, TaxRelief.write_off_id == WriteOff.id)
)


def write_off(session: Session, write_off_id: int) -> AnyRow:
    """One write-off with its account and invoice; NotFound."""
    row = session.execute(_SHOWN.where(WriteOff.id == write_off_id)).one_or_none()
    if row is None:
        raise NotFound(NO_SUCH_WRITE_OFF)
    return row


def entity(session: Session, account_id: int, write_off_id: int) -> WriteOff:
    """A write-off of this account, read afresh; NotFound."""
    found = session.get(WriteOff, write_off_id, populate_existing=True)
    if found is None or found.account_id != account_id:
        raise NotFound(NO_SUCH_WRITE_OFF)
    return found


def write_offs(session: Session, view: View, *, place: int | None = None, limit: int | None = None) -> AnyRows:
    """A page of a list of all accounts, after `place`, the newest first; all of it without a limit."""
    wanted = _in_view(session, _SHOWN, view)
    if place is not None:
        wanted = wanted.where(WriteOff.id < place)
    return session.execute(wanted.order_by(WriteOff.id.desc()).limit(limit)).all()


def sums(session: Session, view: View) -> dict[str, tuple[int, int]]:
    """How many stand in a list and what is left of them in minor units, by currency."""
    count = select(WriteOff.currency, func.count().label("many"), func.sum(WriteOff.left_minor).label("minor"))
    wanted = _in_view(session, count.join(Invoice, Invoice.id == WriteOff.invoice_id), view)
    rows = session.execute(wanted.group_by(WriteOff.currency).order_by(WriteOff.currency))
    return {row.currency: (row.many, int(row.minor)) for row in rows}


def counts(session: Session) -> dict[View, int]:
    """How many stand in each list."""
    found = session.execute(select(WriteOff.status, func.count().label("many")).group_by(WriteOff.status))
    by_status = {row.status: row.many for row in found}
    due = sum(many for many, _ in sums(session, View.RELIEF_DUE).values())
    return {
        view: due if view is View.RELIEF_DUE else sum(by_status.get(status, 0) for status in VIEWS[view])
        for view in View
    }


def of_account(session: Session, account_id: int) -> AnyRows:
    """The account's write-offs, newest first."""
    return session.execute(_SHOWN.where(WriteOff.account_id == account_id).order_by(WriteOff.id.desc())).all()


def can_be_written_off(session: Session, account_id: int) -> AnyRows:
    """The account's open invoices that are neither proposed nor written off in the books, the oldest due first."""
    live = select(WriteOff.invoice_id).where(
        WriteOff.account_id == account_id, WriteOff.status.in_((_W.PROPOSED, _W.STANDING))
    )
    return session.execute(
        select(Invoice.id, Invoice.number, Invoice.due_on, Invoice.currency, Invoice.open_minor)
        .where(Invoice.account_id == account_id, Invoice.open_minor > 0, Invoice.id.not_in(live))
        .order_by(Invoice.due_on, Invoice.id)
    ).all()


def changes(session: Session, write_off_id: int) -> AnyRows:
    """Every change of a write-off's state, the first one first: `after`, `at`, who and why."""
    return session.execute(
        select(
            WriteOffChange.after,
            WriteOffChange.at,
            WriteOffChange.actor_kind,
            WriteOffChange.actor_id,
            WriteOffChange.why,
        )
        .where(WriteOffChange.write_off_id == write_off_id)
        .order_by(WriteOffChange.id)
    ).all()


def recoveries(session: Session, write_off_id: int) -> AnyRows:
    """What came in for a write-off, or was credited, the first one first: `kind` and `source` of the credit."""
    return session.execute(
        select(
            Recovery.id,
            Recovery.amount_minor,
            Recovery.relief_minor,
            Recovery.effective_on,
            CreditItem.kind,
            CreditItem.source,
        )
        .join(Allocation, Allocation.id == Recovery.allocation_id)
        .join(CreditItem, CreditItem.id == Allocation.credit_item_id)
        .where(Recovery.write_off_id == write_off_id)
        .order_by(Recovery.id)
    ).all()


def _in_view(session: Session, wanted: Select[*tuple[Any, ...]], view: View) -> Select[*tuple[Any, ...]]:
    if view is View.RELIEF_DUE:
        return wanted.where(relief.is_due(session))
    return wanted.where(WriteOff.status.in_(VIEWS[view]))
