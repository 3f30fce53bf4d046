"""Agreements: plans, offers to settle and placements follow what has become of their invoices, in one order."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.placements import following as placements
from domain.plans import following as plans
from domain.settlements import following as settlements
from domain.shared.actor import Actor


def agreements_follow(
    session: Session,
    account: Account,
    invoice_ids: Collection[int],
    *,
    effective_on: date | None = None,
    actor: Actor,
) -> None:
    """Let every plan, offer and placement about one of these invoices of a locked account follow. Safe to repeat."""
    plans.follow_account(session, account.id, invoice_ids, actor=actor)
    settlements.follow_account(session, account, invoice_ids, effective_on=effective_on, actor=actor)
    placements.follow_account(session, account.id, invoice_ids, actor=actor)
