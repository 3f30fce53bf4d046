"""Issuing, crediting and withdrawing invoices, each within one's authority."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from domain.accounts import queries as accounts
from domain.invoicing.debit_notes import issue_debit_note
from domain.invoicing.model import CreditNote
from domain.policies.queries import names
from domain.policies.sections import Allocation, Limits, Sections, Terms
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from domain.shared.db.session import today
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.client import Client
from tests.support.crediting import ruled
from tests.support.policies import a_policy


def an_open_invoice(office: Office, amount: str = "1200", *, tax: str = "200") -> str:
    """The path of an open invoice."""
    with office.db.transaction() as session:
        account = an_account(session)
        return f"/accounts/{account.id}/invoices/{an_invoice(session, account, amount, tax=tax, number='X-1').id}"


def new_form(office: Office) -> str:
    """The path of the form for a new invoice."""
    with office.db.transaction() as session:
        return f"/accounts/{an_account(session, address='1 Quay, Leith').id}/invoices/new"


LINES = {"description-1": "Cups", "net-1": "100", "tax-1": "20", "description-2": "Plates", "net-2": "1,000.50"}


def test_an_invoice_of_several_lines_is_checked_and_then_issued(office: Office) -> None:
    client = office.browser(Role.COLLECTOR)
    checked = client.get(new_form(office)).submit("Check it", LINES)

    issued = client.follow(checked.submit("Issue it"))

    assert "£1,120.50" in checked.words
    assert "Invoice INV-000001" in issued.words
    assert "Plates" in issued.words


def test_the_day_of_delivery_is_kept(office: Office) -> None:
    checked = office.browser(Role.COLLECTOR).get(new_form(office)).submit("Check it", LINES, delivered_on="2026-03-02")

    issued = checked.submit("Issue it")
    shown = office.browser(Role.COLLECTOR).get(issued.location)

    assert "2 Mar 2026" in checked.words
    assert issued.status == 303
    assert "invoiced 14 days later2 Mar 2026" in shown.words
    with office.db.reading() as session:
        assert session.scalars(select(Invoice.delivered_on)).one() == date(2026, 3, 2)


def test_an_invoice_and_what_is_charged_on_top_of_it_name_the_version_that_they_follow(office: Office) -> None:
    with office.db.transaction() as session:
        version = a_policy(session, Sections(terms=Terms()))
        account = an_account(session)
        invoice = an_invoice(session, account, "120")
        note = issue_debit_note(session, account, invoice, money("5"), reason="Interest", actor=OPERATOR)
        paths = [f"/accounts/{account.id}/invoices/{each.id}" for each in (invoice, note)]
        link, name = f"/policies/{version.policy_id}/versions/1", names(session, [version.policy_id])[version.policy_id]

    pages = [office.browser(Role.COLLECTOR).get(path) for path in paths]

    for page in pages:
        assert page.link(f"{name}, version 1") == link


def test_more_lines_and_changing_lose_nothing(office: Office, manager: Client) -> None:
    page = manager.get(new_form(office)).submit("More lines", LINES)

    changed = page.submit("Check it").submit("Change it")

    assert len(page.all("input", name="description-6")) == 1
    assert changed.all("input", name="net-2")[0].get("value") == "1,000.50"
    assert len(changed.all("input", name="description-6")) == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "description-1"),
        ({"description-1": "Cups"}, "net-1"),
        ({"net-1": "10"}, "description-1"),
        ({"description-1": "Cups", "net-1": "10", "tax-1": "x"}, "tax-1"),
        ({"description-1": "Cups", "net-1": "10", "due_on": "2020-01-01"}, "due_on"),
    ],
)
def test_what_cannot_be_issued_is_refused_beside_its_field(
    office: Office, manager: Client, typed: dict[str, str], field: str
) -> None:
    refused = manager.get(new_form(office)).submit("Check it", typed)
    if refused.status == 200:
        refused = refused.submit("Issue it")

    assert refused.status == 422
    assert refused.all("p", id=f"{field}-error")


def test_a_credit_note_is_previewed_and_then_issued(office: Office) -> None:
    path = an_open_invoice(office)
    client = office.browser(Role.COLLECTOR)
    preview = client.get(f"{path}/credit").submit("See what it will do", amount="120", reason="Broken")

    after = client.follow(preview.submit("Issue the credit note"))

    assert "£20.00" in preview.words
    assert "Credit note CN-000001" in after.words
    assert "£1,080.00" in after.words


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"reason": "x"}, "amount"), ({"amount": "1"}, "reason"), ({"amount": "9999", "reason": "x"}, "amount")],
)
def test_a_credit_note_that_cannot_be_is_refused_beside_its_field(
    office: Office, manager: Client, typed: dict[str, str], field: str
) -> None:
    refused = manager.get(f"{an_open_invoice(office)}/credit").submit("See what it will do", typed)

    assert refused.status == 422
    assert refused.all("p", id=f"{field}-error")


def test_above_ones_authority_the_page_names_who_can(office: Office) -> None:
    client = office.browser(Role.COLLECTOR)

    refused = client.get(f"{an_open_invoice(office)}/credit").submit("See what it will do", amount="600", reason="x")

    assert refused.status == 403
    assert "Dispute handler, Manager" in refused.words


def test_a_large_credit_note_wants_the_code_again_and_loses_nothing(office: Office) -> None:
    path = an_open_invoice(office)
    client = office.browser(Role.MANAGER, is_sure=False)
    preview = client.get(f"{path}/credit").submit("See what it will do", amount="600", reason="Broken")
    asked = preview.submit("Issue the credit note")

    wrong = asked.submit("Confirm and go on", confirm_code="000000")
    issued = wrong.submit("Confirm and go on", confirm_code=office.code())

    assert "Nothing has been done yet" in asked.words
    assert wrong.status == 422
    assert wrong.all("p", id="confirm_code-error")
    assert "£600.00" in client.follow(issued).words


def test_an_invoice_that_was_a_mistake_is_withdrawn(office: Office, manager: Client) -> None:
    path = an_open_invoice(office)

    after = manager.follow(manager.get(f"{path}/void").submit("Withdraw the invoice", why="Twice"))

    assert "Withdrawn" in after.words
    assert manager.get(f"{path}/void").submit("Withdraw the invoice", why="Twice").status == 422


def test_only_a_manager_withdraws(office: Office) -> None:
    refused = office.browser(Role.COLLECTOR).get(f"{an_open_invoice(office)}/void")

    assert refused.status == 403
    assert "Manager" in refused.words


def test_an_invoice_of_another_account_is_not_found_here(office: Office, manager: Client) -> None:
    theirs, ours = an_open_invoice(office), an_open_invoice(office)
    mixed = "/".join((*theirs.split("/")[:3], *ours.split("/")[3:]))

    assert [manager.get(f"{mixed}{part}").status for part in ("", "/credit", "/void", "/pdf")] == [404] * 4


def test_a_button_pressed_twice_issues_one_invoice_and_one_credit_note(office: Office) -> None:
    client = office.browser(Role.COLLECTOR)
    checked = client.get(new_form(office)).submit("Check it", LINES)
    issued = [checked.submit("Issue it") for _ in range(2)]
    credit = client.get(issued[0].location + "/credit").submit("See what it will do", amount="10", reason="late")

    credited = [credit.submit("Issue the credit note") for _ in range(2)]

    assert [page.status for page in (*issued, *credited)] == [303] * 4
    with office.db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Invoice)) == 1
        assert session.scalar(select(func.count()).select_from(CreditNote)) == 1


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"tax-1": "2000"}, "lines"),
        ({"due_on": "2020-01-01"}, "due_on"),
        ({"issued_on": "2199-01-01"}, "issued_on"),
        ({"quantity-1": "-1"}, "quantity-1"),
    ],
)
def test_what_could_not_be_issued_does_not_pass_the_check(
    office: Office, manager: Client, typed: dict[str, str], field: str
) -> None:
    form = manager.get(new_form(office))

    refused = form.submit("Check it", {"description-1": "Cups", "net-1": "1000", **typed})

    assert refused.status == 422
    assert refused.all("p", id=f"{field}-error") or field == "lines"


def test_an_invoice_of_long_ago_is_asked_about(office: Office, manager: Client) -> None:
    checked = manager.get(new_form(office)).submit("Check it", LINES, issued_on="2020-01-01")

    assert "Is that day meant?" in checked.words


def test_unapplied_credit_settles_the_next_invoice_where_the_terms_say_so(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        a_policy(session, Sections(allocation=Allocation(use_credit=True)))
    path = new_form(office)
    with office.db.transaction() as session:
        a_receipt(session, accounts.lock(session, int(path.split("/")[2])), "30", today(session))

    checked = manager.get(path).submit("Check it", LINES)
    issued = manager.follow(checked.submit("Issue it"))

    assert "£30.00 of their unapplied credit settles it at once" in checked.words
    with office.db.reading() as session:
        invoice = session.scalars(select(Invoice)).one()
    assert invoice.amount - invoice.open == money("30")
    assert "£30.00" in issued.words


def test_who_issues_reads_that_new_credit_is_on_hold_and_the_limit_is_exceeded(office: Office) -> None:
    ruled(office.db, Limits(limit_minor=50_00))
    path = new_form(office)
    with office.db.transaction() as session:
        an_invoice(session, accounts.lock(session, int(path.split("/")[2])), "60")

    checked = office.browser(Role.COLLECTOR).get(path).submit("Check it", LINES)

    assert "New credit of this customer is on hold" in checked.words
    assert "£1,130.50 more is used than their credit limit of £50.00" in checked.words
