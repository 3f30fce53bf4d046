"""Which version governs: the last accepted, else told where that is enough, else what held before anybody asked."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from domain.invoicing.issuing import NewLine, issue
from domain.policies.assigning import Whom, assign
from domain.policies.model import AskedHow, TermsRequest
from domain.policies.ruling import RuleBook
from domain.policies.sections import Acceptance, EarlyDiscount, Sections, Terms
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, now
from tests.support.builders import an_account, money
from tests.support.outside import MemoryStore
from tests.support.policies import a_policy
from tests.support.terms import ASKED, MUST_SAY_YES, NET_14, NET_30, a_binder, asking, next_version, say_yes

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


@pytest.mark.parametrize("acceptance", [ASKED, MUST_SAY_YES])
def test_what_was_accepted_of_one_policy_goes_on_until_another_is_accepted(
    db: Database, acceptance: Acceptance
) -> None:
    store = MemoryStore()
    with db.transaction() as session:
        account = an_account(session)
        first = a_policy(session, asking())
        olivia = a_binder(session, account)
        say_yes(session, store, account.id, first.id, login_id=olivia)
    with db.transaction() as session:
        other = a_policy(session, asking(NET_14, acceptance), valid_from=DAY, account_id=account.id)
        session.add(
            TermsRequest(
                account_id=account.id, version_id=other.id, how=AskedHow.MAIL, asked_on=DAY, asked_at=now(session)
            )
        )

    with db.reading() as session:
        waiting = RuleBook(session, [account.id]).governing(account.id, DAY)
    with db.transaction() as session:
        say_yes(session, store, account.id, other.id, login_id=olivia)
    with db.reading() as session:
        accepted = RuleBook(session, [account.id]).governing(account.id, DAY)

    assert waiting is not None
    assert accepted is not None
    assert (waiting.id, accepted.id) == (first.id, other.id)


def test_an_account_that_comes_back_to_a_policy_has_what_it_accepted_of_it(db: Database) -> None:
    store, days = MemoryStore(), [DAY - timedelta(days=days) for days in (60, 30)]
    with db.transaction() as session:
        account = an_account(session)
        olivia = a_binder(session, account)
        first = a_policy(session, asking(), valid_from=days[0], account_id=account.id)
        say_yes(session, store, account.id, first.id, login_id=olivia)
        other = a_policy(session, asking(NET_14), valid_from=days[1], account_id=account.id)
        say_yes(session, store, account.id, other.id, login_id=olivia)

        meanwhile = RuleBook(session, [account.id]).governing(account.id, DAY)
        assign(session, first.policy_id, Whom(account_id=account.id), DAY, actor=OPERATOR)
        after = RuleBook(session, [account.id]).governing(account.id, DAY)

    assert meanwhile is not None
    assert after is not None
    assert (meanwhile.id, after.id) == (other.id, first.id)


def test_where_another_policy_asked_nobody_it_goes_on_until_the_new_one_is_accepted(db: Database) -> None:
    discounted = Sections(terms=Terms(days=30), early_discount=EarlyDiscount(percent=Decimal(2), days=10))
    with db.transaction() as session:
        account = an_account(session)
        first = a_policy(session, discounted)
        a_policy(session, asking(NET_14, MUST_SAY_YES), valid_from=DAY, account_id=account.id)

        governing = RuleBook(session, [account.id]).governing(account.id, DAY)

    assert governing is not None
    assert governing.id == first.id


def test_an_invoice_keeps_the_discount_that_was_accepted_while_newer_terms_wait(db: Database) -> None:
    accepted = Sections(terms=NET_30, early_discount=EarlyDiscount(percent=Decimal(2), days=10), acceptance=ASKED)
    with db.transaction() as session:
        account = an_account(session, terms_days=60)
        first = a_policy(session, accepted)
        say_yes(session, MemoryStore(), account.id, first.id, login_id=a_binder(session, account))
        a_policy(session, asking(NET_14, MUST_SAY_YES), account_id=account.id)

        line = NewLine("Gravel", money("100.00"), money("0.00"))
        invoice = issue(session, account, [line], issued_on=DAY, actor=OPERATOR)

    assert invoice.terms_version_id == first.id
    assert invoice.due_on == DAY + timedelta(days=30)
