"""Messages in the back office: found, read as plain text, given to an account, dealt with."""

from __future__ import annotations

from typing import Any

from domain.notices.incoming.arriving import keep_raw
from domain.shared.actor import Actor
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import an_account
from tests.support.client import Client
from tests.support.incoming import a_message
from tests.support.linking import a_notice

MAYA = "maya@harbour.example"


def come(office: Office, sender: str = MAYA, body: str = "Paid on Friday.", **more: Any) -> int:
    """A mail comes in; its id."""
    with office.db.transaction() as session:
        message = a_message(session, sender, **{"subject": "Your reminder", "body": body, **more})
        keep_raw(session, office.store, message, b"From: x\n\nAs it came", actor=Actor.visitor())
        return message.id


def an_account_of(office: Office, **more: Any) -> tuple[int, str]:
    """An account; its id and number."""
    with office.db.transaction() as session:
        account = an_account(session, **more)
        return account.id, account.number


def test_what_waits_is_listed_first_and_counted(office: Office, manager: Client) -> None:
    empty = manager.get("/messages")
    an_account_of(office, email=MAYA, name="Harbour Café Ltd")
    come(office)
    matched = manager.get("/messages")
    come(office, "tom@elsewhere.example", subject="")
    unmatched = manager.get("/messages")

    assert "No messages here" in empty.words
    assert "Harbour Café Ltd" in matched.words
    assert "tom@elsewhere.example" in unmatched.words
    assert "Without a subject" in unmatched.words
    assert MAYA not in unmatched.words
    assert "To answer 1" in unmatched.words
    assert MAYA in unmatched.follow("To answer").words
    assert "Messages2 waiting" in unmatched.words


def test_a_message_is_shown_as_plain_text_with_what_it_answers(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        notice = a_notice(session, an_account(session))
        mark, notice_id = notice.mark, notice.id
    incoming_id = come(office, body="<b>Paid</b> <script>alert(1)</script>", references=[f"<{mark}@portal.example>"])

    shown = manager.get(f"/messages/{incoming_id}")
    original = shown.follow("The mail as it came")

    assert "<b>Paid</b> <script>alert(1)</script>" in shown.words
    assert shown.link("First reminder") == f"/notices/{notice_id}"
    assert "it answers a message of ours" in shown.words
    assert original.is_download
    assert original.response.content == b"From: x\n\nAs it came"


def test_one_of_nobody_is_given_to_an_account_and_dealt_with(office: Office, manager: Client) -> None:
    account_id, number = an_account_of(office, name="Harbour Café Ltd")
    page = manager.get(f"/messages/{come(office)}")

    wrong = page.submit("Assign it", account="A-0")
    missing = page.submit("Assign it", account=" ")
    given = manager.follow(page.submit("Assign it", account=number))
    again = given.submit("Assign it", account=number)
    done = manager.follow(given.submit("It is dealt with", note="Called her"))
    twice = given.submit("It is dealt with")

    assert (wrong.status, missing.status, again.status, twice.status) == (422, 422, 422, 422)
    assert "There is no account with this number." in wrong.words
    assert given.link("Harbour Café Ltd") == f"/accounts/{account_id}"
    assert "Manager Jones" in done.words
    timeline = manager.get(f"/accounts/{account_id}/timeline").words
    assert f"A message of {MAYA} belongs here: “Your reminder”" in timeline
    assert f"Message of {MAYA} dealt with: Called her" in timeline


def test_its_task_leads_there_and_ends_with_it(office: Office, manager: Client) -> None:
    an_account_of(office, email=MAYA)
    incoming_id = come(office)
    task = manager.get("/worklist").follow("A customer has written to us")

    manager.follow(task.follow("Go to the message").submit("It is dealt with"))

    assert task.link("Go to the message") == f"/messages/{incoming_id}"
    assert "A customer has written to us" not in manager.get("/worklist").words


def test_the_messages_of_one_account_are_found_from_its_people(office: Office, manager: Client) -> None:
    account_id, _ = an_account_of(office, email=MAYA, name="Harbour Café Ltd")
    come(office)
    come(office, "tom@elsewhere.example", "Another")

    page = manager.get(f"/accounts/{account_id}/people").follow("What they have written")

    assert MAYA in page.words
    assert "tom@elsewhere.example" not in page.words
    assert manager.get("/messages?account=999999").status == 404


def test_an_auditor_reads_and_changes_nothing(office: Office) -> None:
    incoming_id = come(office)
    auditor = office.browser(Role.AUDITOR)

    page = auditor.get(f"/messages/{incoming_id}")

    assert "Paid on Friday." in page.words
    assert "Assign it" not in page.words
    assert "It is dealt with" not in page.words


def test_a_message_is_answered_by_mail_and_leads_to_what_it_asks_for(office: Office, manager: Client) -> None:
    account_id, _ = an_account_of(office, email=MAYA, name="Harbour Café Ltd")
    mail = come(office, subject="My bill & more?")
    odd = come(office, "tom@elsewhere.example?bcc=all@harbour.example", subject="Re: your reminder")
    text = come(office, "+44 1632 960001", subject="")

    asked = manager.get(f"/messages/{mail}")
    strange = manager.get(f"/messages/{odd}")
    short = manager.get(f"/messages/{text}")
    read = office.browser(Role.AUDITOR).get(f"/messages/{mail}")

    assert asked.link("Answer by email") == f"mailto:{MAYA}?subject=Re%3A%20My%20bill%20%26%20more%3F"
    assert asked.link("Write down a promise") == f"/accounts/{account_id}/promises/new"
    assert asked.link("Call them") == f"/accounts/{account_id}/calls/new"
    assert (
        strange.link("Answer by email")
        == "mailto:tom@elsewhere.example%3Fbcc%3Dall@harbour.example?subject=Re%3A%20your%20reminder"
    )
    assert "Answer by email" not in short.words
    assert "Answer by email" not in read.words
