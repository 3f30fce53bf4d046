"""Credit checks: kept with their expiry, asked for outside any transaction, and a hold once they have expired."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from domain.credit.checks.provider import CheckRefused, CheckUnavailable, CreditChecks
from domain.credit.checks.recording import ask, checks_of, good_check, record
from domain.credit.model import HoldReason
from domain.credit.standing import standing_of
from domain.documents import queries as documents
from domain.policies.sections import Limits
from domain.shared.actor import Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid
from tests.support.applying import RESULT, FakeChecks, apply_for_credit
from tests.support.builders import an_account, money
from tests.support.crediting import ruled
from tests.support.filed import filed
from tests.support.outside import MemoryStore

ANA = Actor.staff(11)


@pytest.fixture
def account(db: Database) -> int:
    with db.transaction() as session:
        return an_account(session, country="GB").id


def test_what_the_provider_says_is_kept_with_its_raw_file(db: Database, account: int) -> None:
    apply_for_credit(db, account)
    checks, store = FakeChecks(), MemoryStore()
    assert isinstance(checks, CreditChecks)

    kept = ask(db, account, checks, actor=ANA, store=store)

    assert (kept.provider, kept.score, kept.limit_minor, kept.expires_on) == ("Agency", 72, 2_500_00, date(2026, 9, 1))
    assert checks.asked is not None
    assert [(one.country, one.company_number, one.tax_number) for one in checks.asked] == [
        ("GB", "00445790", "980780684")
    ]
    with db.reading() as session:
        assert kept.document_id is not None
        paper = documents.any_document(session, kept.document_id)
        assert filed(session, account) == []
    with store.open(paper.sha256) as file:
        assert file.read() == RESULT.raw


@pytest.mark.parametrize("problem", [None, CheckUnavailable("away"), CheckRefused("another signature")])
def test_a_provider_that_says_nothing_leaves_nothing(db: Database, account: int, problem: Exception | None) -> None:
    with pytest.raises(Conflict):
        ask(db, account, FakeChecks(problem), actor=ANA, store=MemoryStore())

    with db.reading() as session:
        assert checks_of(session, account) == []


@pytest.mark.parametrize(
    ("months", "as_of", "expires_on"),
    [(None, date(2026, 3, 1), date(2027, 3, 1)), (6, date(2025, 8, 31), date(2026, 2, 28))],
)
def test_without_an_expiry_of_its_own_the_policy_says_how_long_it_is_good(
    db: Database, account: int, months: int | None, as_of: date, expires_on: date
) -> None:
    ruled(db, Limits(check_months=months))

    with db.transaction() as session:
        kept = record(
            session,
            account,
            replace(RESULT, as_of=as_of, expires_on=None),
            provider="By hand",
            actor=ANA,
        )

    assert kept.expires_on == expires_on


def test_new_credit_is_held_once_the_check_has_expired_and_not_before(
    db: Database, account: int, clock: MovableClock
) -> None:
    ruled(db, Limits(check_months=6))
    with db.transaction() as session:
        never = standing_of(session, account)
        record(
            session,
            account,
            replace(RESULT, expires_on=date(2026, 3, 17)),
            provider="By hand",
            actor=ANA,
        )
    clock.advance(days=1)
    with db.reading() as session:
        last_day, good = standing_of(session, account), good_check(session, account)
    clock.advance(days=1)
    with db.reading() as session:
        after, gone = standing_of(session, account), good_check(session, account)

    assert (never.on_hold, last_day.on_hold) == (False, False)
    assert good is not None
    assert gone is None
    assert [(hold.reason, hold.day) for hold in after.holds] == [(HoldReason.CHECK_EXPIRED, date(2026, 3, 17))]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"score": 101}, "score"),
        ({"score": -1}, "score"),
        ({"limit": money("1", "EUR")}, "limit"),
        ({"as_of": date(2026, 3, 17)}, "as_of"),
        ({"expires_on": date(2026, 2, 1)}, "expires_on"),
    ],
)
def test_a_result_that_cannot_be_is_refused_beside_its_field(
    db: Database, account: int, changes: dict[str, object], field: str
) -> None:
    wrong = replace(RESULT, **changes)  # type: ignore[arg-type]

    with pytest.raises(Invalid) as refused, db.transaction() as session:
        record(session, account, wrong, provider="By hand", actor=ANA)

    assert refused.value.field == field
