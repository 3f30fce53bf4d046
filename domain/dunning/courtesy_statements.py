"""Courtesy statements: the paper that goes with a monthly statement, issued once, when its notice goes."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.documents.rendering import Renderer
from domain.documents.storage import Store
from domain.dunning.courtesy_facts import period_of
from domain.notices.model import Notice
from domain.shared.actor import Actor
from domain.statements.issuing import issue
from domain.statements.model import Statement


def statement_of(session: Session, store: Store, renderer: Renderer, notice: Notice, *, actor: Actor) -> Statement:
    """The issued statement of the month that a notice is about; issued now where there is none. Safe to repeat."""
    accounts.lock(session, notice.account_id)
    first, last = period_of(notice)
    known = session.scalars(
        select(Statement)
        .where(Statement.account_id == notice.account_id, Statement.first_day == first, Statement.last_day == last)
        .order_by(Statement.id.desc())
        .limit(1)
    ).one_or_none()
    return known or issue(session, store, renderer, notice.account_id, first, last, actor=actor)
