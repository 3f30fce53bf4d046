"""Authority: up to the limit alone, beyond it whoever can is named; by the policy of the account, else as usual."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.policies.acts import ACT_NAMES, DECIDING, UNITS, USUAL_LIMITS, Act, Unit
from domain.policies.authority import check, covers, limits, reaches
from domain.policies.sections import Authority, Sections
from domain.shared.db.session import Database
from domain.shared.errors import NotAllowed
from domain.shared.money import Money
from domain.staff.model import Role
from tests.support.builders import an_account, money
from tests.support.policies import a_policy

COUNTED = {Unit.DAYS: "days", Unit.MONTHS: "months", Unit.PERCENT: "per cent"}
SECURITY = Path(__file__).resolve().parents[3] / "docs" / "security.md"


def test_every_act_has_a_limit_for_every_role_a_unit_and_a_name_and_somebody_has_no_limit() -> None:
    assert set(USUAL_LIMITS) == set(UNITS) == set(ACT_NAMES) == set(Act)
    for act in Act:
        assert set(USUAL_LIMITS[act]) == set(Role)
        assert None in USUAL_LIMITS[act].values()
        assert {role for role, limit in USUAL_LIMITS[act].items() if limit != 0} <= set(DECIDING)


@pytest.mark.parametrize(
    ("limit", "extent", "covered"),
    [
        (500_00, money("500.00"), True),
        (500_00, money("500.01"), False),
        (None, Money(10**12, "JPY"), True),
        (500_00, Money(1, "JPY"), False),
        (0, money("0"), False),
        (14, 14, True),
        (14, 15, False),
        (0, None, False),
        (None, None, True),
    ],
)
def test_a_limit_reaches_as_far_as_it_says(limit: int | None, extent: Money | int | None, covered: bool) -> None:
    assert reaches(limit, extent, currency="GBP") is covered


def test_a_refusal_names_who_can(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        check(session, Role.COLLECTOR, Act.CREDIT_NOTE, money("500"), account_id=account.id)

    with pytest.raises(NotAllowed, match=r"600.* is more") as refused, db.reading() as session:
        check(session, Role.COLLECTOR, Act.CREDIT_NOTE, money("600"), account_id=account.id)
    with pytest.raises(NotAllowed, match="15 days") as beyond, db.reading() as session:
        check(session, Role.DISPUTE_HANDLER, Act.EXTENSION, 15, account_id=account.id)
    with pytest.raises(NotAllowed, match="cannot decide this"), db.reading() as session:
        check(session, Role.COLLECTOR, Act.LIFT_HOLD, None, account_id=account.id)

    assert refused.value.who_can == ("Dispute handler", "Manager")
    assert beyond.value.who_can == ("Manager",)


def test_the_policy_of_the_account_says_how_far_alone(db: Database) -> None:
    section = Authority(limits={Act.CREDIT_NOTE: {Role.COLLECTOR: 50_00, Role.MANAGER: None}})
    with db.transaction() as session:
        ruled, other = an_account(session), an_account(session)
        a_policy(session, Sections(authority=section), account_id=ruled.id)

    def far(role: Role, amount: str, account_id: int) -> bool:
        with db.reading() as session:
            return covers(session, role, Act.CREDIT_NOTE, money(amount), account_id=account_id)

    assert (far(Role.COLLECTOR, "50", ruled.id), far(Role.COLLECTOR, "51", ruled.id)) == (True, False)
    assert (far(Role.COLLECTOR, "500", other.id), far(Role.DISPUTE_HANDLER, "1", ruled.id)) == (True, False)
    assert far(Role.MANAGER, "9999", ruled.id)


def test_what_a_section_does_not_name_stays_as_usual() -> None:
    ruling = limits(Authority(limits={Act.REFUND: {Role.MANAGER: 10}}))

    assert ruling[Act.CREDIT_NOTE] == USUAL_LIMITS[Act.CREDIT_NOTE]
    assert ruling[Act.REFUND] == {**dict.fromkeys(Role, 0), Role.MANAGER: 10}


def test_the_documentation_has_the_table_as_it_is() -> None:
    def words(act: Act, limit: int | None) -> str:
        if not limit:
            return "any" if limit is None else "none"
        return f"{limit / 100:,.2f}" if UNITS[act] is Unit.MONEY else f"{limit} {COUNTED[UNITS[act]]}"

    rows = [f"| `{act}` | " + " | ".join(words(act, each) for each in USUAL_LIMITS[act].values()) + " |" for act in Act]

    assert "\n".join(rows) in SECURITY.read_text()
