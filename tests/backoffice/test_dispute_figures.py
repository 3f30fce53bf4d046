"""The report of disputes: every number opens its disputes, and all of it comes as files."""

from __future__ import annotations

from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.backoffice.test_disputes import owed, raised


def test_every_number_of_the_report_opens_its_disputes_and_its_file(office: Office) -> None:
    client = office.browser(Role.MANAGER)
    page = raised(client, owed(office))
    page.submit("Reject it", answer="Signed for as dry.", cause="customer")

    for by in ("reason", "owner", "age", "outcome", "cause"):
        report = client.get("/reports/disputes", params={"by": by})
        behind = report.follow("Decided by us")
        rest = client.get(f"/reports/disputes/rows?by={by}&key=all&what=live")

        assert "Harbour" in client.get(report.link("Raised")).words
        assert "Harbour" in behind.words
        assert "Nothing of this kind" in rest.words
        assert "Harbour" in client.get(behind.link("As CSV")).response.text
        assert client.get(report.link("As CSV")).response.text.count("GBP") == 1
    wrong = client.get("/reports/disputes", params={"from": "2026-03-02", "to": "2026-03-01"})
    assert wrong.status == 422
    assert client.get("/reports/disputes.csv?from=2026-03-02&to=2026-03-01").status == 303
    assert client.get("/reports/disputes/rows.csv?from=x").status == 303
