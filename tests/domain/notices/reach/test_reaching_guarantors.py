"""Whoever is written down as a guarantor is reached where they are, with what is meant for guarantors alone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from domain.accounts.relations import guaranteeing
from domain.accounts.relations.guaranteeing import GuarantorDetails
from domain.notices.reach import addresses, known
from domain.notices.reach.model import AddressKind
from domain.notices.reach.reaching import Reached, Wanted, reach, reach_each
from domain.policies.contacting import Channel, Recipient, Wording
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from tests.support.builders import an_account
from tests.support.counting import counted


def tom(session: Session) -> GuarantorDetails:
    """A guarantor with every address."""
    return GuarantorDetails(
        "Tom Ruiz", True, today(session), email="tom@b.example", phone="+44 1632 960002", address="4 Hill Road"
    )


@pytest.mark.parametrize(
    ("channel", "address"),
    [(Channel.EMAIL, "tom@b.example"), (Channel.CALL, "+441632960002"), (Channel.LETTER, "4 Hill Road")],
)
def test_a_guarantor_is_reached_at_their_own_address(db: Database, channel: Channel, address: str) -> None:
    with db.transaction() as session:
        account = an_account(session, email="ap@b.example", address="1 Quay Street", country="GB")
        guaranteeing.add(session, account.id, tom(session), actor=OPERATOR)

        found = reach(session, account, wording=Wording.DEMAND, channel=channel, recipient=Recipient.GUARANTOR)
        usual = reach(session, account, wording=Wording.DEMAND, channel=Channel.EMAIL, recipient=Recipient.CONTACT)

        assert isinstance(found, Reached)
        assert (found.address, found.name, found.recipient) == (address, "Tom Ruiz", Recipient.GUARANTOR)
        assert isinstance(usual, Reached)
        assert usual.address == "ap@b.example"


def test_a_guarantor_who_was_let_go_or_has_no_address_gets_nothing_meant_for_them(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session, email="ap@b.example", address="1 Quay Street", country="GB")
        gone = guaranteeing.add(session, account.id, tom(session), actor=OPERATOR)
        guaranteeing.release(session, account.id, gone.id, why="Sold", actor=OPERATOR)
        guaranteeing.add(session, account.id, replace(tom(session), address=None), actor=OPERATOR)

        letter = reach(session, account, wording=Wording.DEMAND, channel=Channel.LETTER, recipient=Recipient.GUARANTOR)

        assert isinstance(letter, Reached)
        assert (letter.address, letter.recipient) == ("1 Quay Street", Recipient.CONTACT)


def test_staff_see_how_a_guarantor_can_be_reached_and_what_came_back(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session, country="GB")
        made = guaranteeing.add(session, account.id, tom(session), actor=OPERATOR)
        addresses.note(
            session, Channel.EMAIL, "tom@b.example", AddressKind.BOUNCED, how="mail", actor=OPERATOR, account_id=None
        )

        [person] = known.people(session, account.id)

        assert (person.guarantor_id, person.contact_id, person.duty) == (made.id, None, Recipient.GUARANTOR)
        assert [way.known.kind if way.known else None for way in person.ways] == [AddressKind.BOUNCED, None]


def test_many_accounts_ask_no_more_than_one(db: Database) -> None:
    with db.transaction() as session:
        made = [an_account(session, email=f"a{n}@b.example") for n in range(4)]
        for account in made:
            guaranteeing.add(session, account.id, tom(session), actor=OPERATOR)
        wanted = [Wanted(account, Wording.DEMAND, Channel.EMAIL, Recipient.GUARANTOR) for account in made]
        session.flush()
        with counted(db.bind) as one:
            reach_each(session, wanted[:1])
        with counted(db.bind) as four:
            reach_each(session, wanted)

    assert len(one) == len(four)
