"""A later due day as staff grant it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from domain.receivables.model import Invoice
from domain.shared.db.session import today
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import an_account, an_invoice


def owing(office: Office) -> tuple[str, date]:
    """The page of an open invoice that is due today, and that day."""
    with office.db.transaction() as session:
        account = an_account(session)
        day = today(session)
        invoice = an_invoice(session, account, "120", issued_on=day - timedelta(days=30), due_on=day)
        return f"/accounts/{account.id}/invoices/{invoice.id}", day


def due_on(office: Office, path: str) -> date:
    """The due day that stands on the invoice."""
    with office.db.reading() as session:
        return session.get_one(Invoice, int(path.rpartition("/")[2])).due_on


def test_a_collector_sets_it_later_and_the_invoice_and_the_timeline_say_so(office: Office) -> None:
    path, day = owing(office)
    client = office.browser(Role.COLLECTOR)
    later = day + timedelta(days=14)

    form = client.get(path).follow("Later due date")
    invoice = client.follow(form.submit("Set the new day", due_on=later.isoformat(), reason="Flooded"))
    account = client.get(path.partition("/invoices")[0])

    assert f"Up to {later:%-d %b %Y} you decide alone" in form.words
    assert f"Due at first{day:%-d %b %Y}" in invoice.words
    assert "WhyFlooded" in invoice.words
    assert "ByCollector Jones" in invoice.words
    assert "Later due date" not in invoice.words
    assert f"is due later: on {later:%-d %b %Y}" in account.words


def test_more_days_than_ones_authority_say_who_can(office: Office) -> None:
    path, day = owing(office)
    form = office.browser(Role.COLLECTOR).get(f"{path}/extend")

    refused = form.submit("Set the new day", due_on=(day + timedelta(days=15)).isoformat(), reason="Flooded")

    assert refused.status == 403
    assert "It can be done by" in refused.words
    assert (refused.all("textarea", name="reason")[0].text or "").strip() == "Flooded"
    assert due_on(office, path) == day


def test_what_is_long_overdue_can_be_set_later_too_counted_from_today(office: Office) -> None:
    with office.db.transaction() as session:
        account, day = an_account(session), today(session)
        invoice = an_invoice(
            session, account, "120", issued_on=day - timedelta(days=61), due_on=day - timedelta(days=31)
        )
        path = f"/accounts/{account.id}/invoices/{invoice.id}"
    later = day + timedelta(days=14)

    form = office.browser(Role.COLLECTOR).get(f"{path}/extend")
    form.submit("Set the new day", due_on=later.isoformat(), reason="Flooded")

    assert due_on(office, path) == later


def test_who_may_not_open_a_page_reads_that_inside_the_back_office(office: Office) -> None:
    path, _ = owing(office)

    refused = office.browser(Role.AUDITOR).get(f"{path}/extend")

    assert refused.status == 403
    assert refused.all("nav", id="places")
    assert "Manager" in refused.words


@pytest.mark.parametrize(("days", "reason"), [(0, "Flooded"), (5, ""), (None, "Flooded")])
def test_what_is_missing_or_wrong_is_told_and_nothing_is_lost(office: Office, days: int | None, reason: str) -> None:
    path, day = owing(office)
    typed = "" if days is None else (day + timedelta(days=days)).isoformat()

    refused = office.browser(Role.MANAGER).get(f"{path}/extend").submit("Set the new day", due_on=typed, reason=reason)

    assert refused.status == 422
    assert (refused.all("input", name="due_on")[0].get("value") or "") == typed
    assert due_on(office, path) == day


def test_an_invoice_that_is_set_later_already_is_not_again(office: Office) -> None:
    path, day = owing(office)
    client = office.browser(Role.MANAGER)
    form = client.get(f"{path}/extend")

    answers = [
        form.submit("Set the new day", due_on=(day + timedelta(days=3)).isoformat(), reason="Flooded") for _ in "ab"
    ]
    again = client.get(f"{path}/extend")

    assert [answer.status for answer in answers] == [303, 303]
    assert again.status == 422
    assert "set later once already" in again.words


def test_more_than_ninety_days_are_asked_about_once_more(office: Office) -> None:
    path, day = owing(office)
    later = day + timedelta(days=405)

    asked = office.browser(Role.MANAGER).get(f"{path}/extend")
    asked = asked.submit("Set the new day", due_on=later.isoformat(), reason="Flooded")
    before = due_on(office, path)
    asked.submit("Set the new day", sure="yes")

    assert asked.status == 422
    assert "405 days later than now" in asked.words
    assert before == day
    assert due_on(office, path) == later


def test_a_later_day_is_taken_back(office: Office) -> None:
    path, day = owing(office)
    client = office.browser(Role.COLLECTOR)
    client.get(f"{path}/extend").submit(
        "Set the new day", due_on=(day + timedelta(days=9)).isoformat(), reason="Flooded"
    )

    form = client.get(path).follow("Take back the later due date")
    invoice = client.follow(form.submit("Set the earlier day", reason="Wrong invoice"))

    assert due_on(office, path) == day
    assert "Take back the later due date" not in invoice.words
    assert "is due earlier again" in client.get(path.partition("/invoices")[0]).words
