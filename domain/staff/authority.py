"""Authority: how far each role may go alone, act by act, in the business's own currency."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy.orm import Session

from domain.shared.db.session import business
from domain.shared.errors import N_, NotAllowed
from domain.shared.money import Money
from domain.staff.model import ROLE_NAMES, Role


class Act(StrEnum):
    """Something that gives money away, and how much of it depends on who does it."""

    CREDIT_NOTE = "credit_note"
    VOID_INVOICE = "void_invoice"
    REFUND = "refund"


LIMITS: dict[Act, dict[Role, int | None]] = {
    Act.CREDIT_NOTE: {
        Role.COLLECTOR: 500_00,
        Role.DISPUTE_HANDLER: 5_000_00,
        Role.MANAGER: None,
        Role.ADMINISTRATOR: 0,
        Role.AUDITOR: 0,
    },
    Act.VOID_INVOICE: {
        Role.COLLECTOR: 0,
        Role.DISPUTE_HANDLER: 0,
        Role.MANAGER: None,
        Role.ADMINISTRATOR: 0,
        Role.AUDITOR: 0,
    },
    Act.REFUND: {
        Role.COLLECTOR: 250_00,
        Role.DISPUTE_HANDLER: 1_000_00,
        Role.MANAGER: None,
        Role.ADMINISTRATOR: 0,
        Role.AUDITOR: 0,
    },
}
"""The most of one act, in minor units of the business's currency; None is without limit, 0 is not at all."""


def covers(role: Role, act: Act, amount: Money, *, currency: str) -> bool:
    """Whether `role` may do `act` over `amount` alone, in a business that counts in `currency`.

    An amount in another currency cannot be held against a limit, so that only a role without one covers it.
    """
    limit = LIMITS[act][role]
    return limit is None or (amount.currency == currency and limit > 0 and amount.minor <= limit)


def check(session: Session, role: Role, act: Act, amount: Money) -> None:
    """Do nothing where the role's authority covers it; raise NotAllowed, naming the roles that have it, otherwise."""
    currency = business(session).currency
    if covers(role, act, amount, currency=currency):
        return
    able = [ROLE_NAMES[other] for other in Role if covers(other, act, amount, currency=currency)]
    raise NotAllowed(N_("{amount} is more than you can decide alone."), who_can=able, amount=amount)
