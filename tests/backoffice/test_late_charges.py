"""Late charges as staff see them: the working, what has accrued, and waiving."""

from __future__ import annotations

from datetime import date

import pytest

from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import money
from tests.support.lateness import Overdue


def charged(office: Office, *, amount: str = "1000") -> tuple[Overdue, str]:
    """29 of interest for each 1,000, and the path of its debit note; it is 4 March."""
    debt = Overdue(office.db, office.clock, amount=amount)
    debt.charge(date(2026, 3, 1))
    debt.go_to(date(2026, 3, 4))
    return debt, f"/accounts/{debt.account_id}/invoices/{debt.charges[0].debit_note_id}"


def test_the_invoice_says_what_it_bears_and_leads_to_the_working(office: Office) -> None:
    debt, _ = charged(office)
    client = office.browser(Role.AUDITOR)

    invoice = client.get(f"/accounts/{debt.account_id}/invoices/{debt.invoice_id}")
    note = invoice.follow("DN-000001")

    assert "Paid today, it bears £3.00 of interest on top." in invoice.words
    assert "Interest for late payment. Charged£29.00" in invoice.words
    assert "was due on 31 Jan 2026" in note.words
    assert "36.5%" in note.words
    assert "Sum, rounded once£29.00" in note.words
    assert "Waive" not in note.words


def test_a_charge_is_waived_with_a_reason(office: Office) -> None:
    debt, path = charged(office)
    client = office.browser(Role.COLLECTOR)

    note = client.follow(client.get(path).follow("Waive").submit("Waive it", amount="29", reason="A good customer"))

    assert debt.amounts == [money("29"), money("-29")]
    assert "A good customer" in note.words
    assert "Taken back since£29.00" in note.words
    assert not note.all("a", href=f"{path}/waive")


def test_more_than_ones_authority_is_not_allowed_and_says_who_can(office: Office) -> None:
    debt, path = charged(office, amount="10000")
    refused = office.browser(Role.COLLECTOR).get(f"{path}/waive").submit("Waive it", amount="290", reason="Large")

    assert refused.status == 403
    assert "anager" in refused.words
    assert debt.amounts == [money("290")]


@pytest.mark.parametrize(("amount", "reason"), [("29.01", "why"), ("", "why"), ("5", "")])
def test_what_cannot_be_waived_is_told_and_nothing_is_lost(office: Office, amount: str, reason: str) -> None:
    _, path = charged(office)

    refused = office.browser(Role.MANAGER).get(f"{path}/waive").submit("Waive it", amount=amount, reason=reason)

    assert refused.status == 422
    assert (refused.all("input", name="amount")[0].get("value") or "") == amount


def test_a_button_pressed_twice_waives_once(office: Office) -> None:
    debt, path = charged(office)
    form = office.browser(Role.MANAGER).get(f"{path}/waive")

    answers = [form.submit("Waive it", amount="5", reason="Twice").status for _ in range(2)]

    assert answers == [303, 303]
    assert debt.amounts == [money("29"), money("-5")]


def test_an_invoice_itself_is_not_waived(office: Office) -> None:
    debt, _ = charged(office)

    page = office.browser(Role.MANAGER).get(f"/accounts/{debt.account_id}/invoices/{debt.invoice_id}/waive")

    assert page.status == 422
    assert "was not charged by the terms" in page.words
