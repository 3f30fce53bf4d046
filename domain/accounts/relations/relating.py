"""Relating: two accounts that belong together are tied, once for the pair, and parted again."""

from __future__ import annotations

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from domain.accounts import queries
from domain.accounts.model import Account
from domain.accounts.relations.model import AccountRelation, RelationKind
from domain.audit.recording import record
from domain.shared.actor import Actor
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, Invalid, NotFound

NO_SUCH_RELATION = N_("We could not find that relation.")


def relate(session: Session, account_id: int, number: str, kind: RelationKind, *, actor: Actor) -> AccountRelation:
    """Write down that the account with `number` is to this account what `kind` says.

    NotFound without this account; Invalid beside "number" where the other is not to be found or is the same one;
    Conflict there where the two are tied already.
    """
    other_id = queries.id_of_number(session, number.strip())
    if other_id is None:
        raise Invalid(N_("There is no account {number}."), field="number", number=number.strip())
    if other_id == account_id:
        raise Invalid(N_("This is the account itself."), field="number")
    both = {one: queries.lock(session, one) for one in sorted((account_id, other_id))}
    pair = or_(
        and_(AccountRelation.account_id == account_id, AccountRelation.other_id == other_id),
        and_(AccountRelation.account_id == other_id, AccountRelation.other_id == account_id),
    )
    if session.scalar(select(AccountRelation.id).where(pair, AccountRelation.ended_at.is_(None))) is not None:
        raise Conflict(N_("These two are tied already."), field="number")
    relation = AccountRelation(account_id=account_id, other_id=other_id, kind=kind, added_at=now(session))
    session.add(relation)
    session.flush()
    _record_both(session, "relation.added", relation, both, actor)
    return relation


def end(session: Session, account_id: int, relation_id: int, *, actor: Actor) -> None:
    """They belong together no more; from either side. NotFound; Conflict where it ended already."""
    relation = session.get(AccountRelation, relation_id)
    if relation is None or account_id not in (relation.account_id, relation.other_id):
        raise NotFound(NO_SUCH_RELATION)
    both = {one: queries.lock(session, one) for one in sorted((relation.account_id, relation.other_id))}
    session.refresh(relation)
    if relation.ended_at is not None:
        raise Conflict(N_("This has ended already."))
    relation.ended_at = now(session)
    _record_both(session, "relation.ended", relation, both, actor)


def _record_both(session: Session, act: str, relation: AccountRelation, both: dict[int, Account], actor: Actor) -> None:
    """It stands on the timelines of both."""
    session.flush()
    for account_id, other_id in ((relation.account_id, relation.other_id), (relation.other_id, relation.account_id)):
        other = both[other_id]
        after = {"name": other.name, "number": other.number, "kind": relation.kind}
        record(session, act, actor=actor, subject=("relation", relation.id), account_id=account_id, after=after)
