"""Waiting work: what has come to somebody's desk overnight, made by what happens, not by hand; what kind each is."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.notices.calling import Said
from domain.notices.model import CallOutcome
from domain.policies.contacting import Channel
from domain.policies.sections import Plans
from domain.processing.calling import Outcome, record_call
from domain.receivables.model import Invoice
from domain.shared.actor import Actor
from domain.shared.db.session import today
from domain.staff.model import StaffMember
from domain.tasks import working
from domain.tasks.model import TASKS, TaskKind
from tests.support.builders import an_account, an_invoice
from tests.support.disputing import contest
from tests.support.house import House
from tests.support.noticing import a_notice
from tests.support.planning import an_asked_plan
from tests.support.promising import promised
from tests.support.reminding import asked_to_decide
from tests.support.waiting import until

EACH = 3
"""So many pieces of work there are of a kind."""
FENCE = Plans(most_months=2, needs_method=False, on_business_days=False)
"""A plan of three months is beyond it, and within what a collector may agree to."""


def bring_work(house: House, officer: StaffMember) -> dict[int, TaskKind]:
    """Seven kinds of work for somebody, three of each; the ids of the tasks, and of which kind each is."""
    desk = Actor.staff(officer.id)
    with house.wired.database.transaction() as session:
        broken = [_promise(session, f"Dunlin {number}") for number in range(EACH)]
    house.later(days=3)
    until(lambda: len(_tasks(house, broken)) == EACH, "the promises to be broken")
    with house.wired.database.transaction() as session:
        ours = broken + [account_id for number in range(EACH) for account_id in _one_of_each(session, number, desk)]
    made = _tasks(house, ours)
    with house.wired.database.transaction() as session:
        for task_id in made:
            working.take(session, task_id, actor=desk)
    house.later(seconds=20)
    return made


def _tasks(house: House, account_ids: list[int]) -> dict[int, TaskKind]:
    with house.wired.database.reading() as session:
        wanted = select(TASKS.c.id, TASKS.c.kind).where(TASKS.c.account_id.in_(account_ids), TASKS.c.done_at.is_(None))
        return {row.id: row.kind for row in session.execute(wanted)}


def _late(session: Session, name: str, email: str | None = None) -> tuple[Account, Invoice]:
    """An account that owes an invoice that is late by twenty days, and can be reached by this address or not at all."""
    account, due_on = an_account(session, name=name, email=email), today(session) - timedelta(days=20)
    return account, an_invoice(session, account, "120.00", issued_on=due_on, due_on=due_on)


def _promise(session: Session, name: str) -> int:
    account, invoice = _late(session, name)
    promised(session, account, invoice, days=1)
    return account.id


def _one_of_each(session: Session, number: int, desk: Actor) -> list[int]:
    """A call to make, a notice to look at, a dispute, a plan that is asked for, nobody reached, reminders through."""
    to_call, disputed, lost, through = (
        _late(session, f"{name} {number}") for name in ("Auk", "Coot", "Egret", "Fulmar")
    )
    to_notify = _late(session, f"Brant {number}", address := f"brant.{number}@harbour.example")
    a_notice(session, to_call[0], Channel.CALL)
    a_notice(session, to_notify[0], approve=True, address=address)
    contest(session, *disputed)
    asking = an_asked_plan(session, "90.00", plans=FENCE)[0]
    said = Said(CallOutcome.WRONG_NUMBER, "Somebody else's number", "+441632960009", None)
    record_call(session, lost[0].id, None, Outcome(said), actor=desk)
    asked_to_decide(session, through[1])
    return [each[0].id for each in (to_call, to_notify, disputed, lost, through)] + [asking.id]
