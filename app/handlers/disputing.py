"""Disputing: the emails that say that we have a dispute, what was said of it, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass

from app.handlers.mailing import own_page, reader_of, send_letter
from app.wired import Wired
from domain.accounts import queries as accounts
from domain.audit.recording import record
from domain.disputes import queries, telling
from domain.disputes.messages import News, TellDispute
from domain.disputes.model import Dispute, DisputeMessage
from domain.shared.actor import WORKER
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from web.disputes import dispute_view

LETTERS = {News.RAISED: "dispute_raised", News.ENDED: "dispute_ended"}
"""The emails of news that have one of their own; any other is told by `dispute_news`."""


@dataclass(frozen=True, slots=True)
class NewsWords:
    """What an email says of a dispute: its title, and the sentence below it."""

    title: str
    text: str


NEWS_WORDS = {
    News.WROTE: NewsWords(
        N_("We have written to you about dispute {number}"),
        N_("You can answer on its page, or by replying to this email."),
    ),
    News.ASKED: NewsWords(
        N_("We have a question about dispute {number}"),
        N_(
            "Please answer by {day}: on its page, or by replying to this email. Without an answer we close the dispute."
        ),
    ),
    News.REMINDED: NewsWords(
        N_("Dispute {number} waits for you"),
        N_("If you say nothing by {day}, we close the dispute, and what it was about is due again."),
    ),
    News.PAPER: NewsWords(
        N_("What you were missing for dispute {number} is there"),
        N_(
            "You find it on the page of the dispute. If something is still not right, tell us by {day}. If you say "
            "nothing, we close the dispute, and what it was about is due again."
        ),
    ),
    News.MERGED: NewsWords(
        N_("Dispute {number} goes on together with another one"),
        N_("Both were about the same invoice. We look into them as one, and nothing of what you wrote is lost."),
    ),
    News.REOPENED: NewsWords(
        N_("We look at dispute {number} once more"),
        N_("Until we have decided, we do not remind you of this amount, and nothing of it is taken automatically."),
    ),
}
"""What each other news says."""


def tell_dispute(wired: Wired, message: TellDispute) -> None:
    """Tell whoever raised it, else the account's address; nothing where there is neither, or it is no news any more."""
    with wired.database.reading() as session:
        dispute = session.get_one(Dispute, message.dispute_id)
        account = accounts.account(session, dispute.account_id)
        row = queries.dispute(session, dispute.id)
        news = telling.still_news(message.news, row)
        reader = reader_of(session, account, telling.raiser(session, dispute), row.pay_link_id)
        if reader is None or news is None:
            return
        to, language = reader
        view = dispute_view(row)
        said = None if message.message_id is None else session.get_one(DisputeMessage, message.message_id)
        spoken = said.words if said else None
    link = own_page(wired, f"/accounts/{account.id}{view.path}", row.pay_link_id)
    words = NEWS_WORDS.get(news)
    context = {"dispute": view, "account_number": account.number, "link": link, "news": words, "spoken": spoken}
    mark = f"dispute.{view.id}.{message.news}.{_turn(message, row)}"
    letter = LETTERS.get(news, "dispute_news")
    send_letter(wired, letter, context, to=to, language=language, mark=mark)
    with wired.database.transaction() as session:
        record(
            session,
            "dispute.told",
            actor=WORKER,
            subject=("dispute", view.id),
            account_id=account.id,
            after={"to": to, "number": view.number},
        )


def _turn(message: TellDispute, row: AnyRow) -> str:
    """What tells this news from the same one of another day: its message, or whether it was looked at once more."""
    if message.message_id is not None:
        return str(message.message_id)
    if message.news is News.REMINDED and row.asked_at is not None:
        return str(int(row.asked_at.timestamp()))
    return "again" if row.reopened_at else "first"
