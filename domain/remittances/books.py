"""Books: what stands between us and a partner, summed up from its rows; one row of a partner is locked at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.placements.model import Partner
from domain.placements.queries import NO_SUCH_PARTNER
from domain.shared.errors import N_, Invalid, NotFound
from domain.shared.money import Money


@dataclass(frozen=True, slots=True)
class Priced:
    """An amount with the commission on it and the tax on that."""

    amount: Money
    commission: Money
    tax: Money

    @property
    def fee(self) -> Money:
        """Commission and tax together."""
        return self.commission + self.tax

    @property
    def rest(self) -> Money:
        """What is left of the amount once both are kept."""
        return self.amount - self.fee

    @classmethod
    def sum(cls, each: Iterable[Priced], currency: str) -> Priced:
        """All of them together."""
        rows = list(each)
        return cls(
            Money.sum((row.amount for row in rows), currency),
            Money.sum((row.commission for row in rows), currency),
            Money.sum((row.tax for row in rows), currency),
        )


def lock_partner(session: Session, partner_id: int) -> Partner:
    """A partner's row, locked and read afresh, so that what is agreed with it happens one after the other; NotFound.

    Behind an account's lock, never before it. Rows that only name the partner are written meanwhile.
    """
    wanted = select(Partner).where(Partner.id == partner_id).with_for_update(key_share=True)
    partner = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if partner is None:
        raise NotFound(NO_SUCH_PARTNER)
    return partner


def reference_text(given: str, longest: int = 64) -> str:
    """A partner's reference without what surrounds it; Invalid beside `reference` where there is none."""
    words = " ".join(given.split())
    if not words or len(words) > longest:
        raise Invalid(
            N_("Enter the partner's reference, with at most {most} characters."), field="reference", most=longest
        )
    return words


def not_after(day: date, today: date, field: str) -> None:
    """Raise Invalid beside `field` for a day that is still to come."""
    if day > today:
        raise Invalid(N_("Enter the day on which it happened; that cannot be in the future."), field=field)
