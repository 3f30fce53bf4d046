"""A form that does something for good works once."""

import pytest

from domain.sessions.once import SentAlready, forget_old, use_once
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Invalid


def test_a_token_is_used_once(db: Database) -> None:
    with db.transaction() as session:
        use_once(session, "one")
        use_once(session, "another")

        with pytest.raises(SentAlready):
            use_once(session, "one")


def test_what_was_refused_may_be_sent_again(db: Database) -> None:
    def refused() -> None:
        with db.transaction() as session:
            use_once(session, "one")
            raise Invalid("something else is wrong")

    with pytest.raises(Invalid):
        refused()

    with db.transaction() as session:
        use_once(session, "one")


def test_a_form_without_a_token_is_refused(db: Database) -> None:
    with pytest.raises(Invalid), db.transaction() as session:
        use_once(session, "")


def test_old_ones_are_forgotten(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        use_once(session, "one")
    clock.advance(days=3)

    with db.transaction() as session:
        forget_old(session)
        use_once(session, "one")
