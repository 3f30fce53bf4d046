"""Deciding: a second person, whose authority is looked at then, and books that have not moved; else nothing is done."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from domain.accounts.queries import lock
from domain.approvals.deciding import approve, has_read, refuse
from domain.approvals.expiring import expire, to_expire
from domain.approvals.model import APPROVALS, ApprovalRequest, ApprovalStatus
from domain.approvals.performing import perform
from domain.approvals.wishes import CounterPlan, CreditInvoice, OfferPlan, RecordPromise
from domain.audit.model import AUDIT_ENTRIES
from domain.invoicing.model import CreditNote
from domain.plans import negotiating
from domain.plans.model import PaymentPlan, PlanStatus
from domain.plans.negotiating import Ask
from domain.plans.queries import rounds
from domain.policies.acts import Act
from domain.policies.sections import Authority, Sections
from domain.promises import queries as promises
from domain.receivables.model import Invoice
from domain.shared.actor import WORKER
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, today
from domain.shared.errors import BeyondAuthority, Conflict, Invalid, NotAllowed, NotFound
from domain.staff.model import Role
from domain.tasks.model import TaskKind
from tests.support.approving import Two, asked, two
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.planning import PLANS, an_asked_plan, monthly
from tests.support.policies import a_policy
from tests.support.tasks import open_tasks


def a_request(db: Database, amount: str = "900") -> tuple[Two, Invoice, ApprovalRequest]:
    """All of an invoice is to be credited, and a collector has asked for it."""
    with db.transaction() as session:
        account, people = an_account(session), two(session)
        invoice = an_invoice(session, account, amount)
        wish = CreditInvoice(invoice_id=invoice.id, amount_minor=invoice.amount_minor, why="Delivered broken")
        made = asked(session, account.id, wish, people.asker)
        session.refresh(invoice)
        return people, invoice, made


def stands(db: Database, request: ApprovalRequest) -> tuple[ApprovalStatus, int, int]:
    """Its state, what is open of the invoice, and how many credit notes there are."""
    with db.reading() as session:
        row = session.get_one(ApprovalRequest, request.id)
        return (
            row.status,
            session.get_one(Invoice, int(row.subject_id)).open_minor,
            session.scalar(select(func.count()).select_from(CreditNote)) or 0,
        )


def test_what_is_approved_is_done_in_the_name_of_whoever_approves(db: Database) -> None:
    people, _, request = a_request(db)

    with db.transaction() as session:
        approve(session, request.id, role=Role.MANAGER, actor=people.approver)

    assert stands(db, request) == (ApprovalStatus.APPROVED, 0, 1)
    with db.reading() as session:
        acts = select(AUDIT_ENTRIES.c.act, AUDIT_ENTRIES.c.actor_id).where(
            AUDIT_ENTRIES.c.act.in_(["approval.asked", "approval.approved", "credit_note.issued"])
        )
        assert [tuple(row) for row in session.execute(acts.order_by(AUDIT_ENTRIES.c.id))] == [
            ("approval.asked", people.asker.id),
            ("approval.approved", people.approver.id),
            ("credit_note.issued", people.approver.id),
        ]


def test_whoever_asked_is_told_until_they_have_read_it(db: Database) -> None:
    people, _, request = a_request(db)
    with db.transaction() as session:
        approve(session, request.id, role=Role.MANAGER, actor=people.approver)

    with db.transaction() as session:
        [told] = open_tasks(session)
        has_read(session, request.id, actor=people.approver)
        still = open_tasks(session)
        has_read(session, request.id, actor=people.asker)
        then = open_tasks(session)

    assert (told.kind, told.owner_id) == (TaskKind.APPROVAL_ANSWERED, people.asker.id)
    assert (len(still), then) == (1, [])


def test_nobody_decides_on_their_own_request_whatever_their_role_is_now(db: Database) -> None:
    people, _, request = a_request(db)

    with pytest.raises(NotAllowed, match="second person"), db.transaction() as session:
        approve(session, request.id, role=Role.MANAGER, actor=people.asker)
    with pytest.raises(NotAllowed, match="second person"), db.transaction() as session:
        refuse(session, request.id, why="No", role=Role.MANAGER, actor=people.asker)

    assert stands(db, request) == (ApprovalStatus.WAITING, 900_00, 0)


def test_the_database_itself_wants_two_persons(db: Database) -> None:
    people, _, request = a_request(db)
    by_themselves = {"status": "approved", "decided_by": people.asker.id, "decided_at": request.asked_at}

    with pytest.raises(IntegrityError), db.transaction() as session:
        session.execute(update(APPROVALS).where(APPROVALS.c.id == request.id).values(by_themselves))


def test_authority_is_looked_at_when_it_is_approved(db: Database) -> None:
    people, invoice, request = a_request(db)
    with db.transaction() as session:
        less = Sections(authority=Authority(limits={Act.CREDIT_NOTE: {Role.MANAGER: 100_00}}))
        a_policy(session, less, account_id=invoice.account_id)

    with pytest.raises(BeyondAuthority), db.transaction() as session:
        approve(session, request.id, role=Role.MANAGER, actor=people.approver)

    assert stands(db, request) == (ApprovalStatus.WAITING, 900_00, 0)


@pytest.mark.parametrize("role", [Role.COLLECTOR, Role.ADMINISTRATOR, Role.AUDITOR])
def test_a_role_without_the_authority_or_the_permission_approves_nothing(db: Database, role: Role) -> None:
    people, _, request = a_request(db)

    with pytest.raises(NotAllowed), db.transaction() as session:
        approve(session, request.id, role=role, actor=people.approver)

    assert stands(db, request) == (ApprovalStatus.WAITING, 900_00, 0)


def test_what_no_longer_fits_is_not_done_not_even_half(db: Database) -> None:
    people, invoice, request = a_request(db)
    with db.transaction() as session:
        a_receipt(session, lock(session, invoice.account_id), "300", today(session), invoice)

    with pytest.raises(Conflict, match="changed"), db.transaction() as session:
        approve(session, request.id, role=Role.MANAGER, actor=people.approver)

    assert stands(db, request) == (ApprovalStatus.WAITING, 600_00, 0)


def test_a_promise_that_was_made_meanwhile_is_not_replaced_by_one_that_waited(db: Database) -> None:
    with db.transaction() as session:
        account, people, day = an_account(session), two(session), today(session)
        invoice = an_invoice(session, account, "900")
        late, soon = (
            RecordPromise(invoice_ids=(invoice.id,), promised_on=day + timedelta(days=days), why="Ana, by phone")
            for days in (60, 5)
        )
        request = asked(session, account.id, late, people.asker)
        perform(session, account.id, soon, role=Role.COLLECTOR, actor=people.asker)

    with pytest.raises(Conflict, match="changed"), db.transaction() as session:
        approve(session, request.id, role=Role.MANAGER, actor=people.approver)

    with db.reading() as session:
        [promise] = promises.open_entities(session, [invoice.id])
        assert promise.promised_on == day + timedelta(days=5)


def test_a_plan_that_is_talked_about_meanwhile_is_not_replaced_by_an_offer_that_waited(db: Database) -> None:
    with db.transaction() as session:
        account, people, due_on = an_account(session), two(session), today(session) - timedelta(days=10)
        a_policy(session, Sections(plans=PLANS), account_id=account.id)
        invoice = an_invoice(session, account, "900", issued_on=due_on, due_on=due_on)
        long, short = (
            OfferPlan(invoice_ids=(invoice.id,), shape=monthly(session, count), why="Take your time")
            for count in (14, 3)
        )
        request = asked(session, account.id, long, people.asker)
        plan_id = perform(session, account.id, short, role=Role.COLLECTOR, actor=people.asker)

    with pytest.raises(Conflict, match="changed"), db.transaction() as session:
        approve(session, request.id, role=Role.MANAGER, actor=people.approver)

    with db.reading() as session:
        assert session.get_one(PaymentPlan, plan_id).status is PlanStatus.OFFERED


def test_a_counter_offer_that_waited_does_not_answer_what_the_customer_asks_for_anew(db: Database) -> None:
    with db.transaction() as session:
        account, customer, invoices, plan = an_asked_plan(session, "900", count=13)
        people, [read] = two(session), rounds(session, plan.id)
        wish = CounterPlan(plan_id=plan.id, shape=monthly(session, 14), seen=read.id, why="Take your time")
        request = asked(session, account.id, wish, people.asker)
        assert customer.id is not None
        ask = Ask(tuple(invoice.id for invoice in invoices), monthly(session, 16))
        negotiating.counter_back(session, account.id, plan.id, ask, login_id=customer.id, actor=customer)

    with pytest.raises(Conflict), db.transaction() as session:
        approve(session, request.id, role=Role.MANAGER, actor=people.approver)

    with db.reading() as session:
        assert session.get_one(PaymentPlan, plan.id).status is PlanStatus.REQUESTED


def test_what_moves_elsewhere_on_the_account_does_not_matter(db: Database) -> None:
    people, invoice, request = a_request(db)
    with db.transaction() as session:
        an_invoice(session, lock(session, invoice.account_id), "50")

    with db.transaction() as session:
        approve(session, request.id, role=Role.MANAGER, actor=people.approver)

    assert stands(db, request) == (ApprovalStatus.APPROVED, 0, 1)


def test_a_refusal_wants_a_reason_and_ends_it(db: Database) -> None:
    people, _, request = a_request(db)

    with pytest.raises(Invalid) as refused, db.transaction() as session:
        refuse(session, request.id, why=" ", role=Role.MANAGER, actor=people.approver)
    with db.transaction() as session:
        refuse(session, request.id, why="Ask for the photos first", role=Role.MANAGER, actor=people.approver)
    with pytest.raises(Conflict, match="moved on"), db.transaction() as session:
        approve(session, request.id, role=Role.MANAGER, actor=people.approver)

    assert refused.value.field == "answer"
    assert stands(db, request) == (ApprovalStatus.REFUSED, 900_00, 0)
    with db.reading() as session:
        assert session.get_one(ApprovalRequest, request.id).answer == "Ask for the photos first"
        assert [task.kind for task in open_tasks(session)] == [TaskKind.APPROVAL_ANSWERED]


def test_what_nobody_decides_in_time_expires_and_the_asker_is_told(db: Database, clock: MovableClock) -> None:
    people, _, request = a_request(db)
    clock.advance(days=14)
    with db.transaction() as session:
        in_time = (to_expire(session), expire(session, request.id, actor=WORKER))
    clock.advance(days=1)

    with pytest.raises(Conflict, match="valid until"), db.transaction() as session:
        approve(session, request.id, role=Role.MANAGER, actor=people.approver)
    with db.transaction() as session:
        found = to_expire(session)
        expired = [expire(session, request.id, actor=WORKER) for _ in range(2)]

    assert in_time == ([], False)
    assert (found, expired) == ([request.id], [True, False])
    assert stands(db, request) == (ApprovalStatus.EXPIRED, 900_00, 0)
    with db.reading() as session:
        assert [task.owner_id for task in open_tasks(session)] == [people.asker.id]


def test_a_request_that_there_is_not_is_not_found(db: Database) -> None:
    with pytest.raises(NotFound), db.transaction() as session:
        approve(session, 999, role=Role.MANAGER, actor=two(session).approver)


def test_money_of_the_request_is_what_authority_was_asked_for(db: Database) -> None:
    _, _, request = a_request(db)

    assert request.amount == money("900")
