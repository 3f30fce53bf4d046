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
from domain.reporting.forecasting import making
from domain.reporting.kept.day_figures import ONE_DAY, figures_on, keep_day
from domain.reporting.kept.model import KEPT_REPORTS
from domain.reporting.sheets import keeping
from domain.reporting.sheets.ordering import home_first
from domain.reporting.sheets.registry import REPORTS, report_of
from domain.reporting.sheets.values import Row, Section, Sheet, cells
from domain.shared.clock import MovableClock
from domain.shared.db.session import today
from domain.shared.money import Money
from domain.shared.words import Words
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import a_receipt, an_account, an_invoice
from tests.support.client import Page
from tests.support.promising import a_promise


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


def made_meanwhile(office: Office) -> int:
    """Make what waits; how much it was."""
    with office.db.transaction() as session:
        messages = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "make_report")).all()
        payloads = [message.payload for message in messages]
        for message in messages:
            session.delete(message)
    for payload in payloads:
        keeping.make_and_keep(office.db, report_of(payload["name"]), payload["fields"], behind=payload["behind"])
    return len(payloads)


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


def test_each_report_stands_under_what_it_is_about(office: Office) -> None:
    overview = office.browser(Role.MANAGER).get("/reports")
    groups = {
        str(heading.text).strip(): " ".join(" ".join(section.itertext()).split())
        for section in overview.all("section")
        for heading in section.iter("h2")
    }

    assert "Paying later than usual" in groups["How customers pay"]
    assert "Fair treatment" in groups["How customers are treated"]
    assert "Also" not in groups


@pytest.mark.parametrize("path", ["/reports/debtors.csv", "/reports/ageing/rows.csv?what=invoices&currency=GBP"])
def test_a_table_file_says_its_character_set_once(office: Office, path: str) -> None:
    some_books(office)

    answer = office.browser(Role.MANAGER).get(path).response

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"


def expected_soon(overview: Page) -> tuple[Money, str]:
    """The number of the overview about cash in pounds, and where it leads."""
    (link,) = (link for link in overview.all("a") if "Cash expected in 4 weeks" in "".join(link.itertext()))
    return amounts(" ".join(link.itertext()))[0], link.get("href") or ""


def amounts(words: str) -> list[Money]:
    """The amounts in pounds that are written here."""
    return [Money.of(each.replace(",", ""), "GBP") for each in re.findall(r"£([\d,]+\.\d\d)", words)]


def row_of(page: Page, words: str) -> list[Money]:
    """The amounts in the first row that says these words."""
    return next(amounts(text) for row in page.all("tr") if words in (text := " ".join(row.itertext())))


@pytest.mark.parametrize("is_long", [False, True])
def test_cash_expected_soon_is_the_sum_of_the_rows_that_it_opens(
    office: Office, monkeypatch: pytest.MonkeyPatch, clock: MovableClock, is_long: bool
) -> None:
    some_books(office)
    with office.db.transaction() as session:
        making.keep(session, today(session), making.forecast(session))
    clock.advance(days=1)
    with office.db.transaction() as session:
        a_promise(session, "77.77", days=9)
    client = office.browser(Role.MANAGER)
    whole = client.get("/reports/cash")
    if is_long:
        with office.db.transaction() as session:
            yesterday = today(session) - ONE_DAY
            keep_day(session, yesterday, figures_on(session, yesterday))
        monkeypatch.setattr(keeping, "SMALL_BOOKS", 0)

    overview = client.get("/reports")
    tile, href = expected_soon(overview)
    client.get(href)
    made_meanwhile(office)
    rows = client.get(href)
    weeks = [amounts(" ".join(row.itertext()))[-1] for row in rows.all("tr")[1:-1]]

    assert len(weeks) == 4
    assert sum(weeks, Money.zero("GBP")) == tile == row_of(rows, "Together")[-1]
    assert ("as foreseen on" in overview.words) is is_long
    assert "as foreseen on" in rows.words
    by_week = [amounts(" ".join(row.itertext()))[-1] for row in whole.all("tr")[1:5]]
    assert (sum(by_week, Money.zero("GBP")) == tile) is not is_long
    opened = {client.get(each).status for each in behind(rows) if "/rows?" in each}
    assert opened == (set() if is_long else {200})


def test_cash_expected_moves_with_what_is_promised(office: Office) -> None:
    some_books(office)
    client = office.browser(Role.MANAGER)
    before, _ = expected_soon(client.get("/reports"))

    with office.db.transaction() as session:
        a_promise(session, "80")

    assert expected_soon(client.get("/reports"))[0] == before + Money.of("80", "GBP")


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
    messages = made_meanwhile(office)
    made = client.get("/reports/ageing")
    file = client.get("/reports/ageing.csv")

    assert "is being made" in waits.words
    assert "is being made" in again.words
    assert messages == 1
    assert "£290.00" in made.words
    assert "These figures were made" in made.words
    assert file.is_download


@pytest.mark.parametrize("name", list(REPORTS))
def test_of_long_books_no_report_and_no_rows_are_made_while_somebody_waits(
    office: Office, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    some_books(office)
    client = office.browser(Role.MANAGER)
    small = client.get(f"/reports/{name}")
    links = {href for href in behind(small) if "/rows?" in href}
    monkeypatch.setattr(keeping, "SMALL_BOOKS", 0)

    waits = {href: client.get(href).words for href in (f"/reports/{name}", *links)}
    made = made_meanwhile(office)
    there = {href: client.get(href) for href in waits}

    assert [href for href, words in waits.items() if "is being made" not in words] == []
    assert made == len(waits)
    assert [href for href, page in there.items() if "These figures were made" not in page.words] == []
    assert behind(there[f"/reports/{name}"]) == behind(small)


def test_what_is_kept_of_reports_is_gone_after_two_days_whoever_asks(
    office: Office, monkeypatch: pytest.MonkeyPatch, clock: MovableClock
) -> None:
    some_books(office)
    monkeypatch.setattr(keeping, "SMALL_BOOKS", 0)
    client = office.browser(Role.MANAGER)
    client.get("/reports/ageing")
    made_meanwhile(office)

    clock.advance(days=2, minutes=1)
    office.browser(Role.MANAGER).get("/reports/debtors")
    made_meanwhile(office)

    with office.db.reading() as session:
        assert session.scalars(select(KEPT_REPORTS.c.name)).all() == ["debtors"]


def test_in_every_report_the_currency_of_the_business_comes_first(office: Office) -> None:
    some_books(office)
    with office.db.transaction() as session:
        day = today(session) - timedelta(days=40)
        for currency in ("EUR", "USD"):
            account = an_account(session, currency=currency)
            invoice = an_invoice(session, account, "70", issued_on=day, due_on=day)
            a_receipt(session, account, "20", day + timedelta(days=15), invoice)
    client = office.browser(Role.MANAGER)

    for name in REPORTS.keys() - {"behaviour"}:
        words = client.get(f"/reports/{name}").words
        found = [word for word in ("£", "€", "US$") if word in words]
        assert sorted(found, key=words.index) == found, name


def test_amounts_that_stand_beneath_each_other_move_with_all_of_their_row() -> None:
    pounds, euros = Money.of("3", "GBP"), Money.of("5", "EUR")
    row = Row(cells("Court", (euros, pounds), (50, 30), None))
    whole = Sheet("x", Words("X"), (Section("s", Words("S"), (), (row,), total=row),))

    found = home_first(whole, "GBP").sections[0]

    assert found.rows == (Row(cells("Court", (pounds, euros), (30, 50), None)),)
    assert found.total == found.rows[0]
    assert home_first(whole, "EUR") == whole
