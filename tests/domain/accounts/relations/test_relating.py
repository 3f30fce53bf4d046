"""Accounts that belong together: tied once, seen from both sides, parted."""

from __future__ import annotations

import pytest

from domain.accounts.relations import queries, relating
from domain.accounts.relations.model import RelationKind
from domain.audit.queries import acts_on_account
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid, NotFound
from tests.support.builders import an_account


@pytest.fixture
def pair(db: Database) -> tuple[int, int]:
    """A subsidiary and its parent."""
    with db.transaction() as session:
        return an_account(session, number="SUB", name="Sub").id, an_account(session, number="PAR", name="Parent").id


def seen(db: Database, account_id: int) -> list[tuple[str, str]]:
    """What belongs to an account: its number, and what it is."""
    with db.reading() as session:
        return [(one.number, one.words) for one in queries.related(session, account_id)]


def test_a_pair_is_seen_from_both_sides_and_on_both_timelines(db: Database, pair: tuple[int, int]) -> None:
    sub, parent = pair
    with db.transaction() as session:
        relation_id = relating.relate(session, sub, " PAR ", RelationKind.PARENT, actor=OPERATOR).id

    assert seen(db, sub) == [("PAR", "Parent company")]
    assert seen(db, parent) == [("SUB", "Subsidiary")]
    with db.transaction() as session:
        relating.end(session, parent, relation_id, actor=OPERATOR)
    assert (seen(db, sub), seen(db, parent)) == ([], [])
    with db.reading() as session:
        for account_id in pair:
            found = [act.act for act in acts_on_account(session, account_id)]
            assert found == ["relation.ended", "relation.added", "account.opened"]
    with pytest.raises(Conflict), db.transaction() as session:
        relating.end(session, sub, relation_id, actor=OPERATOR)


def test_a_pair_is_tied_once_until_it_is_parted(db: Database, pair: tuple[int, int]) -> None:
    sub, parent = pair
    with db.transaction() as session:
        relation_id = relating.relate(session, sub, "PAR", RelationKind.SISTER, actor=OPERATOR).id
    with pytest.raises(Conflict) as refused, db.transaction() as session:
        relating.relate(session, parent, "SUB", RelationKind.OTHER, actor=OPERATOR)
    assert refused.value.field == "number"
    with db.transaction() as session:
        relating.end(session, sub, relation_id, actor=OPERATOR)
        relating.relate(session, parent, "SUB", RelationKind.OTHER, actor=OPERATOR)
    assert seen(db, sub) == [("PAR", "Belongs together")]


def test_nobody_is_related_to_itself_or_to_what_is_not_there(db: Database, pair: tuple[int, int]) -> None:
    sub, parent = pair
    for number in ("SUB", "NONE"):
        with pytest.raises(Invalid) as refused, db.transaction() as session:
            relating.relate(session, sub, number, RelationKind.OTHER, actor=OPERATOR)
        assert refused.value.field == "number"
    with db.transaction() as session:
        stranger = an_account(session).id
        relation_id = relating.relate(session, sub, "PAR", RelationKind.OTHER, actor=OPERATOR).id
    with pytest.raises(NotFound), db.transaction() as session:
        relating.end(session, stranger, relation_id, actor=OPERATOR)
    assert seen(db, parent) == [("SUB", "Belongs together")]
