"""Automatic payment as staff see it: on the account, over all accounts, and turned off with a reason."""

from __future__ import annotations

import pytest

from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS
from domain.collecting import planning, queries, turning
from domain.shared.actor import OPERATOR, Actor
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import an_account, an_invoice
from tests.support.saving import AGREED, a_method

TAKEN = "£120.00 on 15 Apr 2026 from Visa •••• 4242"


@pytest.fixture
def account_id(office: Office) -> int:
    """An account whose one invoice is going to be taken automatically."""
    with office.db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "120.00", number="INV-77")
        login = grant(session, account, email="ana@b.example", name="Ana", rights=ALL_RIGHTS, actor=OPERATOR)
        session.flush()
        ana, account_id = login.id, account.id
    method = a_method(office.db, account_id, ana)
    with office.db.transaction() as session:
        turning.turn_on(session, account_id, method, AGREED, login_id=ana, actor=Actor.login(ana))
    with office.db.transaction() as session:
        planning.plan(session, account_id)
    return account_id


def test_the_account_says_what_is_taken_next_and_who_agreed_to_what(office: Office, account_id: int) -> None:
    client = office.browser(Role.COLLECTOR)

    account, page = client.get(f"/accounts/{account_id}"), client.get(f"/accounts/{account_id}/autopay")

    assert TAKEN in account.words
    assert "Automatic payment turned on: Visa •••• 4242" in account.words
    assert "203.0.113.7" in page.words
    assert "INV-77" in page.words
    assert "Planned" in page.words


def test_what_is_coming_over_all_accounts_is_listed(office: Office, account_id: int) -> None:
    client = office.browser(Role.AUDITOR)

    coming, taken = client.get("/collections"), client.get("/collections?show=done")

    assert "INV-77" in coming.words
    assert "INV-77" not in taken.words


def test_staff_turn_it_off_only_with_a_reason(office: Office, account_id: int) -> None:
    client = office.browser(Role.COLLECTOR)
    page = client.get(f"/accounts/{account_id}/autopay")

    refused = page.submit("Turn it off", why="")
    done = client.follow(page.submit("Turn it off", why="They asked by phone"))

    assert refused.status == 422
    assert "Say why, for whoever reads this later." in refused.words
    assert "They asked by phone" in done.words
    assert "Not taken" in done.words
    with office.db.reading() as session:
        assert queries.running(session, account_id) is None
