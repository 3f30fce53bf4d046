"""Incidents: the things that go wrong in the story, so that there is something to look at and to put right."""

from __future__ import annotations

from datetime import date, timedelta

from adapters.stripe.simulator import Fault
from app.demo.basket import basket, dearest
from app.demo.cast import DECLINED, HARBOUR, PAID_TOO_MUCH, UNSEEN_CHARGE, WRONGLY_INVOICED
from app.demo.files import Row
from app.demo.habits import working_day
from app.demo.story import Story
from domain.shared.retrying import MOST_ATTEMPTS
from domain.tasks import queries as tasks
from domain.tasks import working

CHARGES = "/v1/charges/*"
DECLINES = ("4000000000000002", "4000000000009995")


def plan_incidents(story: Story) -> None:
    """Write everything that goes wrong into the story's diary."""

    def ago(days: int) -> date:
        return working_day(story.last_day - timedelta(days=days))

    story.put(ago(210), 10.2, lambda: _pay_what_was_credited(story))
    story.put(ago(203), 15.1, lambda: _settle_the_task(story))
    story.put(ago(63), 10.4, lambda: _import_the_wrong_file(story, ago(63)))
    story.put(ago(41), 9.8, lambda: _invoice_the_wrong_customer(story))
    story.put(ago(17), 11.3, lambda: _credit_damaged_goods(story))
    story.put(ago(12), 14.3, lambda: _pay_a_part(story))
    story.put(ago(9), 10.6, lambda: _pay_what_was_credited(story))
    story.put(ago(6), 9.1, lambda: _lose_sight_of_charges(story))
    story.put(ago(2), 16.2, lambda: _be_declined(story))
    story.put(ago(2), 18.4, story.acts.stage.keep_house)


def _pay_what_was_credited(story: Story) -> None:
    """An invoice goes out twice and is credited while the customer is paying it: credit, and a task."""
    acts, known = story.acts, story.known(PAID_TOO_MUCH)
    twice = acts.issue(known, basket(known.customer, story.chance(known)))
    page = acts.go_to_pay(known, {twice.id: twice.amount})
    acts.stage.clock.advance(minutes=3)
    acts.credit(twice.id, twice.amount, "Sent twice by mistake")
    acts.type_card(known, page)


def _settle_the_task(story: Story) -> None:
    """Staff have spoken with the customer: the credit stays."""
    sam = story.acts.staff["Sam"]
    with story.acts.database.transaction() as session:
        open_tasks = tasks.tasks_of(session, story.known(PAID_TOO_MUCH).account_id)
        for task in open_tasks:
            working.take(session, task.id, actor=sam)
            working.done(session, task.id, actor=sam, note="Marek wants it kept as credit")


def _import_the_wrong_file(story: Story, day: date) -> None:
    """A file of invoices of another company is imported, noticed, and undone."""
    acts, known = story.acts, story.known(WRONGLY_INVOICED)
    issued_on, due_on = day - timedelta(days=3), day + timedelta(days=27)
    rows = [
        Row(known.customer.number, number, issued_on, due_on, known.money(minor), None)
        for number, minor in (("SP-5511", 38_400), ("SP-5512", 21_960))
    ]
    batch = acts.import_rows("southport-invoices.csv", rows)
    acts.stage.clock.advance(minutes=11)
    acts.undo_import(batch)


def _invoice_the_wrong_customer(story: Story) -> None:
    """An invoice is meant for somebody else, and void before anybody has paid it."""
    acts, known = story.acts, story.known(WRONGLY_INVOICED)
    invoice = acts.issue(known, basket(known.customer, story.chance(known)))
    acts.stage.clock.advance(minutes=25)
    acts.void(invoice, "Meant for another customer")


def _credit_damaged_goods(story: Story) -> None:
    """Part of what Harbour Café owes is credited."""
    known = story.known(HARBOUR)
    newest, still_open = story.owed(known)
    with story.acts.database.reading() as session:
        _, article, _ = dearest(session, newest)
    story.acts.credit(newest, still_open.split(5)[0], f"Arrived damaged in part: {article}")


def _pay_a_part(story: Story) -> None:
    """Harbour Café pays a third of an invoice."""
    known = story.known(HARBOUR)
    newest, still_open = story.owed(known)
    story.acts.type_card(known, story.acts.go_to_pay(known, {newest: still_open.split(3)[0]}))


def _lose_sight_of_charges(story: Story) -> None:
    """Stripe's key may not read charges for some hours: an event fails for good, and the payment itself does not."""
    acts, known = story.acts, story.known(UNSEEN_CHARGE)
    invoice_id, amount = story.owed(known)
    acts.stage.simulator.order_fault(Fault("answer", "GET", CHARGES, status=403, executes=False, times=MOST_ATTEMPTS))
    acts.type_card(known, acts.go_to_pay(known, {invoice_id: amount}))
    for _ in range(MOST_ATTEMPTS):
        acts.stage.clock.advance(minutes=61)
        acts.stage.hear()
    acts.stage.simulator.clear()


def _be_declined(story: Story) -> None:
    """A card is declined twice, and the customer gives up for today."""
    known = story.known(DECLINED)
    page = story.acts.go_to_pay(known, dict([story.owed(known)]))
    for card in DECLINES:
        story.acts.type_card(known, page, card)
