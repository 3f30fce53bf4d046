"""Unbilled: other systems say what is ordered and not yet billed, by their own reference, so that it counts as used."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.credit.holding import review
from domain.credit.model import UNBILLED, Unbilled
from domain.credit.standing import Standing
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRows
from domain.shared.db.session import now
from domain.shared.errors import N_, Invalid, NotFound
from domain.shared.money import LARGEST_MINOR, Money

NO_SUCH_REFERENCE = N_("Nothing unbilled is known under this reference.")


def put(session: Session, account_id: int, reference: str, amount: Money, *, actor: Actor) -> Standing:
    """Say what the order of this reference comes to now; what was said of it before is replaced.

    Raises Invalid for an amount that is not positive, or not in the account's currency.
    """
    account = accounts.lock(session, account_id)
    if amount.currency != account.currency:
        raise Invalid(N_("This account is in {currency}."), field="currency", currency=account.currency)
    if not 0 < amount.minor <= LARGEST_MINOR:
        raise Invalid(N_("Enter an amount above zero."), field="amount")
    row = _one(session, account_id, reference)
    before = None if row is None else Money(row.amount_minor, row.currency)
    if row is None:
        row = Unbilled(account_id=account_id, reference=reference, currency=amount.currency)
        session.add(row)
    if before != amount:
        row.amount_minor, row.set_at = amount.minor, now(session)
        row.actor_kind, row.actor_id = actor.kind.value, actor.id
        session.flush()
        _record(session, "unbilled.set", row, actor, before=before, amount=amount)
    return review(session, account_id, actor=actor)


def remove(session: Session, account_id: int, reference: str, *, actor: Actor) -> Standing:
    """The order is billed now, or not coming; NotFound where nothing is known under the reference."""
    accounts.lock(session, account_id)
    row = _one(session, account_id, reference)
    if row is None:
        raise NotFound(NO_SUCH_REFERENCE)
    session.delete(row)
    _record(session, "unbilled.removed", row, actor, before=Money(row.amount_minor, row.currency))
    session.flush()
    return review(session, account_id, actor=actor)


def of_account(session: Session, account_id: int) -> AnyRows:
    """What is unbilled on the account, by reference."""
    wanted = select(UNBILLED).where(UNBILLED.c.account_id == account_id)
    return session.execute(wanted.order_by(UNBILLED.c.reference)).all()


def _one(session: Session, account_id: int, reference: str) -> Unbilled | None:
    wanted = select(Unbilled).where(Unbilled.account_id == account_id, Unbilled.reference == reference)
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def _record(
    session: Session, act: str, row: Unbilled, actor: Actor, *, before: Money | None, amount: Money | None = None
) -> None:
    after = {"number": row.reference, "amount": amount} if amount is not None else {"number": row.reference}
    audit.record(
        session,
        act,
        actor=actor,
        subject=("unbilled", row.id),
        account_id=row.account_id,
        before=None if before is None else {"amount": before},
        after=after,
    )
