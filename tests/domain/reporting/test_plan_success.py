"""Plan success: how the plans signed in a period were kept, by their shape."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from domain.plans import changing
from domain.plans.following import follow
from domain.plans.model import PlanStatus
from domain.policies.sections import Frequency
from domain.reporting.plan_sheet import PLANS, make
from domain.reporting.plan_success import Outcome, Success, by_kind, signed_in
from domain.reporting.sheets.files import sheet_csv
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, today
from domain.shared.errors import Invalid
from tests.support.builders import a_receipt, money
from tests.support.outside import MemoryStore
from tests.support.planning import a_running_plan, an_asked_plan, signed
from tests.support.speaking import Spoken


def a_kept(session: Session, *, broken: bool = False) -> None:
    """A plan of three months over £150 that was paid, `broken`: only after it had defaulted."""
    account, _, (invoice,), plan = a_running_plan(session, MemoryStore(), "150")
    if broken:
        changing.change(session, plan, PlanStatus.DEFAULTED, actor=OPERATOR)
    a_receipt(session, account, "150", today(session), invoice)
    follow(session, plan, actor=OPERATOR)
    assert plan.status is PlanStatus.COMPLETED


def found(session: Session) -> list[Success]:
    """The report of the year that ends today."""
    day = today(session)
    return by_kind(signed_in(session, day - timedelta(days=365), day))


def test_kept_and_broken_plans_are_counted_by_shape_with_their_money(db: Database) -> None:
    with db.transaction() as session:
        a_kept(session)
        a_kept(session)
        a_kept(session, broken=True)
        account, _, (invoice,), plan = a_running_plan(session, MemoryStore(), "90")
        a_receipt(session, account, "30", today(session), invoice)
        changing.change(session, plan, PlanStatus.DEFAULTED, actor=OPERATOR)
        a_running_plan(session, MemoryStore(), "240", count=8)

        short, middle = found(session)

    assert (short.kind.least, short.kind.most, short.kind.frequency) == (1, 3, Frequency.MONTHLY)
    assert [short.many(outcome) for outcome in Outcome] == [0, 0, 2, 2, 0, 0]
    assert short.share == Decimal(50)
    assert short.money == [(money("540"), money("480"))]
    assert (len(middle.made), middle.many(Outcome.RUNNING), middle.share) == (1, 1, None)
    assert middle.money == [(money("240"), money("0"))]


def test_a_plan_that_was_replaced_brings_its_money_to_the_other_one(db: Database) -> None:
    with db.transaction() as session:
        _, _, _, plan = a_running_plan(session, MemoryStore(), "90")
        changing.change(session, plan, PlanStatus.SUPERSEDED, actor=OPERATOR)

        (only,) = found(session)

    assert only.many(Outcome.REPLACED) == 1
    assert only.money == []


def test_a_plan_that_waits_for_its_start_does_not_run(db: Database) -> None:
    with db.transaction() as session:
        _, actor, _, asked = an_asked_plan(session, "90", down_minor=3000)
        signed(session, MemoryStore(), asked, actor)

        (only,) = found(session)

    assert (only.many(Outcome.WAITING), only.many(Outcome.RUNNING), only.money) == (1, 0, [])


def test_only_what_was_signed_in_the_period_counts(db: Database) -> None:
    with db.transaction() as session:
        a_kept(session)
        day = today(session)

        before = signed_in(session, day - timedelta(days=30), day - timedelta(days=1))

    assert before == []


@pytest.mark.parametrize(("first", "last"), [(0, 1), (3 * 366, 0)])
def test_a_period_that_cannot_be_is_refused(db: Database, first: int, last: int) -> None:
    with pytest.raises(Invalid), db.reading() as session:
        signed_in(session, today(session) - timedelta(days=first), today(session) - timedelta(days=last))


def test_the_file_has_a_row_for_each_kind(db: Database) -> None:
    with db.transaction() as session:
        a_kept(session)
        rows = b"".join(sheet_csv(make(session, PLANS.usual(session)), Spoken("en"))).decode("utf-8-sig").splitlines()

    assert rows[0].startswith(
        'en: Instalments,en: How often,en: At once,en: Signed,"en: Signed, about to start",en: Running'
    )
    assert rows[1:] == ["en: 1 to 3,en: Every month,en: nothing,1,0,0,1,0,0,0,100.0,GBP,150.00,150.00"]
