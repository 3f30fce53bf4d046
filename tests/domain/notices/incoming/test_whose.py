"""Whose: which accounts an address belongs to, by what stands on them and by what we have sent there."""

from __future__ import annotations

from domain.accounts.contacts import ContactDetails, add, change
from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS
from domain.notices.incoming.whose import accounts_at
from domain.policies.contacting import Channel
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from tests.support.builders import an_account
from tests.support.linking import a_notice

MAYA = "maya@harbour.example"


def test_an_email_address_of_the_account_a_contact_or_a_login(db: Database) -> None:
    with db.transaction() as session:
        own, contact, login = an_account(session, email=MAYA), an_account(session), an_account(session)
        an_account(session, email="maya@harbour.example.org")
        add(session, contact, ContactDetails("Maya", email=MAYA), actor=OPERATOR)
        grant(session, login, email=MAYA, name="Maya", rights=ALL_RIGHTS, actor=OPERATOR)

        assert accounts_at(session, Channel.EMAIL, "Maya@Harbour.example") == [own.id, contact.id, login.id]


def test_a_number_however_it_was_typed(db: Database) -> None:
    with db.transaction() as session:
        own = an_account(session, country="GB", phone="(01632) 960-001")
        contact = an_account(session, country="GB")
        add(session, contact, ContactDetails("Maya", phone="+44 1632 960.001"), actor=OPERATOR)
        an_account(session, country="US", phone="01632 960001")
        an_account(session, country="GB", phone="02632 960001")

        assert accounts_at(session, Channel.SMS, "+441632960001") == [own.id, contact.id]


def test_one_that_we_wrote_to_when_it_is_nobodys_any_more(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        contact = add(session, account, ContactDetails("Maya", email=MAYA), actor=OPERATOR)
        a_notice(session, account, address=MAYA)
        change(session, account, contact.id, ContactDetails("Maya", email="m@new.example"), actor=OPERATOR)

        assert accounts_at(session, Channel.EMAIL, MAYA) == [account.id]
        assert accounts_at(session, Channel.SMS, MAYA) == []
