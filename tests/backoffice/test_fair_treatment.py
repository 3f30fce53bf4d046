"""Fair treatment as staff see it: the report of a period, the rows behind a number, and both as files."""

from __future__ import annotations

from datetime import date

import pytest

from backoffice import fair_treatment
from domain.accounts.queries import lock
from domain.notices import changing
from domain.notices.model import NoticeStatus
from domain.shared.actor import WORKER
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import an_account, an_invoice
from tests.support.noticing import a_held_notice, a_notice

PATH = "/reports/fair-treatment"


@pytest.fixture
def reported(office: Office) -> Office:
    """An office that has written to a customer, and held one notice back."""
    with office.db.transaction() as session:
        account = an_account(session, name="Harbour", email="ap@harbour.example", country="GB")
        an_invoice(session, account, "120", issued_on=date(2026, 1, 2))
        changing.change(session, a_notice(session, account), NoticeStatus.SENT, actor=WORKER)
        a_held_notice(session, account)
    return office


def test_a_number_opens_its_rows(reported: Office) -> None:
    client = reported.browser(Role.AUDITOR)

    report = client.get(PATH)
    contacts, held = (client.get(f"{PATH}/rows?what={what}") for what in ("contacts", "held_back"))

    for words in ("No contact was outside the allowed hours", "Harbour", "the customer has promised to pay"):
        assert words in report.words
    assert "EmailFirst reminder" in contacts.words
    assert "the customer has promised to pay" in held.words


def test_rows_that_are_not_shown_are_told(reported: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fair_treatment, "MOST", 1)
    with reported.db.transaction() as session:
        changing.change(session, a_notice(session, lock(session, 1)), NoticeStatus.SENT, actor=WORKER)
    client = reported.browser(Role.AUDITOR)

    contacts, held = (client.get(f"{PATH}/rows?what={what}") for what in ("contacts", "held_back"))

    assert "The newest 1 are shown: choose a shorter period" in contacts.words
    assert contacts.words.count("EmailFirst reminder") == 1
    assert "choose a shorter period" not in held.words


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("from=2026-03-10&to=2026-03-01", "The last day lies before the first."),
        ("from=2020-01-01&to=2026-03-01", "Choose at most three years."),
    ],
)
def test_a_period_that_is_none_is_told_beside_its_field(reported: Office, asked: str, said: str) -> None:
    client = reported.browser(Role.AUDITOR)

    page, files = (
        client.get(f"{PATH}?{asked}"),
        [client.get(f"{PATH}{name}?{asked}") for name in (".csv", "/debtors.csv")],
    )

    assert page.status == 422
    assert said in page.words
    assert page.all("a", href="#to")
    assert page.all("input", id="to")
    for file in files:
        assert (file.status, file.location) == (303, f"{PATH}?{asked}")


def test_the_files_have_the_numbers_and_the_customers(reported: Office) -> None:
    client = reported.browser(Role.AUDITOR)

    numbers, customers = (client.get(f"{PATH}{name}").response.text for name in (".csv", "/debtors.csv"))

    assert "Contacts,Email,1,1" in numbers
    assert "Harbour" in customers
