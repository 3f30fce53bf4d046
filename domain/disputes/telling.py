"""Telling: who is told the news of a dispute, and what of it is still news by the time of writing."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Right
from domain.disputes.messages import News
from domain.disputes.model import Dispute
from domain.shared.db.rows import AnyRow

TIMED = frozenset({News.ASKED, News.REMINDED, News.PAPER})
"""The news that name the day until which we wait."""


def raiser(session: Session, dispute: Dispute) -> int | None:
    """The login that raised it, while it may see the account: our words about it are nobody else's to read."""
    if dispute.raised_by is None:
        return None
    rights = accounts.access(session, dispute.raised_by, dispute.account_id)
    return dispute.raised_by if Right.VIEW in rights else None


def still_news(news: News, row: AnyRow) -> News | None:
    """What to tell by the time of writing, of a row of `queries`: no day where we wait no more, None for nothing."""
    if news not in TIMED or row.silent_on is not None:
        return news
    return News.WROTE if news is News.ASKED else None
