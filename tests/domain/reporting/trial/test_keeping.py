"""Trials of many accounts: made some at a time, kept with what they were made from, and stale once that changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.outbox.model import OutboxMessage
from domain.policies import drafting
from domain.policies.model import PolicyDraft
from domain.policies.sections import Sections
from domain.reporting.trial import keeping, scope
from domain.reporting.trial.exporting import lines_of
from domain.reporting.trial.keeping import Wanted, WorkTrial
from domain.reporting.trial.model import PARTS, TRIALS
from domain.reporting.trial.plain import from_plain, to_plain
from domain.reporting.trial.sums import summed
from domain.reporting.trial.trying import Trial, try_out
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import Invalid, NotFound
from tests.support.builders import an_account, an_invoice
from tests.support.lateness import DAILY, FORTY
from tests.support.policies import a_policy

DRAFT = Sections(late_interest=DAILY, recovery_cost=FORTY)


def five_accounts(db: Database) -> Wanted:
    """A policy with a draft, and five accounts in two currencies, each with another sum that is 60 days late."""
    with db.transaction() as session:
        policy_id = a_policy(session, Sections()).policy_id
        drafting.begin(session, policy_id, actor=OPERATOR)
        session.get_one(PolicyDraft, policy_id).sections = DRAFT
        day = today(session)
        due = day - timedelta(days=60)
        for number in range(5):
            account = an_account(session, number=f"T-{number}", currency="EUR" if number == 3 else "GBP")
            an_invoice(session, account, f"{number + 1}000", number=f"F-{number}", issued_on=due, due_on=due)
    return Wanted(policy_id, scope.RULED, day - timedelta(days=90), day - timedelta(days=1))


def work_off(db: Database) -> int:
    """Do all that is left in the outbox; how often it went on."""
    done = 0
    while True:
        with db.transaction() as session:
            message = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == WorkTrial.kind)).first()
            if message is None:
                return done
            payload = message.payload
            session.delete(message)
        keeping.work(db, WorkTrial(**payload))
        done += 1


def at_once(session: Session, wanted: Wanted) -> Trial:
    ids = scope.accounts_of(session, wanted.policy_id, wanted.whom)
    return try_out(session, scope.tried_sections(session, wanted.policy_id), ids, wanted.first, wanted.last)


def test_made_in_parts_it_comes_to_the_same_as_at_once(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 2)
    wanted = five_accounts(db)
    with db.transaction() as session:
        keeping.ask(session, wanted)

    times = work_off(db)

    assert times == 3
    with db.reading() as session:
        found, whole = keeping.kept(session, wanted), at_once(session, wanted)
        assert found is not None
        assert found.sums == summed(whole)
        assert found.sums == from_plain(to_plain(summed(whole)))
        assert not found.is_stale
        assert not found.is_ruled_otherwise
        kept_rows = {row.account_id: row.numbers for _, row in keeping.all_rows(session, found.id)}
    rows = [row for each in whole.currencies for row in each.rows]
    assert kept_rows == {row.account.id: {k: n for k, n in row.numbers.items() if n.says} for row in rows}
    assert [each.currency for each in whole.currencies] == ["EUR", "GBP"]
    assert len(list(lines_of(whole))) == 5


def test_on_the_way_it_says_how_much_is_done(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 2)
    wanted = five_accounts(db)
    with db.transaction() as session:
        keeping.ask(session, wanted)
        begun = keeping.working(session, wanted)
        trial_id = session.scalars(select(TRIALS.c.id)).one()

    keeping.work(db, WorkTrial(trial_id))

    with db.reading() as session:
        later = keeping.working(session, wanted)
        assert keeping.kept(session, wanted) is None
    assert begun is not None
    assert later is not None
    assert (begun.percent, later.percent, later.tried, later.accounts) == (0, 40, 2, 5)


def test_whoever_asks_while_it_is_made_waits_for_the_same(db: Database) -> None:
    wanted = five_accounts(db)
    for _ in range(2):
        with db.transaction() as session:
            keeping.ask(session, wanted)

    assert work_off(db) == 1


def test_a_part_that_two_make_at_once_counts_once(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "AT_ONCE", 2)
    wanted = five_accounts(db)
    with db.transaction() as session:
        keeping.ask(session, wanted)
        trial_id = session.scalars(select(TRIALS.c.id)).one()
    other = try_out

    def overtaken(*given: object) -> Trial:
        monkeypatch.setattr(keeping, "try_out", other)
        found = other(*given)  # type: ignore[arg-type]
        keeping.work(db, WorkTrial(trial_id))
        return found

    monkeypatch.setattr(keeping, "try_out", overtaken)
    keeping.work(db, WorkTrial(trial_id))

    with db.reading() as session:
        assert session.execute(select(TRIALS.c.tried)).one().tried == 2
        assert len(session.execute(select(PARTS.c.id)).all()) == 1


def test_a_changed_draft_makes_it_stale_until_it_is_made_anew(db: Database) -> None:
    wanted = five_accounts(db)
    with db.transaction() as session:
        keeping.ask(session, wanted)
    work_off(db)

    with db.transaction() as session:
        session.get_one(PolicyDraft, wanted.policy_id).sections = Sections(recovery_cost=FORTY)
    with db.reading() as session:
        stale = keeping.kept(session, wanted)
    with db.transaction() as session:
        keeping.ask(session, wanted)
    with db.reading() as session:
        meanwhile = keeping.kept(session, wanted)
    work_off(db)

    assert stale is not None
    assert stale.is_stale
    assert stale.sections == DRAFT
    assert meanwhile == stale
    with db.reading() as session:
        anew = keeping.kept(session, wanted)
        assert anew is not None
        assert not anew.is_stale
        assert anew.sections == Sections(recovery_cost=FORTY)
        with pytest.raises(NotFound):
            keeping.kept_by_id(session, wanted.policy_id, stale.id)
        assert session.scalars(select(PARTS.c.trial_id).distinct()).all() == [anew.id]


def test_a_version_that_was_published_since_is_noticed(db: Database) -> None:
    wanted = five_accounts(db)
    with db.transaction() as session:
        keeping.ask(session, wanted)
    work_off(db)

    with db.transaction() as session:
        a_policy(session, Sections(recovery_cost=FORTY))

    with db.reading() as session:
        found = keeping.kept(session, wanted)
    assert found is not None
    assert (found.is_stale, found.is_ruled_otherwise) == (False, True)


def test_one_that_has_not_gone_on_for_long_can_be_asked_for_again(db: Database, clock: MovableClock) -> None:
    wanted = five_accounts(db)
    with db.transaction() as session:
        keeping.ask(session, wanted)
        first = session.scalars(select(TRIALS.c.id)).one()

    clock.advance(minutes=61)

    with db.reading() as session:
        assert keeping.working(session, wanted) is None
    with db.transaction() as session:
        keeping.ask(session, wanted)
    keeping.work(db, WorkTrial(first))
    assert work_off(db) == 2
    with db.reading() as session:
        assert keeping.kept(session, wanted) is not None


def test_what_is_old_is_removed_when_another_is_asked_for(db: Database, clock: MovableClock) -> None:
    wanted = five_accounts(db)
    with db.transaction() as session:
        keeping.ask(session, wanted)
    work_off(db)

    clock.advance(days=91)
    with db.transaction() as session:
        keeping.ask(session, Wanted(wanted.policy_id, scope.ALL, wanted.first, wanted.last))

    with db.reading() as session:
        assert keeping.kept(session, wanted) is None
        assert session.execute(select(PARTS.c.id)).all() == []


def test_of_nobody_nothing_is_kept(db: Database) -> None:
    with db.transaction() as session:
        wanted = Wanted(a_policy(session, Sections()).policy_id, scope.ALL, today(session), today(session))
        keeping.ask(session, wanted)

    assert work_off(db) == 1
    with db.reading() as session:
        found = keeping.kept(session, wanted)
    assert found is not None
    assert (found.sums.accounts, found.sums.currencies) == (0, [])


def test_impossible_days_are_refused_when_it_is_asked_for(db: Database) -> None:
    wanted = five_accounts(db)
    with db.transaction() as session, pytest.raises(Invalid):
        keeping.ask(session, Wanted(wanted.policy_id, scope.ALL, wanted.last, wanted.first))


def test_only_what_is_many_is_slow(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = five_accounts(db)
    with db.reading() as session:
        few = keeping.is_slow(session, wanted)
        monkeypatch.setattr(keeping, "SMALL", 4)
        many = keeping.is_slow(session, wanted)
        with pytest.raises(NotFound):
            keeping.is_slow(session, Wanted(wanted.policy_id, "group-x", wanted.first, wanted.last))

    assert (few, many) == (False, True)


def test_a_policy_that_is_thrown_away_unpublished_takes_its_trials_with_it(db: Database) -> None:
    with db.transaction() as session:
        an_account(session)
        policy_id = drafting.create(session, "Trial and error", actor=OPERATOR).id
        day = today(session)
        keeping.ask(session, Wanted(policy_id, scope.ALL, day - timedelta(days=90), day - timedelta(days=1)))
    work_off(db)

    with db.transaction() as session:
        drafting.discard(session, policy_id, actor=OPERATOR)

    with db.reading() as session:
        assert [session.scalars(select(table.c.id)).all() for table in (TRIALS, PARTS)] == [[], []]
