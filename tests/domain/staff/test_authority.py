"""Authority: up to the limit alone, beyond it whoever can is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.shared.db.session import Database
from domain.shared.errors import NotAllowed
from domain.shared.money import Money
from domain.staff.authority import LIMITS, Act, check, covers
from domain.staff.model import Role

SECURITY = Path(__file__).resolve().parents[3] / "docs" / "security.md"


def test_every_role_has_its_limit_in_every_act_and_somebody_has_none() -> None:
    assert set(LIMITS) == set(Act)
    for act in Act:
        assert set(LIMITS[act]) == set(Role)
        assert None in LIMITS[act].values()


@pytest.mark.parametrize(
    ("role", "minor", "covered"),
    [
        (Role.COLLECTOR, 500_00, True),
        (Role.COLLECTOR, 500_01, False),
        (Role.DISPUTE_HANDLER, 500_01, True),
        (Role.MANAGER, 10**12, True),
        (Role.ADMINISTRATOR, 1, False),
        (Role.AUDITOR, 0, False),
    ],
)
def test_a_role_goes_as_far_as_its_limit(role: Role, minor: int, covered: bool) -> None:
    assert covers(role, Act.CREDIT_NOTE, Money(minor, "GBP"), currency="GBP") is covered


def test_another_currency_needs_somebody_without_a_limit() -> None:
    yen = Money(1, "JPY")

    assert [role for role in Role if covers(role, Act.CREDIT_NOTE, yen, currency="GBP")] == [Role.MANAGER]


def test_a_refusal_names_who_can(db: Database) -> None:
    with db.reading() as session:
        check(session, Role.COLLECTOR, Act.CREDIT_NOTE, Money(500_00, "GBP"))

        with pytest.raises(NotAllowed) as refused:
            check(session, Role.COLLECTOR, Act.CREDIT_NOTE, Money(600_00, "GBP"))
        with pytest.raises(NotAllowed) as beyond:
            check(session, Role.DISPUTE_HANDLER, Act.CREDIT_NOTE, Money(6000_00, "GBP"))

    assert refused.value.who_can == ("Dispute handler", "Manager")
    assert beyond.value.who_can == ("Manager",)


def test_the_documentation_has_the_table_as_it_is() -> None:
    words = {None: "any", 0: "none"}
    rows = [
        f"| `{act}` | "
        + " | ".join(words.get(limit) or f"{(limit or 0) / 100:,.2f}" for limit in LIMITS[act].values())
        + " |"
        for act in Act
    ]

    assert "\n".join(rows) in SECURITY.read_text()
