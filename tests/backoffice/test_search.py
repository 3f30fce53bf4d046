"""The search of the back office: everything from one box, as far as the role may see it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.accounts.contacts import ContactDetails
from domain.accounts.contacts import add as add_contact
from domain.accounts.logins import grant
from domain.accounts.model import Right
from domain.invoicing.credit_notes import issue_credit_note
from domain.receivables.references import printed, reference_of
from domain.shared.actor import OPERATOR
from domain.shared.db.session import today
from domain.staff.model import Role
from domain.staff.permissions import PERMISSIONS, Permission
from tests.backoffice.conftest import Office
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.client import Client, Page
from tests.support.counting import counted
from tests.support.disputing import contest
from tests.support.incoming import a_message
from tests.support.litigating import a_case
from tests.support.noticing import a_notice
from tests.support.placing import a_late_debt, a_partner, placed
from tests.support.planning import an_asked_plan
from tests.support.promising import promised


def group(page: Page, name: str) -> str:
    """The words of one group of what was found; empty where there is none."""
    return " ".join(" ".join(section.itertext()) for section in page.all("section", id=name))


def hrefs(page: Page) -> list[str]:
    return [str(link.get("href")) for link in page.all("a", class_="finds__name")]


def everything(office: Office) -> int:
    """One of each thing on an account of Müller's; returns its id."""
    office.person(Role.MANAGER)
    with office.db.transaction() as session:
        account = an_account(session, name="Müller & Söhne GmbH", number="K-4711", email="post@mueller.example")
        add_contact(session, account, ContactDetails("Änne Müller", email="aenne@b.example"), actor=OPERATOR)
        grant(session, account, email="jo@b.example", name="Jo Müller", rights={Right.VIEW}, actor=OPERATOR)
        invoice = an_invoice(session, account, "1234.50", number="INV-2026-0815")
        issue_credit_note(session, account, invoice, money("10"), reason="x", actor=OPERATOR)
        a_receipt(session, account, "777.70", date(2026, 2, 2))
        contest(session, account, an_invoice(session, account, "30", number="D-1"))
        promised(session, account, invoice)
        a_notice(session, account)
        a_message(session, "aenne@b.example")
    return account.id


@pytest.mark.parametrize("typed", ["müller", "MULLER", "mueller", "Muler", "Mülelr", "Mller söhne", "K-4711", "471"])
def test_an_account_is_found_however_its_name_is_spelt(office: Office, manager: Client, typed: str) -> None:
    account_id = everything(office)

    page = manager.get("/search", params={"q": typed})

    assert f"/accounts/{account_id}" in hrefs(page)


def test_what_goes_on_with_the_account_that_is_meant_is_found_with_it(office: Office, manager: Client) -> None:
    everything(office)

    page = manager.get("/search", params={"q": "müller"})

    heads = [" ".join(head.itertext()) for head in page.all("h2")]
    assert heads[:2] == ["Accounts", "People"]
    assert {"Disputes", "Promises", "Notices and messages"} <= set(heads)


@pytest.mark.parametrize(
    "typed", ["INV-2026-0815", "inv-2026-0815", "0815", "2026-08", "1,234.50", "1234.5", "£1234.50", "GBP 1,234.50"]
)
def test_an_invoice_is_found_by_its_number_a_part_of_it_and_its_amount(
    office: Office, manager: Client, typed: str
) -> None:
    account_id = everything(office)

    page = manager.get("/search", params={"q": typed})

    assert hrefs(page)[0].startswith(f"/accounts/{account_id}/invoices/")
    assert "INV-2026-0815" in page.words


def test_an_amount_in_another_currency_is_not_found(office: Office, manager: Client) -> None:
    everything(office)

    assert "INV-2026-0815" not in manager.get("/search", params={"q": "€1234.50"}).words


def test_an_invoice_is_found_by_its_payment_reference(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        invoice = an_invoice(session, an_account(session), "20", number="X-1")

    assert "X-1" in manager.get("/search", params={"q": printed(reference_of(invoice.id))}).words


def test_credit_notes_payments_and_bank_money_are_found(office: Office, manager: Client) -> None:
    account_id = everything(office)

    noted = manager.get("/search", params={"q": "CN-0000"})
    paid = manager.get("/search", params={"q": "777.70"})

    assert hrefs(noted) == [f"/accounts/{account_id}/invoices/1"]
    assert hrefs(paid)[0].startswith("/payments/")
    assert ["".join(mark.itertext()) for mark in paid.all("mark")] == ["£777.70"]


def test_handoffs_partners_cases_and_plans_are_found(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        partner = a_partner(session)
        late = a_late_debt(session)[0]
        placement = placed(session, late, partner)
        case = a_case(session)[-1]
        plan = an_asked_plan(session, "120")[-1]
        plan_id, placement_id, case_id, partner_name = plan.id, placement.id, case.id, partner.name
        number = (
            session.connection()
            .exec_driver_sql(
                f"SELECT a.number FROM account a JOIN payment_plan p ON p.account_id = a.id WHERE p.id = {plan_id}"
            )
            .scalar_one()
        )

    assert hrefs(manager.get("/search", params={"q": f"ho-{placement_id:06}"})) == [f"/handoffs/{placement_id}"]
    assert hrefs(manager.get("/search", params={"q": f"LC-{case_id:06}"})) == [f"/cases/{case_id}"]
    assert "/partners/" in " ".join(hrefs(manager.get("/search", params={"q": partner_name})))
    assert f"/plans/{plan_id}" in hrefs(manager.get("/search", params={"q": number}))


def test_what_was_looked_for_is_marked_whatever_its_accents(office: Office, manager: Client) -> None:
    everything(office)

    page = manager.get("/search", params={"q": "muller"})

    assert page.all("mark")[0].text == "Müller"


def test_the_pages_of_the_office_are_found_too_in_the_readers_language(office: Office, manager: Client) -> None:
    page = manager.get("/search", params={"q": "promise"})

    assert "/promises" in hrefs(page)
    assert "/accounts/new" in hrefs(manager.get("/search", params={"q": "open an acc"}))
    assert "/accounts/new" not in hrefs(office.browser(Role.AUDITOR).get("/search", params={"q": "open an acc"}))


def test_nothing_found_says_what_can_be_tried(manager: Client) -> None:
    assert "Nothing fits" in manager.get("/search", params={"q": "qqxxyy"}).words


@pytest.mark.parametrize("typed", ["", " ", "%", '"', "'", "a", "\x00", "AND OR", "*", '"" NEAR', "x" * 5000, "ſ ß"])
def test_whatever_is_typed_is_looked_for_and_no_more(manager: Client, typed: str) -> None:
    assert manager.get("/search", params={"q": typed}).status == 200
    assert manager.fragment("/search/suggestions", params={"q": typed}).status == 200


def test_what_is_suggested_can_be_chosen_from_a_list(office: Office, manager: Client) -> None:
    account_id = everything(office)

    list_ = manager.fragment("/search/suggestions", params={"q": "müll"})

    options = list_.all("a", role="option")
    assert options[0].get("href") == f"/accounts/{account_id}"
    assert options[-1].get("href") == "/search?q=m%C3%BCll"
    assert len({option.get("id") for option in options}) == len(options)


def test_one_letter_suggests_nothing(manager: Client) -> None:
    assert manager.fragment("/search/suggestions", params={"q": "m"}).tree is None


def test_what_a_role_may_not_see_is_not_found(office: Office, manager: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    everything(office)
    before = manager.get("/search", params={"q": "müller"}).words
    for permission in (Permission.SEE_DISPUTES, Permission.SEE_NOTICES, Permission.SEE_MESSAGES):
        monkeypatch.setitem(PERMISSIONS, permission, frozenset())

    after = manager.get("/search", params={"q": "müller"}).words

    assert "Notices and messages" in before
    assert "DSP-" in before
    assert "Notices and messages" not in after
    assert "DSP-" not in after


def test_a_search_asks_no_more_where_more_is_found(office: Office, manager: Client) -> None:
    everything(office)
    manager.get("/search", params={"q": "müller"})
    with counted(office.db.bind) as before:
        manager.get("/search", params={"q": "müller"})
    with office.db.transaction() as session:
        for number in range(3):
            account = an_account(session, name=f"Müller {number}")
            an_invoice(session, account, "5", number=f"MÜLLER {number}")

    with counted(office.db.bind) as after:
        manager.get("/search", params={"q": "müller"})

    with counted(office.db.bind) as bare:
        manager.get("/search", params={"q": ""})
    assert len(after) <= len(before)
    assert len(before) - len(bare) <= 42


@pytest.mark.parametrize("typed", ["1577.9", "1,577.90", "£1577.90", "2000.1"])
def test_an_account_is_found_by_all_that_is_late_or_open_on_it(office: Office, manager: Client, typed: str) -> None:
    with office.db.transaction() as session:
        day = today(session)
        account = an_account(session, name="Harbour Ltd")
        for amount in ("1000.40", "577.50"):
            an_invoice(session, account, amount, issued_on=day - timedelta(days=60), due_on=day - timedelta(days=30))
        an_invoice(session, account, "422.20", issued_on=day, due_on=day + timedelta(days=30))

    page = manager.get("/search", params={"q": typed})

    assert hrefs(page) == [f"/accounts/{account.id}"]
    assert "on the account" in page.words
    assert "Show them in their list" not in page.words
    assert "Harbour Ltd" in manager.fragment("/search/suggestions", params={"q": typed}).words


def test_a_number_with_zeros_before_it_is_no_amount(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        account = an_account(session)
        an_invoice(session, account, "384", number="X-1")
        an_invoice(session, account, "0.38", number="X-2")
        an_invoice(session, account, "20", number="INV-000384")

    numbered, amount = manager.get("/search", params={"q": "000384"}), manager.get("/search", params={"q": "0.38"})

    assert "INV-000384" in numbered.words
    assert "X-1" not in numbered.words
    assert "X-2" in amount.words
