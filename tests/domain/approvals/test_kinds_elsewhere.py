"""A late charge, a credit application and a lost chargeback: asked for by one, approved by another, and done."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from domain.approvals.asking import ask
from domain.approvals.deciding import approve
from domain.approvals.model import ApprovalRole
from domain.approvals.wishes import ApproveApplication, CreditChargeback, WaiveCharge, Wish
from domain.credit.applications.model import ApplicationState, CreditApplication
from domain.credit.standing import standing_of
from domain.policies.acts import NEEDED, Act
from domain.policies.sections import Authority, Sections
from domain.receivables.model import Invoice
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import NotAllowed
from domain.staff.model import Role
from tests.support.applying import apply_for_credit
from tests.support.approving import asked, two
from tests.support.builders import an_account, money
from tests.support.contesting import a_paid_debt, contest, owes
from tests.support.lateness import Overdue
from tests.support.policies import a_policy

WHY = "The customer has had bad luck"


def by_two(db: Database, account_id: int, wish: Wish) -> None:
    """What a collector asks for and a manager approves."""
    with db.transaction() as session:
        people = two(session)
        request_id = asked(session, account_id, wish, people.asker).id
    with db.transaction() as session:
        approve(session, request_id, role=Role.MANAGER, actor=people.approver)


def test_a_late_charge_is_waived(db: Database, clock: MovableClock) -> None:
    debt = Overdue(db, clock, amount="10000")
    debt.charge(date(2026, 3, 1))
    note_id = debt.charges[0].debit_note_id

    by_two(db, debt.account_id, WaiveCharge(invoice_id=note_id, amount_minor=250_00, why=WHY))

    assert debt.amounts[-1] == money("-250")
    with db.reading() as session:
        assert session.get_one(Invoice, note_id).open == money("40")


def test_a_credit_application_is_approved(db: Database) -> None:
    with db.transaction() as session:
        account_id = an_account(session).id
    application_id = apply_for_credit(db, account_id).id

    wish = ApproveApplication(application_id=application_id, limit_minor=9_000_00, terms_days=45, why=WHY)
    by_two(db, account_id, wish)

    with db.reading() as session:
        assert standing_of(session, account_id).limit == money("9000")
        assert session.get_one(CreditApplication, application_id).state is ApplicationState.APPROVED


def test_the_debt_of_a_lost_chargeback_is_credited(db: Database) -> None:
    debt, _ = a_paid_debt(db, "700")
    contest(db, "lost", "700")
    with db.transaction() as session:
        only_managers = Authority(limits={Act.CREDIT_NOTE: {Role.MANAGER: None}})
        a_policy(session, Sections(authority=only_managers), account_id=debt.account_id)

    by_two(db, debt.account_id, CreditChargeback(chargeback_ref="du_1", why=WHY))

    assert owes(db, debt.account_id) == money("0")


def test_what_a_role_may_never_do_it_does_not_approve_whatever_its_authority(db: Database) -> None:
    debt, _ = a_paid_debt(db, "700")
    contest(db, "lost", "700")
    with db.transaction() as session:
        people = two(session)
        not_handlers = Authority(limits={Act.CREDIT_NOTE: {Role.COLLECTOR: None, Role.MANAGER: None}})
        a_policy(session, Sections(authority=not_handlers), account_id=debt.account_id)
        wish = CreditChargeback(chargeback_ref="du_1", why=WHY)
        request_id = ask(session, debt.account_id, wish, role=Role.DISPUTE_HANDLER, actor=people.asker).id

    with pytest.raises(NotAllowed), db.transaction() as session:
        approve(session, request_id, role=Role.COLLECTOR, actor=people.approver)

    with db.reading() as session:
        assert session.scalars(select(ApprovalRole.role)).all() == [Role.MANAGER]
    assert owes(db, debt.account_id) == money("700")


def test_every_act_has_a_permission_of_its_own() -> None:
    assert set(NEEDED) == set(Act)
