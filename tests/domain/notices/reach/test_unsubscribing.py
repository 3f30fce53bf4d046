"""Unsubscribing: a token that only we can make, and what it does to an address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from domain.accounts.checking import EMAIL_LENGTH
from domain.accounts.contacts import ContactDetails, add
from domain.audit.model import AUDIT_ENTRIES
from domain.notices.reach.model import AddressNews
from domain.notices.reach.unsubscribing import CHANNELS, address_of, is_unwelcome, opt_in, opt_out, token_for
from domain.policies.contacting import Channel
from domain.shared.actor import OPERATOR, Actor
from domain.shared.db.session import Database
from tests.support.builders import an_account

KEY = b"k" * 32
MAYA = "maya@harbour.example"


@given(st.sampled_from(sorted(CHANNELS.values())), st.text(max_size=120))
def test_a_token_names_what_it_was_made_for_and_nothing_else(channel: Channel, address: str) -> None:
    token = token_for(KEY, channel, address)

    assert address_of(KEY, token) == (channel, address)
    assert token == token_for(KEY, channel, address)
    assert address_of(b"x" * 32, token) is None


@given(st.text(max_size=700))
def test_what_we_did_not_make_names_nothing(token: str) -> None:
    assert address_of(KEY, token) is None


def test_a_token_that_was_changed_names_nothing() -> None:
    token = token_for(KEY, Channel.EMAIL, MAYA)
    name, _, seal = token.partition(".")
    other, _, _ = token_for(KEY, Channel.EMAIL, "tom@elsewhere.example").partition(".")

    changed = [f"{other}.{seal}", f"{name}.", name, f"{name}.{seal[:-1]}", f"{name}.{seal}.", f"{name}={seal}"]

    assert [address_of(KEY, each) for each in changed] == [None] * len(changed)


def test_the_link_of_the_longest_address_works_whatever_it_is_written_in() -> None:
    address = "𝒶" * EMAIL_LENGTH

    assert address_of(KEY, token_for(KEY, Channel.EMAIL, address)) == (Channel.EMAIL, address)


def test_a_call_has_no_link() -> None:
    with pytest.raises(KeyError):
        token_for(KEY, Channel.CALL, "+441632960000")


def test_a_link_fits_into_a_text_message() -> None:
    assert len(token_for(KEY, Channel.SMS, "+441632960000")) < 45


def test_once_said_an_address_is_left_alone_until_it_says_otherwise(db: Database) -> None:
    visitor = Actor.visitor("192.0.2.1")
    with db.transaction() as session:
        first = opt_out(session, Channel.EMAIL, MAYA, how="link", actor=visitor)
        again = opt_out(session, Channel.EMAIL, MAYA, how="header", actor=visitor)
        stopped = is_unwelcome(session, Channel.EMAIL, MAYA)
        by_text = is_unwelcome(session, Channel.SMS, MAYA)
        back = opt_in(session, Channel.EMAIL, MAYA, how="link", actor=visitor)

        assert (first, again, stopped, by_text, back) == (True, False, True, False, True)
        assert not is_unwelcome(session, Channel.EMAIL, MAYA)


def test_it_stands_on_the_timeline_of_every_account_that_has_the_address(db: Database) -> None:
    with db.transaction() as session:
        one, other, stranger = an_account(session), an_account(session, email=MAYA), an_account(session)
        add(session, one, ContactDetails("Maya", email=MAYA), actor=OPERATOR)
        opt_out(session, Channel.EMAIL, MAYA, how="link", actor=Actor.visitor())

        told = select(AUDIT_ENTRIES.c.account_id).where(AUDIT_ENTRIES.c.act == "address.opted_out")
        assert set(session.scalars(told)) == {one.id, other.id}
        assert stranger.id not in set(session.scalars(told))
        assert session.scalars(select(AddressNews.address)).all() == [MAYA]
