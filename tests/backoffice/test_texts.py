"""What notices say, on the screen: found, changed, looked at, tried, and taken back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.notices.wording.texts import text_for
from domain.outbox.model import OUTBOX
from domain.policies.contacting import Channel, Wording
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import an_account, an_invoice
from tests.support.client import Client, Page

KEEP, SHOW, TRY = "Keep it", "Show it", "Mail me a test"
PATH = "/texts/first_reminder/email/en"
TYPED = {"subject": "About {total}", "body": "Please pay {total}. It was due on {due_on}.\n\nThank you, {name}."}


def body_of(page: Page) -> str:
    return "".join(page.all("textarea", name="body")[0].itertext()).strip()


def press(client: Client, button: str, **typed: str) -> Page:
    """Open a text, type, and press one of the buttons."""
    return client.get(PATH).submit(button, {**TYPED, **typed})


def now_says(office: Office) -> str:
    with office.db.reading() as session:
        return text_for(session, Wording.FIRST_REMINDER, Channel.EMAIL, "en").body


def test_every_text_is_found_in_its_language(office: Office) -> None:
    client = office.browser(Role.AUDITOR)

    page = client.get("/texts?language=fr")
    text = client.get("/texts/final_notice/call/fr")

    links = [link.get("href") for link in page.all("a") if str(link.get("href")).startswith("/texts/")]
    assert len(links) == 11 * 3 + 6
    assert "/texts/thank_you/call/fr" not in links
    assert "as the email" in page.words
    assert "Vous avez notre dernier avis" in text.words
    assert "Nous n’avons pas reçu la facture" in text.words
    assert not text.all("textarea")


def test_a_text_is_changed_shown_as_changed_and_taken_back(office: Office) -> None:
    client = office.browser(Role.MANAGER)
    built_in = now_says(office)

    kept = client.follow(press(client, KEEP))
    changed = now_says(office)
    listed = client.get("/texts")
    back = client.follow(kept.submit("Go back to this version 0"))

    assert "Kept: from now on notices say this." in kept.words
    assert changed == TYPED["body"]
    assert "changed: First reminder, Email" in listed.words
    assert "It is as it came with the product again." in back.words
    assert "Manager Jones" in back.words
    assert now_says(office) == built_in


def test_an_older_version_is_used_again(office: Office) -> None:
    client = office.browser(Role.MANAGER)
    press(client, KEEP)
    page = client.follow(press(client, KEEP, body="Now {total}, due on {due_on}."))

    again = client.follow(page.submit("Go back to this version 1"))

    assert "It is as it was then, as a new version." in again.words
    assert now_says(office) == TYPED["body"]


@pytest.mark.parametrize("button", [KEEP, SHOW, TRY])
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"body": "Please pay {totl}. It was due on {due_on}."}, "body"),
        ({"body": "Please pay {total}."}, "body"),
        ({"subject": ""}, "subject"),
        ({"subject": "About {balance}"}, "subject"),
    ],
)
def test_what_cannot_be_sent_is_refused_beside_its_field_and_nothing_typed_is_lost(
    office: Office, button: str, wrong: dict[str, str], field: str
) -> None:
    page = press(office.browser(Role.MANAGER), button, **wrong)

    typed = TYPED | wrong
    assert page.status == 422
    assert page.all("p", id=f"{field}-error")
    assert body_of(page) == typed["body"]
    assert (page.all("input", name="subject")[0].get("value") or "") == typed["subject"]
    assert now_says(office) != typed["body"]


def test_two_who_write_at_once_do_not_write_over_each_other(office: Office) -> None:
    first, second = office.browser(Role.MANAGER), office.browser(Role.ADMINISTRATOR)
    theirs = second.get(PATH)
    press(first, KEEP)

    page = theirs.submit(KEEP, subject="Mine {total}", body="Mine is {total}, due on {due_on}.")

    assert page.status == 422
    assert "Somebody else has saved this text meanwhile" in page.words
    assert body_of(page) == "Mine is {total}, due on {due_on}."
    assert now_says(office) == TYPED["body"]


def test_what_is_typed_is_shown_on_a_real_account_and_not_kept(office: Office) -> None:
    with office.db.transaction() as session:
        an_invoice(session, an_account(session, number="A-77", name="Bistro Ltd"), "120", number="INV-9")
    office.clock.advance(days=60)

    page = press(office.browser(Role.MANAGER), SHOW, account="A-77")

    assert "Please pay £120.00." in page.words.replace("\N{NO-BREAK SPACE}", " ")
    assert "Thank you, Bistro Ltd." in page.words
    assert body_of(page) == TYPED["body"]
    assert now_says(office) != TYPED["body"]


def test_an_account_that_there_is_not_is_said_beside_its_field(office: Office) -> None:
    client = office.browser(Role.MANAGER)

    page, tried = press(client, SHOW, account="A-0"), press(client, TRY, account="A-0")

    assert [each.status for each in (page, tried)] == [422, 422]
    assert all(each.all("p", id="account-error") for each in (page, tried))
    with office.db.reading() as session:
        assert session.scalars(select(OUTBOX.c.id)).all() == []


def test_a_test_goes_to_whoever_is_signed_in(office: Office) -> None:
    page = press(office.browser(Role.MANAGER), TRY)

    assert "A test is on its way to manager@office.example" in page.words
    assert body_of(page) == TYPED["body"]
    assert office.nudges == [None]
    with office.db.reading() as session:
        (row,) = session.execute(select(OUTBOX.c.kind, OUTBOX.c.payload))
    assert row.kind == "try_text"
    assert row.payload["staff_id"] == office.person(Role.MANAGER)
    assert row.payload["body"] == TYPED["body"]


@pytest.mark.parametrize("path", ["/texts/thank_you/call/en", "/texts/x/email/en", "/texts/demand/email/pl"])
def test_a_text_that_there_is_not_is_not_found(office: Office, path: str) -> None:
    assert office.browser(Role.MANAGER).get(path).status == 404
