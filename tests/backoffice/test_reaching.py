"""Ways to reach an account's people: seen with what is known of each, stopped and started with a reason."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.accounts.contacts import ContactDetails, add
from domain.notices.reach import addresses
from domain.notices.reach.model import AddressKind, ContactDuty
from domain.notices.reach.unsubscribing import opt_out
from domain.policies.contacting import Channel, Recipient
from domain.shared.actor import OPERATOR, Actor
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import an_account
from tests.support.client import Client

MAYA, NUMBER = "maya@harbour.example", "+441632960001"


@pytest.fixture
def account_id(office: Office) -> int:
    """An account with a contact who has an email address and a number."""
    with office.db.transaction() as session:
        account = an_account(session, country="GB", email="office@harbour.example")
        add(session, account, ContactDetails("Maya", email=MAYA, phone="01632 960001"), actor=OPERATOR)
        return account.id


def known(office: Office, channel: Channel, address: str) -> AddressKind | None:
    """What is known of an address."""
    with office.db.reading() as session:
        return addresses.latest(session, channel, [address]).get(address)


def test_each_address_is_stopped_and_started_with_a_reason(office: Office, manager: Client, account_id: int) -> None:
    people = manager.get(f"/accounts/{account_id}/people")
    form = people.follow(f"Stop messages to {MAYA}")
    silent = form.submit("Stop messages")
    stopped = manager.follow(form.submit("Stop messages", why="She called"))
    after = known(office, Channel.EMAIL, MAYA)
    manager.follow(stopped.follow(f"Send again messages to {MAYA}").submit("Send messages again", why="She wrote"))

    assert silent.status == 422
    assert after is AddressKind.OPTED_OUT
    assert "written down by staff: She called" in stopped.words
    assert "Does not want messages" in stopped.words
    assert known(office, Channel.EMAIL, MAYA) is AddressKind.OPTED_IN
    assert f"{MAYA} does not want messages any more" in manager.get(f"/accounts/{account_id}/timeline").words


def test_a_form_that_somebody_else_was_quicker_with_does_what_it_says(
    office: Office, manager: Client, account_id: int
) -> None:
    form = manager.get(f"/accounts/{account_id}/people").follow(f"Stop messages to {MAYA}")
    form.submit("Stop messages", why="She called")

    form.submit("Stop messages", why="She called me too")

    assert known(office, Channel.EMAIL, MAYA) is AddressKind.OPTED_OUT


def test_texts_to_a_number_are_stopped(office: Office, manager: Client, account_id: int) -> None:
    people = manager.get(f"/accounts/{account_id}/people")
    people.follow("Stop messages to 01632 960001").submit("Stop messages", why="He called")

    assert known(office, Channel.SMS, NUMBER) is AddressKind.OPTED_OUT
    assert known(office, Channel.EMAIL, MAYA) is None


def test_how_we_know_is_said(office: Office, manager: Client, account_id: int) -> None:
    with office.db.transaction() as session:
        opt_out(session, Channel.EMAIL, MAYA, how="header", actor=Actor.visitor())

    words = manager.get(f"/accounts/{account_id}/people").words

    assert "by their mail program's button" in words


@pytest.mark.parametrize("query", ["", "?channel=email&address=tom@elsewhere.example", "?channel=sms&address=" + MAYA])
def test_an_address_that_is_not_theirs_is_left_alone(
    office: Office, manager: Client, account_id: int, query: str
) -> None:
    page = manager.get(f"/accounts/{account_id}/ways{query}")

    assert (page.status, page.location) == (303, f"/accounts/{account_id}/people")
    assert known(office, Channel.EMAIL, "tom@elsewhere.example") is None


def test_whom_notices_are_for_is_chosen(office: Office, manager: Client, account_id: int) -> None:
    form = manager.get(f"/accounts/{account_id}/people").follow("Change which notices Maya gets")
    early = form.submit("Save", texts="yes")
    people = manager.follow(form.submit("Save", duty="above", texts="yes"))
    with office.db.reading() as session:
        duty = session.scalars(select(ContactDuty)).one()
    again = people.follow("Change which notices Maya gets").submit("Save", duty="none", texts=[])

    assert early.status == 422
    assert "texts go to those whom notices are for" in early.words
    assert (duty.recipient, duty.texts_agreed_at is not None) == (Recipient.ABOVE, True)
    assert "The person above them, text messages agreed on" in people.words
    assert "No notices" in manager.follow(again).words
    assert "Maya has agreed to text messages" in manager.get(f"/accounts/{account_id}/timeline").words


def test_whoever_may_only_look_has_no_buttons(office: Office, account_id: int) -> None:
    page = office.browser(Role.AUDITOR).get(f"/accounts/{account_id}/people")

    assert MAYA in page.words
    assert "Stop messages to" not in page.words
    assert "which notices" not in page.words
