"""Credit in the portal: shown where somebody pays, used for the oldest invoices first, once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.accounts.model import Account, Right
from domain.receivables.queries import totals
from domain.shared.db.session import today
from tests.portal.conftest import Portal, sign_in
from tests.support.builders import a_receipt
from tests.support.client import Client, Page

Browser = Callable[[], Client]


def with_credit(portal: Portal, client: Client, *amounts: str, credit: str = "100") -> tuple[int, list[int], Client]:
    """Maya's account with an invoice of each amount and so much credit, and her browser."""
    account_id, invoices = portal.account(*amounts)
    with portal.db.transaction() as session:
        a_receipt(session, session.get_one(Account, account_id), credit, today(session))
    return account_id, invoices, sign_in(portal, client)


def standing(portal: Portal, account_id: int) -> tuple[int, int]:
    """Open and credit, in minor units."""
    with portal.db.reading() as session:
        found = totals(session, account_id, "GBP")
    return found.open.minor, found.credit.minor


def test_credit_is_offered_at_home_and_before_paying_and_on_the_statement(
    portal: Portal, open_browser: Browser
) -> None:
    account_id, invoices, maya = with_credit(portal, open_browser(), "80")
    path = f"/accounts/{account_id}"

    pages: list[Page] = [maya.get(path), maya.get(f"{path}/pay?invoice={invoices[0]}"), maya.get(f"{path}/statement")]

    assert [page.link("Use it for your invoices") for page in pages] == [f"{path}/credit"] * 3


def test_the_oldest_is_suggested_checked_and_settled_once(portal: Portal, open_browser: Browser) -> None:
    account_id, invoices, maya = with_credit(portal, open_browser(), "80", "50")
    page = maya.get(f"/accounts/{account_id}/credit")

    checked = page.submit("Go on")
    answers = [checked.submit("Use the credit").status for _ in range(2)]

    assert page.all("input", name=f"amount-{invoices[1]}")[0].get("value") == "20.00"
    assert "£100.00" in checked.words
    assert answers == [303, 303]
    assert standing(portal, account_id) == (3000, 0)
    assert "You have no credit" in maya.get(f"/accounts/{account_id}/credit").words


@pytest.mark.parametrize("typed", ["abc", "0", "80.01"])
def test_what_cannot_be_used_is_said_beside_its_field(portal: Portal, open_browser: Browser, typed: str) -> None:
    account_id, invoices, maya = with_credit(portal, open_browser(), "80")

    refused = maya.get(f"/accounts/{account_id}/credit").submit("Go on", {f"amount-{invoices[0]}": typed})

    assert refused.status == 422
    assert refused.all("p", id=f"amount-{invoices[0]}-error")
    assert standing(portal, account_id) == (8000, 10000)


def test_nothing_typed_and_too_much_together_are_refused(portal: Portal, open_browser: Browser) -> None:
    account_id, invoices, maya = with_credit(portal, open_browser(), "80", "50")
    page = maya.get(f"/accounts/{account_id}/credit")
    first, second = (f"amount-{one}" for one in invoices)

    refused = [page.submit("Go on", {first: one, second: other}).status for one, other in (("", ""), ("80", "50"))]

    assert refused == [422, 422]


def test_whoever_may_only_look_is_offered_nothing(portal: Portal, open_browser: Browser) -> None:
    account_id, _ = portal.account("80", rights=frozenset({Right.VIEW}))
    with portal.db.transaction() as session:
        a_receipt(session, session.get_one(Account, account_id), "100", today(session))
    maya = sign_in(portal, open_browser())

    assert "Use it for your invoices" not in maya.get(f"/accounts/{account_id}").words
    assert maya.get(f"/accounts/{account_id}/credit").status == 403


def test_credit_with_nothing_open_waits(portal: Portal, open_browser: Browser) -> None:
    account_id, _, maya = with_credit(portal, open_browser())

    assert "Nothing is open that it could settle" in maya.get(f"/accounts/{account_id}/credit").words
