"""Known: every way to reach an account's people, with the last that became known of each."""

from __future__ import annotations

from domain.accounts.contacts import ContactDetails, add
from domain.notices.reach.duties import choose
from domain.notices.reach.known import people
from domain.notices.reach.model import AddressKind
from domain.notices.reach.unsubscribing import opt_in, opt_out
from domain.policies.contacting import Channel, Recipient
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from tests.support.builders import an_account

MAYA = "maya@harbour.example"


def test_each_person_with_what_is_known_of_their_addresses(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session, country="GB", email="office@harbour.example", phone="no number")
        maya = add(session, account, ContactDetails("Maya", email=MAYA, phone="01632 960001"), actor=OPERATOR)
        add(session, account, ContactDetails("Nobody"), actor=OPERATOR)
        choose(session, account.id, maya.id, Recipient.ABOVE, texts=True, actor=OPERATOR)
        opt_in(session, Channel.EMAIL, MAYA, how="link", actor=OPERATOR)
        opt_out(session, Channel.EMAIL, MAYA, how="staff", detail="She called", actor=OPERATOR)
        own, first, second = people(session, account.id)

    assert (own.contact_id, [way.address for way in own.ways]) == (None, ["office@harbour.example"])
    assert (first.name, first.duty, first.texts_agreed_at is not None) == ("Maya", Recipient.ABOVE, True)
    assert [(way.channel, way.address, way.shown) for way in first.ways] == [
        (Channel.EMAIL, MAYA, MAYA),
        (Channel.SMS, "+441632960001", "01632 960001"),
    ]
    known = first.ways[0].known
    assert known is not None
    assert (known.kind, known.how, known.why) == (AddressKind.OPTED_OUT, "staff", "She called")
    assert first.ways[1].known is None
    assert (second.name, second.ways) == ("Nobody", ())


def test_an_account_without_addresses_has_no_ways_of_its_own(db: Database) -> None:
    with db.transaction() as session:
        assert people(session, an_account(session).id) == []
