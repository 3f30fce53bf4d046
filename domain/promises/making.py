"""Making: a customer names a day on which they will pay, or staff write it down on their word."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.audit import recording as audit
from domain.outbox import sending as outbox
from domain.payments import queries as payments
from domain.policies import authority
from domain.policies.acts import Act
from domain.policies.ruling import sections_today
from domain.promises import changing, queries
from domain.promises.messages import TellPromise
from domain.promises.model import PromisePart, PromiseStatus, PromiseToPay
from domain.receivables import allocating
from domain.receivables import queries as receivables
from domain.receivables.held import WITH_PARTNERS, held_parts
from domain.receivables.model import Invoice, InvoiceStatus
from domain.shared.actor import Actor
from domain.shared.clock import day_in
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.money import Money
from domain.staff.model import Role
from domain.stops import writing as stops
from domain.stops.model import StopKind

LONGEST_WORDS = 1_000
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Word:
    """What is promised: how much of which invoices (all that is open of each), by the end of which day."""

    promised_on: date
    invoice_ids: tuple[int, ...]
    amount: Money | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Fence:
    """What a customer may promise alone: between which days, both included, and at least which share in per cent."""

    earliest: date
    latest: date
    least_percent: int


def promise_alone(session: Session, account_id: int, word: Word, *, login_id: int | None, actor: Actor) -> PromiseToPay:
    """The customer promises inside the policy's fence. Raises NotFound, Conflict, Invalid beside the field.

    Without a `login_id` the actor is whoever holds a pay link.
    """
    account = accounts.lock(session, account_id)
    parts = preview_alone(session, account_id, word)
    return _make(session, account, word, parts, login_id=login_id, actor=actor)


def preview_alone(session: Session, account_id: int, word: Word) -> Mapping[Invoice, int]:
    """How much of which invoices would be promised, the longest due first; raises what `promise_alone` raises."""
    parts = _parts(session, account_id, word)
    fence = check_alone(session, account_id, word.invoice_ids)
    if not fence.earliest <= word.promised_on <= fence.latest:
        between = {"earliest": fence.earliest, "latest": fence.latest}
        raise Invalid(N_("Choose a day from {earliest} to {latest}."), field="promised_on", **between)
    currency = accounts.account(session, account_id).currency
    open_minor = sum(invoice.open_minor for invoice in _invoices(session, word.invoice_ids))
    least = Money(-(-open_minor * fence.least_percent // 100), currency)
    if sum(parts.values()) < least.minor:
        raise Invalid(N_("Promise at least {least}."), field="amount", least=least)
    return parts


def record_promise(session: Session, account_id: int, word: Word, *, role: Role, actor: Actor) -> PromiseToPay:
    """Staff write a promise down on the customer's word.

    Raises NotFound, Conflict, Invalid beside the field, NotAllowed for a day further ahead than the role may wait.
    """
    account = accounts.lock(session, account_id)
    parts = _parts(session, account_id, word)
    day = day_in(now(session), account.time_zone)
    if word.promised_on < day:
        raise Invalid(N_("Choose a day that is still to come."), field="promised_on")
    if not word.words.strip():
        raise Invalid(N_("Say who promised it, and how."), field="words")
    authority.check(session, role, Act.PROMISE, (word.promised_on - day).days, account_id=account_id)
    return _make(session, account, word, parts, login_id=None, actor=actor)


def withdraw(session: Session, account_id: int, promise_id: int, *, why: str, actor: Actor) -> PromiseToPay:
    """The promise holds no more, and nobody counts it as broken; `why` is staff's. NotFound, Conflict once it ended."""
    accounts.lock(session, account_id)
    promise = queries.entity(session, account_id, promise_id)
    if promise.status is not PromiseStatus.OPEN:
        raise Conflict(N_("This promise has ended already."))
    changing.end(session, promise, PromiseStatus.WITHDRAWN, actor=actor, why=why.strip() or None)
    return promise


def fence_of(session: Session, account_id: int, invoice_ids: Collection[int]) -> Fence | None:
    """What the customer may promise for these invoices today; None where they cannot promise here."""
    try:
        return check_alone(session, account_id, invoice_ids)
    except Conflict:
        return None


def check_alone(session: Session, account_id: int, invoice_ids: Collection[int]) -> Fence:
    """What the customer may promise alone; Conflict that says what to do where they may not.

    The days are counted from the last due day where that is still to come. A promise that replaces others of the same
    invoices is counted from the first of them: moving it again and again leads no further than making it once.
    """
    section = sections_today(session, account_id).promises
    if section is None:
        raise Conflict(N_("A day to pay cannot be promised here. Write to us."))
    if not held_parts(session, [account_id], WITH_PARTNERS).keys().isdisjoint(invoice_ids):
        raise Conflict(N_("One of these is with somebody who acts for us: agree a day with them."))
    if not held_parts(session, [account_id], {StopKind.INSOLVENCY}).keys().isdisjoint(invoice_ids):
        raise Conflict(N_("While insolvency proceedings are open nothing is promised here."))
    broken = queries.broken_since(session, now(session) - YEAR, [account_id]).get(account_id, 0)
    if broken > section.most_broken:
        raise Conflict(N_("Earlier promises were not kept, so that we need to talk first. Write to us or call us."))
    zone = accounts.account(session, account_id).time_zone
    day = day_in(now(session), zone)
    first = queries.first_made(session, invoice_ids)
    due_on = max((invoice.due_on for invoice in _invoices(session, invoice_ids)), default=day)
    latest = max(day_in(first, zone) if first else day, due_on) + timedelta(days=section.most_days)
    if latest < day:
        raise Conflict(N_("This cannot be promised for a later day again. Write to us or call us."))
    return Fence(day, latest, section.least_percent)


def _parts(session: Session, account_id: int, word: Word) -> Mapping[Invoice, int]:
    """The account's invoices and how much of each is promised: those due first are covered first."""
    if not word.invoice_ids:
        raise Invalid(N_("Choose at least one invoice."), field="invoice")
    if len(word.words) > LONGEST_WORDS:
        raise Invalid(N_("Use at most {most} characters."), field="words", most=LONGEST_WORDS)
    receivables.invoices(session, account_id, word.invoice_ids)
    invoices = _invoices(session, word.invoice_ids)
    for invoice in invoices:
        if invoice.status is not InvoiceStatus.ISSUED or not invoice.open_minor:
            raise Conflict(N_("Nothing of invoice {number} is open any more."), number=invoice.number)
    if payments.live_claims(session, word.invoice_ids):
        raise Conflict(N_("One of these is being paid right now. Wait until that payment has ended."))
    most = Money(sum(invoice.open_minor for invoice in invoices), invoices[0].currency)
    amount = most if word.amount is None else word.amount
    if amount.minor <= 0 or amount > most:
        raise Invalid(N_("Enter an amount up to {most}."), field="amount", most=most)
    parts, left = {}, amount.minor
    for invoice in invoices:
        parts[invoice] = min(left, invoice.open_minor)
        left -= parts[invoice]
    return {invoice: minor for invoice, minor in parts.items() if minor}


def _invoices(session: Session, invoice_ids: Collection[int]) -> Sequence[Invoice]:
    """These invoices, read afresh, those due first first."""
    wanted = select(Invoice).where(Invoice.id.in_(invoice_ids)).order_by(Invoice.due_on, Invoice.id)
    return session.scalars(wanted.execution_options(populate_existing=True)).all()


def _make(
    session: Session,
    account: Account,
    word: Word,
    parts: Mapping[Invoice, int],
    *,
    login_id: int | None,
    actor: Actor,
) -> PromiseToPay:
    for earlier in queries.open_entities(session, [invoice.id for invoice in parts]):
        changing.end(session, earlier, PromiseStatus.REPLACED, actor=actor)
    last = allocating.last_id(session, account.id)
    promise = PromiseToPay(
        account_id=account.id,
        currency=account.currency,
        amount_minor=sum(parts.values()),
        promised_on=word.promised_on,
        status=PromiseStatus.OPEN,
        words=word.words.strip() or None,
        made_at=now(session),
        made_by=login_id,
        made_after_id=last,
        judged_upto_id=last,
    )
    session.add(promise)
    session.flush()
    session.add_all(
        PromisePart(promise_id=promise.id, invoice_id=invoice.id, amount_minor=minor)
        for invoice, minor in parts.items()
    )
    changing.note(session, promise, None, actor=actor)
    ids = {invoice.id for invoice in parts}
    changing.answer_broken(session, account.id, ids, actor=actor, words=promise.words)
    for invoice, minor in parts.items():
        amount = Money(minor, account.currency)
        source = promise.source
        stops.write(session, account.id, StopKind.PROMISE, source, actor=actor, invoice_id=invoice.id, amount=amount)
    audit.record(
        session,
        "promise.made",
        actor=actor,
        subject=("promise", promise.id),
        account_id=account.id,
        after={
            "amount": promise.amount,
            "promised_on": promise.promised_on,
            "invoices": [invoice.number for invoice in parts],
            "why": promise.words,
        },
    )
    outbox.add(session, TellPromise(promise_id=promise.id), account_id=account.id)
    return promise
