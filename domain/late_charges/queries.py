"""Queries: the working behind a debit note, the late charges of an invoice, and what has accrued and is not charged."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.invoicing.model import CreditNote
from domain.late_charges.facts import debts, overdue, rules, was_late_when_granted
from domain.late_charges.model import ChargeAct, ChargeKind, LateCharge
from domain.late_charges.reckoning import interest_through
from domain.policies.interest import Stretch
from domain.policies.rates import RateMissing
from domain.receivables.due_days import extension_of
from domain.receivables.model import Invoice
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import today
from domain.shared.money import Money


@dataclass(frozen=True, slots=True)
class Working:
    """How a debit note came to its amount: the rows through a day, their sum, and what of that was charged before.

    `due_on` is the day that it was charged by; `moved_to` is the day that holds now, where that is another one.
    `taken_back` is what was corrected or waived of it since.
    """

    kind: ChargeKind
    parent_id: int
    parent: str
    due_on: date
    moved_to: date | None
    principal: Money
    through: date
    rows: Sequence[Stretch]
    accrued: Money
    charged: Money
    taken_back: Money

    @property
    def charged_before(self) -> Money:
        """What of the sum had been charged by earlier debit notes."""
        return self.accrued - self.charged


@dataclass(frozen=True, slots=True)
class Accruing:
    """Interest of an overdue invoice that has accrued as of today, and what of it was charged; `least` is charged."""

    accrued: Money
    charged: Money
    least: Money
    rows: Sequence[Stretch]

    @property
    def to_add(self) -> Money:
        """What paying today would still add; nothing where that is less than is charged at all."""
        left = self.accrued - self.charged
        return left if left.minor > 0 and left >= self.least else Money.zero(left.currency)


def is_late_charge(session: Session, invoice_id: int) -> bool:
    """Whether the terms have made this debit note."""
    made = select(LateCharge.id).where(LateCharge.debit_note_id == invoice_id, LateCharge.act == ChargeAct.CHARGED)
    return session.scalars(made).first() is not None


def working_of(session: Session, note_id: int) -> Working | None:
    """The working behind a debit note; None where it was not charged by the terms."""
    papers = session.scalars(select(LateCharge).where(LateCharge.debit_note_id == note_id)).all()
    charge = next((each for each in papers if each.act is ChargeAct.CHARGED), None)
    if charge is None or charge.accrued_minor is None:
        return None
    parent = session.get_one(Invoice, charge.invoice_id)
    later = extension_of(session, parent.id)
    was_late = later is not None and was_late_when_granted(parent.due_on, later.was_due_on, later.granted_on)
    due_on = later.was_due_on if later is not None and was_late else parent.due_on
    gone = [-each.amount for each in papers if each.act is not ChargeAct.CHARGED]
    return Working(
        kind=charge.kind,
        parent_id=parent.id,
        parent=parent.number,
        due_on=due_on,
        moved_to=parent.due_on if parent.due_on != due_on else None,
        principal=parent.amount,
        through=charge.through_on,
        rows=stretches(charge.working, charge.currency),
        accrued=Money(charge.accrued_minor, charge.currency),
        charged=charge.amount,
        taken_back=Money.sum(gone, charge.currency),
    )


def of_invoice(session: Session, invoice_id: int) -> AnyRows:
    """The papers of an invoice's late charges, in their order.

    Columns: kind, act, amount_minor, through_on, debit_note_id, debit_note, credit_note_id, credit_note.
    """
    return session.execute(
        select(
            LateCharge.kind,
            LateCharge.act,
            LateCharge.amount_minor,
            LateCharge.currency,
            LateCharge.through_on,
            LateCharge.debit_note_id,
            Invoice.number.label("debit_note"),
            LateCharge.credit_note_id,
            CreditNote.number.label("credit_note"),
        )
        .join(Invoice, Invoice.id == LateCharge.debit_note_id)
        .outerjoin(CreditNote, CreditNote.id == LateCharge.credit_note_id)
        .where(LateCharge.invoice_id == invoice_id)
        .order_by(LateCharge.id)
    ).all()


def accruing(session: Session, invoice: AnyRow) -> Accruing | None:
    """The interest of an invoice (a row of `receivables.queries`) through today, charged or not.

    None where it bears none, and where a rate is missing: nothing is said on a guess.
    """
    return _accruing(session, invoice.account_id, [invoice.id]).get(invoice.id)


def still_to_come(session: Session, account_id: int, invoice_ids: Collection[int]) -> dict[int, Money]:
    """The interest that paying these invoices of an account today would still add, where it adds any.

    No payment asks for it: it comes on a debit note of its own, made in the night after.
    """
    found = _accruing(session, account_id, invoice_ids)
    return {invoice_id: each.to_add for invoice_id, each in found.items() if each.to_add}


def _accruing(session: Session, account_id: int, invoice_ids: Collection[int]) -> dict[int, Accruing]:
    if not invoice_ids:
        return {}
    ruling, day = rules(session), today(session)
    found = {}
    for debt in debts(session, overdue(ruling, day).where(Invoice.id.in_(invoice_ids)), [account_id]):
        rule = ruling.interest_on(debt)
        if rule is None:
            continue
        try:
            interest, rows = interest_through(debt, rule, day, ruling.table)
        except RateMissing:
            continue
        if interest:
            charged, least = debt.charged_so_far(ChargeKind.INTEREST), Money(rule.least_minor, interest.currency)
            found[debt.invoice_id] = Accruing(interest, charged, least, rows)
    return found


def stretches(working: Sequence[Mapping[str, object]], currency: str) -> list[Stretch]:
    """The rows of a working as they were kept."""
    return [
        Stretch(
            date.fromisoformat(str(row["first"])),
            date.fromisoformat(str(row["last"])),
            Money(int(str(row["principal"])), currency),
            Decimal(str(row["rate"])),
            int(str(row["year_days"])),
        )
        for row in working
    ]
