"""Opening an account: what it gets by itself, and what is refused."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.accounts.opening import open_account
from domain.ledger.model import LedgerStream
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid
from tests.support.audited import acts, last_payload
from tests.support.builders import an_account


def test_an_account_takes_what_it_is_not_given_from_the_business_and_gets_its_stream(db: Database) -> None:
    with db.transaction() as session:
        account = open_account(session, number=" 0000611365 ", name="Harbour Café", currency="USD", actor=OPERATOR)

    assert (account.number, account.language, account.time_zone) == ("0000611365", "en", "Europe/London")
    with db.reading() as session:
        stream = session.scalars(select(LedgerStream).where(LedgerStream.account_id == account.id)).one()
        assert (stream.currency, stream.balance) == ("USD", 0)
        assert acts(session) == ["account.opened"]
        assert last_payload(session, "account.opened")["after"]["number"] == "0000611365"


def test_a_number_is_taken_once(db: Database) -> None:
    with db.transaction() as session:
        an_account(session, number="7")

    with pytest.raises(Conflict, match="an account 7 already"), db.transaction() as session:
        an_account(session, number="7")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", " "),
        ("name", ""),
        ("currency", "POUND"),
        ("language", "xx"),
        ("time_zone", "Here"),
        ("country", "England"),
        ("email", "nobody"),
        ("phone", "9" * 41),
        ("terms_days", -1),
        ("terms_days", 366),
    ],
)
def test_what_cannot_be_used_is_refused_by_its_field(db: Database, field: str, value: object) -> None:
    given: dict[str, object] = {"number": "1", "name": "N", "currency": "GBP", field: value}

    with pytest.raises(Invalid) as refused, db.transaction() as session:
        an_account(session, **given)  # type: ignore[arg-type]

    assert refused.value.field == field
