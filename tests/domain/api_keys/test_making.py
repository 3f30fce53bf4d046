"""API keys: the secret is in no table, opens what its scopes say, and nothing once it is taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from domain.api_keys.making import START, make, revoke
from domain.api_keys.model import ApiKey, Scope
from domain.api_keys.queries import by_token, keys, note_use
from domain.audit.queries import acts_on
from domain.shared.actor import Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid, NotFound

ADAM = Actor.staff(3)


@dataclass
class Made:
    """A key and its secret."""

    key: ApiKey
    token: str


@pytest.fixture
def made(db: Database) -> Made:
    with db.transaction() as session:
        return Made(*make(session, " Web  shop ", [Scope.READ_CREDIT], actor=ADAM))


def test_a_key_is_found_by_its_secret_of_which_only_a_hash_is_kept(db: Database, made: Made) -> None:
    with db.reading() as session:
        found = by_token(session, made.token)
        [row] = [row for row in keys(session) if row.id == made.key.id]

    assert found is not None
    assert (found.id, found.name, found.scopes) == (made.key.id, "Web shop", frozenset({Scope.READ_CREDIT}))
    assert made.token.startswith("qk_")
    assert row.start == made.token[:START]
    assert made.token not in {str(value) for value in row}


def test_another_secret_opens_nothing(db: Database, made: Made) -> None:
    with db.reading() as session:
        assert by_token(session, made.token + "x") is None
        assert by_token(session, made.token[:START]) is None
        assert by_token(session, "") is None


def test_a_key_that_was_taken_back_opens_nothing_and_stays_in_the_list(db: Database, made: Made) -> None:
    with db.transaction() as session:
        revoke(session, made.key.id, actor=Actor.staff(4))

    with db.reading() as session:
        assert by_token(session, made.token) is None
        [row] = [row for row in keys(session) if row.id == made.key.id]
        acts = [act.act for act in acts_on(session, ("api_key", made.key.id))]
    assert (row.made_by, row.revoked_by) == (3, 4)
    assert sorted(acts) == ["api_key.made", "api_key.revoked"]


def test_a_key_is_taken_back_once(db: Database, made: Made) -> None:
    with db.transaction() as session:
        revoke(session, made.key.id, actor=ADAM)

    with pytest.raises(Conflict), db.transaction() as session:
        revoke(session, made.key.id, actor=ADAM)
    with pytest.raises(NotFound), db.transaction() as session:
        revoke(session, 999_999, actor=ADAM)


@pytest.mark.parametrize(
    ("name", "scopes", "field"),
    [(" ", [Scope.READ_CREDIT], "name"), ("x" * 121, [Scope.READ_CREDIT], "name"), ("Shop", [], "scope")],
)
def test_a_key_has_a_name_and_may_do_something(db: Database, name: str, scopes: list[Scope], field: str) -> None:
    with pytest.raises(Invalid) as refused, db.transaction() as session:
        make(session, name, scopes, actor=ADAM)

    assert refused.value.field == field


def test_its_use_is_noted_at_most_once_a_minute(db: Database, made: Made, clock: MovableClock) -> None:
    noted = []
    for seconds in (0, 59, 2):
        clock.advance(seconds=seconds)
        with db.transaction() as session:
            note_use(session, made.key.id)
            found = by_token(session, made.token)
            assert found is not None
            noted.append(found.last_used_at)

    assert noted[0] == noted[1]
    assert noted[2] - noted[1] == timedelta(seconds=61)
