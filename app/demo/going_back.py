"""Going back: refunds and chargebacks, how they end, and a warning of fraud."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from app.demo.cast import (
    CONTESTED_LOST,
    CONTESTED_OPEN,
    CONTESTED_WON,
    CREDITED_BACK,
    HARBOUR,
    PAID_TOO_MUCH,
    REFUND_FAILS,
    WARNED,
)
from app.demo.habits import working_day
from app.demo.story import Story
from domain.payments import queries as payments
from domain.payments.model import Payment
from domain.processing.refunds import asking
from domain.processing.refunds.drawing import Wish
from domain.receivables import credits
from domain.refunds.model import RefundSource
from domain.shared.money import Money
from domain.staff.model import Role

FRAUD, NOT_RECEIVED, WARNING, REFUND_COMES_BACK = (
    "4000000000000259",
    "4000000000002685",
    "4000000000005423",
    "4000000000005126",
)
ALONE = Money(25_000, "GBP")
"""What Sam may refund without anybody's approval."""
DASHBOARD = 1_850
"""What somebody refunds at Stripe itself, in minor units."""


def plan_going_back(story: Story) -> None:
    """Write into the story's diary what goes back, or is contested."""

    def ago(days: int) -> date:
        return working_day(story.last_day - timedelta(days=days))

    story.put(ago(81), 12, lambda: _contest(story, CONTESTED_LOST, FRAUD))
    story.put(ago(73), 12, lambda: _decide(story, CONTESTED_LOST, won=False))
    story.put(ago(64), 12, lambda: _contest(story, CONTESTED_WON, NOT_RECEIVED))
    story.put(ago(57), 12, lambda: _decide(story, CONTESTED_WON, won=True))
    story.put(ago(5), 12, lambda: _contest(story, CONTESTED_OPEN, NOT_RECEIVED))
    story.put(ago(6), 15, lambda: _pay(story, WARNED, WARNING))
    story.put(ago(44), 12, lambda: _pay(story, CREDITED_BACK))
    story.put(ago(37), 15, lambda: _credit_and_refund(story))
    story.put(ago(35), 12, lambda: _pay(story, REFUND_FAILS, REFUND_COMES_BACK))
    story.put(ago(31), 11, lambda: _refund_in_vain(story))
    story.put(ago(4), 11, lambda: _refund_at_the_dashboard(story))
    story.put(ago(3), 15, lambda: _ask_for_a_refund(story))


def _pay(story: Story, number: str, card: str = "4242424242424242") -> None:
    """Pay the newest invoice with a particular card, and remember the payment."""
    acts, known = story.acts, story.known(number)
    page = acts.go_to_pay(known, dict([story.owed(known)]))
    acts.type_card(known, page, card)
    acts.stage.clock.advance(minutes=2)
    acts.stage.catch_up()
    with acts.database.reading() as session:
        story.payments[number] = session.scalars(select(Payment.id).where(Payment.checkout_id == page)).one()


def _contest(story: Story, number: str, card: str) -> None:
    """A payment is contested at the payer's bank a minute after it was made."""
    _pay(story, number, card)
    story.acts.stage.clock.advance(minutes=2)
    story.acts.stage.catch_up()


def _decide(story: Story, number: str, *, won: bool) -> None:
    """The payer's bank has decided."""
    simulator = story.acts.stage.simulator
    charge = _charge(story, number)
    disputes = [one for one in simulator.world.store.all("dispute") if one["charge"] == charge]
    simulator.decide_dispute(disputes[0]["id"], won=won)
    story.acts.stage.catch_up()


def _credit_and_refund(story: Story) -> None:
    """Part of a paid order is returned: it is credited, and goes back to the card."""
    with story.acts.database.reading() as session:
        payment = session.get_one(Payment, story.payments[CREDITED_BACK])
        invoice_id = payments.settled(session, payment.public_id)[0].invoice_id
    part = payment.amount.split(6)[0]
    _refund(story, Wish(payment.id, part, RefundSource.CREDIT_NOTE, "Two boxes returned unopened", invoice_id))


def _refund_in_vain(story: Story) -> None:
    """Charged for a delivery that was free: it goes back, but the card is closed, and the bank sends it back."""
    wish = Wish(
        story.payments[REFUND_FAILS], Money(1_500, "GBP"), RefundSource.REVERSAL, "Delivery should have been free"
    )
    _refund(story, wish)


def _refund_at_the_dashboard(story: Story) -> None:
    """Somebody refunds at Stripe itself: staff have to say what that money was taken from."""
    with story.acts.database.reading() as session:
        known = story.known(HARBOUR)
        paid = select(Payment.charge_id).where(
            Payment.account_id == known.account_id, Payment.charge_id.is_not(None), Payment.amount_minor > DASHBOARD
        )
        charge = session.scalars(paid.order_by(Payment.id.desc())).first()
    story.acts.stage.simulator.refund(charge or "", DASHBOARD)
    story.acts.stage.catch_up()


def _ask_for_a_refund(story: Story) -> None:
    """Dockside Deli want their money after all: more than Sam may give alone, so it waits for Ade."""
    known = story.known(PAID_TOO_MUCH)
    with story.acts.database.reading() as session:
        credit = credits.unapplied_items(session, known.account_id)[-1]
        payment = payments.by_public_id(session, credit.source)
    most = credit.unapplied - Money(10_000, "GBP")
    asked = most if most > ALONE else credit.unapplied
    _refund(story, Wish(payment.id, asked, RefundSource.CREDIT, "Marek asks for it back"), by="Sam")


def _refund(story: Story, wish: Wish, *, by: str = "Ade") -> None:
    acts, role = story.acts, Role.MANAGER if by == "Ade" else Role.COLLECTOR
    with acts.database.transaction() as session:
        account_id = session.get_one(Payment, wish.payment_id).account_id
        asking.request(session, account_id, wish, role=role, actor=acts.staff[by])
    acts.stage.catch_up()


def _charge(story: Story, number: str) -> str:
    with story.acts.database.reading() as session:
        return session.get_one(Payment, story.payments[number]).charge_id or ""
