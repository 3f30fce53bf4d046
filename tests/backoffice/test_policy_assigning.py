"""Assigning policies in the back office: to whom, what it moves before it is confirmed, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from domain.credit.holding import review
from domain.credit.queries import registered
from domain.credit.reviewing import ReviewHolds
from domain.credit.standing import standing_of
from domain.outbox import delivering
from domain.policies import assigning, queries
from domain.policies.assigning import Whom
from domain.policies.sections import (
    DueRule,
    Limits,
    Sections,
    Terms,
)
from domain.shared.actor import OPERATOR
from domain.shared.db.session import today
from tests.backoffice.conftest import Office
from tests.support.builders import an_account, an_invoice
from tests.support.client import Client
from tests.support.policies import a_policy

CHECK = "Check what it changes"
NET_30 = Sections(terms=Terms(rule=DueRule.NET, days=30))


def a_day(office: Office, ahead: int = 0) -> date:
    """Today, or days later."""
    with office.db.reading() as session:
        return today(session) + timedelta(days=ahead)


def test_an_account_leaves_a_group_and_gets_a_policy_of_its_own(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        account = an_account(session, number="A-78", name="Pier Ltd")
        everybodys = a_policy(session, NET_30).policy_id
        own = a_policy(session, Sections(terms=Terms(rule=DueRule.NET, days=7)), valid_from=date(2021, 1, 1)).policy_id

    made = manager.follow(manager.get("/policies/groups").submit("Make the group", name="Harbour"))
    filled = manager.follow(made.submit("Put it in", account="A-78"))
    wrong = made.submit("Put it in", account="nobody")
    emptied = manager.follow(filled.submit("Take out"))
    form = manager.get(f"/policies/assign?policy={own}&account=A-78")
    form.submit(CHECK, from_on=a_day(office).isoformat()).submit("Assign it")
    terms = manager.get(f"/accounts/{account.id}/terms")

    assert "Pier Ltd" in filled.words
    assert "There is no account nobody." in wrong.words
    assert "Nobody is in it yet" in emptied.words
    assert "Payment is due within 7 days." in terms.words
    assert "to this account, since" in terms.words
    assert "Payment is due within 7 days." in manager.get(f"/accounts/{account.id}").words
    assert everybodys != own
    timeline = manager.get(f"/accounts/{account.id}/timeline").words
    assert "Put into the group Harbour" in timeline
    assert "Credit policy assigned" in timeline


def test_what_cannot_be_assigned_is_refused(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        policy_id = a_policy(session, NET_30).policy_id
    form = manager.get(f"/policies/assign?policy={policy_id}")

    again = form.submit(CHECK, whom="everybody", from_on=a_day(office).isoformat())
    nobody = form.submit(CHECK, whom="account", account="nobody", from_on=a_day(office).isoformat())
    unchosen = form.submit(CHECK)
    both = form.submit(CHECK, whom="everybody", account="A-1")

    assert "That is so already." in again.words
    assert nobody.all("p", id="account-error")
    assert unchosen.all("p", id="whom-error")
    assert both.all("p", id="account-error")


def test_the_list_says_which_accounts_have_a_policy_of_their_own(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        account = an_account(session, name="Pier Ltd")
        everybodys = a_policy(session, NET_30).policy_id
        a_policy(session, NET_30, account_id=account.id)

    before = manager.get("/policies")
    with office.db.transaction() as session:
        assigning.assign(session, everybodys, Whom(account_id=account.id), today(session), actor=OPERATOR)
    with office.db.reading() as session:
        rows = queries.assignments(session)

    assert "Pier Ltd" in before.words
    assert [(row.account, row.policy_id) for row in rows if row.stands][-1] == ("Pier Ltd", everybodys)
    assert len(rows) == 2


def test_nothing_is_assigned_before_it_is_known_whom_it_moves(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        account = an_account(session, number="A-79", name="Pier Ltd")
        an_invoice(session, account, "80")
        a_policy(session, msgspec.structs.replace(NET_30, limits=Limits(limit_minor=50_00)))
        other = a_policy(session, NET_30, account_id=an_account(session).id).policy_id
    form = manager.get(f"/policies/assign?policy={other}")

    checked = form.submit(CHECK, whom="everybody")
    unchanged = checked.submit("Change it").submit(CHECK)
    with office.db.transaction() as session:
        was_held = review(session, account.id).on_hold
        an_account(session)
    again = checked.submit("Assign it")
    done = manager.follow(again.submit("Assign it"))

    assert "This moves 1 account to other terms." in checked.words
    assert "1 hold on new credit ends" in checked.words
    assert "Pier Ltd" in checked.words
    assert "£30.00" in checked.words
    assert unchanged.words == checked.words
    assert was_held
    assert "This moves 2 accounts to other terms." in again.words
    assert "Everybody else" in done.words
    assert "are being brought up to date" in done.words
    with office.db.transaction() as session:
        assert not standing_of(session, account.id).on_hold
        assert [message.kind for message in delivering.lease(session, 9)] == [ReviewHolds.kind]
    assert office.nudges


def test_the_hold_of_one_account_follows_at_once_what_was_assigned_to_it(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        account = an_account(session, number="A-80")
        an_invoice(session, account, "80")
        a_policy(session, msgspec.structs.replace(NET_30, limits=Limits(limit_minor=50_00)))
        own = a_policy(session, NET_30, account_id=an_account(session).id).policy_id
        review(session, account.id)
    form = manager.get(f"/policies/assign?policy={own}&account=A-80")

    form.submit(CHECK, from_on=a_day(office).isoformat()).submit("Assign it")

    with office.db.transaction() as session:
        assert registered(session) == []
        assert delivering.lease(session, 9) == []
