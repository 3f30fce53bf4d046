"""Paying by bank transfer: the reference of each invoice, and where the money goes, where the business says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS, Account, Right
from domain.advices.telling import tell
from domain.policies.sections import Sections
from domain.receivables.epc_codes import epc_code
from domain.receivables.model import Invoice
from domain.receivables.references import printed, reference_of
from domain.settlements.offering import offer
from domain.shared.actor import OPERATOR
from domain.shared.business import BankDetails, Business
from domain.shared.db.session import today
from domain.shared.money import Money
from domain.staff.model import Role
from tests.portal.conftest import ADDRESS, Portal, sign_in
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.client import Client, Page
from tests.support.policies import a_policy
from tests.support.settling import SETTLEMENTS, wanted
from web.qr import qr_code

IBAN = "GB82WEST12345698765432"


@pytest.fixture
def business() -> Business:
    """A creditor that says to which bank account money can be transferred."""
    return replace(Business(), bank=BankDetails(holder="Northgate Supplies Ltd", iban=IBAN, bic="NWBKGB2L"))


def test_an_open_invoice_says_where_to_and_by_which_reference(
    portal: Portal, open_browser: Callable[[], Client]
) -> None:
    account_id, invoices = portal.account("120.00", "30.00")
    maya = sign_in(portal, open_browser())

    shown = maya.get(f"/accounts/{account_id}/invoices/{invoices[0]}").words
    paying = maya.get(f"/accounts/{account_id}/pay", params={"invoice": [str(one) for one in invoices]}).words

    assert printed(reference_of(invoices[0])) in shown
    for words in (shown, paying):
        assert "GB82 WEST 1234 5698 7654 32" in words
        assert "Northgate Supplies Ltd" in words
        assert "Sort code" not in words
    assert all(printed(reference_of(one)) in paying for one in invoices)


def test_the_bank_account_stands_among_the_ways_to_pay(portal: Portal, open_browser: Callable[[], Client]) -> None:
    account_id, _ = portal.account("120.00")
    maya = sign_in(portal, open_browser())

    page = maya.get(f"/accounts/{account_id}/ways-to-pay")

    for words in ("By bank transfer", "GB82 WEST 1234 5698 7654 32", "Each invoice shows its own reference"):
        assert words in page.words


def test_what_was_ticked_goes_along_to_where_a_transfer_is_told_of(
    portal: Portal, open_browser: Callable[[], Client]
) -> None:
    account_id, invoices = portal.account("120.00", "30.00")
    maya = sign_in(portal, open_browser())

    paying = maya.get(f"/accounts/{account_id}/pay", params={"invoice": [str(one) for one in invoices]})

    link = paying.link("Tell us of your transfer, for one invoice or for several")
    assert link == f"/accounts/{account_id}/advice?" + "&".join(f"invoice={one}" for one in invoices)


def in_euro(portal: Portal, *amounts: str) -> tuple[int, list[int]]:
    """An account of Maya's in euro."""
    with portal.db.transaction() as session:
        account = an_account(session, currency="EUR")
        grant(session, account, email=ADDRESS, name="Maya", rights=ALL_RIGHTS, actor=OPERATOR)
        return account.id, [an_invoice(session, account, amount).id for amount in amounts]


def pictures(page: Page) -> list[str]:
    """The QR codes of a page, by what is drawn."""
    return [str(path.get("d")) for svg in page.all("svg", class_="qr") for path in svg]


def drawn(business: Business, amount: Money, invoice: int) -> str:
    """What the code of a transfer looks like."""
    code = epc_code(business.bank, amount, reference_of(invoice))
    assert code is not None
    return qr_code(code).partition(' d="')[2].partition('"')[0]


def test_every_value_can_be_copied_as_a_bank_wants_it(portal: Portal, open_browser: Callable[[], Client]) -> None:
    account_id, [invoice] = portal.account("120.00")
    maya = sign_in(portal, open_browser())

    page = maya.get(f"/accounts/{account_id}/invoices/{invoice}")

    copied = [button.get("data-copy") for button in page.all("button", type="button")]
    assert copied == ["Northgate Supplies Ltd", IBAN, "NWBKGB2L", "120.00", reference_of(invoice)]
    assert all(button.get("hidden") is not None for button in page.all("button", type="button"))


def test_a_debt_in_euro_has_a_code_for_banking_apps_and_one_in_pounds_has_none(
    portal: Portal, open_browser: Callable[[], Client], business: Business
) -> None:
    pounds, [in_pounds] = portal.account("120.00")
    euros, [first, second] = in_euro(portal, "120.00", "30.00")
    maya = sign_in(portal, open_browser())

    shown = maya.get(f"/accounts/{euros}/invoices/{first}")
    paying = maya.get(f"/accounts/{euros}/pay", params={"invoice": str(second)})
    several = maya.get(f"/accounts/{euros}/pay", params={"invoice": [str(first), str(second)]})

    assert pictures(shown) == [drawn(business, Money(12_000, "EUR"), first)]
    assert pictures(paying) == [drawn(business, Money(3_000, "EUR"), second)]
    assert pictures(several) == []
    assert pictures(maya.get(f"/accounts/{pounds}/invoices/{in_pounds}")) == []
    [box] = shown.all("div", role="img")
    assert "€120.00 to Northgate Supplies Ltd" in str(box.get("aria-label"))


def test_a_transfer_that_is_told_of_stands_beside_where_it_goes(
    portal: Portal, open_browser: Callable[[], Client], business: Business
) -> None:
    account_id, [first, second] = in_euro(portal, "120.00", "30.00")
    maya = sign_in(portal, open_browser())

    check = maya.get(f"/accounts/{account_id}/advice").submit(
        "Go on", {f"amount-{first}": "100", f"amount-{second}": "30"}
    )

    assert "GB82 WEST 1234 5698 7654 32" in check.words
    assert printed(reference_of(first)) in check.words
    assert pictures(check) == [drawn(business, Money(13_000, "EUR"), first)]


def test_a_told_transfer_shows_where_its_debt_shows_until_it_comes_or_is_taken_back(
    portal: Portal, open_browser: Callable[[], Client]
) -> None:
    account_id, invoices = portal.account("120.00", "30.00", "7.00")
    maya = sign_in(portal, open_browser())
    with portal.db.transaction() as session:
        wanted = {invoices[0]: money("100"), invoices[1]: money("30")}
        tell(session, account_id, wanted, expected_on=today(session), actor=OPERATOR)

    def where() -> list[bool]:
        paths = ("", *(f"/invoices/{one}" for one in invoices), f"/pay?invoice={invoices[0]}")
        pages = [maya.get(f"/accounts/{account_id}{path}") for path in paths]
        return ["You told us of a transfer of £130.00 on 16 Mar 2026" in page.words for page in pages]

    before = where()
    part = maya.get(f"/accounts/{account_id}/invoices/{invoices[0]}").words
    maya.get(f"/accounts/{account_id}/advice").submit("It is not coming")

    assert before == [True, True, True, False, True]
    assert "£100.00 of it is for this. It usually takes 1–2 bank days." in part
    assert not any(where())


def test_a_told_transfer_is_asked_after_when_it_does_not_come(
    portal: Portal, open_browser: Callable[[], Client]
) -> None:
    account_id, [invoice] = portal.account("120.00")
    with portal.db.transaction() as session:
        tell(session, account_id, {invoice: money("120")}, expected_on=today(session), actor=OPERATOR)
    portal.clock.advance(days=5)
    maya = sign_in(portal, open_browser())

    home = maya.get(f"/accounts/{account_id}")

    assert "It has not come yet. If it was not sent, take it back and pay as you like." in home.words


def test_nobody_waits_for_a_transfer_for_what_is_settled_in_another_way(
    portal: Portal, open_browser: Callable[[], Client]
) -> None:
    account_id, [invoice] = portal.account("120.00")
    with portal.db.transaction() as session:
        tell(session, account_id, {invoice: money("100")}, expected_on=today(session), actor=OPERATOR)
        account, debt = session.get_one(Account, account_id), session.get_one(Invoice, invoice)
        a_receipt(session, account, "120", today(session), debt)
    maya = sign_in(portal, open_browser())

    assert "You told us of a transfer" not in maya.get(f"/accounts/{account_id}").words
    assert "We wait for" not in maya.get(f"/accounts/{account_id}/advice").words


def test_who_may_only_look_sees_that_it_was_told_and_no_way_to_take_it_back(
    portal: Portal, open_browser: Callable[[], Client]
) -> None:
    account_id, [invoice] = portal.account("120.00", rights=frozenset({Right.VIEW}))
    with portal.db.transaction() as session:
        tell(session, account_id, {invoice: money("120")}, expected_on=today(session), actor=OPERATOR)
    maya = sign_in(portal, open_browser())

    home = maya.get(f"/accounts/{account_id}")

    assert "You told us of a transfer of £120.00" in home.words
    assert "take it back" not in home.words


def test_a_settlement_of_several_invoices_is_transferred_with_one_reference(
    portal: Portal, open_browser: Callable[[], Client]
) -> None:
    account_id, _ = portal.account()
    with portal.db.transaction() as session:
        account, due_on = session.get_one(Account, account_id), today(session) - timedelta(days=90)
        a_policy(session, Sections(settlements=SETTLEMENTS), account_id=account_id)
        first, second = (an_invoice(session, account, each, issued_on=due_on, due_on=due_on) for each in ("60", "140"))
        made = offer(session, account_id, wanted(session, "160", first, second), role=Role.COLLECTOR, actor=OPERATOR)
        reference, other = printed(reference_of(first.id)), printed(reference_of(second.id))
    maya = sign_in(portal, open_browser())
    look = maya.get(f"/accounts/{account_id}/settlements/{made.id}").submit("Go on")

    pages = maya.follow(look.submit("Accept")), maya.get(f"/accounts/{account_id}/settlements/{made.id}")

    assert [reference in page.words for page in pages] == [True, True]
    assert [other in page.words for page in pages] == [False, False]
