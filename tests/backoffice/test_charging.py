"""Charging a debit note on top of an invoice."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.receivables.model import Invoice, InvoiceKind
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.backoffice.test_invoices import an_open_invoice


def test_a_debit_note_is_charged_and_can_bear_none_itself(office: Office) -> None:
    client = office.browser(Role.COLLECTOR)
    form = client.get(an_open_invoice(office)).follow("Debit note")

    note = client.follow(form.submit("Issue the debit note", amount="40", reason="Recovery cost"))

    assert "Invoice DN-000001" in note.words
    assert "Recovery cost" in note.words
    assert not [link for link in note.all("a") if "Debit note" in "".join(link.itertext())]


@pytest.mark.parametrize(("amount", "reason"), [("", "why"), ("0", "why"), ("40", "")])
def test_what_cannot_be_charged_is_told_beside_its_field_and_nothing_is_lost(
    office: Office, amount: str, reason: str
) -> None:
    client = office.browser(Role.COLLECTOR)

    refused = client.get(an_open_invoice(office) + "/charge").submit(
        "Issue the debit note", amount=amount, reason=reason
    )

    assert refused.status == 422
    assert (refused.all("input", name="amount")[0].get("value") or "") == amount
    assert "".join(refused.all("textarea", name="reason")[0].itertext()).strip() == reason


def test_a_button_pressed_twice_charges_once(office: Office) -> None:
    client = office.browser(Role.COLLECTOR)
    form = client.get(an_open_invoice(office) + "/charge")

    first = form.submit("Issue the debit note", amount="40", reason="Recovery cost")
    second = form.submit("Issue the debit note", amount="40", reason="Recovery cost")

    assert (first.status, second.status) == (303, 303)
    with office.db.reading() as session:
        notes = session.scalars(select(Invoice.number).where(Invoice.kind == InvoiceKind.DEBIT_NOTE)).all()
    assert notes == ["DN-000001"]
