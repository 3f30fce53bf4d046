"""Worth: how much money a piece of work is about as it stands now, and what that amount is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.receivables.model import CreditItem, CreditKind, Invoice, InvoiceStatus
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.tasks.model import TaskKind
from domain.worklist import asked_for

DEBTS = frozenset(
    {
        TaskKind.CALL_DUE,
        TaskKind.NOTICES_TO_APPROVE,
        TaskKind.ESCALATION,
        TaskKind.TRACE,
        TaskKind.PROMISE_BROKEN,
        TaskKind.PLAN_DEFAULTED,
        TaskKind.SETTLEMENT_BROKEN,
        TaskKind.PLACEMENT_BACK,
        TaskKind.PLACEMENT_REFUSED,
        TaskKind.LIMITATION_NEAR,
    }
)
"""The kinds about what a customer owes: worth what is late on the account now, or open where nothing is late."""
LATE, OPEN = N_("Late"), N_("Open")
ASKED_FOR = N_("It is about")
"""What the amount of a request for approval is called."""
AMOUNT = N_("Amount")
"""What an amount is called of which nothing else is known."""
NAMES = {
    TaskKind.SURPLUS: N_("Left over"),
    TaskKind.PAYMENT_UNKNOWN: N_("Payment"),
    TaskKind.PAYMENT_MISMATCH: N_("Payment"),
    TaskKind.PAYMENT_RECOVERED: N_("Payment"),
    TaskKind.FOREIGN_RECEIPT: N_("Received"),
    TaskKind.UNIDENTIFIED_RECEIPT: N_("Received"),
    TaskKind.REFUND_APPROVAL: N_("Refund"),
    TaskKind.REFUND_UNKNOWN: N_("Refund"),
    TaskKind.REFUND_FAILED: N_("Refund"),
    TaskKind.REFUND_TO_EXPLAIN: N_("Refund"),
    TaskKind.CHARGEBACK: N_("Contested"),
    TaskKind.CHARGEBACK_LOST: N_("Taken back"),
    TaskKind.CHARGEBACK_NOT_ACCEPTED: N_("Contested"),
    TaskKind.CHARGEBACK_NOT_ANSWERED: N_("Contested"),
    TaskKind.FRAUD_WARNING: N_("Payment"),
    TaskKind.PAYOUT_FAILED: N_("Payout"),
    TaskKind.TIE_OUT: N_("Difference"),
    TaskKind.DISPUTE: N_("Disputed"),
    TaskKind.PLAN_REQUEST: N_("In the plan"),
    TaskKind.SETTLEMENT_APPROVAL: N_("To be let go"),
    TaskKind.PLACEMENT_APPROVAL: N_("To be handed over"),
    TaskKind.PARTNER_COST: N_("Cost"),
    TaskKind.REMITTANCE_DIFFERENCE: N_("Difference"),
    TaskKind.REMITTANCE_LATE: N_("Not paid over"),
    TaskKind.LEGAL_DEADLINE: N_("Claimed"),
    TaskKind.WRITE_OFF_APPROVAL: N_("To be written off"),
    TaskKind.TAX_RELIEF_DUE: N_("Tax"),
}
"""What the amount of a task of its own is called on the screen."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is open and what is late on an account, in minor units, and since when the oldest late invoice is."""

    open_minor: int = 0
    late_minor: int = 0
    oldest: date | None = None


@dataclass(frozen=True, slots=True)
class Worth:
    """An amount in minor units of the task's currency, and what it is (a message id); None where there is none."""

    minor: int | None
    name: str = AMOUNT


NOTHING = Standing()


def standings(session: Session, day: date, account_ids: Collection[int]) -> dict[int, Standing]:
    """How these accounts stand on `day`; those on which nothing is open are left out."""
    is_late = Invoice.due_on < day
    rows = session.execute(
        select(
            Invoice.account_id,
            func.sum(Invoice.open_minor),
            func.coalesce(func.sum(Invoice.open_minor).filter(is_late), 0),
            func.min(Invoice.due_on),
        )
        .where(Invoice.account_id.in_(account_ids), Invoice.open_minor > 0, Invoice.status == InvoiceStatus.ISSUED)
        .group_by(Invoice.account_id)
    )
    return {
        account_id: Standing(int(open_minor), int(late), oldest if oldest < day else None)
        for account_id, open_minor, late, oldest in rows
    }


def worths(session: Session, rows: Collection[AnyRow], standing: Mapping[int, Standing]) -> dict[int, Worth]:
    """What each of these tasks is worth now, by its id: as many queries however many they are.

    What is done keeps the amount that it was opened with.
    """
    left = _left_over(session, [row.subject_id for row in rows if row.kind is TaskKind.SURPLUS])
    asked = asked_for.amounts(session, [int(row.subject_id) for row in rows if row.subject_kind == "approval"])
    found = {}
    for row in rows:
        if row.subject_kind == "approval":
            found[row.id] = Worth(asked.get(int(row.subject_id)), ASKED_FOR)
            continue
        known = standing.get(row.account_id, NOTHING)
        own = left.get(row.subject_id, row.worth_minor) if row.kind is TaskKind.SURPLUS else row.worth_minor
        if own is not None and row.kind not in DEBTS:
            found[row.id] = Worth(own, NAMES.get(row.kind, AMOUNT))
        elif known.late_minor:
            found[row.id] = Worth(known.late_minor, LATE)
        else:
            is_open = row.kind in DEBTS and known.open_minor
            found[row.id] = Worth(known.open_minor, OPEN) if is_open else Worth(None)
    return found


def _left_over(session: Session, sources: Collection[str]) -> dict[str, int]:
    """What is left of the credit that each of these payments brought."""
    if not sources:
        return {}
    rows = session.execute(
        select(CreditItem.source, CreditItem.unapplied_minor).where(
            CreditItem.kind == CreditKind.PAYMENT, CreditItem.source.in_(sources)
        )
    )
    return {row.source: row.unapplied_minor for row in rows}
