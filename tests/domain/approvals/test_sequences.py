"""Any row of steps on one request after another: it is done as often as it was approved, and one at most waits."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from domain.accounts.queries import lock
from domain.approvals.asking import withdraw
from domain.approvals.deciding import approve, refuse
from domain.approvals.expiring import expire
from domain.approvals.model import ApprovalRequest, ApprovalStatus
from domain.approvals.wishes import CreditInvoice
from domain.invoicing.model import CreditNote
from domain.receivables.model import Invoice
from domain.shared.actor import WORKER
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import Conflict, Invalid, NotAllowed
from domain.staff.model import Role
from domain.tasks.model import TaskKind
from tests.support.approving import Two, asked, two
from tests.support.builders import a_receipt, an_account, an_invoice
from tests.support.tasks import open_tasks

STEPS = ("ask", "approve", "approve one's own", "refuse", "withdraw", "pay", "wait", "expire")
CREDITED = 600_00
REFUSED = (Conflict, NotAllowed, Invalid)


class Story:
    """One invoice, whoever asks about it and whoever decides; the request that was made last."""

    def __init__(self, db: Database, clock: MovableClock) -> None:
        self.db, self.clock = db, clock
        self.request_id: int | None = None
        with db.transaction() as session:
            account = an_account(session)
            self.account_id, self.people = account.id, two(session)
            self.invoice_id = an_invoice(session, account, "5000").id

    def take(self, step: str) -> None:
        """Try a step; one that is refused changes nothing."""
        if step == "wait":
            self.clock.advance(days=8)
            return
        try:
            with self.db.transaction() as session:
                people: Two = self.people
                if step == "ask":
                    wish = CreditInvoice(invoice_id=self.invoice_id, amount_minor=CREDITED, why="Broken")
                    made = asked(session, self.account_id, wish, people.asker)
                    self.request_id = made.id
                elif step == "pay":
                    invoice = session.get_one(Invoice, self.invoice_id)
                    a_receipt(session, lock(session, self.account_id), "1", today(session), invoice)
                elif self.request_id is None:
                    return
                elif step == "approve":
                    approve(session, self.request_id, role=Role.MANAGER, actor=people.approver)
                elif step == "approve one's own":
                    approve(session, self.request_id, role=Role.MANAGER, actor=people.asker)
                elif step == "refuse":
                    refuse(session, self.request_id, why="No", role=Role.MANAGER, actor=people.approver)
                elif step == "withdraw":
                    withdraw(session, self.request_id, actor=people.asker)
                else:
                    expire(session, self.request_id, actor=WORKER)
        except REFUSED:
            return

    def check(self, paid: int) -> None:
        """What must hold after every step; `paid` is how often a pound came in."""
        with self.db.reading() as session:
            of_account = ApprovalRequest.account_id == self.account_id
            rows = session.scalars(select(ApprovalRequest).where(of_account)).all()
            notes = select(func.count()).select_from(CreditNote).where(CreditNote.account_id == self.account_id)
            done = session.scalar(notes) or 0
            waiting = [row for row in rows if row.status is ApprovalStatus.WAITING]
            tasks = [task for task in open_tasks(session) if task.account_id == self.account_id]
            left = session.get_one(Invoice, self.invoice_id).open_minor
        to_decide = [task.subject_id for task in tasks if task.kind is TaskKind.APPROVAL_REQUESTED]
        assert done == sum(row.status is ApprovalStatus.APPROVED for row in rows)
        assert left == 5_000_00 - done * CREDITED - paid * 1_00
        assert len(waiting) <= 1
        assert to_decide == [str(row.id) for row in waiting]
        assert all(row.decided_by != row.asked_by for row in rows)


@settings(max_examples=20, deadline=timedelta(seconds=30), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(STEPS), min_size=1, max_size=9))
def test_whatever_people_do_in_turn_it_is_done_once_for_each_approval(
    db: Database, clock: MovableClock, steps: list[str]
) -> None:
    story, paid = Story(db, clock), 0
    for step in ["ask", *steps]:
        story.take(step)
        paid += step == "pay"
        story.check(paid)
