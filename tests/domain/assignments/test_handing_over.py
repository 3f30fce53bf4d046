"""Handing over: what somebody had who left goes by the rules, to the stand-in, or waits for somebody."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.assignments.absences import write_down
from domain.assignments.applying import apply_after
from domain.assignments.assigning import assign
from domain.assignments.fitting import Choice
from domain.assignments.handing_over import hand_over, to_hand_over
from domain.assignments.model import RuleKind
from domain.assignments.ruling import add
from domain.shared.actor import OPERATOR, WORKER, Actor
from domain.shared.db.session import Database
from domain.staff.changing import change_role, disable
from domain.staff.model import Role
from domain.tasks.model import TASKS, TaskKind
from domain.tasks.opening import open_task
from domain.tasks.working import take
from tests.support.assigning import a_colleague, kept_by
from tests.support.audited import last_payload
from tests.support.builders import an_account

DAY = date(2026, 3, 16)


def a_task(session: Session, owner: int, subject: int, account_id: int | None = None) -> int:
    """An open task of somebody's."""
    task_id = open_task(session, TaskKind.WORK_FAILED, subject=("message", subject), account_id=account_id)
    assert task_id is not None
    take(session, task_id, actor=Actor.staff(owner))
    return task_id


def owners(session: Session) -> dict[int, int | None]:
    """Whose each task is."""
    session.flush()
    return {row.id: row.owner_id for row in session.execute(select(TASKS.c.id, TASKS.c.owner_id))}


def test_accounts_go_by_the_rules_and_tasks_follow_their_accounts(db: Database) -> None:
    with db.transaction() as session:
        eva, tom = a_colleague(session), a_colleague(session, "Tom")
        account, by_hand, other = (an_account(session, name=name) for name in ("Abel", "Berg", "Zoe"))
        add(session, Choice(RuleKind.EVERYTHING), eva.id, actor=OPERATOR)
        add(session, Choice(RuleKind.ALPHABET, low="a", high="m"), tom.id, actor=OPERATOR)
        apply_after(session, 0, actor=WORKER)
        assign(session, [by_hand.id], eva.id, actor=OPERATOR)
        task, loose, theirs = (
            a_task(session, eva.id, 1, account.id),
            a_task(session, eva.id, 2),
            a_task(session, tom.id, 3, other.id),
        )
        assert to_hand_over(session) == []
        disable(session, eva.id, actor=OPERATOR)
        assert to_hand_over(session) == [eva.id]

        assert hand_over(session, eva.id, actor=WORKER) == 5

        assert kept_by(session) == {account.id: tom.id, by_hand.id: tom.id}
        assert owners(session) == {task: tom.id, loose: None, theirs: tom.id}
        assert to_hand_over(session) == []
        assert hand_over(session, eva.id, actor=WORKER) == 0
        assert last_payload(session, "staff.work_handed_over")["after"]["accounts"] == 3


def test_where_no_rule_fits_the_stand_in_has_it(db: Database) -> None:
    with db.transaction() as session:
        eva, tom, account = a_colleague(session), a_colleague(session, "Tom"), an_account(session)
        assign(session, [account.id], eva.id, actor=OPERATOR)
        task, loose = a_task(session, eva.id, 1, account.id), a_task(session, eva.id, 2)
        last_on = DAY + timedelta(days=3)
        write_down(session, eva.id, stand_in_id=tom.id, first_on=DAY, last_on=last_on, actor=OPERATOR)
        disable(session, eva.id, actor=OPERATOR)

        hand_over(session, eva.id, actor=WORKER)

        assert kept_by(session) == {account.id: tom.id}
        assert owners(session) == {task: tom.id, loose: tom.id}


def test_another_job_takes_the_accounts_and_leaves_the_tasks(db: Database) -> None:
    with db.transaction() as session:
        eva, account = a_colleague(session), an_account(session)
        assign(session, [account.id], eva.id, actor=OPERATOR)
        task = a_task(session, eva.id, 1, account.id)
        change_role(session, eva.id, Role.ADMINISTRATOR, actor=OPERATOR)

        hand_over(session, eva.id, actor=WORKER)

        assert kept_by(session) == {}
        assert owners(session) == {task: eva.id}
        assert to_hand_over(session) == []


def test_many_accounts_are_handed_over_a_part_at_a_time(db: Database) -> None:
    with db.transaction() as session:
        eva, accounts = a_colleague(session), [an_account(session).id for _ in range(5)]
        assign(session, accounts, eva.id, actor=OPERATOR)
        task = a_task(session, eva.id, 1)
        disable(session, eva.id, actor=OPERATOR)

        assert hand_over(session, eva.id, actor=WORKER, at_once=3) == 3
        assert (len(kept_by(session)), owners(session)) == (2, {task: eva.id})
        assert hand_over(session, eva.id, actor=WORKER, at_once=3) == 3
        assert (kept_by(session), owners(session)) == ({}, {task: None})
