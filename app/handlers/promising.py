"""Promising: the email that confirms a promise, and judging those whose day is over or whose money came."""

from __future__ import annotations

from app.handlers.failing import failed
from app.handlers.mailing import own_page, reader_of, send_letter
from app.wired import Wired
from domain.accounts import queries as accounts
from domain.audit.recording import record
from domain.dunning.turns import Did
from domain.promises import judging, queries
from domain.promises.messages import TellPromise
from domain.promises.model import PromiseToPay
from domain.shared.actor import WORKER
from domain.shared.db.session import Database
from web.promises import promise_view

BATCH = 200
"""So many promises are judged at once."""


def tell_promise(wired: Wired, message: TellPromise) -> None:
    """Tell whoever made it, else the account's address; nothing where there is neither."""
    with wired.database.reading() as session:
        promise = session.get_one(PromiseToPay, message.promise_id)
        account = accounts.account(session, promise.account_id)
        row = queries.promise(session, promise.id)
        reader = reader_of(session, account, promise.made_by, row.pay_link_id)
        if reader is None:
            return
        to, language = reader
        view = promise_view(row, queries.parts(session, promise.id))
    link = own_page(wired, f"/accounts/{account.id}{view.path}", row.pay_link_id)
    context = {"promise": view, "account_number": account.number, "link": link}
    send_letter(wired, "promise", context, to=to, language=language, mark=f"promise.{view.id}")
    with wired.database.transaction() as session:
        record(
            session,
            "promise.told",
            actor=WORKER,
            subject=("promise", view.id),
            account_id=account.id,
            after={"to": to, "amount": view.amount},
        )


def judge_due(database: Database) -> Did:
    """Judge the promises that wait for it, each in a transaction of its own; how many, and how many failed.

    Safe to repeat. One that cannot be judged keeps no other from it.
    """
    with database.reading() as session:
        waiting = judging.waiting(session, limit=BATCH)
    return sum((_judged(database, account_id, promise_id) for account_id, promise_id in waiting), Did())


def _judged(database: Database, account_id: int, promise_id: int) -> Did:
    try:
        with database.transaction() as session:
            judging.judge(session, account_id, promise_id, actor=WORKER)
    except Exception as problem:
        return failed("promises", f"promise {promise_id}", problem)
    return Did(1)
