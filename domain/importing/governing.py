"""Governing: the imported invoices of a file keep the terms that were in force for their accounts on their days."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from domain.importing.model import INVOICES
from domain.policies.ruling import RuleBook

MANY = 1_000
"""From so many accounts on it is cheaper to read what rules all of them than to name them."""


def keep_terms(session: Session, batch_id: int) -> None:
    """Note the governing version on each invoice of the batch that has one: one update an account and day of issue."""
    days = session.execute(
        select(INVOICES.c.account_id, INVOICES.c.issued_on).where(INVOICES.c.import_id == batch_id).distinct()
    ).all()
    accounts = {row.account_id for row in days}
    rules = RuleBook(session, accounts if len(accounts) < MANY else None)
    governed = [
        {"of_account": account_id, "of_day": issued_on, "version": version.id}
        for account_id, issued_on in days
        if (version := rules.governing(account_id, issued_on)) is not None
    ]
    if not governed:
        return
    session.execute(
        update(INVOICES)
        .where(
            INVOICES.c.import_id == batch_id,
            INVOICES.c.account_id == bindparam("of_account"),
            INVOICES.c.issued_on == bindparam("of_day"),
        )
        .values(terms_version_id=bindparam("version")),
        governed,
    )
