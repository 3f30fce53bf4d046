"""Reminders tonight, the nightly run, pausing it all, and what comes next on an account's page."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from backoffice import reminders
from domain.dunning import turns
from domain.dunning.turns import Did
from domain.notices.model import HeldBack, Notice
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import an_account, an_invoice
from tests.support.promising import a_promise
from tests.support.reminding import a_sequence, notices, reminded


def late(office: Office, name: str = "Harbour", **more: Any) -> int:
    """An account with an invoice that is late, under a sequence that rules everybody."""
    with office.db.transaction() as session:
        account = an_account(session, name=name, country="GB", **{"email": "ap@harbour.example", **more})
        an_invoice(session, account, "120", issued_on=date(2026, 1, 30))
        return account.id


def test_tonight_says_who_would_hear_of_us_and_who_would_not_and_writes_nothing(office: Office) -> None:
    with office.db.transaction() as session:
        a_sequence(session)
    late(office)
    late(office, "Quay", email=None)

    page = office.browser(Role.AUDITOR).get("/reminders/tonight")

    for words in ("One customer would hear from us", "First reminder", "ap@harbour.example", "£120.00"):
        assert words in page.words
    for words in ("One customer would not", "Quay", "there is no address to send it to"):
        assert words in page.words
    with office.db.reading() as session:
        assert notices(session) == []


def test_tonight_is_shown_a_page_at_a_time(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reminders, "PAGE", 2)
    with office.db.transaction() as session:
        a_sequence(session)
    late(office)
    late(office, "Quay", email=None)
    late(office, "Pier", email=None)
    client = office.browser(Role.AUDITOR)

    first = client.get("/reminders/tonight")
    last = first.follow("More accounts")

    for words in ("Shown here: 2 of 3 accounts", "Harbour", "Quay"):
        assert words in first.words
    for words in ("Shown here: 1 of 3 accounts", "Pier", "None of these would hear from us."):
        assert words in last.words
    assert "Quay" not in last.words
    assert "More accounts" not in last.words


def test_what_it_foresees_is_what_the_run_does(office: Office) -> None:
    with office.db.transaction() as session:
        a_sequence(session)
    late(office)
    client = office.browser(Role.COLLECTOR)

    before = client.get("/reminders/tonight")
    turn = reminded(office.db)
    after = client.get("/reminders/tonight")

    assert "One customer would hear from us" in before.words
    assert (turn.notices, turn.held_back) == (1, 0)
    assert "Nobody would hear from us" in after.words
    assert "Harbour" in after.follow("what is on its way").words


def test_the_nightly_run_says_what_each_duty_did_and_what_failed(office: Office) -> None:
    with office.db.transaction() as session:
        turns.note(session, "promises", Did(3))
        turns.note(session, "seal", Did(0, 2, "no room on the disk"))
    office.clock.advance(days=1)
    with office.db.transaction() as session:
        turns.note(session, "reminders", Did(7))

    page = office.browser(Role.AUDITOR).get("/reminders/run")

    for words in ("Reminders decided on", "Promises judged", "no room on the disk"):
        assert words in page.words


def test_the_nightly_run_tells_first_what_failed_and_then_what_was_done(office: Office) -> None:
    with office.db.transaction() as session:
        turns.note(session, "backfill", Did())
        turns.note(session, "notices", Did(4))
        turns.note(session, "seal", Did(0, 2, "no room on the disk"))

    page = office.browser(Role.AUDITOR).get("/reminders/run")

    told = [page.words.index(words) for words in ("Seals of the books", "Notices sent", "What the processor may not")]
    assert told == sorted(told)


def test_everything_is_paused_with_a_reason_and_resumed(office: Office) -> None:
    with office.db.transaction() as session:
        a_sequence(session)
    late(office)
    client = office.browser(Role.MANAGER)

    refused = client.get("/reminders/run").submit("Pause all reminders")
    paused = client.follow(refused.submit("Pause all reminders", why="The bank is down"))
    nothing = reminded(office.db)
    tonight = client.get("/reminders/tonight")
    resumed = client.follow(paused.submit("Resume reminders"))
    something = reminded(office.db)

    assert refused.status == 422
    assert "The bank is down" in paused.words
    assert "Reminders are paused" in tonight.words
    assert "If they were not paused, one customer would hear from us" in tonight.words
    assert "Reminders are paused" not in resumed.words
    assert (nothing.notices, something.notices) == (0, 1)


def test_a_collector_sees_the_run_and_cannot_pause_it(office: Office) -> None:
    page = office.browser(Role.COLLECTOR).get("/reminders/run")

    assert page.status == 200
    assert "Pause all reminders" not in page.words


def test_the_account_says_what_comes_next_and_what_holds_it(office: Office) -> None:
    with office.db.transaction() as session:
        a_sequence(session)
        _, promise = a_promise(session)
        path = f"/accounts/{promise.account_id}"
    account_id = late(office)
    client = office.browser(Role.COLLECTOR)

    free, promised = client.get(f"/accounts/{account_id}"), client.get(path)

    assert "First reminder" in free.words
    assert "held back: the customer has promised to pay" in promised.words


def test_pausing_one_invoice_begins_with_the_form_filled_in(office: Office) -> None:
    with office.db.transaction() as session:
        a_sequence(session)
    account_id = late(office)
    client = office.browser(Role.COLLECTOR)

    form = client.get(f"/accounts/{account_id}").follow("Hold reminders of")
    done = client.follow(form.submit("Hold it", why="They asked for a week"))
    turn = reminded(office.db)

    assert [box.get("value") for box in form.all("input", name="kind") if "checked" in box.attrib] == ["manual"]
    assert "They asked for a week" in done.words
    assert (turn.notices, turn.held_back) == (0, 1)
    with office.db.reading() as session:
        assert session.get_one(Notice, 1).why is HeldBack.PAUSED
