"""Asking: what somebody may not decide alone is kept, once, where it could be done, and nothing is done yet."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.accounts.model import Account
from domain.approvals import queries
from domain.approvals.asking import ask, withdraw
from domain.approvals.model import ApprovalRole, ApprovalStatus
from domain.approvals.queries import Reader, View
from domain.approvals.wishes import CreditInvoice, ExtendInvoice, VoidInvoice
from domain.policies.acts import Act
from domain.policies.sections import Authority, Sections
from domain.receivables.model import Invoice
from domain.reporting.act_words import Topic
from domain.reporting.timeline import timeline
from domain.shared.db.session import Database, today
from domain.shared.errors import BeyondAuthority, Conflict, Invalid, NotAllowed
from domain.staff.model import Role
from domain.tasks import working
from domain.tasks.model import TaskKind
from tests.support.approving import Two, asked, books, two
from tests.support.builders import an_account, an_invoice, money
from tests.support.policies import a_policy
from tests.support.tasks import open_tasks


def a_debt(db: Database, amount: str = "900") -> tuple[Two, Account, Invoice]:
    """An invoice over more than a collector may credit, and the two colleagues."""
    with db.transaction() as session:
        account = an_account(session)
        return two(session), account, an_invoice(session, account, amount, tax="150")


def a_credit(invoice: Invoice, amount: int = 900_00, why: str = "Delivered broken") -> CreditInvoice:
    """So much of the invoice credited."""
    return CreditInvoice(invoice_id=invoice.id, amount_minor=amount, why=why)


def test_a_request_is_kept_with_what_it_does_and_nothing_is_done(db: Database) -> None:
    people, account, invoice = a_debt(db)
    with db.reading() as session:
        before = books(session, account.id)

    with db.transaction() as session:
        made = asked(session, account.id, a_credit(invoice), people.asker, note="Look at the photos")

    with db.reading() as session:
        assert books(session, account.id) == before
        assert (made.status, made.act, made.amount) == (ApprovalStatus.WAITING, Act.CREDIT_NOTE, money("900"))
        assert (made.why, made.note, made.valid_until) == (
            "Delivered broken",
            "Look at the photos",
            today(session) + timedelta(days=14),
        )
        assert (made.seen["open"], made.foreseen["open"]) == (900_00, 0)
        assert (made.seen["account_open"], made.foreseen["account_open"]) == (900_00, 0)
        assert session.scalars(select(ApprovalRole.role)).all() == [Role.DISPUTE_HANDLER, Role.MANAGER]
        [task] = open_tasks(session)
        assert (task.kind, task.subject_id, task.worth) == (
            TaskKind.APPROVAL_REQUESTED,
            str(made.id),
            money("900"),
        )
        told = [each.words.text for each in timeline(session, account.id, Topic.MONEY).happenings]
    assert "Approval asked for: {asked}" in told


def test_a_request_stays_on_the_worklist_until_it_is_decided(db: Database) -> None:
    people, account, invoice = a_debt(db)
    with db.transaction() as session:
        asked(session, account.id, a_credit(invoice, 900_00), people.asker)
        [task] = open_tasks(session)

    with pytest.raises(Conflict, match="approve it or refuse it"), db.transaction() as session:
        working.done(session, task.id, actor=people.approver)

    with db.reading() as session:
        assert [each.id for each in open_tasks(session)] == [task.id]


def test_what_one_may_decide_alone_is_not_asked_for(db: Database) -> None:
    people, account, invoice = a_debt(db)

    with pytest.raises(Conflict, match="alone"), db.transaction() as session:
        asked(session, account.id, a_credit(invoice, 500_00), people.asker)


def test_what_could_not_be_done_by_anybody_is_refused_at_once(db: Database) -> None:
    people, account, invoice = a_debt(db)
    with db.reading() as session:
        late = ExtendInvoice(invoice_id=invoice.id, due_on=today(session) - timedelta(days=400), why="A favour")

    with pytest.raises(Invalid), db.transaction() as session:
        asked(session, account.id, late, people.asker)
    with pytest.raises(Invalid), db.transaction() as session:
        asked(session, account.id, a_credit(invoice, 901_00), people.asker)
    with db.reading() as session:
        assert open_tasks(session) == []


def test_where_nobody_has_the_authority_the_refusal_stands(db: Database) -> None:
    people, account, invoice = a_debt(db)
    with db.transaction() as session:
        a_policy(session, Sections(authority=Authority(limits={Act.CREDIT_NOTE: {Role.MANAGER: 100_00}})))

    with pytest.raises(BeyondAuthority), db.transaction() as session:
        asked(session, account.id, a_credit(invoice), people.asker)


def test_authority_without_the_permission_is_nobodys(db: Database) -> None:
    people, account, invoice = a_debt(db)
    with db.transaction() as session:
        only_theirs = Authority(limits={Act.VOID_INVOICE: {Role.COLLECTOR: 10_000_00}})
        a_policy(session, Sections(authority=only_theirs))

    wish = VoidInvoice(invoice_id=invoice.id, why="Never ordered")

    with pytest.raises(BeyondAuthority), db.transaction() as session:
        ask(session, account.id, wish, role=Role.MANAGER, actor=people.asker)


def test_one_request_waits_for_each_thing(db: Database) -> None:
    people, account, invoice = a_debt(db)
    with db.transaction() as session:
        first = asked(session, account.id, a_credit(invoice), people.asker)

    with pytest.raises(Conflict, match="already"), db.transaction() as session:
        asked(session, account.id, a_credit(invoice, 800_00), people.asker)
    with db.transaction() as session:
        withdraw(session, first.id, actor=people.asker)
    with db.transaction() as session:
        again = asked(session, account.id, a_credit(invoice, 800_00), people.asker)

    assert again.id != first.id


def test_only_whoever_asked_withdraws_it_and_then_nobody_has_to_decide(db: Database) -> None:
    people, account, invoice = a_debt(db)
    with db.transaction() as session:
        made = asked(session, account.id, a_credit(invoice), people.asker)

    with pytest.raises(NotAllowed), db.transaction() as session:
        withdraw(session, made.id, actor=people.approver)
    with db.transaction() as session:
        withdraw(session, made.id, actor=people.asker)
    with pytest.raises(Conflict, match="moved on"), db.transaction() as session:
        withdraw(session, made.id, actor=people.asker)

    with db.reading() as session:
        assert queries.request(session, made.id).status is ApprovalStatus.WITHDRAWN
        assert open_tasks(session) == []


def test_without_any_reason_nobody_is_asked(db: Database) -> None:
    people, account, invoice = a_debt(db)

    with pytest.raises(Invalid) as refused, db.transaction() as session:
        asked(session, account.id, a_credit(invoice, why=" "), people.asker)

    assert refused.value.field == "ask_note"


def test_the_lists_show_it_to_whoever_may_decide_and_not_to_the_asker(db: Database) -> None:
    people, account, invoice = a_debt(db)
    with db.transaction() as session:
        made = asked(session, account.id, a_credit(invoice), people.asker)
    asker, approver = Reader(people.asker.id or 0, Role.COLLECTOR), Reader(people.approver.id or 0, Role.MANAGER)

    with db.reading() as session:
        seen = {
            (view, who.role): [row.id for row in queries.requests(session, view, who)]
            for view in View
            for who in (asker, approver)
        }
        counts = queries.counts(session, approver)
        about = [row.id for row in queries.waiting_about(session, "invoice", invoice.id)]
        on_account = [row.id for row in queries.waiting_of(session, account.id)]

    assert {key for key, ids in seen.items() if ids} == {
        (View.TO_DECIDE, Role.MANAGER),
        (View.ASKED, Role.COLLECTOR),
        (View.WAITING, Role.MANAGER),
        (View.WAITING, Role.COLLECTOR),
    }
    assert counts == {View.TO_DECIDE: 1, View.ASKED: 0, View.WAITING: 1, View.ENDED: 0}
    assert about == on_account == [made.id]
