"""What is ordered and not yet billed: said, replaced and taken away by another system's reference."""

from __future__ import annotations

import pytest

from domain.audit.queries import acts_on
from domain.credit.standing import standing_of
from domain.credit.unbilled import of_account, put, remove
from domain.policies.sections import Limits
from domain.shared.actor import Actor
from domain.shared.db.session import Database
from domain.shared.errors import Invalid, NotFound
from tests.support.builders import an_account, money
from tests.support.crediting import ruled

SHOP = Actor.api_key(1)


@pytest.fixture
def account(db: Database) -> int:
    with db.transaction() as session:
        return an_account(session).id


def test_the_same_reference_again_replaces_what_was_said(db: Database, account: int) -> None:
    with db.transaction() as session:
        put(session, account, "SO-1", money("10"), actor=SHOP)
        put(session, account, "SO-2", money("5"), actor=SHOP)
        found = put(session, account, "SO-1", money("12"), actor=SHOP)
        rows = of_account(session, account)

    assert found.exposure.unbilled == money("17")
    assert [(row.reference, row.amount_minor) for row in rows] == [("SO-1", 1200), ("SO-2", 500)]


def test_the_same_said_twice_is_written_down_once(db: Database, account: int) -> None:
    with db.transaction() as session:
        put(session, account, "SO-1", money("10"), actor=SHOP)
        put(session, account, "SO-1", money("10"), actor=SHOP)
        [row] = of_account(session, account)

        assert len(acts_on(session, ("unbilled", row.id))) == 1


def test_what_is_taken_away_counts_no_more_and_is_not_there_twice(db: Database, account: int) -> None:
    with db.transaction() as session:
        put(session, account, "SO-1", money("10"), actor=SHOP)
        found = remove(session, account, "SO-1", actor=SHOP)

    assert found.exposure.total == money("0")
    with pytest.raises(NotFound), db.transaction() as session:
        remove(session, account, "SO-1", actor=SHOP)


def test_another_accounts_reference_is_not_touched(db: Database, account: int) -> None:
    with db.transaction() as session:
        other = an_account(session).id
        put(session, other, "SO-1", money("10"), actor=SHOP)

    with pytest.raises(NotFound), db.transaction() as session:
        remove(session, account, "SO-1", actor=SHOP)
    with db.reading() as session:
        assert standing_of(session, other).exposure.unbilled == money("10")


@pytest.mark.parametrize(("amount", "currency"), [("0", "GBP"), ("-1", "GBP"), ("1", "EUR")])
def test_what_is_no_amount_of_the_account_is_refused(db: Database, account: int, amount: str, currency: str) -> None:
    with pytest.raises(Invalid), db.transaction() as session:
        put(session, account, "SO-1", money(amount, currency), actor=SHOP)


def test_an_order_above_the_limit_holds_new_credit_at_once(db: Database, account: int) -> None:
    ruled(db, Limits(limit_minor=10_00))
    with db.transaction() as session:
        assert put(session, account, "SO-1", money("10.01"), actor=SHOP).on_hold
        assert not put(session, account, "SO-1", money("10"), actor=SHOP).on_hold
