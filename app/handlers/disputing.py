"""Disputing: the emails that say that we have a dispute, and how it ended."""

from __future__ import annotations

from app.handlers.mailing import own_page, reader_of, send_letter
from app.wired import Wired
from domain.accounts import queries as accounts
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
        row = queries.dispute(session, dispute.id)
        reader = reader_of(session, account, dispute.raised_by, row.pay_link_id)
        if reader is None:
            return
        to, language = reader
        view = dispute_view(row)
    link = own_page(wired, f"/accounts/{account.id}{view.path}", row.pay_link_id)
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
