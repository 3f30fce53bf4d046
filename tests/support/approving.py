"""Approving: two colleagues, what one asks for, and what the books of an account say, to be compared."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.approvals.asking import ask
from domain.approvals.model import ApprovalRequest
from domain.approvals.wishes import SetLimit, Wish
from domain.credit.standing import standing_of
from domain.invoicing.model import CreditNote
from domain.ledger.model import ENTRIES, POSTINGS
from domain.plans.model import PaymentPlan
from domain.promises.model import PromiseToPay
from domain.receivables.model import CreditItem, Invoice
from domain.shared.actor import Actor
from domain.staff.model import Role
from tests.support.assigning import a_colleague


@dataclass(frozen=True, slots=True)
class Two:
    """Whoever asks, with a collector's authority, and whoever may approve it."""

    asker: Actor
    approver: Actor


def two(session: Session) -> Two:
    """A collector and a manager."""
    asker = a_colleague(session, "Carla Collector")
    return Two(Actor.staff(asker.id), Actor.staff(a_colleague(session, "Mo Manager", Role.MANAGER).id))


def asked(session: Session, account_id: int, wish: Wish, actor: Actor, *, note: str = "") -> ApprovalRequest:
    """What a collector asks for."""
    return ask(session, account_id, wish, note=note, role=Role.COLLECTOR, actor=actor)


def books(session: Session, account_id: int) -> dict[str, object]:
    """All that an act can change on an account, without ids, numbers and moments."""
    session.expire_all()
    of_account = ENTRIES.c.id.in_(select(POSTINGS.c.entry_id).where(POSTINGS.c.account_id == account_id))
    legs = (
        select(ENTRIES.c.kind, POSTINGS.c.ledger_account, func.sum(POSTINGS.c.amount))
        .join(POSTINGS, POSTINGS.c.entry_id == ENTRIES.c.id)
        .where(of_account)
        .group_by(ENTRIES.c.kind, POSTINGS.c.ledger_account)
        .order_by(ENTRIES.c.kind, POSTINGS.c.ledger_account)
    )
    standing = standing_of(session, account_id)
    return {
        "ledger": [(kind, ledger, int(minor)) for kind, ledger, minor in session.execute(legs)],
        "invoices": _rows(session, Invoice, account_id, "status", "open_minor", "due_on"),
        "credit": _rows(session, CreditItem, account_id, "kind", "amount_minor", "unapplied_minor"),
        "credit notes": _rows(session, CreditNote, account_id, "amount_minor", "tax_minor"),
        "promises": _rows(session, PromiseToPay, account_id, "status", "amount_minor", "promised_on", "words"),
        "plans": _rows(session, PaymentPlan, account_id, "status"),
        "limit": standing.limit,
        "holds": [(hold.reason, hold.lifted_until) for hold in standing.holds],
    }


def _rows(session: Session, table: type, account_id: int, *names: str) -> list[tuple[object, ...]]:
    columns = [getattr(table, name) for name in names]
    wanted = select(*columns).where(table.account_id == account_id).order_by(table.id)  # type: ignore[attr-defined]
    return [tuple(row) for row in session.execute(wanted)]


def a_limit_asked_for(session: Session, account_id: int, staff_id: int) -> int:
    """Somebody asks for a limit of 9,000 on an account; the id of their request."""
    return asked(session, account_id, SetLimit(limit_minor=9_000_00, why="They grow"), Actor.staff(staff_id)).id
