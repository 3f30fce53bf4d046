"""Payments as staff see them: the list, and all that is known of one."""

from __future__ import annotations

from tests.backoffice.conftest import Office
from tests.support.builders import money
from tests.support.client import Client
from tests.support.contesting import contest
from tests.support.fakes import FakeProcessor
from tests.support.paying import Debt, a_debt, open_page, succeed


def a_payment(office: Office) -> tuple[Debt, str]:
    """A payment that succeeded: the debt, and its public id."""
    debt = a_debt(office.db, "120")
    started = open_page(office.db, FakeProcessor(), debt, {debt.invoices[0]: money("120")})
    succeed(office.db, started.public_id, money("120"))
    return debt, started.public_id


def test_the_list_shows_each_payment_with_its_account_and_standing(office: Office, manager: Client) -> None:
    a_payment(office)

    page = manager.get("/payments")

    assert "RCT-000001" in page.words
    assert "Succeeded" in page.words


def test_the_lists_and_the_page_say_what_became_of_a_payment(office: Office, manager: Client) -> None:
    debt, public_id = a_payment(office)

    contest(office.db, "needs_response", "120")

    for path in ("/payments", f"/accounts/{debt.account_id}/payments", f"/payments/{public_id}"):
        assert "Contested by the bank" in manager.get(path).words
    assert manager.get("/payments?status=succeeded").words.count("Succeeded") == 1  # the filter alone


def test_the_list_is_filtered_by_standing(office: Office, manager: Client) -> None:
    a_payment(office)

    page = manager.get("/payments").follow("Failed")

    assert "No payments here" in page.words


def test_one_payment_shows_all_that_is_known_of_it(office: Office, manager: Client) -> None:
    _, public_id = a_payment(office)

    page = manager.get(f"/payments/{public_id}")

    for words in ("What it settled", "In the ledger", "Receipts awaiting settlement", "pi_1", "Request 1", public_id):
        assert words in page.words
    assert "the payment processor" in page.words


def test_a_payment_that_is_not_there_is_not_found(manager: Client) -> None:
    assert manager.get("/payments/nothing").status == 404
