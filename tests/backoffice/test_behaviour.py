"""How accounts pay, as staff see it."""

from __future__ import annotations

from datetime import timedelta

from domain.shared.db.session import today
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import a_receipt, an_account, an_invoice


def late_account(office: Office, *, paid_late: int, open_late: int) -> int:
    """An account that paid an invoice so many days late today, and has one open that is late by more."""
    with office.db.transaction() as session:
        account = an_account(session)
        day = today(session)
        paid, _ = (
            an_invoice(session, account, "100", issued_on=day - timedelta(days=days), due_on=day - timedelta(days=days))
            for days in (paid_late, open_late)
        )
        a_receipt(session, account, "100", day, paid)
        return account.id


def test_the_page_of_an_account_says_how_it_pays_and_what_is_worth_a_look(office: Office) -> None:
    account_id = late_account(office, paid_late=8, open_late=40)
    client = office.browser(Role.AUDITOR)

    account = client.get(f"/accounts/{account_id}")
    behaviour = account.follow("How this account pays")

    warning = "Its oldest open invoice is 40 days late, instead of 8 as usual"
    assert warning in account.words
    assert warning in behaviour.words
    assert "Grade" in behaviour.words
    assert "40 days late" in behaviour.words
    assert "so far" in behaviour.words


def test_the_list_leads_to_the_accounts_that_pay_later_than_usual(office: Office) -> None:
    account_id = late_account(office, paid_late=8, open_late=40)
    late_account(office, paid_late=8, open_late=9)
    client = office.browser(Role.COLLECTOR)

    found = client.get("/reports/behaviour")

    listed = [a.get("href") for a in found.all("a") if str(a.get("href")).startswith("/accounts/")]
    assert listed == [f"/accounts/{account_id}/behaviour"]
    assert "Its oldest open invoice is 40 days late, instead of 8 as usual" in found.words
    assert 'name="as_of"' not in found.response.text


def test_where_all_pay_as_usual_the_list_says_so(office: Office) -> None:
    late_account(office, paid_late=8, open_late=9)

    assert "Nobody pays later than usual" in office.browser(Role.COLLECTOR).get("/reports/behaviour").words
