"""Paying by bank transfer: the reference of each invoice, and where the money goes, where the business says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from domain.receivables.references import printed, reference_of
from domain.shared.business import BankDetails, Business
from tests.portal.conftest import Portal, sign_in
from tests.support.client import Client

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


def test_what_was_ticked_goes_along_to_where_a_transfer_is_told_of(
    portal: Portal, open_browser: Callable[[], Client]
) -> None:
    account_id, invoices = portal.account("120.00", "30.00")
    maya = sign_in(portal, open_browser())

    paying = maya.get(f"/accounts/{account_id}/pay", params={"invoice": [str(one) for one in invoices]})

    link = paying.link("Paying several invoices with one transfer? Tell us which")
    assert link == f"/accounts/{account_id}/advice?" + "&".join(f"invoice={one}" for one in invoices)
