"""Duties: whom notices are for, and who has agreed to texts."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.contacts import ContactDetails, add
from domain.accounts.model import Account, Contact
from domain.audit.model import AUDIT_ENTRIES
from domain.notices.reach.duties import choose
from domain.notices.reach.model import ContactDuty
from domain.notices.reach.reaching import Reached, reach
from domain.policies.contacting import Channel, Recipient, Wording
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, now
from domain.shared.errors import Invalid, NotFound
from tests.support.builders import an_account

NUMBER = "01632 960001"


def maya(session: Session, phone: str | None = NUMBER) -> tuple[Account, Contact]:
    """An account with a contact."""
    account = an_account(session, country="GB")
    details = ContactDetails("Maya", email="maya@harbour.example", phone=phone)
    return account, add(session, account, details, actor=OPERATOR)


def acts(session: Session, account: Account) -> list[str]:
    """What was written down of its contacts."""
    found = select(AUDIT_ENTRIES.c.act).where(
        AUDIT_ENTRIES.c.account_id == account.id, AUDIT_ENTRIES.c.act.like("contact.%")
    )
    return list(session.scalars(found.order_by(AUDIT_ENTRIES.c.id)))[1:]


def test_notices_go_to_whom_they_are_for_by_text_once_they_agree(db: Database) -> None:
    with db.transaction() as session:
        account, contact = maya(session)
        choose(session, account.id, contact.id, Recipient.CONTACT, texts=False, actor=OPERATOR)
        before = reach(session, account, wording=Wording.DUE_TODAY, channel=Channel.SMS, recipient=Recipient.CONTACT)
        choose(session, account.id, contact.id, Recipient.CONTACT, texts=True, actor=OPERATOR)
        choose(session, account.id, contact.id, Recipient.CONTACT, texts=True, actor=OPERATOR)
        after = reach(session, account, wording=Wording.DUE_TODAY, channel=Channel.SMS, recipient=Recipient.CONTACT)

        assert isinstance(before, Reached)
        assert isinstance(after, Reached)
        assert (before.channel, before.address) == (Channel.EMAIL, "maya@harbour.example")
        assert (after.channel, after.address) == (Channel.SMS, "+441632960001")
        assert session.get_one(ContactDuty, contact.id).texts_agreed_at == now(session)
        assert acts(session, account) == ["contact.duty_set", "contact.texts_agreed"]


def test_a_duty_changes_and_ends_and_its_texts_with_it(db: Database) -> None:
    with db.transaction() as session:
        account, contact = maya(session)
        choose(session, account.id, contact.id, Recipient.CONTACT, texts=True, actor=OPERATOR)
        choose(session, account.id, contact.id, Recipient.ABOVE, texts=True, actor=OPERATOR)
        between = session.get_one(ContactDuty, contact.id).recipient
        choose(session, account.id, contact.id, None, texts=False, actor=OPERATOR)

        assert between is Recipient.ABOVE
        assert session.get(ContactDuty, contact.id) is None
        assert acts(session, account) == [
            "contact.duty_set",
            "contact.texts_agreed",
            "contact.duty_set",
            "contact.duty_ended",
            "contact.texts_refused",
        ]


@pytest.mark.parametrize(
    ("phone", "recipient"), [(None, Recipient.CONTACT), ("none", Recipient.CONTACT), (NUMBER, None)]
)
def test_texts_need_a_number_and_a_duty(db: Database, phone: str | None, recipient: Recipient | None) -> None:
    with db.transaction() as session:
        account, contact = maya(session, phone)
        account_id, contact_id = account.id, contact.id

    with pytest.raises(Invalid), db.transaction() as session:
        choose(session, account_id, contact_id, recipient, texts=True, actor=OPERATOR)


def test_only_a_contact_of_the_account_itself(db: Database) -> None:
    with db.transaction() as session:
        _, contact = maya(session)
        other_id, contact_id = an_account(session).id, contact.id

    with pytest.raises(NotFound), db.transaction() as session:
        choose(session, other_id, contact_id, Recipient.CONTACT, texts=False, actor=OPERATOR)
