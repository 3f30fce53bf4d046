"""What is known of an account is put right, with what it was, and found by what it is."""

from __future__ import annotations

import pytest

from domain.accounts.changing import change
from domain.accounts.model import Account, LegalForm
from domain.accounts.searching import search
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid, NotFound
from tests.support.audited import acts, last_payload
from tests.support.builders import an_account


@pytest.fixture
def account_id(db: Database) -> int:
    """An account with an address."""
    with db.transaction() as session:
        return an_account(session, name="Old Name Ltd", email="old@b.example", address="1 Quay Street\nBristol").id


def changed(db: Database, account_id: int, wanted: dict[str, str], **seen: str) -> list[str]:
    """What was changed, by somebody who saw the account as it was opened."""
    known = {
        "name": "Old Name Ltd",
        "legal_form": "unknown",
        "email": "old@b.example",
        "phone": "",
        "address": "1 Quay Street\r\nBristol",
        "country": "",
        "language": "en",
        "time_zone": "Europe/London",
        "terms_days": "30",
    }
    with db.transaction() as session:
        return change(session, account_id, wanted, {**known, **seen}, actor=OPERATOR)


def test_a_change_is_kept_with_what_was_before_and_found_again(db: Database, account_id: int) -> None:
    wanted = {"name": " New   Name ", "legal_form": "sole_trader", "email": "NEW@b.example", "terms_days": "14"}

    assert changed(db, account_id, wanted) == ["name", "legal_form", "email", "terms_days"]

    with db.reading() as session:
        row = session.get_one(Account, account_id)
        assert (row.name, row.legal_form, row.email, row.terms_days) == (
            "New Name",
            LegalForm.SOLE_TRADER,
            "new@b.example",
            14,
        )
        kept = last_payload(session, "account.changed")
        assert kept["before"] == {
            "name": "Old Name Ltd",
            "legal_form": "unknown",
            "email": "old@b.example",
            "terms_days": 30,
        }
        assert kept["after"]["name"] == "New Name"
        assert [one.id for one in search(session, "new name")] == [account_id]
        assert search(session, "old@b.example") == []


def test_what_stays_as_it_is_leaves_no_trace(db: Database, account_id: int) -> None:
    assert changed(db, account_id, {"name": "Old  Name Ltd", "address": "1 Quay Street \r\nBristol"}) == []

    with db.reading() as session:
        assert acts(session) == ["account.opened"]


def test_what_somebody_else_changed_meanwhile_is_not_overwritten_unseen(db: Database, account_id: int) -> None:
    changed(db, account_id, {"email": "theirs@b.example"})

    with pytest.raises(Conflict) as refused:
        changed(db, account_id, {"email": "mine@b.example"})
    assert refused.value.field == "email"
    assert "theirs@b.example" in str(refused.value)
    assert changed(db, account_id, {"email": "mine@b.example"}, email="theirs@b.example") == ["email"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", " "),
        ("legal_form", "club"),
        ("email", "nobody"),
        ("phone", "1" * 41),
        ("address", "x" * 1_001),
        ("country", "ZZ"),
        ("language", "klingon"),
        ("time_zone", "Europe/Nowhere"),
        ("terms_days", "366"),
        ("terms_days", "-1"),
        ("terms_days", "soon"),
    ],
)
def test_what_cannot_be_used_is_refused_beside_its_field(db: Database, account_id: int, field: str, typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        changed(db, account_id, {field: typed})
    assert refused.value.field == field


def test_what_may_be_missing_can_be_emptied(db: Database, account_id: int) -> None:
    assert changed(db, account_id, {"email": "", "address": " "}) == ["email", "address"]
    with db.reading() as session:
        row = session.get_one(Account, account_id)
        assert (row.email, row.address) == (None, None)


def test_nobodys_account_is_not_found(db: Database) -> None:
    with pytest.raises(NotFound):
        changed(db, 999, {"name": "x"})
