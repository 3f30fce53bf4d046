"""Telling of a transfer in the portal: typed or from a file, checked, kept, taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.advices.queries import open_advices
from domain.receivables import queries as receivables
from tests.portal.conftest import Portal, sign_in
from tests.support.client import Client
from tests.support.pdfs import a_pdf

Browser = Callable[[], Client]


def numbers(portal: Portal, account_id: int) -> list[str]:
    """The numbers of the open invoices."""
    with portal.db.reading() as session:
        return [row.number for row in receivables.open_invoices(session, account_id)]


def test_what_is_typed_is_checked_kept_and_shown_until_it_is_taken_back(portal: Portal, open_browser: Browser) -> None:
    account_id, invoices = portal.account("120.00", "30.00")
    maya = sign_in(portal, open_browser())
    page = maya.get(f"/accounts/{account_id}/advice")

    checked = page.submit("Go on", {f"amount-{invoices[0]}": "100"})
    answers = [checked.submit("Tell us").status for _ in range(2)]
    known = maya.get(f"/accounts/{account_id}/advice")
    known.submit("It is not coming")

    assert "£100.00" in checked.words
    assert answers == [303, 303]
    assert "We wait for £100.00" in known.words
    assert "We wait for" not in maya.get(f"/accounts/{account_id}/advice").words


def test_what_was_ticked_to_be_paid_is_filled_in_in_full(portal: Portal, open_browser: Browser) -> None:
    account_id, invoices = portal.account("120.00", "30.00")
    maya = sign_in(portal, open_browser())

    page = maya.get(f"/accounts/{account_id}/advice", params={"invoice": [str(invoices[1]), "nonsense"]})

    amounts = {field.get("name"): field.get("value") for field in page.all("input", **{"class": "input input--money"})}
    assert amounts == {f"amount-{invoices[0]}": "", f"amount-{invoices[1]}": "30.00"}


@pytest.mark.parametrize("kind", ["csv", "pdf"])
def test_a_file_fills_the_form_in_and_is_filed(portal: Portal, open_browser: Browser, kind: str) -> None:
    account_id, _ = portal.account("120.00", "30.00")
    maya = sign_in(portal, open_browser())
    number = numbers(portal, account_id)[0]
    content = f"Invoice,Paid\n{number},99.50\n".encode() if kind == "csv" else a_pdf([f"{number} 99.50"])

    read = maya.get(f"/accounts/{account_id}/advice").submit(
        "Read the file", files={"file": (f"../../advice.{kind}", content)}
    )
    checked = read.submit("Go on")
    checked.submit("Tell us")

    assert "Filled in from your file" in read.words
    assert "£99.50" in checked.words
    assert list(portal.store.contents.values()) == [content]
    with portal.db.reading() as session:
        (advice,) = open_advices(session)
    assert advice.document_id is not None
    assert maya.get(f"/accounts/{account_id}/documents/{advice.document_id}").is_download


@pytest.mark.parametrize("typed", ["", "abc", "120.01"])
def test_what_cannot_be_meant_is_shown_again(portal: Portal, open_browser: Browser, typed: str) -> None:
    account_id, invoices = portal.account("120.00")
    maya = sign_in(portal, open_browser())

    refused = maya.get(f"/accounts/{account_id}/advice").submit("Go on", {f"amount-{invoices[0]}": typed})

    assert refused.status == 422


def test_the_file_of_another_account_is_not_taken_for_ones_own(portal: Portal, open_browser: Browser) -> None:
    account_id, invoices = portal.account("120.00")
    maya = sign_in(portal, open_browser())
    checked = maya.get(f"/accounts/{account_id}/advice").submit("Go on", {f"amount-{invoices[0]}": "5"})

    assert checked.submit("Tell us", {"document": "999999"}).status in {404, 422}
    with portal.db.reading() as session:
        assert open_advices(session) == []


def test_what_is_missing_is_named_with_a_link_to_its_field(portal: Portal, open_browser: Browser) -> None:
    account_id, invoices = portal.account("120.00")
    maya = sign_in(portal, open_browser())
    page = maya.get(f"/accounts/{account_id}/advice")

    without_day = page.submit("Go on", {f"amount-{invoices[0]}": "5", "expected_on": ""})
    without_file = page.submit("Read the file")

    assert without_day.link("Enter the day of the transfer.") == "#expected_on"
    assert without_file.link("Choose the file of your remittance advice.") == "#file"
