"""Previewing: what a plan would say, with its interest, before anybody asks for it; nothing is written."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.plans import fence
from domain.plans.business_days import calendar_of
from domain.plans.negotiating import Ask, chosen, consider, plans_of
from domain.plans.schedule import Due, Shape, schedule
from domain.policies.sections import Plans
from domain.processing.plans.interest import would_bear
from domain.shared.clock import day_in
from domain.shared.db.rows import AnyRows
from domain.shared.db.session import business, now
from domain.shared.money import Money


@dataclass(frozen=True, slots=True)
class Preview:
    """A plan as it would be signed today: its shape, its parts, what it bears, and what is beyond the fence."""

    shape: Shape
    principal: Money
    interest: Money
    dues: Sequence[Due]
    beyond: Sequence[fence.Beyond] = ()

    @property
    def total(self) -> Money:
        """What is paid in the end."""
        return self.principal + self.interest


def preview(session: Session, account_id: int, ask: Ask, *, changes: int | None = None) -> Preview:
    """One proposal as it would be; raises what `negotiating.consider` raises."""
    considered = consider(session, account_id, ask, changes=changes)
    return _as_it_would_be(session, considered.account, considered.section, considered.invoices, ask.shape)


def proposals(
    session: Session, account_id: int, invoice_ids: Collection[int], *, changes: int | None = None
) -> list[Preview]:
    """Up to three plans over these invoices inside the fence; raises what `negotiating.chosen` and `plans_of` raise."""
    _, section = plans_of(session, account_id)
    rows = chosen(session, account_id, invoice_ids, changes=changes)
    account = accounts.account(session, account_id)
    total = Money(sum(row.open_minor for row in rows), account.currency)
    shapes = fence.proposals(
        section,
        total,
        form=account.legal_form,
        signed_on=day_in(now(session), account.time_zone),
        currency=business(session).currency,
        closed=calendar_of(section, account.country),
    )
    return [_as_it_would_be(session, account, section, rows, shape) for shape in shapes]


def _as_it_would_be(session: Session, account: Account, section: Plans, rows: AnyRows, shape: Shape) -> Preview:
    day = day_in(now(session), account.time_zone)
    closed = calendar_of(section, account.country)
    principal = Money(sum(row.open_minor for row in rows), account.currency)
    bare = schedule(principal, shape, signed_on=day, closed=closed)
    interest = would_bear(session, account.id, section, rows, bare).amount
    dues = schedule(principal, shape, signed_on=day, interest=interest, closed=closed) if interest else bare
    beyond = fence.beyond(
        section,
        shape,
        principal,
        form=account.legal_form,
        signed_on=day,
        currency=business(session).currency,
        closed=closed,
    )
    return Preview(shape, principal, interest, dues, beyond)
