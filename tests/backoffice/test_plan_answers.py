"""Answers to a plan that was asked for: to what was read, and by whoever was first."""

from __future__ import annotations

import pytest

from domain.plans import negotiating
from domain.plans.model import PaymentPlan, PlanStatus
from domain.plans.negotiating import Ask
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.planning import an_asked_plan, monthly


def of(office: Office, plan_id: int) -> PlanStatus:
    """How a plan stands."""
    with office.db.reading() as session:
        return session.get_one(PaymentPlan, plan_id).status


@pytest.mark.parametrize("button", ["Agree", "Send the counter-offer"])
def test_what_the_customer_asks_for_anew_is_read_before_it_is_answered(office: Office, button: str) -> None:
    with office.db.transaction() as session:
        account, customer, invoices, plan = an_asked_plan(session, "120", "80", count=13)
    page = office.browser(Role.MANAGER).get(f"/plans/{plan.id}")
    assert customer.id is not None
    with office.db.transaction() as session:
        ask = Ask(tuple(invoice.id for invoice in invoices), monthly(session, 16))
        negotiating.counter_back(session, account.id, plan.id, ask, login_id=customer.id, actor=customer)

    unread = page.submit(button, words="Fewer would do.", count="4")
    status = of(office, plan.id)
    read = unread.submit(button, words="Fewer would do.", count="4")

    assert (unread.status, status) == (422, PlanStatus.REQUESTED)
    assert "There is a newer proposal than the one that you read. Look at it first." in unread.words
    assert "16" in unread.words
    assert read.status == 303
    after = PlanStatus.OFFERED if button == "Agree" else PlanStatus.COUNTERED
    assert of(office, plan.id) is after


def test_what_another_has_decided_meanwhile_is_told_and_not_decided_again(office: Office) -> None:
    with office.db.transaction() as session:
        plan_id = an_asked_plan(session, "200", count=13)[3].id
    page = office.browser(Role.MANAGER).get(f"/plans/{plan_id}")
    page.submit("Decline", why="No.")

    late_answer = page.submit("Send the counter-offer", count="nonsense", words="Perhaps")
    agreed = page.submit("Agree")

    assert late_answer.status == 422
    assert agreed.status == 422
    assert "This plan has moved on meanwhile: it is Declined now." in agreed.words
    assert of(office, plan_id) is PlanStatus.DECLINED
