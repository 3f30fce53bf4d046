"""Frame: what stands around every part of an account's page: who it is, where it stands, what waits."""

from __future__ import annotations

from sqlalchemy.orm import Session

from backoffice.views import AccountView, account_view
from domain.accounts import queries as accounts
from domain.receivables import queries as receivables
from domain.receivables.ageing import ageing_of
from domain.shared.db.session import today
from domain.tasks import queries as tasks


def frame(session: Session, account_id: int, part: str) -> dict[str, object]:
    """The context of one part of the account's page; NotFound where there is no such account."""
    account = account_view(accounts.account(session, account_id))
    return {
        "account": account,
        "part": part,
        "totals": receivables.totals(session, account_id, account.currency),
        "ageing": ageing_of(session, account_id, today(session)),
        "waiting": tasks.tasks_of(session, account_id),
        "contacts": accounts.contacts(session, account_id),
    }


def entered(session: Session, account_id: int) -> AccountView:
    """The account alone, for pages that are about something on it."""
    return account_view(accounts.account(session, account_id))
