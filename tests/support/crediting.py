"""Crediting: what the policy of everybody says of credit, in one line."""

from __future__ import annotations

from domain.policies.sections import Limits, Scorecard, Sections
from domain.shared.db.session import Database
from tests.support.policies import a_policy


def ruled(db: Database, limits: Limits | None = None, *, scorecard: Scorecard | None = None) -> None:
    """A policy with these sections that rules everybody, in a transaction of its own."""
    with db.transaction() as session:
        a_policy(session, Sections(limits=limits, scorecard=scorecard))
