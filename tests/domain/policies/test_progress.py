"""Staff see who has not accepted which version, since when they are asked, and whom nobody can write to."""

from __future__ import annotations

from datetime import date

import pytest

from domain.policies.progress import Answer, answers, progress
from domain.policies.telling import tell_due
from domain.shared.db.session import Database
from domain.shared.errors import NotFound
from tests.support.builders import an_account
from tests.support.outside import MemoryStore
from tests.support.policies import a_policy
from tests.support.terms import a_binder, asking, say_yes

TODAY = date(2026, 3, 16)


def test_every_account_is_counted_under_what_it_has_done(db: Database) -> None:
    with db.transaction() as session:
        version = a_policy(session, asking())
        silent = an_account(session, email="office@harbour.example", name="Silent")
        yes = an_account(session, name="Yes")
        olivia = a_binder(session, yes)
        mute = an_account(session, name="Mute")
        tell_due(session)
        say_yes(session, MemoryStore(), yes.id, version.id, login_id=olivia)

    with db.reading() as session:
        (row,) = progress(session)
        listed = {answer: answers(session, version.id, answer) for answer in Answer}

    assert (row.accounts, row.accepted, row.waiting, row.not_asked) == (3, 1, 2, 1)
    assert [each.id for each in listed[Answer.WAITING]] == [silent.id, mute.id]
    assert [each.id for each in listed[Answer.NOT_ASKED]] == [mute.id]
    (accepted,) = listed[Answer.ACCEPTED]
    assert (accepted.id, accepted.accepted_by, accepted.accepted_on) == (yes.id, "Olivia Hart", TODAY)
    first, last = listed[Answer.WAITING]
    assert (first.first, first.last, first.times, bool(first.is_reachable)) == (TODAY, TODAY, 1, True)
    assert (last.first, bool(last.is_reachable)) == (None, False)


def test_the_list_goes_on_after_the_last_one_seen(db: Database) -> None:
    with db.transaction() as session:
        version = a_policy(session, asking())
        ids = [an_account(session).id for _ in range(3)]

    with db.reading() as session:
        first = answers(session, version.id, Answer.WAITING, limit=2)
        rest = answers(session, version.id, Answer.WAITING, after=first[-1].id, limit=2)

    assert [row.id for row in [*first, *rest]] == ids


def test_a_version_that_is_asked_of_nobody_is_not_found(db: Database) -> None:
    with pytest.raises(NotFound), db.reading() as session:
        answers(session, 999, Answer.WAITING)
