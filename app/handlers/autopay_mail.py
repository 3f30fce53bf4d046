"""Autopay mail: what the owner of a method is told before money is taken, when it was not, and when it stops."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.handlers.mailing import send_letter
from app.wired import Wired
from domain.accounts import queries as accounts
from domain.accounts.model import Login
from domain.audit.recording import record
from domain.collecting import planning
from domain.collecting.messages import AnnounceCollections, TellAutopay, TellCollection
from domain.collecting.model import STOP_WORDS, Autopay, Collection, CollectionState
from domain.collecting.rules import rules_on
from domain.payments.model import Payment
from domain.receivables import queries as receivables
from domain.saved_methods.model import SavedMethod
from domain.shared.actor import WORKER
from domain.shared.db.session import today
from domain.shared.money import Money

STILL_SO = {"asks": CollectionState.ACTION_REQUIRED, "failed": CollectionState.RETRYING}
"""The news that is only told while it is true."""


def announce_collections(wired: Wired, message: AnnounceCollections) -> None:
    """Tell what is going to be taken and when; from the moment that the mail is handed over the lead counts.

    Days are fixed before they are written, so that a repeat that comes later never promises one that is too near.
    """
    with wired.database.transaction() as session:
        collections = planning.promise_days(session, message.collection_ids)
        if not collections:
            return
        autopay = session.get_one(Autopay, collections[0].autopay_id)
        numbers = receivables.numbers(session, [one.subject_id for one in collections])
        parts = [(numbers[one.subject_id], one.announced, one.collect_on) for one in collections]
        context = _context(wired, session, autopay) | {
            "parts": parts,
            "total": Money.sum((amount for _, amount, _ in parts), collections[0].currency),
        }
        login = session.get_one(Login, autopay.login_id)
    mark = f"collections.{collections[0].id}.{len(collections)}"
    send_letter(wired, "collections_announced", context, to=login.email, language=login.language, mark=mark)
    with wired.database.transaction() as session:
        planning.was_told(session, [one.id for one in collections])
        record(
            session,
            "collection.announced",
            actor=WORKER,
            subject=("autopay", autopay.id),
            account_id=autopay.account_id,
            after={"to": login.email, "amount": context["total"], "invoices": list(numbers.values())},
        )


def tell_collection(wired: Wired, message: TellCollection) -> None:
    """Tell that the bank asks something, or that a try failed and comes again; nothing where that is over."""
    with wired.database.reading() as session:
        collection = session.get_one(Collection, message.collection_id)
        if collection.state is not STILL_SO[message.news] or collection.payment_id is None:
            return
        autopay = session.get_one(Autopay, collection.autopay_id)
        payment = session.get_one(Payment, collection.payment_id)
        account_path = f"{wired.settings.portal.public_url}/accounts/{collection.account_id}"
        context = _context(wired, session, autopay) | {
            "amount": payment.amount,
            "number": receivables.numbers(session, [collection.subject_id])[collection.subject_id],
            "why": collection.failure,
            "next_on": collection.next_try_on,
            "answer_by": collection.answer_by,
            "payment_link": f"{account_path}/payments/{payment.public_id}",
        }
        login = session.get_one(Login, autopay.login_id)
    mark = f"collection.{collection.id}.{message.news}.{message.attempt}"
    send_letter(wired, f"collection_{message.news}", context, to=login.email, language=login.language, mark=mark)
    with wired.database.transaction() as session:
        record(
            session,
            "collection.told",
            actor=WORKER,
            subject=("payment", payment.id),
            account_id=collection.account_id,
            after={"to": login.email},
        )


def tell_autopay(wired: Wired, message: TellAutopay) -> None:
    """Tell the owner of the method that automatic payment is on, or that it is no longer, and why."""
    with wired.database.reading() as session:
        autopay = session.get_one(Autopay, message.autopay_id)
        method = session.get_one(SavedMethod, autopay.saved_method_id)
        context = _context(wired, session, autopay) | {
            "days": rules_on(today(session)).lead_days[method.kind],
            "why": STOP_WORDS[autopay.stopped_why] if autopay.stopped_why is not None else None,
        }
        login = session.get_one(Login, autopay.login_id)
    mark = f"autopay.{autopay.id}.{message.news}"
    send_letter(wired, f"autopay_{message.news}", context, to=login.email, language=login.language, mark=mark)
    with wired.database.transaction() as session:
        record(
            session,
            "autopay.told",
            actor=WORKER,
            subject=("autopay", autopay.id),
            account_id=autopay.account_id,
            after={"to": login.email},
        )


def _context(wired: Wired, session: Session, autopay: Autopay) -> dict[str, object]:
    return {
        "method": session.get_one(SavedMethod, autopay.saved_method_id).label,
        "account_number": accounts.account(session, autopay.account_id).number,
        "link": f"{wired.settings.portal.public_url}/accounts/{autopay.account_id}/autopay",
    }
