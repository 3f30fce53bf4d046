"""Write-offs in the back office: proposed on the account, approved, their tax claimed back, given up and taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.accounts.model import Account
from domain.receivables.model import Invoice
from domain.shared.db.session import today
from domain.staff.model import Role
from domain.write_offs import queries
from domain.write_offs.model import WriteOff, WriteOffStatus
from tests.backoffice.conftest import Office
from tests.support.builders import an_account, an_invoice
from tests.support.client import Client, Page
from tests.support.counting import counted
from tests.support.credit import a_cheque
from tests.support.writing_off import proposed, written_off


def a_debt(office: Office, *amounts: str, number: str | None = None) -> tuple[int, list[int]]:
    """An account with invoices over these amounts, each 200 days late, and their ids."""
    with office.db.transaction() as session:
        account = an_account(session, name="Harbour Café Ltd")
        due_on = today(session) - timedelta(days=200)
        made = [
            an_invoice(session, account, each, tax="20", issued_on=due_on, due_on=due_on, number=number)
            for each in amounts
        ]
        return account.id, [invoice.id for invoice in made]


def pressed(browser: Client, page: Page, button: str, **said: str | list[str]) -> Page:
    """Press a button, and go where that leads."""
    return browser.follow(page.submit(button, said))


def statuses(office: Office, account_id: int) -> list[WriteOffStatus]:
    """The states of the account's write-offs, the oldest first."""
    with office.db.reading() as session:
        return [row.status for row in reversed(queries.of_account(session, account_id))]


def test_a_collector_proposes_and_a_manager_approves(office: Office) -> None:
    account_id, (invoice_id,) = a_debt(office, "120", number="INV-7")
    collector, manager = office.browser(Role.COLLECTOR), office.browser(Role.MANAGER)

    form = collector.get(f"/accounts/{account_id}/invoices/{invoice_id}").follow("Write off")
    made = pressed(collector, form, "Write it off", kind="accounting", reason="They are gone.")
    refused = made.submit("Approve it")
    listed = manager.get("/write-offs").follow("INV-7")
    approved = pressed(manager, listed, "Approve it")

    assert "Proposed, waits for approval" in made.words
    assert refused.status == 403
    assert "Written off in the books" in approved.words
    assert statuses(office, account_id) == [WriteOffStatus.STANDING]
    assert "£120.00" in manager.get("/write-offs?show=standing").words


def test_a_manager_writes_several_off_at_once(office: Office) -> None:
    account_id, ids = a_debt(office, "120", "60")
    browser = office.browser()
    form = browser.get(f"/accounts/{account_id}/write-offs")

    chosen = [str(each) for each in ids]
    after = pressed(browser, form, "Write it off", invoice=chosen, kind="release", reason="They are gone.")

    assert after.path == f"/accounts/{account_id}/write-offs"
    assert statuses(office, account_id) == [WriteOffStatus.RELEASED] * 2


def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(office: Office) -> None:
    account_id, (invoice_id,) = a_debt(office, "120")
    form = office.browser().get(f"/accounts/{account_id}/write-offs")

    empty = form.submit("Write it off")
    half = form.submit("Write it off", {"invoice": str(invoice_id), "reason": "They are gone."})

    assert (empty.status, half.status) == (422, 422)
    assert "Choose at least one invoice." in empty.words
    assert "Say why." in empty.words
    assert "They are gone." in half.words
    assert statuses(office, account_id) == []


def test_the_code_is_asked_for_before_anything_is_written_off(office: Office) -> None:
    account_id, (invoice_id,) = a_debt(office, "120")
    browser = office.browser(is_sure=False)
    form = browser.get(f"/accounts/{account_id}/write-offs")

    asked = form.submit("Write it off", {"invoice": str(invoice_id), "kind": "accounting", "reason": "Gone."})

    assert asked.all("input", name="confirm_code")
    assert statuses(office, account_id) == []


def test_tax_is_claimed_back_from_the_list_and_the_file_has_it(office: Office) -> None:
    account_id, (invoice_id,) = a_debt(office, "120", number="INV-77")
    with office.db.transaction() as session:
        written_off(session, session.get_one(Account, account_id), session.get_one(Invoice, invoice_id))
    browser = office.browser()

    listed = browser.get("/write-offs?show=relief_due")
    file = listed.follow("The tax to claim as CSV")
    claimed = pressed(browser, listed.follow("INV-77"), "The tax was claimed back")

    assert "£20.00" in listed.words
    assert "INV-77" in file.response.text
    assert ",120.00,20.00,GBP" in file.response.text
    assert "Tax claimed back" in claimed.words
    assert "INV-77" not in browser.get("/write-offs?show=relief_due").words


def test_it_is_given_up_for_good_and_taken_back_with_a_reason(office: Office) -> None:
    account_id, write_off_id = a_written_off(office)
    browser = office.browser()
    written = browser.get(f"/write-offs/{write_off_id}")

    refused = written.submit("Give it up for good")
    released = pressed(browser, written, "Give it up for good", release_why="They are gone.")
    back = pressed(browser, released, "Take it back", take_back_why="They are back.")

    assert (refused.status, refused.words.count("Say why.")) == (422, 2)
    assert "Given up for good" in released.words
    assert "They are back." in back.words
    assert statuses(office, account_id) == [WriteOffStatus.TAKEN_BACK]
    assert browser.get(f"/accounts/{account_id}/timeline").status == 200


def a_written_off(office: Office) -> tuple[int, int]:
    """A debt of £120 that stands written off in the books: its account and its id."""
    with office.db.transaction() as session:
        account = an_account(session)
        return account.id, written_off(session, account, an_invoice(session, account, "120")).id


def test_a_proposal_is_declined_with_a_reason(office: Office) -> None:
    with office.db.transaction() as session:
        account = an_account(session)
        made = proposed(session, account, an_invoice(session, account, "120"))
        account_id, write_off_id = account.id, made.id

    browser = office.browser()
    page = browser.get(f"/write-offs/{write_off_id}")
    declined = pressed(browser, page, "Do not write it off", decline_why="No.")

    assert "Not approved" in declined.words
    assert statuses(office, account_id) == [WriteOffStatus.DECLINED]


def test_what_came_in_all_the_same_stands_on_its_page(office: Office) -> None:
    account_id, write_off_id = a_written_off(office)
    with office.db.transaction() as session:
        written = session.get_one(WriteOff, write_off_id)
        a_cheque(session, session.get_one(Account, account_id), "50")
        assert written.left_minor == 70_00

    page = office.browser().get(f"/write-offs/{write_off_id}")

    assert "What came in all the same" in page.words
    assert "£50.00" in page.words


def test_an_auditor_sees_all_and_can_do_nothing(office: Office) -> None:
    account_id, write_off_id = a_written_off(office)
    auditor = office.browser(Role.AUDITOR)

    pages = [auditor.get(path).words for path in (f"/write-offs/{write_off_id}", f"/accounts/{account_id}/write-offs")]

    assert all("Written off in the books" in text for text in pages)
    assert not any("Why it is given up" in text or "Write it off" in text for text in pages)


@pytest.mark.parametrize(
    "path",
    [
        "/write-offs?show=standing",
        "/write-offs?show=relief_due",
        "/write-offs/tax-to-claim.csv",
        "/accounts/{account}/write-offs",
    ],
)
def test_many_cost_as_many_queries_as_one(office: Office, path: str) -> None:
    account_id, ids = a_debt(office, *["120"] * 6)
    path, browser = path.format(account=account_id), office.browser()

    def cost(*invoice_ids: int) -> int:
        with office.db.transaction() as session:
            account = session.get_one(Account, account_id)
            for each in invoice_ids:
                written_off(session, account, session.get_one(Invoice, each))
        browser.get(path)
        with counted(office.db.bind) as sent:
            page = browser.get(path)
        assert page.response.text.count(",120.00,20.00,GBP" if page.is_download else "Since") > 0
        return len(sent)

    one = cost(ids[0])

    assert cost(*ids[1:]) == one


def test_a_page_holds_fifty_and_leads_to_the_rest(office: Office) -> None:
    account_id, ids = a_debt(office, *["120"] * 51)
    with office.db.transaction() as session:
        account = session.get_one(Account, account_id)
        written_off(session, account, *[session.get_one(Invoice, each) for each in ids])

    first = office.browser().get("/write-offs?show=standing")
    second = first.follow("More write-offs")

    assert "£6,120.00" in first.words
    assert [len(page.all("tr")) - 1 for page in (first, second)] == [50, 1]
