"""Lists of the back office cost as many queries with many rows as with one."""

from __future__ import annotations

from datetime import date

import pytest

from domain.accounts.contacts import ContactDetails
from domain.accounts.contacts import add as add_contact
from domain.accounts.logins import grant
from domain.accounts.model import Right
from domain.accounts.queries import lock
from domain.accounts.relations import guaranteeing
from domain.accounts.relations.guaranteeing import GuarantorDetails
from domain.accounts.relations.model import RelationKind
from domain.accounts.relations.relating import relate
from domain.credit.checks.recording import record
from domain.credit.limits import set_limit
from domain.credit.unbilled import put
from domain.disputes import talking
from domain.disputes.resolving import reject
from domain.dunning import turns
from domain.dunning.turns import Did
from domain.notes.tags import tag
from domain.notes.writing import pin
from domain.notes.writing import write as write_note
from domain.notices import changing
from domain.notices.calling import Said, write_down
from domain.notices.model import CallOutcome, NoticeStatus
from domain.notices.printing import print_batch
from domain.plans import changing as plans
from domain.plans.model import PlanStatus
from domain.policies import groups
from domain.policies.contacting import Channel
from domain.policies.sections import Sections, Terms
from domain.practice.practising import share
from domain.processing.reconciling.movements import reconcile_movement
from domain.processing.reconciling.payouts import reconcile_payout
from domain.processing.refunds import asking
from domain.processing.refunds.drawing import Wish
from domain.refunds.model import RefundSource
from domain.shared.actor import OPERATOR, WORKER, Actor
from domain.shared.db.session import now
from domain.staff.model import Role
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task
from tests.backoffice.conftest import Office
from tests.backoffice.one_of_everything import a_batch
from tests.backoffice.test_inbox import an_event
from tests.support.applying import RESULT, apply_for_credit
from tests.support.assigning import a_colleague, keep_with
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.clearing import a_movement, a_payout
from tests.support.client import Client
from tests.support.contesting import contest
from tests.support.counting import counted
from tests.support.disputing import contest as complain
from tests.support.incoming import a_message
from tests.support.insolvency import dismissed, insolvent
from tests.support.lettering import a_letter
from tests.support.noticing import a_held_notice, a_notice
from tests.support.placing import a_late_debt, a_partner, placed
from tests.support.planning import a_running_plan, an_asked_plan
from tests.support.policies import a_policy
from tests.support.practising import practised

LISTS = (
    "/accounts",
    "/accounts?q=customer",
    "/accounts?show=late",
    "/accounts?sort=open",
    "/accounts?going=dispute&least=5&keeper=0",
    "/search?q=customer",
    "/search?q=10.00",
    "/search/suggestions?q=customer",
    "/accounts/1",
    "/accounts/1/invoices",
    "/accounts/1/payments",
    "/accounts/1/ledger",
    "/accounts/1/people",
    "/accounts/1/documents",
    "/accounts/1/timeline",
    "/accounts/1/timeline?show=notes&words=note",
    "/accounts/1/notes",
    "/accounts/1/tags",
    "/accounts/1/log",
    "/accounts/1/details?group=speaks",
    "/accounts/1/terms",
    "/policies",
    "/policies/groups",
    "/policies/authority",
    "/payments",
    "/disputes",
    "/disputes?show=new",
    "/disputes?show=ended",
    "/disputes/1",
    "/disputes/handling",
    "/accounts/1/disputes",
    "/reports",
    "/reports/ageing",
    "/reports/ageing/rows?what=invoices&currency=GBP",
    "/reports/ageing/rows?what=accounts&currency=GBP",
    "/reports/ageing/rows?what=credits&currency=GBP",
    "/reports/figures",
    "/reports/figures/rows?what=dso&currency=GBP",
    "/reports/figures/rows?what=sales&currency=GBP",
    "/reports/figures/rows?what=delay&currency=GBP",
    "/reports/debtors",
    "/reports/late",
    "/reports/late/rows?what=late&currency=GBP",
    "/reports/disputes",
    "/reports/disputes/rows",
    "/chargebacks",
    "/chargebacks?show=lost",
    "/refunds",
    "/clearing",
    "/clearing/payouts",
    "/inbox?show=all",
    "/tasks",
    "/worklist",
    "/worklist?whose=all",
    "/worklist?whose=nobody",
    "/tasks/1",
    "/notices",
    "/notices?show=calls",
    "/notices?show=sent",
    "/notices?show=held_back",
    "/notices/1",
    "/letters",
    "/letters/batches/1",
    "/accounts/1/calls/new",
    "/messages?show=all",
    "/messages?show=unmatched",
    "/messages?account=1",
    "/reminders/run",
    "/reports/fair-treatment",
    "/reports/fair-treatment/rows?what=contacts",
    "/plans",
    "/plans?show=running",
    "/plans?show=defaulted",
    "/accounts/1/plans",
    "/reports/plans",
    "/reports/plans/rows",
    "/handoffs?show=placed",
    "/accounts/1/routes",
    "/reports/handoffs",
    "/reports/handoffs/rows",
    "/credit-holds",
    "/insolvencies",
    "/insolvencies?show=ended",
    "/credit-applications",
    "/accounts/1/credit-limit",
    "/imports",
    "/audit",
    "/audit/checks",
    "/staff",
    "/assignments",
    "/assignments/accounts",
    "/assignments/rules",
    "/assignments/teams",
    "/absences",
    "/practice",
    "/practice/team",
    "/practice/sessions/1",
)


def fill(office: Office, rounds: range) -> None:
    """One more of everything on the first account, and one more account, for each round."""
    for number in rounds:
        with office.db.transaction() as session:
            other = an_account(session, name=f"Customer {number}")
            set_limit(session, other.id, money("0"), why="New", role=Role.MANAGER, actor=OPERATOR)
            put(session, other.id, "SO-1", money("1"), actor=OPERATOR)
            put(session, 1, f"SO-{number}", money("1"), actor=OPERATOR)
            record(session, 1, RESULT, provider="Agency", actor=OPERATOR)
            account = lock(session, 1)
            invoice = an_invoice(session, account, "10", issued_on=date(2026, 1, 2), number=f"C-{number}")
            an_invoice(session, account, "20", issued_on=date(2026, 1, 2), number=f"O-{number}")
            receipt = a_receipt(session, account, "10", date(2026, 2, 2), invoice)
            wish = Wish(receipt.id, money("1"), RefundSource.REVERSAL, "Twice")
            asking.request(session, account.id, wish, role=Role.MANAGER, actor=OPERATOR)
            details = ContactDetails(f"Person {number}", email=f"person{number}@b.example")
            add_contact(session, account, details, actor=OPERATOR)
            grant(session, account, email=f"p{number}@b.example", name="P", rights={Right.VIEW}, actor=OPERATOR)
            open_task(session, TaskKind.WORK_FAILED, subject=("message", number), account_id=account.id)
            placed(session, a_late_debt(session)[0], a_partner(session))
            group = groups.make(session, f"Group {number}", actor=OPERATOR)
            groups.put_in(session, group.id, account.id, actor=OPERATOR)
            a_policy(session, Sections(terms=Terms()), group_id=group.id)
            a_policy(session, Sections(terms=Terms()), account_id=account.id)
            keep_with(session, a_colleague(session, f"Colleague {number}"), other.id)
            changing.change(session, a_notice(session, account, approve=False), NoticeStatus.SENT, actor=WORKER)
            a_notice(session, account, approve=True)
            a_notice(session, account, Channel.CALL)
            a_held_notice(session, account)
            letter, _ = (a_letter(session, office.store, account) for _ in range(2))
            print_batch(session, office.store.near, [letter.id], actor=Actor.staff(1))
            write_down(session, account.id, None, Said(CallOutcome.VOICEMAIL), actor=Actor.staff(1))
            note = write_note(session, account.id, f"Note {number}", also=[2], actor=Actor.staff(1))
            pin(session, account.id, note.id, pinned=True, actor=Actor.staff(1))
            tag(session, [account.id], f"tag {number}", actor=Actor.staff(1))
            tom = GuarantorDetails(f"Tom {number}", True, date(2026, 1, 2), email=f"tom{number}@b.example")
            guaranteeing.add(session, account.id, tom, actor=OPERATOR)
            relate(session, account.id, other.number, RelationKind.OTHER, actor=OPERATOR)
            turns.note(session, f"duty {number}", Did(1))
            for staff_id in office.people.values():
                share(session, staff_id, practised(session, staff_id), shared=True)
            for sender in (f"p{number}@b.example", "somebody@else.example"):
                a_message(session, sender)
        with office.db.transaction() as session:
            for decide in (talking.answer, talking.ask, talking.note_down):
                invoice = an_invoice(session, account, "30", number=f"{decide.__name__} {number}")
                decide(session, account.id, complain(session, account, invoice).id, "x", actor=Actor.staff(1))
            rejected = complain(session, account, an_invoice(session, account, "30", number=f"R-{number}"))
            reject(session, account.id, rejected.id, answer="No.", actor=Actor.staff(1))
        with office.db.transaction() as session:
            dismissed(session, insolvent(session, an_account(session).id))
            insolvent(session, an_account(session).id)
            an_asked_plan(session, "120", count=13)
            a_running_plan(session, office.store, "150", "80")
            plan = a_running_plan(session, office.store, "90")[-1]
            plans.change(session, plan, PlanStatus.DEFAULTED, actor=OPERATOR)
        apply_for_credit(office.db, other.id)
        with office.db.transaction() as session:
            at = now(session)
            reconcile_movement(session, a_movement(money("-5"), at, ref=f"txn_{number}", category="something_new"))
            reconcile_payout(session, a_payout(money("5"), at, ref=f"po_{number}"))
        a_batch(office)
        an_event(office, f"evt_{number}")
        for state in ("needs_response", "lost"):
            contest(office.db, state, "10", name=f"du_{state}_{number}", intent_id="pi_none")


@pytest.fixture
def filled(office: Office) -> Office:
    """An office with an account that has one of everything."""
    with office.db.transaction() as session:
        an_account(session, name="Customer 0")
    for role in Role:
        office.person(role)
    fill(office, range(1, 2))
    return office


def test_no_list_asks_more_for_more_rows(filled: Office) -> None:
    client: Client = filled.browser(Role.MANAGER, reads=False)
    before = {path: _queries(filled, client, path) for path in LISTS}
    fill(filled, range(2, 5))

    after = {path: _queries(filled, client, path) for path in LISTS}

    assert {path: (before[path], after[path]) for path in LISTS if after[path] > before[path]} == {}


def _queries(office: Office, client: Client, path: str) -> int:
    with counted(office.db.bind) as sent:
        assert client.get(path).status == 200
    return len(sent)
