"""Turning: automatic payment is turned on by a method's owner, and off by whoever may, or by itself."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Right
from domain.audit import recording as audit
from domain.collecting import changing, queries
from domain.collecting.agreeing import agree
from domain.collecting.messages import TellAutopay
from domain.collecting.model import BY_ITSELF, LIVE, STOP_WORDS, Autopay, Collection, EndReason, StopReason
from domain.collecting.rules import rules_on
from domain.outbox import sending as outbox
from domain.saved_methods import keeping
from domain.saved_methods import queries as saved_methods
from domain.saved_methods.consenting import Agreement
from domain.saved_methods.model import SavedMethod
from domain.shared.actor import Actor
from domain.shared.db.session import now, today
from domain.shared.errors import N_, Conflict, NotAllowed
from domain.tasks import opening as tasks
from domain.tasks.model import TaskKind

TO_TURN_ON = frozenset({Right.PAY, Right.BIND})
"""What somebody has to be allowed: it pays, and it binds the account."""


def turn_on(
    session: Session, account_id: int, method_id: int, agreement: Agreement, *, login_id: int, actor: Actor
) -> Autopay:
    """Pay the account's invoices from this method from now on, as its owner agrees; another one is replaced.

    The same again comes back as it is. Raises NotFound; NotAllowed where the method is somebody else's or this login
    may not bind the account; Conflict where the method is gone or has expired.
    """
    accounts.lock(session, account_id)
    method = usable(session, account_id, method_id, login_id=login_id)
    running = queries.running(session, account_id)
    if running is not None and (running.saved_method_id, running.login_id) == (method.id, login_id):
        return running
    if running is not None:
        _stop(session, running, StopReason.REPLACED, actor=actor, note=None)
    consent = agree(session, method, login_id, agreement, rules_on(today(session)))
    autopay = Autopay(
        account_id=account_id,
        login_id=login_id,
        saved_method_id=method.id,
        consent_id=consent.id,
        started_at=now(session),
        failures=0,
    )
    session.add(autopay)
    session.flush()
    audit.record(
        session,
        "autopay.started",
        actor=actor,
        subject=("autopay", autopay.id),
        account_id=account_id,
        after={"name": method.label, "text": consent.text_version},
    )
    outbox.add(session, TellAutopay(autopay_id=autopay.id, news="on"), account_id=account_id)
    return autopay


def usable(session: Session, account_id: int, method_id: int, *, login_id: int) -> SavedMethod:
    """The method, where this login may turn automatic payment on with it; raises as `turn_on` does."""
    may_not_bind = Right.BIND not in accounts.access(session, login_id, account_id)
    if may_not_bind or Right.PAY not in accounts.access(session, login_id, account_id):
        raise NotAllowed(
            N_("You may not turn on automatic payment for this account."),
            who_can=[
                login.name
                for login in accounts.logins_on(session, account_id)
                if login.rights >= TO_TURN_ON and login.disabled_at is None
            ],
        )
    method = keeping.own(session, account_id, method_id, login_id)
    if unfit(session, method) is not None:
        raise Conflict(N_("{label} can no longer be used. Choose another one."), label=method.label)
    return method


def turn_off(session: Session, account_id: int, why: StopReason, *, actor: Actor, note: str | None = None) -> bool:
    """Take nothing any more: what is ahead is cancelled, what is under way is ended; whether it was on.

    What the bank has taken already, or is about to hand over, still comes.
    """
    accounts.lock(session, account_id)
    running = queries.running(session, account_id)
    if running is None:
        return False
    _stop(session, running, why, actor=actor, note=note)
    return True


def turn_off_unfit(session: Session, account_id: int, *, actor: Actor) -> bool:
    """Turn it off where its method cannot be used any more, or its owner may not pay; whether that was so."""
    accounts.lock(session, account_id)
    running = queries.running(session, account_id)
    if running is None:
        return False
    why = unfit(session, session.get_one(SavedMethod, running.saved_method_id, populate_existing=True))
    if Right.PAY not in accounts.access(session, running.login_id, account_id):
        why = StopReason.NOT_ALLOWED
    if why is None:
        return False
    _stop(session, running, why, actor=actor, note=None)
    return True


def failed_today(session: Session, autopay: Autopay, most: int, *, actor: Actor) -> None:
    """A try has failed; the day counts once. After `most` such days in a row automatic payment turns itself off."""
    if autopay.stopped_at is not None or autopay.failed_on == today(session):
        return
    autopay.failed_on = today(session)
    autopay.failures += 1
    if autopay.failures >= most:
        _stop(session, autopay, StopReason.FAILURES, actor=actor, note=None)


def unfit(session: Session, method: SavedMethod) -> StopReason | None:
    """Why nothing can be taken from a method any more, if so."""
    if not method.is_there:
        return StopReason.METHOD_GONE
    if saved_methods.is_past(method.expires_year, method.expires_month, today(session)):
        return StopReason.METHOD_EXPIRED
    return None


def _stop(session: Session, autopay: Autopay, why: StopReason, *, actor: Actor, note: str | None) -> None:
    autopay.stopped_at, autopay.stopped_why, autopay.note = now(session), why, note
    autopay.stopped_by_kind, autopay.stopped_by_id = actor.kind.value, actor.id
    ending = EndReason.REPLACED if why is StopReason.REPLACED else EndReason.STOPPED
    for collection in _live(session, autopay):
        changing.end(session, collection, ending, actor=actor)
    method = session.get_one(SavedMethod, autopay.saved_method_id)
    audit.record(
        session,
        "autopay.stopped",
        actor=actor,
        subject=("autopay", autopay.id),
        account_id=autopay.account_id,
        after={"name": method.label, "why": note or STOP_WORDS[why]},
    )
    if why is StopReason.REPLACED:
        return
    outbox.add(session, TellAutopay(autopay_id=autopay.id, news="off"), account_id=autopay.account_id)
    if why in BY_ITSELF and method.removed_at is None:
        kind = TaskKind.AUTOPAY_STOPPED if why is StopReason.FAILURES else TaskKind.METHOD_LOST
        tasks.open_task(
            session,
            kind,
            subject=("autopay", autopay.account_id),
            account_id=autopay.account_id,
            detail={"method": method.label},
        )


def _live(session: Session, autopay: Autopay) -> list[Collection]:
    return list(
        session.scalars(
            select(Collection)
            .where(Collection.autopay_id == autopay.id, Collection.state.in_(LIVE))
            .order_by(Collection.id)
        )
    )
