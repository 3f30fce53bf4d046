"""Habits: when, how and how much each customer pays of an invoice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from app.demo.acts import Known
from app.demo.cast import PAY_EARLY, Habit
from app.demo.files import Row
from app.demo.saving import pays_automatically

if TYPE_CHECKING:
    from app.demo.story import Story

QUIET = timedelta(days=210)
"""How long those who fade have paid nothing."""
LATELY = timedelta(days=80)
"""What fell due within this time is often still open with those who pay late."""


def plan_payment(story: Story, known: Known, invoice_id: int, row: Row) -> None:
    """Write down when, how and how much of an invoice will be paid: as the customer usually does."""
    chance, due_on = story.chance(known), row.due_on
    hour = 9.5 + chance.random() * 7
    match known.customer.habit:
        case Habit.PROMPT if known.customer.number in PAY_EARLY:
            _card(story, known, invoice_id, row.issued_on + timedelta(days=chance.randint(5, 8)), hour)
        case Habit.PROMPT | Habit.NEW:
            _card(story, known, invoice_id, due_on + timedelta(days=chance.randint(-6, 2)), hour)
        case Habit.LATE:
            lately = due_on > story.last_day - LATELY
            whole, forgotten = chance.random() < 0.6, lately and chance.random() < 0.6
            if not forgotten:
                day = due_on + timedelta(days=chance.randint(6, 42))
                _card(story, known, invoice_id, day, hour, all_due=whole and not lately)
        case Habit.PARTS:
            first = due_on + timedelta(days=chance.randint(-2, 5))
            _card(story, known, invoice_id, first, hour, parts=chance.choice((1, 2)))
            _card(story, known, invoice_id, first + timedelta(days=chance.randint(18, 32)), hour)
        case Habit.BANK:
            _transfer(story, known, invoice_id, row, due_on + timedelta(days=chance.randint(-5, 4)))
        case Habit.BANK_LATE:
            _transfer(story, known, invoice_id, row, due_on + timedelta(days=chance.randint(10, 48)))
        case Habit.FADING:
            paid_on = due_on + timedelta(days=chance.randint(4, 25))
            if paid_on < story.last_day - QUIET:
                _card(story, known, invoice_id, paid_on, hour)


def _card(
    story: Story, known: Known, invoice_id: int, day: date, hour: float, *, parts: int = 1, all_due: bool = False
) -> None:
    declined = story.chance(known).random() < 0.06

    def deed() -> None:
        wanted = story.acts.open_amounts(known)
        if invoice_id not in wanted or pays_automatically(story.acts, known):
            return
        if all_due:
            wanted = {**story.acts.open_amounts(known, due_by=day), invoice_id: wanted[invoice_id]}
        else:
            wanted = {invoice_id: wanted[invoice_id].split(parts)[0]}
        if parts == 1:
            wanted = story.acts.less_discount(known, wanted)
        page = story.acts.go_to_pay(known, wanted)
        if declined:
            story.acts.type_card(known, page, "4000000000009995")
        story.acts.type_card(known, page)

    story.put(working_day(day), hour, deed)


def _transfer(story: Story, known: Known, invoice_id: int, row: Row, day: date) -> None:
    """A bank transfer of what is open, known by the bank's statement; in the past by a file of paid invoices."""
    paid_on = max(working_day(day), row.issued_on)
    paid = Row(row.account, row.invoice, row.issued_on, row.due_on, row.amount, paid_on)

    def deed() -> None:
        wanted = story.acts.open_amounts(known)
        if invoice_id not in wanted:
            return
        if paid_on > story.bank.since:
            story.bank.transfer(known, invoice_id, row.invoice, wanted[invoice_id], paid_on)
        else:
            story.transfers.append(paid)

    story.put(paid_on, 12, deed)


def working_day(day: date) -> date:
    """The day itself, or the Monday after a weekend."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
