"""Whose work is: what its keeper may not do is not theirs, and what is to be approved waits for who may."""

from __future__ import annotations

import pytest

from domain.accounts.model import LegalForm
from domain.assignments.assigning import assign
from domain.credit.applications.deciding import Verdict, decide, second_look
from domain.refunds.model import RefundSource
from domain.shared.actor import OPERATOR, Actor
from domain.shared.db.session import Database
from domain.staff.model import Role
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task
from domain.worklist import queue
from domain.worklist.needs import BY_ROLE, NEEDS, barred
from domain.worklist.queue import Wanted, Whose
from tests.support.applying import apply_for_credit
from tests.support.assigning import a_colleague
from tests.support.builders import an_account, an_invoice
from tests.support.refunding import ask, paid_twice
from tests.support.writing_off import proposed


def kinds(db: Database, whose: Whose, staff_id: int) -> list[TaskKind]:
    with db.reading() as session:
        return sorted(item.kind for item in queue.items(session, Wanted(whose, staff_id)))


def staffed(db: Database) -> tuple[int, int, int]:
    """A collector, a dispute handler and a manager."""
    with db.transaction() as session:
        sam = a_colleague(session, "Sam", Role.COLLECTOR)
        dana = a_colleague(session, "Dana", Role.DISPUTE_HANDLER)
        ade = a_colleague(session, "Ade", Role.MANAGER)
        return sam.id, dana.id, ade.id


def kept_work(db: Database, keeper: int, *kinds: TaskKind) -> None:
    with db.transaction() as session:
        account = an_account(session)
        assign(session, [account.id], keeper, actor=OPERATOR)
        for kind in kinds:
            open_task(session, kind, subject=("account", account.id), account_id=account.id)


def test_what_its_keeper_may_not_do_is_nobodys(db: Database) -> None:
    sam, dana, ade = staffed(db)
    kept_work(db, sam, TaskKind.CHARGEBACK, TaskKind.ESCALATION)

    assert kinds(db, Whose.MINE, sam) == [TaskKind.ESCALATION]
    assert [kinds(db, Whose.NOBODY, one) for one in (sam, dana, ade)] == [[TaskKind.CHARGEBACK]] * 3
    with db.reading() as session:
        owners = {item.kind: item.owner_id for item in queue.items(session, Wanted(Whose.ALL, sam))}
    assert owners == {TaskKind.CHARGEBACK: None, TaskKind.ESCALATION: sam}


def test_what_its_keeper_may_do_is_theirs(db: Database) -> None:
    _, dana, _ = staffed(db)
    kept_work(db, dana, TaskKind.CHARGEBACK, TaskKind.PLAN_REQUEST)

    assert kinds(db, Whose.MINE, dana) == [TaskKind.CHARGEBACK]
    assert kinds(db, Whose.NOBODY, dana) == [TaskKind.PLAN_REQUEST]


def test_a_write_off_waits_for_those_whose_authority_is_enough(db: Database) -> None:
    sam, dana, ade = staffed(db)
    with db.transaction() as session:
        account = an_account(session)
        assign(session, [account.id], sam, actor=OPERATOR)
        proposed(session, account, an_invoice(session, account, "120"))

    lists = [kinds(db, Whose.MINE, one) for one in (sam, dana, ade)]

    assert lists == [[], [], [TaskKind.WRITE_OFF_APPROVAL]]
    assert kinds(db, Whose.NOBODY, sam) == []
    assert kinds(db, Whose.ALL, sam) == [TaskKind.WRITE_OFF_APPROVAL]


def test_whoever_asked_for_a_refund_is_not_asked_to_approve_it(db: Database) -> None:
    sam, dana, ade = staffed(db)
    given = paid_twice(db, "900")

    ask(db, given, "900", RefundSource.CREDIT, role=Role.COLLECTOR, actor=Actor.staff(dana))

    lists = [[one for one in kinds(db, Whose.MINE, who) if one in BY_ROLE] for who in (sam, dana, ade)]
    assert lists == [[], [], [TaskKind.REFUND_APPROVAL]]


def test_a_refusal_of_credit_waits_for_somebody_else_than_who_refused(db: Database) -> None:
    sam, dana, ade = staffed(db)
    with db.transaction() as session:
        lee = a_colleague(session, "Lee", Role.COLLECTOR).id
        account = an_account(session, legal_form=LegalForm.SOLE_TRADER).id
        assign(session, [account], sam, actor=OPERATOR)
    sent = apply_for_credit(db, account)
    no = Verdict(None, None, "Too little is known")

    def waits_for() -> list[str]:
        people = {"Sam": sam, "Dana": dana, "Ade": ade, "Lee": lee}
        return [name for name, one in people.items() if TaskKind.CREDIT_REVIEW in kinds(db, Whose.MINE, one)]

    with db.transaction() as session:
        decide(session, sent.id, no, role=Role.COLLECTOR, actor=Actor.staff(sam))
    sam_refused = waits_for()
    with db.transaction() as session:
        second_look(session, sent.id, agrees=False, reasons="Ask the references", actor=Actor.staff(ade))
        decide(session, sent.id, no, role=Role.COLLECTOR, actor=Actor.staff(lee))

    assert (sam_refused, waits_for()) == (["Ade", "Lee"], ["Sam", "Ade"])
    assert TaskKind.CREDIT_REVIEW not in kinds(db, Whose.NOBODY, sam)


@pytest.mark.parametrize("role", [Role.COLLECTOR, Role.DISPUTE_HANDLER])
def test_a_manager_can_do_all_that_others_cannot(role: Role) -> None:
    assert barred(role)
    assert barred(Role.MANAGER) == frozenset()
    assert not BY_ROLE & NEEDS.keys()
