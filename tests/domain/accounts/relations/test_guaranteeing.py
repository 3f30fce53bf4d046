"""Guarantors: written down, and let go."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.accounts.relations import guaranteeing, queries
from domain.accounts.relations.guaranteeing import GuarantorDetails
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid, NotFound
from tests.support.audited import acts, last_payload
from tests.support.builders import an_account, money


def tom(db: Database) -> GuarantorDetails:
    """Somebody who answers for up to 500 pounds since today."""
    with db.reading() as session:
        return GuarantorDetails(
            "Tom  Ruiz",
            True,
            today(session),
            email="Tom@b.example",
            address=" 4 Hill Road\nBristol ",
            most=money("500"),
        )


def test_a_guarantor_answers_until_they_are_let_go(db: Database) -> None:
    with db.transaction() as session:
        account_id, other_id = an_account(session).id, an_account(session).id
        made = guaranteeing.add(session, account_id, tom(db), actor=OPERATOR)
        guarantor_id = made.id
        assert (made.name, made.email, made.address, made.most_minor) == (
            "Tom Ruiz",
            "tom@b.example",
            "4 Hill Road\nBristol",
            50_000,
        )

    with db.reading() as session:
        assert [row.name for row in queries.guarantors(session, account_id)] == ["Tom Ruiz"]
        assert list(queries.guarantors_of_each(session, [account_id, other_id])) == [account_id]
        assert last_payload(session, "guarantor.added")["after"]["most"] == {"amount": "500.00", "currency": "GBP"}
    with db.transaction() as session:
        guaranteeing.release(session, account_id, guarantor_id, why="Sold her shares", actor=OPERATOR)
    with db.reading() as session:
        assert queries.guarantors(session, account_id) == []
        assert [row.name for row in queries.guarantors(session, account_id, released=True)] == ["Tom Ruiz"]
        assert queries.guarantors_of_each(session, [account_id]) == {}
        assert acts(session)[-1] == "guarantor.released"
    with pytest.raises(Conflict), db.transaction() as session:
        guaranteeing.release(session, account_id, guarantor_id, why="Again", actor=OPERATOR)


def test_what_cannot_be_is_refused_beside_its_field(db: Database) -> None:
    with db.transaction() as session:
        account_id, day = an_account(session).id, today(session)
    details = tom(db)
    for wrong, field in (
        (replace(details, name=""), "name"),
        (replace(details, email="tom"), "email"),
        (replace(details, since_on=day + timedelta(days=1)), "since_on"),
        (replace(details, most=money("1", "EUR")), "most"),
        (replace(details, address="x" * 1_001), "address"),
    ):
        with pytest.raises(Invalid) as refused, db.transaction() as session:
            guaranteeing.add(session, account_id, wrong, actor=OPERATOR)
        assert refused.value.field == field


def test_a_guarantor_is_their_accounts_alone_and_is_let_go_for_a_reason(db: Database) -> None:
    with db.transaction() as session:
        account_id, other_id = an_account(session).id, an_account(session).id
        guarantor_id = guaranteeing.add(session, account_id, tom(db), actor=OPERATOR).id
    with pytest.raises(NotFound), db.transaction() as session:
        guaranteeing.release(session, other_id, guarantor_id, why="x", actor=OPERATOR)
    with pytest.raises(Invalid) as refused, db.transaction() as session:
        guaranteeing.release(session, account_id, guarantor_id, why=" ", actor=OPERATOR)
    assert refused.value.field == "why"
