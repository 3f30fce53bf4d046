"""The report of how payment plans are kept."""

from __future__ import annotations

from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.planning import a_running_plan


def test_how_plans_are_kept_opens_the_plans_behind_each_number(office: Office) -> None:
    with office.db.transaction() as session:
        path = f"/plans/{a_running_plan(session, office.store, '150')[3].id}"
    client = office.browser(Role.AUDITOR)

    report = client.get("/reports/plans")
    behind = report.follow("1, Running").follow(f"Plan {path.rpartition('/')[2]}")
    file = report.follow("As CSV")

    assert "1 to 3" in report.words
    assert behind.path == path
    assert file.is_download


def test_a_period_of_the_report_that_cannot_be_is_told_and_the_file_leads_there(office: Office) -> None:
    client = office.browser(Role.AUDITOR)
    wrong = "from=2026-02-01&to=2026-01-01"

    page, file = client.get(f"/reports/plans?{wrong}"), client.get(f"/reports/plans.csv?{wrong}")

    assert page.status == 422
    assert "The last day lies before the first." in page.words
    assert file.location == f"/reports/plans?{wrong}"
