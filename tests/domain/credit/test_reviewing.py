"""Looking at all accounts once terms have changed: asked for, done, given up, and what came of it."""

from __future__ import annotations

from domain.credit import reviewing
from domain.credit.queries import registered
from domain.credit.reviewing import ReviewHolds, last_review
from domain.outbox import delivering
from domain.policies.sections import Limits
from domain.shared.db.session import Database
from tests.support.builders import an_account, an_invoice
from tests.support.crediting import ruled


def test_a_review_is_to_come_until_it_is_done_and_says_how_many_accounts_changed(db: Database) -> None:
    ruled(db, Limits(limit_minor=50_00))
    with db.transaction() as session:
        an_invoice(session, an_account(session), "80")
        an_account(session)
        nobody_asked = last_review(session)
        reviewing.ask(session)

    with db.transaction() as session:
        asked = last_review(session)
        [row] = delivering.lease(session, 9)
    first, again = reviewing.carry_out(db), reviewing.carry_out(db)
    with db.transaction() as session:
        delivering.done(session, row)
        done = last_review(session)
        holds = registered(session)

    assert nobody_asked is None
    assert (row.kind, asked is not None and asked.is_over) == (ReviewHolds.kind, False)
    assert (first, again, len(holds)) == (1, 0, 1)
    assert done is not None
    assert (done.is_over, done.changed, done.done_at is not None) == (True, 0, True)


def test_a_review_that_was_given_up_is_over_and_not_done(db: Database) -> None:
    with db.transaction() as session:
        reviewing.ask(session)
        [row] = delivering.lease(session, 9)
        delivering.failed(session, row, "no space left", for_good=True)

        found = last_review(session)

    assert found is not None
    assert (found.is_over, found.done_at, found.given_up_at is not None) == (True, None, True)
