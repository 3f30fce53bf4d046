"""Disputing: the emails that say that we have a dispute, and how it ended."""

from __future__ import annotations

from app.handlers.mailing import send_letter
from app.wired import Wired
from domain.accounts import queries as accounts
from domain.accounts.model import Login
from domain.audit.recording import record
from domain.disputes import queries
from domain.disputes.messages import News, TellDispute
from domain.disputes.model import Dispute
from domain.shared.actor import WORKER
from web.disputes import dispute_view

LETTERS = {News.RAISED: "dispute_raised", News.ENDED: "dispute_ended"}
"""The email of each news."""


def tell_dispute(wired: Wired, message: TellDispute) -> None:
    """Tell whoever raised it, else the account's address; nothing where there is neither."""
    with wired.database.reading() as session:
        dispute = session.get_one(Dispute, message.dispute_id)
        account = accounts.account(session, dispute.account_id)
        login = session.get(Login, dispute.raised_by) if dispute.raised_by is not None else None
        to = login.email if login is not None and login.disabled_at is None else account.email
        if to is None:
            return
        view = dispute_view(queries.dispute(session, dispute.id))
        language = login.language if login is not None else account.language
    link = f"{wired.settings.portal.public_url}/accounts/{account.id}{view.path}"
    context = {"dispute": view, "account_number": account.number, "link": link}
    mark = f"dispute.{view.id}.{message.news}"
    send_letter(wired, LETTERS[message.news], context, to=to, language=language, mark=mark)
    with wired.database.transaction() as session:
        record(
            session,
            "dispute.told",
            actor=WORKER,
            subject=("dispute", view.id),
            account_id=account.id,
            after={"to": to, "number": view.number},
        )
