"""Going through a round: begin one, start the payment of an item, skip an item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.accounts.model import Login
from domain.audit import recording as audit
from domain.payments import starting
from domain.payments.processor import Processor
from domain.payments.starting import Started
from domain.rounds import queries
from domain.rounds.choosing import Planned
from domain.rounds.model import PaymentRound, PaymentRoundItem, PaymentRoundLine
from domain.rounds.queries import UNDER_WAY, Item, ItemState
from domain.saved_methods.consenting import Agreement
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, NotFound
from domain.shared.money import Money


@dataclass(frozen=True, slots=True)
class Way:
    """How an item is to be paid: from a saved method, or on the processor's page, where it may be kept.

    `return_url` is where the payer comes back to, `cancel_url` where they land who give up; `{payment}` in them becomes
    the payment's public id.
    """

    return_url: str
    cancel_url: str
    language: str
    saved_method_id: int | None = None
    agreement: Agreement | None = None


def begin(session: Session, login_id: int, planned: Sequence[Planned], *, actor: Actor) -> PaymentRound:
    """Keep what was planned as this login's list; the list that they had is closed, its payments go on."""
    session.execute(select(Login.id).where(Login.id == login_id).with_for_update()).one()
    session.execute(
        update(PaymentRound)
        .where(PaymentRound.login_id == login_id, PaymentRound.closed_at.is_(None))
        .values(closed_at=now(session))
    )
    begun = PaymentRound(login_id=login_id, created_at=now(session))
    session.add(begun)
    session.flush()
    to_pay = [each for each in planned if each.invoices]
    items = [PaymentRoundItem(round_id=begun.id, account_id=each.account.id) for each in to_pay]
    session.add_all(items)
    session.flush()
    for item, each in zip(items, to_pay, strict=True):
        session.add_all(
            PaymentRoundLine(item_id=item.id, invoice_id=line.id, amount_minor=line.amount.minor)
            for line in each.invoices
        )
        _record(session, "round.begun", item, actor, amount=each.total)
    return begun


def start_item(
    session: Session,
    processor: Processor,
    account_id: int,
    item_id: int,
    way: Way,
    *,
    expected: int,
    at_most: Mapping[int, Money] = queries.NO_MORE,
    login_id: int,
    actor: Actor,
) -> Started | None:
    """Start the payment of an item, one that was skipped too; None where its money is coming or has come already.

    `expected` is what its payer was shown, in minor units: Conflict where it comes to something else now; `at_most` is
    as in `queries.items`. Raises also what `starting.start` and `start_saved` raise, AlreadyClaimed above all.
    """
    accounts.lock(session, account_id)
    row = queries.item_row(session, login_id, account_id, item_id)
    item = _seen(session, login_id, row, at_most)
    if item.state in UNDER_WAY | {ItemState.DONE}:
        return None
    if not item.can_be_paid:
        raise Conflict(N_("Nothing is left to pay of this."))
    if item.amount.minor != expected:
        raise Conflict(N_("It comes to {amount} now. Check it, and press again."), amount=item.amount)
    if way.saved_method_id is None:
        started = starting.start(
            session,
            processor,
            account_id,
            item.to_pay,
            login_id=login_id,
            return_url=way.return_url,
            cancel_url=way.cancel_url,
            language=way.language,
            actor=actor,
            agreement=way.agreement,
        )
    else:
        started = starting.start_saved(
            session,
            processor,
            account_id,
            item.to_pay,
            saved_method_id=way.saved_method_id,
            login_id=login_id,
            return_url=way.return_url,
            actor=actor,
        )
    row.payment_id, row.skipped_at = started.payment_id, None
    return started


def skip(session: Session, account_id: int, item_id: int, *, login_id: int, actor: Actor) -> None:
    """Leave an item out for now; where its money is coming or has come, nothing changes."""
    accounts.lock(session, account_id)
    row = queries.item_row(session, login_id, account_id, item_id)
    item = _seen(session, login_id, row, queries.NO_MORE)
    if item.state not in queries.TO_DO:
        return
    row.skipped_at = now(session)
    _record(session, "round.skipped", row, actor, amount=item.amount)


def _seen(session: Session, login_id: int, row: PaymentRoundItem, at_most: Mapping[int, Money]) -> Item:
    found = queries.items(session, login_id, row.round_id, only=row.id, at_most=at_most)
    if not found:
        raise NotFound(queries.NO_SUCH_ROUND)
    return found[0]


def _record(session: Session, act: str, item: PaymentRoundItem, actor: Actor, *, amount: Money) -> None:
    session.flush()
    audit.record(
        session,
        act,
        actor=actor,
        subject=("payment_round", item.round_id),
        account_id=item.account_id,
        after={"amount": amount},
    )
