"""Autopay mail: what the owner of a method is told before money is taken, when it was not, and when it stops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.handlers.mailing import send_letter
from app.wired import Wired
from domain.accounts import queries as accounts
from domain.accounts.model import Login
from domain.audit.recording import record
from domain.collecting import planning
from domain.collecting.messages import AnnounceCollections, TellAutopay, TellCollection
from domain.collecting.model import STOP_WORDS, Autopay, Collection, CollectionState, SubjectKind
from domain.collecting.rules import rules_on
from domain.payments.model import Payment
from domain.plans.model import Instalment
from domain.receivables import queries as receivables
from domain.saved_methods.model import SavedMethod
from domain.shared.actor import WORKER
from domain.shared.db.session import today
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

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
        whats = _whats(session, collections)
        parts = [(whats[one.id], one.announced, one.collect_on) for one in collections]
        taken = _taken(wired, session, collections[0])
        context = taken.context | {
            "parts": parts,
            "total": Money.sum((amount for _, amount, _ in parts), collections[0].currency),
        }
    login, mark = taken.login, f"collections.{collections[0].id}.{len(collections)}"
    send_letter(wired, "collections_announced", context, to=login.email, language=login.language, mark=mark)
    with wired.database.transaction() as session:
        planning.was_told(session, [one.id for one in collections])
        record(
            session,
            "collection.announced",
            actor=WORKER,
            subject=taken.subject,
            account_id=collections[0].account_id,
            after={"to": login.email, "amount": context["total"], "invoices": [str(what) for what, _, _ in parts]},
        )


def tell_collection(wired: Wired, message: TellCollection) -> None:
    """Tell that the bank asks something, or that a try failed and comes again; nothing where that is over."""
    with wired.database.reading() as session:
        collection = session.get_one(Collection, message.collection_id)
        if collection.state is not STILL_SO[message.news] or collection.payment_id is None:
            return
        payment = session.get_one(Payment, collection.payment_id)
        account_path = f"{wired.settings.portal.public_url}/accounts/{collection.account_id}"
        taken = _taken(wired, session, collection)
        context = taken.context | {
            "amount": payment.amount,
            "what": _whats(session, [collection])[collection.id],
            "why": collection.failure,
            "next_on": collection.next_try_on,
            "answer_by": collection.answer_by,
            "payment_link": f"{account_path}/payments/{payment.public_id}",
        }
    login, mark = taken.login, f"collection.{collection.id}.{message.news}.{message.attempt}"
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
        context = _context(wired, session, autopay.account_id, method.id, "autopay") | {
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


@dataclass(frozen=True, slots=True)
class _Taken:
    """What a mail about collections says whatever they are for, whom it goes to, and what it is about."""

    context: dict[str, object]
    login: Login
    subject: tuple[str, int]


def _taken(wired: Wired, session: Session, collection: Collection) -> _Taken:
    """Of a collection and all others of its account and kind: they are taken from one method."""
    method = session.get_one(SavedMethod, collection.saved_method_id)
    if collection.subject_kind is SubjectKind.INSTALMENT:
        plan_id = session.get_one(Instalment, collection.subject_id).plan_id
        path, subject = f"plans/{plan_id}", ("plan", plan_id)
    else:
        assert collection.autopay_id is not None
        path, subject = "autopay", ("autopay", collection.autopay_id)
    context = _context(wired, session, collection.account_id, method.id, path) | {"for_plan": subject[0] == "plan"}
    return _Taken(context, session.get_one(Login, method.login_id), subject)


def _whats(session: Session, collections: Sequence[Collection]) -> dict[int, Words]:
    """What each of these collections, all of one kind, is for."""
    ids = [one.subject_id for one in collections]
    if collections[0].subject_kind is SubjectKind.INVOICE:
        numbers = receivables.numbers(session, ids)
        return {one.id: Words.of(N_("Invoice {number}"), number=numbers[one.subject_id]) for one in collections}
    parts = {part.id: part.number for part in session.scalars(select(Instalment).where(Instalment.id.in_(ids)))}
    said = N_("Instalment {number} of your payment plan")
    return {one.id: Words.of(said, number=parts[one.subject_id]) for one in collections}


def _context(wired: Wired, session: Session, account_id: int, method_id: int, path: str) -> dict[str, object]:
    return {
        "method": session.get_one(SavedMethod, method_id).label,
        "account_number": accounts.account(session, account_id).number,
        "link": f"{wired.settings.portal.public_url}/accounts/{account_id}/{path}",
    }
