"""Which version governs: the last accepted, else told where that is enough, else the last that asked nobody."""

from __future__ import annotations

from datetime import date

import pytest

from domain.policies.model import AskedHow, TermsRequest
from domain.policies.ruling import RuleBook
from domain.policies.sections import Acceptance, Sections, Terms
from domain.shared.db.session import Database, now
from tests.support.builders import an_account
from tests.support.policies import a_policy
from tests.support.terms import next_version

DAY = date(2026, 3, 16)
UNASKED = Sections(terms=Terms(days=30))


@pytest.mark.parametrize("told_is_enough", [False, True])
def test_until_a_yes_the_version_that_asked_nobody_goes_on(db: Database, told_is_enough: bool) -> None:
    asking = Sections(terms=Terms(days=14), acceptance=Acceptance(told_is_enough=told_is_enough))
    with db.transaction() as session:
        account = an_account(session)
        first = a_policy(session, UNASKED)
        second = next_version(session, first.policy_id, asking, DAY)

        before = RuleBook(session, [account.id]).governing(account.id, DAY)
        session.add(
            TermsRequest(
                account_id=account.id, version_id=second.id, how=AskedHow.MAIL, asked_on=DAY, asked_at=now(session)
            )
        )
        session.flush()
        after = RuleBook(session, [account.id]).governing(account.id, DAY)

    assert before is not None
    assert after is not None
    assert (before.id, after.id) == (first.id, second.id if told_is_enough else first.id)


def test_where_every_version_asks_none_governs_before_a_yes(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        a_policy(session, Sections(terms=Terms(days=14), acceptance=Acceptance(told_is_enough=False)))

        assert RuleBook(session, [account.id]).governing(account.id, DAY) is None
