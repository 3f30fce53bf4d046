"""Planning: each open invoice of an account that is paid automatically gets a collection, announced in good time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.collecting import changing, queries
from domain.collecting.due_parts import PartOf, part_of_invoice
from domain.collecting.messages import AnnounceCollections
from domain.collecting.model import (
    AHEAD,
    Autopay,
    Collection,
    CollectionState,
    EndReason,
    SubjectKind,
)
from domain.collecting.rules import Rules, rules_of, rules_on
from domain.collecting.second_look import look_ahead
from domain.outbox import sending as outbox
from domain.receivables import queries as receivables
from domain.receivables.held import held_parts
from domain.receivables.model import Invoice
from domain.saved_methods.model import SavedMethod
from domain.shared.actor import WORKER
from domain.shared.db.session import now, today
from domain.shared.money import Money
from domain.stops.holding import kinds_that_hold
from domain.stops.model import Held


def plan(session: Session, account_id: int) -> list[Collection]:
    """Plan a collection for each open invoice that needs one, for its due day or as soon as it may be taken."""
    accounts.lock(session, account_id)
    rows = session.execute(
        select(Invoice.id, Invoice.due_on, Invoice.currency, Autopay.id.label("autopay_id"), SavedMethod)
        .join(Autopay, Autopay.account_id == Invoice.account_id)
        .join(SavedMethod, SavedMethod.id == Autopay.saved_method_id)
        .where(Autopay.account_id == account_id, queries.unplanned())
        .order_by(Invoice.due_on, Invoice.id)
    ).all()
    rules = rules_on(today(session))
    made = [
        Collection(
            account_id=account_id,
            autopay_id=row.autopay_id,
            saved_method_id=row.SavedMethod.id,
            subject_kind=SubjectKind.INVOICE,
            subject_id=row.id,
            currency=row.currency,
            rules_version=rules.version,
            state=CollectionState.PLANNED,
            planned_at=now(session),
            collect_on=max(row.due_on, today(session) + _lead(rules, row.SavedMethod)),
            tries=0,
            judged=0,
        )
        for row in rows
    ]
    session.add_all(made)
    session.flush()
    for collection in made:
        changing.note(session, collection, None, actor=WORKER)
    return made


@dataclass(frozen=True, slots=True)
class WouldBeTaken:
    """What turning automatic payment on would plan for one open invoice."""

    number: str
    amount: Money
    day: date


def preview(session: Session, account_id: int, method: SavedMethod) -> list[WouldBeTaken]:
    """What would be taken from this method for what is open now and not held, and when; the first one first."""
    earliest = today(session) + _lead(rules_on(today(session)), method)
    held = held_parts(session, [account_id], kinds_that_hold(Held.COLLECTION))
    found = []
    for row in receivables.open_invoices(session, account_id):
        amount = Money(row.open_minor, row.currency) - held.get(row.id, Money.zero(row.currency))
        if amount:
            found.append(WouldBeTaken(row.number, amount, max(row.due_on, earliest)))
    return sorted(found, key=lambda would: would.day)


def announce(session: Session, account_id: int, part_of: PartOf) -> list[Collection]:
    """Decide what the payer is told now: how much at most is taken, and when; one email for all of a kind.

    What is held, or being paid by somebody, waits; of what is held in part the rest is taken; what is settled is
    cancelled.
    """
    accounts.lock(session, account_id)
    planned = session.execute(
        select(Collection, SavedMethod)
        .join(SavedMethod, SavedMethod.id == Collection.saved_method_id)
        .where(Collection.account_id == account_id, Collection.state == CollectionState.PLANNED)
        .order_by(Collection.collect_on, Collection.id)
        .execution_options(populate_existing=True)
    ).all()
    told = []
    for collection, method in planned:
        lead = _lead(rules_of(collection.rules_version), method)
        if collection.collect_on > today(session) + lead:
            continue
        part = part_of(session, collection)
        why = look_ahead(session, collection, part)
        if why is EndReason.PAID:
            changing.end(session, collection, why, actor=WORKER)
        elif why is None:
            collection.announced_minor = part.free.minor
            collection.collect_on = max(collection.collect_on, today(session) + lead)
            changing.change(session, collection, CollectionState.ANNOUNCED, actor=WORKER)
            told.append(collection)
    for kind in SubjectKind:
        ids = [collection.id for collection in told if collection.subject_kind is kind]
        if ids:
            outbox.add(session, AnnounceCollections(collection_ids=ids), account_id=account_id)
    return told


def promise_days(session: Session, collection_ids: Sequence[int]) -> list[Collection]:
    """Fix the days that the email is about to name: none nearer than the lead; what ended meanwhile is left out."""
    collections = _announced(session, collection_ids)
    for collection in collections:
        collection.collect_on = max(collection.collect_on, today(session) + lead_of(session, collection))
    return collections


def was_told(session: Session, collection_ids: Sequence[int]) -> list[Collection]:
    """The email was handed over: from here on its lead counts."""
    collections = [one for one in _announced(session, collection_ids) if one.told_at is None]
    for collection in collections:
        collection.told_at = now(session)
    return collections


def drop_settled(session: Session, collection_id: int) -> bool:
    """Cancel a collection of an invoice on which nothing is open any more; whether it was so."""
    collection = lock(session, collection_id)
    if collection.state not in AHEAD or part_of_invoice(session, collection).open:
        return False
    changing.end(session, collection, EndReason.PAID, actor=WORKER)
    return True


def lock(session: Session, collection_id: int) -> Collection:
    """The collection, under its account's lock."""
    account_id = session.scalars(select(Collection.account_id).where(Collection.id == collection_id)).one()
    accounts.lock(session, account_id)
    return session.get_one(Collection, collection_id, populate_existing=True)


def lead_of(session: Session, collection: Collection) -> timedelta:
    """How long before its payer has to be told."""
    return _lead(rules_of(collection.rules_version), session.get_one(SavedMethod, collection.saved_method_id))


def _lead(rules: Rules, method: SavedMethod) -> timedelta:
    return timedelta(days=rules.lead_days[method.kind])


def _announced(session: Session, collection_ids: Sequence[int]) -> list[Collection]:
    wanted = select(Collection).where(Collection.id.in_(collection_ids)).order_by(Collection.id).limit(1)
    first = session.scalars(wanted).one()
    accounts.lock(session, first.account_id)
    return list(
        session.scalars(
            select(Collection)
            .where(Collection.id.in_(collection_ids), Collection.state == CollectionState.ANNOUNCED)
            .order_by(Collection.collect_on, Collection.id)
            .execution_options(populate_existing=True)
        )
    )
