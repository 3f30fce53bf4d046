"""Limits: somebody decides how much credit one account may have, or that the policy's limit counts for it again."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit import recording as audit
from domain.credit.holding import review
from domain.credit.model import CREDIT_LIMITS, CreditLimit
from domain.credit.standing import NO_LIMITS
from domain.policies import authority
from domain.policies.acts import Act
from domain.policies.checking import LARGEST_LIMIT
from domain.policies.currencies import in_currency
from domain.policies.ruling import sections_today
from domain.shared.actor import Actor
from domain.shared.db.rows import AnyRows
from domain.shared.db.session import business, now
from domain.shared.errors import N_, Invalid
from domain.shared.money import LARGEST_MINOR, Money
from domain.staff.model import Role


def set_limit(
    session: Session,
    account_id: int,
    limit: Money,
    *,
    why: str,
    role: Role,
    actor: Actor,
    application_id: int | None = None,
) -> CreditLimit:
    """Give the account a limit of its own from now on (zero: no credit at all).

    Raises NotAllowed where it is more than the role may decide alone, Invalid in another currency than the account's,
    or where it is larger than anybody means.
    """
    account = accounts.lock(session, account_id)
    if limit.currency != account.currency or limit.minor < 0:
        raise Invalid(N_("Enter a limit in {currency}."), field="limit", currency=account.currency)
    if limit.minor > LARGEST_LIMIT:
        most = Money(LARGEST_LIMIT, account.currency)
        raise Invalid(N_("Enter a limit of at most {most}."), field="limit", most=most)
    authority.check(session, role, Act.CREDIT_LIMIT, limit, account_id=account_id)
    return _decide(session, account_id, account.currency, limit, why, actor, application_id)


def end_limit(session: Session, account_id: int, *, why: str, role: Role, actor: Actor) -> CreditLimit:
    """Let the policy's limit count for the account again, or none where the policy has none."""
    account = accounts.lock(session, account_id)
    section = sections_today(session, account_id).limits or NO_LIMITS
    by_policy = in_currency(section, account.currency, ours=business(session).currency).limit_minor
    extent = Money(LARGEST_MINOR if by_policy is None else by_policy, account.currency)
    if not authority.covers(session, role, Act.CREDIT_LIMIT, extent, account_id=account_id):
        refusal = N_("What would count then is more than you can decide alone.")
        raise authority.beyond(session, refusal, Act.CREDIT_LIMIT, extent, account_id)
    return _decide(session, account_id, account.currency, None, why, actor, None)


def decisions(session: Session, account_id: int, *, limit: int = 20) -> AnyRows:
    """What was decided on the account's own limit, the newest first."""
    wanted = select(CREDIT_LIMITS).where(CREDIT_LIMITS.c.account_id == account_id)
    return session.execute(wanted.order_by(CREDIT_LIMITS.c.id.desc()).limit(limit)).all()


def _decide(
    session: Session,
    account_id: int,
    currency: str,
    limit: Money | None,
    why: str,
    actor: Actor,
    application_id: int | None,
) -> CreditLimit:
    decided = CreditLimit(
        account_id=account_id,
        limit_minor=None if limit is None else limit.minor,
        currency=currency,
        why=why,
        application_id=application_id,
        decided_at=now(session),
        actor_kind=actor.kind.value,
        actor_id=actor.id,
    )
    session.add(decided)
    session.flush()
    audit.record(
        session,
        "credit_limit.ended" if limit is None else "credit_limit.set",
        actor=actor,
        subject=("credit_limit", decided.id),
        account_id=account_id,
        after={"amount": limit, "why": why} if limit is not None else {"why": why},
    )
    review(session, account_id)
    return decided
