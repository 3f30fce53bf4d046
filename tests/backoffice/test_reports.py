"""Reports: every one as page and as files, every number opens its rows, and what takes long is made meanwhile."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from domain.outbox.model import OutboxMessage
from domain.reporting.sheets import keeping
from domain.reporting.sheets.registry import REPORTS, report_of
from domain.shared.db.session import today
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import a_receipt, an_account, an_invoice
from tests.support.client import Page


def some_books(office: Office) -> int:
    """An account that owes something late and something not yet due, and has paid some; its id."""
    with office.db.transaction() as session:
        day = today(session)
        account = an_account(session, name="=Harbour Café")
        late = an_invoice(session, account, "300", issued_on=day - timedelta(days=80), due_on=day - timedelta(days=50))
        an_invoice(session, account, "120", issued_on=day - timedelta(days=5))
        a_receipt(session, account, "100", day - timedelta(days=20), late)
        a_receipt(session, account, "30", day - timedelta(days=10))
        return account.id


def behind(page: Page) -> set[str]:
    """Where the links of a page's main part lead."""
    main = page.response.text.partition("<main")[2].partition("</main>")[0]
    return {unescape(href) for href in re.findall(r'<a [^>]*href="(/reports[^"]*)"', main)}


@pytest.mark.parametrize("name", list(REPORTS))
def test_every_number_of_every_report_opens_what_it_is_made_of(office: Office, name: str) -> None:
    some_books(office)
    client = office.browser(Role.MANAGER)

    report = client.get(f"/reports/{name}")
    links = behind(report)
    opened = {href: client.get(href).status for href in links}

    assert report.status == 200
    assert set(opened.values()) <= {200}, opened


@pytest.mark.parametrize("name", list(REPORTS))
def test_every_report_comes_as_files(office: Office, name: str) -> None:
    some_books(office)
    client = office.browser(Role.AUDITOR)

    table, paper, book = (client.get(f"/reports/{name}.{end}") for end in ("csv", "pdf", "xlsx"))

    assert table.is_download
    assert paper.is_download
    assert load_workbook(BytesIO(book.response.content)).sheetnames


def test_the_ageing_of_a_past_day_is_what_it_was(office: Office) -> None:
    some_books(office)
    client = office.browser(Role.MANAGER)
    with office.db.reading() as session:
        day = today(session) - timedelta(days=30)

    now, then = client.get("/reports/ageing"), client.get(f"/reports/ageing?as_of={day}")

    assert "£290.00" in now.words
    assert "£300.00" in then.words
    assert "£120.00" not in then.words


def test_names_in_files_are_only_names(office: Office) -> None:
    some_books(office)
    client = office.browser(Role.MANAGER)

    table = client.get("/reports/debtors.csv").response.text
    book = load_workbook(BytesIO(client.get("/reports/debtors.xlsx").response.content))

    assert "\n'=Harbour Café," in table
    cell = book.worksheets[0]["A2"]
    assert (cell.value, cell.data_type) == ("=Harbour Café", "s")
    assert book.worksheets[0]["E2"].value == 320


@pytest.mark.parametrize("wrong", ["as_of=2100-01-01", "as_of=soon"])
def test_a_day_that_cannot_be_is_said_beside_its_field(office: Office, wrong: str) -> None:
    client = office.browser(Role.MANAGER)

    page, file = client.get(f"/reports/ageing?{wrong}"), client.get(f"/reports/ageing.csv?{wrong}")

    assert page.status == 422
    assert 'aria-invalid="true"' in page.response.text
    assert file.location == f"/reports/ageing?{wrong}"


@pytest.mark.parametrize(
    "path", ["nothing", "ageing.exe", "nothing.csv", "ageing/columns", "ageing/rows.exe", "debtors/rows"]
)
def test_what_is_no_report_is_not_found(office: Office, path: str) -> None:
    assert office.browser(Role.MANAGER).get(f"/reports/{path}").status == 404


def test_the_overview_answers_a_manager_and_opens_each_answer(office: Office) -> None:
    some_books(office)
    client = office.browser(Role.MANAGER)

    overview = client.get("/reports")
    links = behind(overview)

    assert "£290.00" in overview.words
    assert "Best possible DSO" in overview.words
    assert {client.get(href).status for href in links} == {200}


def test_the_overview_begins_with_the_currency_of_the_business(office: Office) -> None:
    some_books(office)
    with office.db.transaction() as session:
        an_invoice(session, an_account(session, currency="EUR"), "70")

    heads = [" ".join(head.itertext()) for head in office.browser(Role.MANAGER).get("/reports").all("h2")]

    assert heads[:2] == ["How we stand in GBP", "How we stand in EUR"]


def test_a_report_that_takes_long_is_made_once_while_its_page_asks_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    some_books(office)
    monkeypatch.setattr(keeping, "SMALL_BOOKS", 0)
    client = office.browser(Role.MANAGER)

    waits, again = client.get("/reports/ageing"), client.get("/reports/ageing")
    with office.db.reading() as session:
        messages = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "make_report")).all()
    for message in messages:
        keeping.make_and_keep(office.db, report_of(message.payload["name"]), message.payload["fields"])
    made = client.get("/reports/ageing")
    file = client.get("/reports/ageing.csv")

    assert "is being made" in waits.words
    assert "is being made" in again.words
    assert len(messages) == 1
    assert "£290.00" in made.words
    assert "These figures were made" in made.words
    assert file.is_download
