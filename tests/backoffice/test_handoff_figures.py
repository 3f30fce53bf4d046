"""Handoffs in numbers: the report by partner, age and size, what is behind each number, and the files."""

from __future__ import annotations

import pytest

from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.placing import a_late_debt, a_partner, placed
from tests.support.recovering import came, spent


def some(office: Office) -> None:
    """£1,200 with Alder, of which £900 came; and £300 with Birch."""
    with office.db.transaction() as session:
        account, _ = a_late_debt(session, "1200")
        made = placed(session, account, a_partner(session, name="Alder Ltd"))
        came(session, made, "900")
        spent(session, made, "45")
        placed(session, a_late_debt(session, "300", late_days=400)[0], a_partner(session, name="Birch Ltd"))


def test_the_report_says_what_came_and_what_is_left_and_opens_its_handoffs(office: Office) -> None:
    some(office)
    manager = office.browser(Role.MANAGER)

    report = manager.get("/reports/handoffs")
    ages = report.follow("By age when sent")
    sizes = report.follow("By size")
    behind = manager.get(next(str(a.get("href")) for a in report.all("a") if "what=came" in str(a.get("href"))))

    assert "Alder Ltd" in report.words
    assert "£540.00" in report.words
    assert "75%" in report.words
    assert "0.4" in report.words
    assert "90 to 179 days" in ages.words
    assert "365 days or more" in ages.words
    assert "500 to below 2,000" in sizes.words
    assert "£900.00" in behind.words
    assert "Birch Ltd" not in behind.words


@pytest.mark.parametrize("wrong", ["from=2026-05-02&to=2026-05-01", "from=when"])
def test_a_period_that_cannot_be_is_said_beside_its_field(office: Office, wrong: str) -> None:
    client = office.browser(Role.MANAGER)
    page, file = client.get(f"/reports/handoffs?{wrong}"), client.get(f"/reports/handoffs.csv?{wrong}")
    rows, rows_file = (client.get(f"/reports/handoffs/rows{end}?{wrong}") for end in ("", ".csv"))

    assert page.status == 422
    assert file.location == rows.location == rows_file.location == f"/reports/handoffs?{wrong}"


def test_the_files_hold_the_report_and_what_is_behind_it(office: Office) -> None:
    some(office)
    client = office.browser(Role.MANAGER)

    report = client.get("/reports/handoffs.csv?by=partner").response.text
    rows = client.get("/reports/handoffs/rows.csv?what=sent").response.text

    assert "1200.00,900.00,315.00,45.00,540.00,75.00,45.00,0.40" in report
    assert rows.count("HO-") == 2


def test_in_a_period_without_handoffs_there_is_nothing(office: Office) -> None:
    page = office.browser(Role.MANAGER).get("/reports/handoffs?from=2020-01-01&to=2020-02-01")
    rows = office.browser(Role.MANAGER).get("/reports/handoffs/rows?from=2020-01-01&to=2020-02-01&what=nonsense")

    assert "Nothing was sent to a partner in this period" in page.words
    assert "Nothing of this kind" in rows.words


def test_a_partners_page_says_what_came_of_its_debts(office: Office) -> None:
    some(office)
    manager = office.browser(Role.MANAGER)

    alder = manager.get("/partners").follow("Alder Ltd")
    behind = alder.follow("1 handoff")

    assert "Each GBP that came in has cost 0.4." in alder.words
    assert "£540.00" in alder.words
    assert "£900.00" in behind.words
    assert "Birch Ltd" not in behind.words


def test_a_partner_that_got_nothing_yet_has_nothing_to_show(office: Office) -> None:
    with office.db.transaction() as session:
        partner_id = a_partner(session).id

    page = office.browser(Role.MANAGER).get(f"/partners/{partner_id}")

    assert "Nothing was sent to it in the last two years." in page.words
