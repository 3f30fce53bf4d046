"""Who acts for us, in the portal: named with how to reach them; paying and disputing work on; nothing is a dead end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.handlers import placement_turns
from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS, Account
from domain.notices import pay_links
from domain.placements import proposing, sending
from domain.placements.acting import acting
from domain.placements.model import Closing, Placement, PlacementStatus
from domain.plans.model import PaymentPlan
from domain.policies.sections import Extensions, Promises, Sections
from domain.promises.model import PromiseToPay
from domain.receivables.model import Invoice
from domain.shared.actor import OPERATOR
from domain.shared.db.session import today
from domain.staff.model import Role
from tests.portal.conftest import ADDRESS, Portal, sign_in
from tests.portal.linked import opened
from tests.support.builders import a_receipt, an_invoice, money
from tests.support.client import Client
from tests.support.counting import counted
from tests.support.linking import a_notice
from tests.support.paying import open_minor, succeed
from tests.support.placing import HANDOFF, a_late_debt, a_partner, placed, proposed
from tests.support.planning import PLANS
from tests.support.policies import a_policy

NAME = "Fair Recovery and Sons Ltd"
OURS_ALONE = ("ommission", "35%", "35 %", "Nothing comes.", "riteria")
"""What is between us and the partner, or ours: it must never stand on a customer's page."""


@dataclass
class Handed:
    """An account of which one invoice lies with a partner and another, not late, does not."""

    account_id: int
    placed: int
    placed_number: str
    own: int
    own_number: str
    placement_id: int

    def path(self, rest: str = "") -> str:
        """Where a page of the account is."""
        return f"/accounts/{self.account_id}{rest}"


@pytest.fixture
def handed(portal: Portal) -> Handed:
    """A debt of 1,200 that an agency has taken on, and 60 that it has nothing to do with."""
    return hand_over(portal)


def hand_over(portal: Portal, *, is_taken: bool = True) -> Handed:
    """Place a late debt of Maya's account with a partner."""
    with portal.db.transaction() as session:
        account, invoice = a_late_debt(session, "1200", section=None)
        rules = Sections(
            handoff=HANDOFF, promises=Promises(most_days=14), extensions=Extensions(most_days=10), plans=PLANS
        )
        a_policy(session, rules, account_id=account.id)
        own = an_invoice(session, account, "60")
        grant(session, account, email=ADDRESS, name="Maya", rights=ALL_RIGHTS, actor=OPERATOR)
        partner = a_partner(
            session, name=NAME, contact_name="Ines Marsh", email="ines@fair.example", phone="+44 20 7946 0991"
        )
        if is_taken:
            made = placed(session, account, partner)
        else:
            made = proposed(session, account, partner)
            proposing.approve(session, account.id, made.id, role=Role.MANAGER, actor=OPERATOR)
            sending.send(session, account.id, made.id, actor=OPERATOR)
        return Handed(account.id, invoice.id, invoice.number, own.id, own.number, made.id)


@pytest.fixture
def maya(portal: Portal, handed: Handed, open_browser: Callable[[], Client]) -> Client:
    """Maya's browser."""
    return sign_in(portal, open_browser())


def stands(portal: Portal, handed: Handed) -> tuple[PlacementStatus, Closing | None]:
    """How the placement stands once the worker has had its turn."""
    placement_turns.take_due(portal.db)
    with portal.db.reading() as session:
        found = session.get_one(Placement, handed.placement_id)
        return found.status, found.closing


@pytest.mark.parametrize("rest", ["", "/invoices", "/invoices/{placed}", "/statement"])
def test_who_acts_for_us_is_named_with_how_to_reach_them_and_nothing_that_is_ours(
    maya: Client, handed: Handed, rest: str
) -> None:
    shown = maya.get(handed.path(rest.format(placed=handed.placed)))

    for said in (NAME, "Collection agency", "Ines Marsh", "ines@fair.example", "+44 20 7946 0991", "Both count."):
        assert said in shown.words
    assert handed.placed_number in shown.words
    assert "since" in shown.words
    assert not [word for word in OURS_ALONE if word in shown.words]


def test_an_invoice_that_they_have_nothing_to_do_with_does_not_name_them(maya: Client, handed: Handed) -> None:
    other = maya.get(handed.path(f"/invoices/{handed.own}"))
    listed = maya.get(handed.path("/invoices"))

    assert NAME not in other.words
    assert listed.words.count(f"With {NAME}") == 1


def test_nobody_else_reads_of_it(portal: Portal, handed: Handed, open_browser: Callable[[], Client]) -> None:
    other_id, [invoice_id] = portal.account("10", email="other@harbour.example")
    other = sign_in(portal, open_browser(), "other@harbour.example")

    pages = [other.get(f"/accounts/{other_id}{rest}") for rest in ("", "/invoices", f"/invoices/{invoice_id}")]

    assert [page.status for page in pages] == [200, 200, 200]
    assert not [page for page in pages if NAME in page.words]
    assert other.get(handed.path()).status == 404


def test_nobody_is_named_before_they_have_taken_it_on(portal: Portal, open_browser: Callable[[], Client]) -> None:
    handed = hand_over(portal, is_taken=False)
    maya = sign_in(portal, open_browser())

    home, later = maya.get(handed.path()), maya.get(handed.path(f"/later?invoice={handed.placed}"))

    assert NAME not in home.words
    assert NAME not in later.words
    assert f"{handed.placed_number} is being handed to somebody who acts for us" in later.words


def test_the_link_out_of_a_notice_names_them_for_its_own_invoices_alone(
    portal: Portal, handed: Handed, open_browser: Callable[[], Client]
) -> None:
    with portal.db.transaction() as session:
        account = session.get_one(Account, handed.account_id)
        about, other = (session.get_one(Invoice, one) for one in (handed.placed, handed.own))
        tokens = [pay_links.mint(session, a_notice(session, account, each)) for each in (about, other)]

    theirs, others = (opened(open_browser(), token).get("/l") for token in tokens)

    assert NAME in theirs.words
    assert "Pay £1,200.00" in theirs.words
    assert others.status == 200
    assert NAME not in others.words


def test_a_placed_invoice_is_paid_by_card_and_that_closes_the_placement(
    portal: Portal, maya: Client, handed: Handed
) -> None:
    check = maya.get(handed.path(f"/invoices/{handed.placed}")).submit("Pay £1,200.00")
    check.submit("Go on to your card")
    checkout = portal.processor.sessions["cs_1"]
    assert checkout.payment_id is not None

    succeed(portal.db, checkout.payment_id, money("1200"), intent_id="pi_cs_1")
    home = maya.get(handed.path())

    assert open_minor(portal.db, handed.placed) == 0
    assert stands(portal, handed) == (PlacementStatus.CLOSED, Closing.PAID)
    assert NAME not in home.words


def test_a_dispute_of_a_placed_invoice_holds_it_and_says_so(portal: Portal, maya: Client, handed: Handed) -> None:
    form = maya.get(handed.path(f"/invoices/{handed.placed}")).follow("There is a problem with this invoice")
    raised = maya.follow(form.submit("Send it to us", reason="damaged", amount="1200", words="All came wet."))

    held = stands(portal, handed)
    invoice = maya.get(handed.path(f"/invoices/{handed.placed}"))

    assert raised.status == 200
    assert held == (PlacementStatus.HELD, None)
    assert "until then they do not ask you for it" in invoice.words


def test_more_time_is_agreed_with_them_and_offered_here_for_the_rest(maya: Client, handed: Handed) -> None:
    about = maya.get(handed.path(f"/later?invoice={handed.placed}"))
    both = maya.get(handed.path("/later"))
    promise = both.follow("Promise a day")

    why = f"{handed.placed_number} is with {NAME}: agree a later day or parts with them"
    assert why in about.words
    assert "Pay a part now" in about.words
    assert "Tell us what is wrong" in about.words
    assert "Promise a day" not in about.words
    assert why in both.words
    assert "£60.00" in both.words
    assert why in promise.words
    assert handed.own_number in promise.words


def test_a_promise_or_a_plan_over_it_is_refused_in_words_whatever_is_sent(
    portal: Portal, maya: Client, handed: Handed
) -> None:
    with portal.db.reading() as session:
        day = today(session) + timedelta(days=5)
    form = maya.get(handed.path("/promises/new"))

    promise = form.submit("Go on", invoice=str(handed.placed), promised_on=day.isoformat())
    plan = maya.get(handed.path(f"/plans/new?invoice={handed.placed}"))

    why = f"{handed.placed_number} is with {NAME}: agree a later day or parts with them"
    assert (promise.status, plan.status) == (422, 422)
    assert "agree a day with them" in promise.words
    assert why in promise.words
    assert why in plan.words
    with portal.db.reading() as session:
        assert session.scalars(select(PromiseToPay.id)).all() == []
        assert session.scalars(select(PaymentPlan.id)).all() == []


def test_where_all_is_with_them_the_page_of_plans_says_so_and_how_to_reach_both(
    portal: Portal, maya: Client, handed: Handed
) -> None:
    with portal.db.transaction() as session:
        account, own = session.get_one(Account, handed.account_id), session.get_one(Invoice, handed.own)
        a_receipt(session, account, "60", today(session), own)

    which = maya.get(handed.path("/plans/new"))

    assert f"{handed.placed_number} is with {NAME}" in which.words
    assert "Talk to us" in which.words
    assert "Nothing to put on a plan" not in which.words


def test_who_acts_is_asked_with_one_query(portal: Portal, handed: Handed) -> None:
    with portal.db.reading() as session, counted(portal.db.bind) as sent:
        [one] = acting(session, handed.account_id)

    assert (one.name, one.open, [each.id for each in one.invoices]) == (NAME, money("1200"), [handed.placed])
    assert len(sent) == 1
