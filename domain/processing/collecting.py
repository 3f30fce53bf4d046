"""Collecting: take what was announced, on its day and after a second look; each try outside any transaction."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.collecting import changing, planning, queries, second_look, turning
from domain.collecting.following import follow
from domain.collecting.model import Collection, CollectionState, EndReason, SubjectKind
from domain.payments import sending, starting
from domain.payments.discount_quotes import offered
from domain.payments.model import WAITING, Payment, PaymentMethod
from domain.payments.processor import Processor
from domain.plans import taking
from domain.processing.due_parts import part_of
from domain.saved_methods.model import SavedMethod
from domain.shared.actor import WORKER, Actor
from domain.shared.db.session import Database, today


def collect(database: Database, processor: Processor, collection_id: int) -> bool:
    """Take the money of a collection whose day or next try has come, unless something speaks against it.

    Returns whether anything came of it. Killed at any point, the worker's housework ends the attempt and `follow`
    acts on it. Raises ProcessorUnreachable or ProcessorRefused while the account cannot be made known.
    """
    with database.reading() as session:
        account_id = session.get_one(Collection, collection_id).account_id
    sending.know_customer(database, processor, account_id)
    with database.transaction() as session:
        collection = planning.lock(session, collection_id)
        before = (collection.state, collection.ends_why)
        attempt_id = _prepare(session, processor, collection)
    if attempt_id is None:
        return before != (collection.state, collection.ends_why)
    sending.send(database, processor, attempt_id, actor=WORKER)
    with database.transaction() as session:
        follow(session, planning.lock(session, collection_id), actor=WORKER)
    return True


def end(database: Database, processor: Processor, collection_id: int, payment: str) -> bool:
    """Have the processor end the payment of a collection that we want ended; whether it is over now.

    What it refuses to end has been paid, or is on its way. Raises Conflict while the outcome of a try is unknown, and
    ProcessorUnreachable.
    """
    gone = sending.cancel(database, processor, payment, actor=WORKER)
    with database.transaction() as session:
        follow(session, planning.lock(session, collection_id), actor=WORKER)
    return gone


def collection_follows(session: Session, payment: Payment, *, actor: Actor) -> None:
    """What became of a payment is what became of its collection, in the same transaction; the lock is held."""
    if payment.method is not PaymentMethod.AUTOMATIC:
        return
    session.flush()
    collection = queries.by_payment(session, payment.id)
    if collection is not None:
        follow(session, collection, actor=actor)


def _prepare(session: Session, processor: Processor, collection: Collection) -> int | None:
    """The second look, and the attempt to send; None where nothing is taken now. The account's lock is held."""
    if collection.subject_kind is SubjectKind.INSTALMENT:
        method = session.get_one(SavedMethod, collection.saved_method_id, populate_existing=True)
        if turning.unfit(session, method) is not None:
            changing.end(session, collection, EndReason.METHOD_GONE, actor=WORKER)
            return None
    elif turning.turn_off_unfit(session, collection.account_id, actor=WORKER):
        return None
    if collection.state is CollectionState.ANNOUNCED and collection.collect_on <= today(session):
        return _first_try(session, processor, collection)
    wants_next = collection.next_try_on is not None and collection.next_try_on <= today(session)
    return _next_try(session, collection) if wants_next and collection.ends_why is None else None


def _first_try(session: Session, processor: Processor, collection: Collection) -> int | None:
    lead = planning.lead_of(session, collection)
    part = part_of(session, collection)
    why = second_look.look_before_first_try(session, collection, part, lead)
    if why is not None:
        changing.end(session, collection, why, actor=WORKER)
        return None
    if not second_look.told_long_enough(session, collection, lead):
        return None
    amount = min(part.free, collection.announced)
    if collection.subject_kind is SubjectKind.INVOICE:
        offer = offered(session, collection.account_id, [collection.subject_id]).get(collection.subject_id)
        amount = amount if offer is None else min(amount, offer.settles)
    started = starting.start_saved(
        session,
        processor,
        collection.account_id,
        part.spread(amount),
        saved_method_id=collection.saved_method_id,
        login_id=None,
        return_url=None,
        actor=WORKER,
        method=PaymentMethod.AUTOMATIC,
    )
    collection.payment_id, collection.tries, collection.first_tried_on = started.payment_id, 1, today(session)
    if collection.subject_kind is SubjectKind.INSTALMENT:
        taking.mark_taken(session, collection)
    changing.change(session, collection, CollectionState.COLLECTING, actor=WORKER)
    return started.attempt_id


def _next_try(session: Session, collection: Collection) -> int | None:
    payment = session.get_one(Payment, collection.payment_id)
    if payment.status not in WAITING:
        follow(session, collection, actor=WORKER)
        return None
    why = second_look.look_before_next_try(session, collection, part_of(session, collection))
    if why is not None:
        changing.end(session, collection, why, actor=WORKER)
        return None
    attempt_id = starting.retry_saved(
        session,
        payment.id,
        saved_method_id=collection.saved_method_id,
        login_id=None,
        return_url=None,
        actor=WORKER,
    )
    collection.tries += 1
    changing.change(session, collection, CollectionState.COLLECTING, actor=WORKER)
    return attempt_id
