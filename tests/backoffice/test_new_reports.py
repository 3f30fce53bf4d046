"""The pages of what comes in and of what each step brought, with their rows and files, for whoever may see figures."""

from __future__ import annotations

import pytest

from domain.reporting.forecasting import making
from domain.shared.clock import MovableClock
from domain.shared.db.session import today
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import an_account, an_invoice
from tests.support.client import Page
from tests.support.counting import counted
from tests.support.promising import a_promise


def behind(page: Page) -> list[str]:
    """Where the rows behind its numbers are."""
    hrefs = [link.get("href") or "" for link in page.all("a")]
    return [href for href in hrefs if "/rows?" in href]


def test_cash_expected_opens_the_accounts_behind_each_week(office: Office) -> None:
    with office.db.transaction() as session:
        an_invoice(session, an_account(session, name="Harbour Café Ltd"), "120")
        a_promise(session, "80")

    page = office.browser(Role.COLLECTOR).get("/reports/cash")

    assert "By learned delay" in page.words
    rows = office.browser(Role.COLLECTOR).get(behind(page)[0])
    assert rows.status == 200
    assert "Cash expected: " in rows.words


def test_as_of_a_past_day_the_forecast_kept_then_stands_beside_what_came(office: Office, clock: MovableClock) -> None:
    with office.db.transaction() as session:
        an_invoice(session, an_account(session), "120")
        making.keep(session, today(session), making.forecast(session))
        made_on = clock.now().date()
    clock.advance(days=15)

    page = office.browser(Role.COLLECTOR).get(f"/reports/cash?as_of={made_on}")

    assert "as foreseen on" in page.words
    assert "Came in" in page.words
    judged = office.browser(Role.COLLECTOR).get("/reports/cash").words
    assert "How far off the forecasts" in judged
    assert "each week beside what came in it" in judged


def test_before_a_forecast_can_be_judged_the_page_says_so(office: Office) -> None:
    with office.db.transaction() as session:
        an_invoice(session, an_account(session), "120")
        making.keep(session, today(session), making.forecast(session))

    page = office.browser(Role.COLLECTOR).get("/reports/cash")

    assert "from the week after the first one was kept" in page.words
    assert "each week beside what came in it" not in page.words


@pytest.mark.parametrize("name", ["cash", "promises", "reminders", "discounts", "recovery"])
def test_each_has_a_page_and_files(office: Office, name: str) -> None:
    client = office.browser(Role.AUDITOR)

    assert client.get(f"/reports/{name}").status == 200
    for end in ("csv", "xlsx", "pdf"):
        assert client.get(f"/reports/{name}.{end}").status == 200
        assert client.get(f"/reports/{name}/rows.{end}").status == 200


@pytest.mark.parametrize("name", ["cash", "promises", "discounts", "recovery"])
def test_more_accounts_take_no_more_queries(office: Office, name: str) -> None:
    def grow(count: int) -> None:
        with office.db.transaction() as session:
            for _ in range(count):
                a_promise(session, "80", days=1)

    client = office.browser(Role.MANAGER)
    grow(1)
    with counted(office.db.bind) as few:
        client.get(f"/reports/{name}")
    grow(6)
    with counted(office.db.bind) as many:
        client.get(f"/reports/{name}")

    assert len(many) <= len(few)
