"""Which way a notice takes where the business does not use them all."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from domain.notices.model import HeldBack
from domain.notices.reach.reaching import Reached, channels_of, reach
from domain.policies.contacting import Channel, Recipient, Wording
from domain.shared.business import Business
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from tests.support.builders import an_account

WAYS = {"emails": Channel.EMAIL, "texts": Channel.SMS, "letters": Channel.LETTER, "calls": Channel.CALL}


@pytest.mark.parametrize("name", WAYS)
def test_each_way_can_be_turned_off(name: str) -> None:
    whole = Business(texts=True)

    assert name in {field.name for field in fields(Business)}
    assert channels_of(whole) - channels_of(replace(whole, **{name: False})) == {WAYS[name]}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("off", "wanted", "taken"),
    [
        ((), Channel.LETTER, Channel.LETTER),
        (("letters",), Channel.LETTER, Channel.EMAIL),
        (("calls",), Channel.CALL, Channel.EMAIL),
        (("calls", "emails"), Channel.CALL, Channel.LETTER),
        (("emails", "letters"), Channel.EMAIL, None),
    ],
)
def test_what_is_turned_off_gives_way_to_the_next_that_is_open(
    db: Database, clock: MovableClock, off: tuple[str, ...], wanted: Channel, taken: Channel | None
) -> None:
    ours = replace(Business(), **dict.fromkeys(off, False))  # type: ignore[arg-type]
    quiet = Database(db.bind, clock, ours)
    with quiet.transaction() as session:
        account = an_account(session, email="ap@b.example", phone="+44 1632 960002", address="1 Quay", country="GB")

        found = reach(session, account, wording=Wording.FIRST_REMINDER, channel=wanted, recipient=Recipient.CONTACT)

        assert found is HeldBack.NO_ADDRESS if taken is None else isinstance(found, Reached) and found.channel is taken
