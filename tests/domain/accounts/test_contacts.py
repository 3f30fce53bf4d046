"""Contacts: added and changed on their own account only."""

from __future__ import annotations

import pytest

from domain.accounts import contacts, queries
from domain.accounts.contacts import ContactDetails
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.errors import Invalid, NotFound
from tests.support.audited import acts, last_payload
from tests.support.builders import an_account


def test_a_contact_speaks_the_language_of_the_account(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session, language="es")
        contacts.add(session, account, ContactDetails("Ana Torres", email="Ana@Example.com"), actor=OPERATOR)

    with db.reading() as session:
        (row,) = queries.contacts(session, account.id)
        assert (row.name, row.email, row.language, row.phone) == ("Ana Torres", "ana@example.com", "es", None)


def test_a_change_says_what_was_and_is(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        contact = contacts.add(session, account, ContactDetails("Ana"), actor=OPERATOR)
        contacts.change(session, account, contact.id, ContactDetails("Ana Torres", phone="0123"), actor=OPERATOR)

        payload = last_payload(session, "contact.changed")
        assert (payload["before"]["name"], payload["after"]["name"]) == ("Ana", "Ana Torres")


def test_the_same_again_changes_nothing(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        contact = contacts.add(session, account, ContactDetails("Ana"), actor=OPERATOR)
        contacts.change(session, account, contact.id, ContactDetails(" Ana "), actor=OPERATOR)

        assert acts(session) == ["account.opened", "contact.added"]


def test_a_contact_of_another_account_is_not_found(db: Database) -> None:
    with db.transaction() as session:
        account, other = an_account(session), an_account(session)
        contact = contacts.add(session, other, ContactDetails("Ana"), actor=OPERATOR)

        with pytest.raises(NotFound):
            contacts.change(session, account, contact.id, ContactDetails("Eve"), actor=OPERATOR)


def test_a_contact_needs_a_name(db: Database) -> None:
    with pytest.raises(Invalid) as refused, db.transaction() as session:
        contacts.add(session, an_account(session), ContactDetails(" "), actor=OPERATOR)

    assert refused.value.field == "name"
