"""Agreements: plans, settlements, placements, legal cases and write-offs follow their invoices, in one order."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.legal_cases import following as legal_cases
from domain.placements import following as placements
from domain.plans import following as plans
from domain.processing.placing import commissions
from domain.settlements import following as settlements
from domain.shared.actor import Actor
from domain.write_offs import following as write_offs


def agreements_follow(
    session: Session,
    account: Account,
    invoice_ids: Collection[int],
    *,
    effective_on: date | None = None,
    actor: Actor,
) -> None:
    """Let all that is about one of these invoices of a locked account follow, write-offs last. Safe to repeat.

    Commission comes before the placement itself, which is closed once it is paid.
    """
    plans.follow_account(session, account.id, invoice_ids, actor=actor)
    settlements.follow_account(session, account, invoice_ids, effective_on=effective_on, actor=actor)
    commissions.follow_account(session, account.id, invoice_ids)
    placements.follow_account(session, account.id, invoice_ids, actor=actor)
    legal_cases.follow_account(session, account.id, invoice_ids, actor=actor)
    write_offs.follow_account(session, account.id, invoice_ids, actor=actor)
