"""Invoices that are right before they go out."""

from __future__ import annotations

from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import an_account

LINES = {"description-1": "Cups", "net-1": "100", "tax-1": "20"}


def account_path(office: Office) -> str:
    """The page of an account of which nothing is known."""
    with office.db.transaction() as session:
        return f"/accounts/{an_account(session).id}"


def test_what_is_missing_is_told_and_the_address_that_law_wants_is_asked_for_on_the_spot(office: Office) -> None:
    path = account_path(office)
    client = office.browser(Role.COLLECTOR)

    checked = client.get(f"{path}/invoices/new").submit("Check it", LINES)
    refused = checked.submit("Issue it")
    issued = client.follow(refused.submit("Issue it", address="1 Quay\nLeith"))
    again = client.get(f"{path}/invoices/new").submit("Check it", LINES)

    assert "postal address is not known" in checked.words
    assert "Nobody at this customer has an email address" in checked.words
    assert refused.status == 422
    assert "Cups" in refused.words
    assert "Invoice INV-000001" in issued.words
    assert "postal address is not known" not in again.words


def test_what_their_invoices_bear_is_kept_and_minded(office: Office) -> None:
    path = account_path(office)
    client = office.browser(Role.COLLECTOR)

    form = client.get(f"{path}/invoices/new").follow("What their invoices bear")
    new = client.follow(form.submit("Save", address="1 Quay", tax_number="GB123456789", wants_purchase_order="yes"))
    without = new.submit("Check it", LINES)
    named = new.submit("Check it", LINES, purchase_order="PO-1")
    kept = client.get(f"{path}/invoicing")

    assert "wants their purchase order" in without.words
    assert "wants their purchase order" not in named.words
    assert kept.all("input", name="tax_number")[0].get("value") == "GB123456789"
    assert "What invoices have to bear was changed" in client.get(path).words


def test_an_address_that_is_too_long_is_told_and_not_lost(office: Office) -> None:
    refused = office.browser(Role.COLLECTOR).get(f"{account_path(office)}/invoicing").submit("Save", address="x" * 501)

    assert refused.status == 422
    assert "x" * 501 in refused.words
