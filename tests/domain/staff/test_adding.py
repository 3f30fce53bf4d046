"""Adding staff: always both factors, and each address once."""

from __future__ import annotations

import pytest

from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid
from domain.staff import queries
from domain.staff.adding import add
from domain.staff.model import Role
from tests.support.audited import acts, last_payload

GOOD = "violet anchor 7 pebble"


def test_somebody_new_has_a_role_and_two_factors(db: Database) -> None:
    with db.transaction() as session:
        member, uri = add(
            session, email=" Eva@Example.com", name="Eva  Lind", role=Role.MANAGER, password=GOOD, actor=OPERATOR
        )

    assert (member.email, member.name, member.language) == ("eva@example.com", "Eva Lind", "en")
    assert member.totp_secret in uri
    assert GOOD not in member.password_hash
    with db.reading() as session:
        row = queries.active(session, member.id)
        assert row is not None
        assert row.role is Role.MANAGER
        assert queries.names(session, [member.id]) == {member.id: "Eva Lind"}
        assert acts(session) == ["staff.added"]
        told = str(last_payload(session, "staff.added"))
        assert member.totp_secret not in told
        assert member.password_hash not in told


def test_an_address_is_taken_once(db: Database) -> None:
    with db.transaction() as session:
        add(session, email="eva@example.com", name="Eva", role=Role.MANAGER, password=GOOD, actor=OPERATOR)

        with pytest.raises(Conflict):
            add(session, email="EVA@example.com", name="Eva", role=Role.AUDITOR, password=GOOD, actor=OPERATOR)


@pytest.mark.parametrize(
    ("email", "name", "password", "field"),
    [
        ("eva", "Eva", GOOD, "email"),
        ("e@" + "x" * 250 + ".com", "Eva", GOOD, "email"),
        ("eva@example.com", " ", GOOD, "name"),
        ("eva@example.com", "Eva", "password1234", "password"),
    ],
)
def test_what_cannot_be_used_is_refused(db: Database, email: str, name: str, password: str, field: str) -> None:
    with pytest.raises(Invalid) as refused, db.transaction() as session:
        add(session, email=email, name=name, role=Role.MANAGER, password=password, actor=OPERATOR)

    assert refused.value.field == field
