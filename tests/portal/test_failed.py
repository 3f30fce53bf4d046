"""What a customer reads when a bank payment that was on its way does not come after all."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from domain.accounts.model import Login, Right
from tests.portal.conftest import Portal, sign_in
from tests.support.builders import money
from tests.support.client import Client
from tests.support.paying import NO_MONEY, Debt, fail_late, open_page

Browser = Callable[[], Client]
TOLD = "The bank payment of £120.00 did not go through"


def failed(portal: Portal, rights: frozenset[Right] = frozenset(Right)) -> Debt:
    """An account whose only payment has failed late."""
    account_id, invoices = portal.account("120.00", rights=rights)
    with portal.db.reading() as session:
        login = session.scalars(select(Login.id)).one()
    debt = Debt(account_id, invoices, login, login)
    started = open_page(portal.db, portal.processor, debt, {invoices[0]: money("120")})
    fail_late(portal.db, started.public_id, money("120"))
    return debt


def test_home_says_so_and_leads_to_another_way(portal: Portal, open_browser: Browser) -> None:
    debt = failed(portal)

    home = sign_in(portal, open_browser()).get(f"/accounts/{debt.account_id}")
    again = home.submit("another way")

    for words in (TOLD, NO_MONEY, "You have not been charged."):
        assert words in home.words
    assert (again.status, "£120.00" in again.words) == (200, True)


def test_the_invoice_tells_it_in_its_story(portal: Portal, open_browser: Browser) -> None:
    debt = failed(portal)

    page = sign_in(portal, open_browser()).get(f"/accounts/{debt.account_id}/invoices/{debt.invoices[0]}")

    assert TOLD in page.words
    assert NO_MONEY in page.words


def test_whoever_may_only_look_reads_it_without_the_way_to_pay(portal: Portal, open_browser: Browser) -> None:
    debt = failed(portal, frozenset({Right.VIEW}))

    home = sign_in(portal, open_browser()).get(f"/accounts/{debt.account_id}")

    assert TOLD in home.words
    assert "another way" not in home.words


def test_while_somebody_pays_it_again_it_is_not_told(portal: Portal, open_browser: Browser) -> None:
    debt = failed(portal)
    open_page(portal.db, portal.processor, debt, {debt.invoices[0]: money("120")})

    assert TOLD not in sign_in(portal, open_browser()).get(f"/accounts/{debt.account_id}").words
