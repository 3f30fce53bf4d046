"""The account's page says what was done just now, and what its timeline is narrowed to."""

from __future__ import annotations

from datetime import timedelta

import pytest

from domain.shared.db.session import today
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import an_account, an_invoice


@pytest.fixture
def account_id(office: Office) -> int:
    """An account with a late invoice and a number."""
    with office.db.transaction() as session:
        account = an_account(session, name="Harbour", email="ap@harbour.example", phone="+44 1632 960001", country="GB")
        an_invoice(session, account, "120", number="INV-1", issued_on=today(session) - timedelta(days=60))
        return account.id


def test_the_timeline_says_what_it_is_narrowed_to(office: Office, account_id: int) -> None:
    page = office.browser(Role.MANAGER).get(
        f"/accounts/{account_id}/timeline", params={"words": "invoice", "from": "2020-01-05", "show": "money"}
    )

    (words, first) = page.all("a", class_="tag")
    assert "Words: invoice" in "".join(words.itertext())
    assert "From 5 Jan 2020" in "".join(first.itertext()).replace("\xa0", " ")
    assert first.get("href") == f"/accounts/{account_id}/timeline?show=money&words=invoice"


def test_a_call_that_was_written_down_is_said_with_what_comes_next(office: Office, account_id: int) -> None:
    manager = office.browser(Role.MANAGER)

    sent = manager.get(f"/accounts/{account_id}").submit("Write it down", outcome="voicemail")
    page = manager.follow(sent)

    status = next(one for one in page.all("div", role="status"))
    assert "The call is written down: Left a voicemail" in "".join(status.itertext())
    assert "Somebody calls again" in "".join(status.itertext())
    office.clock.advance(minutes=10)
    assert "The call is written down" not in manager.get(sent.location).words
    assert "The call is written down" not in manager.get(f"/accounts/{account_id}?kept=9999").words


def test_a_note_that_is_kept_is_said(office: Office, account_id: int) -> None:
    manager = office.browser(Role.MANAGER)

    kept = manager.follow(manager.get(f"/accounts/{account_id}").submit("Keep the note", note="Call Ana first."))
    pinned = manager.follow(kept.submit("Pin on top"))

    assert "The note is kept." in kept.words
    assert "The note stands on top now." in pinned.words
    assert "The note is kept." not in manager.get(f"/accounts/{account_id}?noted=nonsense").words
