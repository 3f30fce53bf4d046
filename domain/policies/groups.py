"""Groups: accounts that are treated alike; an account is in one of them or in none."""

from __future__ import annotations

from sqlalchemy.orm import Session

from domain.accounts import queries as accounts
from domain.audit.recording import record
from domain.policies.drafting import named
from domain.policies.model import GROUPS, AccountGroup, GroupMember
from domain.shared.actor import Actor
from domain.shared.db.inserting import insert_if_new
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, NotFound


def make(session: Session, name: str, *, actor: Actor) -> AccountGroup:
    """An empty group; Invalid without a name, Conflict where the name is taken."""
    name = named(name)
    group_id = insert_if_new(session, GROUPS, ("name",), {"name": name, "created_at": now(session)})
    if group_id is None:
        raise Conflict(N_("There is a group called {name} already."), field="name", name=name)
    record(session, "group.made", actor=actor, subject=("group", group_id), after={"name": name})
    return session.get_one(AccountGroup, group_id)


def put_in(session: Session, group_id: int, account_id: int, *, actor: Actor) -> None:
    """Put an account into a group, out of the one that it was in; Conflict where it is in it."""
    group = the_group(session, group_id)
    accounts.lock(session, account_id)
    member = session.get(GroupMember, account_id, populate_existing=True)
    if member is None:
        session.add(GroupMember(account_id=account_id, group_id=group_id))
    elif member.group_id != group_id:
        _note(session, "group.left", the_group(session, member.group_id), account_id, actor)
        member.group_id = group_id
    else:
        raise Conflict(N_("This account is in the group."), field="account")
    session.flush()
    _note(session, "group.joined", group, account_id, actor)


def take_out(session: Session, group_id: int, account_id: int, *, actor: Actor) -> None:
    """Take an account out of a group; Conflict where it is not in it."""
    group = the_group(session, group_id)
    accounts.lock(session, account_id)
    member = session.get(GroupMember, account_id, populate_existing=True)
    if member is None or member.group_id != group_id:
        raise Conflict(N_("This account is not in the group."))
    session.delete(member)
    session.flush()
    _note(session, "group.left", group, account_id, actor)


def the_group(session: Session, group_id: int) -> AccountGroup:
    """The group; NotFound where there is none."""
    found = session.get(AccountGroup, group_id)
    if found is None:
        raise NotFound(N_("We could not find that group."))
    return found


def _note(session: Session, act: str, group: AccountGroup, account_id: int, actor: Actor) -> None:
    after = {"name": group.name}
    record(session, act, actor=actor, subject=("group", group.id), account_id=account_id, after=after)
