"""Finding accounts, and one account's page in all its parts."""

from __future__ import annotations

from datetime import date

import pytest

from domain.accounts.contacts import ContactDetails
from domain.accounts.contacts import add as add_contact
from domain.accounts.queries import lock
from domain.shared.actor import OPERATOR
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import a_receipt, an_account, an_invoice
from tests.support.client import Client


def a_customer(office: Office, name: str = "Harbour Café Ltd", **more: str) -> int:
    """An account with one late invoice of 120 and one settled one of 30."""
    with office.db.transaction() as session:
        account = an_account(session, name=name, **more)
        an_invoice(session, account, "120", issued_on=date(2026, 1, 5), due_on=date(2026, 2, 4), number=f"L-{name[:3]}")
        paid = an_invoice(session, account, "30", issued_on=date(2026, 1, 6), number=f"P-{name[:3]}")
        a_receipt(session, account, "30", date(2026, 1, 20), paid)
        return account.id


@pytest.mark.parametrize("words", ["harbour", "CAFE", "A-77", "L-Har", "anna@harbour", "0191"])
def test_an_account_is_found_by_whatever_is_known_of_it(office: Office, manager: Client, words: str) -> None:
    account_id = a_customer(office, number="A-77")
    a_customer(office, "Pier House Hotel")
    with office.db.transaction() as session:
        contact = ContactDetails("Anna Berg", email="anna@harbour.example", phone="0191 498 0377")
        add_contact(session, lock(session, account_id), contact, actor=OPERATOR)

    page = manager.get("/accounts", params={"q": words})

    assert [a.get("href") for a in page.all("a") if a.text in {"Harbour Café Ltd", "Pier House Hotel"}] == [
        f"/accounts/{account_id}"
    ]


def test_the_list_shows_what_is_open_and_what_is_late(office: Office, manager: Client) -> None:
    a_customer(office)

    page = manager.get("/accounts")

    assert "Harbour Café Ltd" in page.words
    assert page.words.count("£120.00") == 2


def test_only_late_accounts_are_shown_when_asked(office: Office, manager: Client) -> None:
    a_customer(office)
    with office.db.transaction() as session:
        an_invoice(session, an_account(session, name="Punctual Ltd"), "5")

    page = manager.get("/accounts").follow("Late")

    assert "Harbour" in page.words
    assert "Punctual" not in page.words


def test_who_owes_most_comes_first_when_asked(office: Office, manager: Client) -> None:
    a_customer(office, "Anchor")
    with office.db.transaction() as session:
        for number in range(55):
            an_invoice(session, an_account(session, name=f"Customer {number:02}"), str(200 + number))

    first = manager.get("/accounts").follow("Most open first")
    second = first.follow("More accounts")
    late = first.follow("Most late first")

    assert first.words.index("Customer 54") < first.words.index("Customer 53") < first.words.index("Customer 05")
    assert "Customer 04" not in first.words
    assert second.words.index("Customer 00") < second.words.index("Anchor")
    assert late.words.index("Anchor") < late.words.index("Customer 00")
    assert manager.get("/accounts", params={"sort": "open", "after": "much"}).status == 200


def test_a_long_list_is_walked_page_by_page(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        for number in range(60):
            an_account(session, name=f"Customer {number:02}")

    first = manager.get("/accounts")
    second = first.follow("More accounts")

    assert "Customer 49" in first.words
    assert "Customer 50" not in first.words
    assert "Customer 59" in second.words


@pytest.mark.parametrize(
    ("role", "by_hand", "by_file"),
    [(Role.MANAGER, True, True), (Role.ADMINISTRATOR, False, True), (Role.AUDITOR, False, False)],
)
def test_without_accounts_the_page_names_only_what_the_visitor_may_do(
    office: Office, role: Role, by_hand: bool, by_file: bool
) -> None:
    page = office.browser(role).get("/accounts")

    assert ("open an account by hand" in page.words) is by_hand
    assert any(link.get("class") == "back-link" for link in page.all("a", href="/imports")) is by_file


def test_nothing_found_says_how_to_search(manager: Client) -> None:
    assert "No account fits" in manager.get("/accounts", params={"q": "zzz"}).words


@pytest.mark.parametrize("part", ["", "/timeline", "/invoices", "/payments", "/ledger", "/documents"])
def test_every_part_of_the_page_shows_the_account(office: Office, manager: Client, part: str) -> None:
    account_id = a_customer(office)

    page = manager.get(f"/accounts/{account_id}{part}")

    assert page.status == 200
    assert "Harbour Café Ltd" in page.words


def test_an_account_that_is_not_there_is_not_found(manager: Client) -> None:
    assert manager.get("/accounts/99").status == 404


def test_the_ledger_shows_each_entry_with_its_legs_and_the_balance_after_it(office: Office, manager: Client) -> None:
    account_id = a_customer(office)

    page = manager.get(f"/accounts/{account_id}/ledger")

    assert "Credit: Sales £120.00" in page.words
    assert "Closing balance£120.00" in page.words


def test_a_period_that_ends_before_it_begins_is_refused_beside_its_field(office: Office, manager: Client) -> None:
    account_id = a_customer(office)

    page = manager.get(f"/accounts/{account_id}/ledger", params={"from": "2026-02-01", "to": "2026-01-01"})

    assert page.status == 422
    assert page.all("p", id="to-error")


def test_the_timeline_comes_alone_for_htmx_and_filtered(office: Office, manager: Client) -> None:
    account_id = a_customer(office)

    money = manager.fragment(f"/accounts/{account_id}/timeline", params={"show": "money"})
    people = manager.fragment(f"/accounts/{account_id}/timeline", params={"show": "people"})

    assert "Invoice L-Har" in money.words
    assert "Account opened" not in money.words
    assert "Account opened" in people.words


def test_a_new_account_is_opened(office: Office) -> None:
    client = office.browser(Role.COLLECTOR)

    opened = client.get("/accounts/new").submit("Open the account", name="New Ltd", number="N-1", email="a@new.example")

    assert "New Ltd" in client.follow(opened).words


@pytest.mark.parametrize(
    ("field", "typed"), [("name", ""), ("number", ""), ("currency", "XXZ"), ("email", "nobody"), ("terms_days", "-1")]
)
def test_what_cannot_be_used_is_refused_beside_its_field(manager: Client, field: str, typed: str) -> None:
    filled = {"name": "New Ltd", "number": "N-1", field: typed}

    refused = manager.get("/accounts/new").submit("Open the account", filled)

    assert refused.status == 422
    assert refused.all("p", id=f"{field}-error")


def test_a_number_that_is_taken_is_refused(office: Office, manager: Client) -> None:
    a_customer(office, number="N-1")

    refused = manager.get("/accounts/new").submit("Open the account", name="Again", number="N-1")

    assert refused.status == 422
    assert refused.all("p", id="number-error")
