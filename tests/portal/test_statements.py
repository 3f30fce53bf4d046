"""Statements on the screen and as files."""

from __future__ import annotations

from collections.abc import Callable

from tests.portal.conftest import Portal, sign_in
from tests.support.client import Client

Browser = Callable[[], Client]


def test_a_statement_shows_its_period_and_what_was_owed_after_each_movement(
    portal: Portal, open_browser: Browser
) -> None:
    account_id, _ = portal.account("120.00", "30.00")
    client = sign_in(portal, open_browser())

    page = client.get(f"/accounts/{account_id}/statement")

    assert "1 Jan 2026 to 16 Mar 2026" in page.words
    assert "You owed then£150.00" in page.words


def test_a_period_that_makes_no_sense_is_told_beside_its_field_and_kept(portal: Portal, open_browser: Browser) -> None:
    account_id, _ = portal.account("120.00")
    client = sign_in(portal, open_browser())

    future = client.get(f"/accounts/{account_id}/statement?from=2026-01-01&to=2030-01-01")
    backwards = client.get(f"/accounts/{account_id}/statement?from=2026-03-01&to=2026-02-01")

    assert (future.status, backwards.status) == (422, 422)
    assert future.all("input", name="to")[0].get("value") == "2030-01-01"
    assert future.all("p", id="to-error")
    assert backwards.all("p", id="to-error")


def test_it_can_be_taken_away_as_pdf_and_csv(portal: Portal, open_browser: Browser) -> None:
    account_id, _ = portal.account("120.00")
    client = sign_in(portal, open_browser())

    for ending in ("pdf", "csv"):
        file = client.get(f"/accounts/{account_id}/statement.{ending}")

        assert file.status == 200
        assert 'attachment; filename="Statement A-' in file.headers["content-disposition"]
        assert "no-store" in file.headers["cache-control"]
