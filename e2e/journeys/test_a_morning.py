"""A credit controller's morning by keyboard alone: in by the door, twenty tasks done, one put off, none left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from domain.audit.model import AUDIT_ENTRIES
from domain.shared.actor import ActorKind
from domain.shared.db.session import today
from domain.staff.codes import code_at
from domain.staff.model import Role, StaffMember
from domain.tasks.model import TASKS, TaskKind
from e2e.journeys.conftest import OpenBrowser
from e2e.support.hands import Hands
from e2e.support.visitor import Visitor
from e2e.support.waiting_work import EACH, bring_work
from tests.support.house import PASSWORD, House

ACTS = {
    "call.recorded": EACH,
    "promise.made": EACH,
    "notice.ready": EACH,
    "dispute.resolved": EACH,
    "plan.offered": EACH,
    "task.done": 2 * EACH + 2,
    "task.snoozed": 1,
}
"""What stands on the trail of such a morning, beside coming in: a promise is written down with its task done."""


@pytest.fixture
def officer(house: House, email: str) -> StaffMember:
    """A collector, whom nobody else is."""
    return house.officer(Role.COLLECTOR, email.replace("@", ".desk@"))


class Desk:
    """The desk of somebody who works through their list."""

    def __init__(self, visitor: Visitor, officer: StaffMember) -> None:
        self.visitor, self.officer = visitor, officer
        self.page: Page = visitor.page
        self.hands = Hands(visitor.page)
        self.escalations = 0

    def come_in(self) -> None:
        """Type password and code at the door, and go to one's own list."""
        page, house = self.page, self.visitor.house
        page.goto(f"{house.office}/sign-in")
        self.hands.fill(page.get_by_label("Your work email"), self.officer.email)
        self.hands.fill(page.get_by_label("Password"), PASSWORD)
        self.hands.fill(page.get_by_label("Code from your phone"), code_at(self.officer.totp_secret, house.clock.now()))
        self.hands.press("Enter")
        page.wait_for_url(f"{house.office}/worklist**")
        self.to_list()

    def to_list(self) -> None:
        """By the rail to the worklist, and to one's own part of it."""
        self.hands.choose(self.page.get_by_role("navigation", name="Main").get_by_role("link", name="Worklist"))
        self.page.wait_for_url("**/worklist")
        self.hands.choose(self.page.get_by_role("navigation", name="Whose work").get_by_role("link", name="Mine"))
        self.page.wait_for_url("**/worklist?whose=mine**")

    def left(self) -> Locator:
        """What is on the list."""
        return self.page.locator(".work__item")

    def next_task(self) -> int | None:
        """Open the first of the list, or None where it is empty."""
        if not self.left().count():
            return None
        self.hands.press("j", "Enter")
        self.page.wait_for_url("**/tasks/*")
        return int(self.page.url.partition("?")[0].rpartition("/")[2])

    def expect_next(self) -> None:
        """After what was done in place the next page says so at its top, with the way back."""
        expect(self.page.get_by_role("link", name="Go back to it")).to_be_visible()

    def press(self, button: str) -> None:
        """Press a button of a piece of work, and see that it is done."""
        self.hands.choose(self.page.get_by_role("button", name=button, exact=True))
        self.expect_next()

    def decide(self, place: str, button: str, *fill: tuple[str, str]) -> None:
        """Go where the work is done, fill this in and press the button there, which is gone then."""
        self.hands.press("o")
        self.page.wait_for_url(f"**/{place}/*")
        for label, words in fill:
            self.hands.fill(self.page.get_by_label(label, exact=True), words)
        there = self.page.get_by_role("button", name=button, exact=True)
        self.hands.choose(there)
        expect(there).to_have_count(0)


def call(desk: Desk) -> None:
    """Log it in place."""
    desk.hands.press("c")
    desk.hands.type("Reached")
    desk.hands.press("Tab")
    desk.hands.type("Ana will see to it")
    desk.press("Write the call down")


def take_promise(desk: Desk) -> None:
    """Write down what they promise now."""
    page = desk.page
    with desk.visitor.house.wired.database.reading() as session:
        day = today(session) + timedelta(days=4)
    desk.hands.press("p")
    desk.hands.enter_day(page.get_by_label("By when"), day)
    desk.hands.fill(page.get_by_label("Who promised it, and how"), "Ana, on the phone")
    desk.press("Write the promise down")


def approve_notice(desk: Desk) -> None:
    """Look at it where it stands, and let it go."""
    desk.decide("notices", "Approve it")


def answer_dispute(desk: Desk) -> None:
    """Say why it is not so."""
    desk.decide("disputes", "Reject it", ("Answer", "They were signed for, dry."))


def agree_to_plan(desk: Desk) -> None:
    """Agree to what was asked for."""
    desk.decide("plans", "Agree")


def finish(desk: Desk) -> None:
    """A word on how it ended is all."""
    desk.hands.press("d")
    desk.hands.type("Found on their own site; no j, no k, no mouse")
    desk.hands.press("Enter")
    desk.expect_next()


def finish_or_put_off(desk: Desk) -> None:
    """The first one waits until tomorrow."""
    desk.escalations += 1
    if desk.escalations > 1:
        return finish(desk)
    desk.hands.press("s")
    return desk.press("Put it off")


WAYS: Mapping[TaskKind, Callable[[Desk], None]] = {
    TaskKind.CALL_DUE: call,
    TaskKind.PROMISE_BROKEN: take_promise,
    TaskKind.NOTICES_TO_APPROVE: approve_notice,
    TaskKind.DISPUTE: answer_dispute,
    TaskKind.PLAN_REQUEST: agree_to_plan,
    TaskKind.TRACE: finish,
    TaskKind.ESCALATION: finish_or_put_off,
}
"""How each kind is done."""


def done_by(house: House, officer: StaffMember) -> Counter[str]:
    """What the trail says that they did."""
    wanted = select(AUDIT_ENTRIES.c.act).where(
        AUDIT_ENTRIES.c.actor_kind == ActorKind.STAFF, AUDIT_ENTRIES.c.actor_id == officer.id
    )
    with house.wired.database.reading() as session:
        return Counter(session.scalars(wanted))


def test_twenty_pieces_of_work_are_done_by_keyboard_alone(
    house: House, visit: OpenBrowser, officer: StaffMember
) -> None:
    work = bring_work(house, officer)
    assert Counter(work.values()) == dict.fromkeys(WAYS, EACH)
    known, desk = done_by(house, officer), Desk(visit(), officer)
    desk.come_in()
    expect(desk.left()).to_have_count(len(work))
    desk.visitor.look("a morning: the list")

    while (task_id := desk.next_task()) is not None:
        desk.visitor.look(f"a morning: {work[task_id]}")
        WAYS[work[task_id]](desk)
        desk.to_list()

    expect(desk.page.get_by_text("Nothing waits here")).to_be_visible()
    desk.visitor.look("a morning: nothing left")
    with house.wired.database.reading() as session:
        open_still = session.scalars(select(TASKS.c.kind).where(TASKS.c.id.in_(work), TASKS.c.done_at.is_(None))).all()
    assert open_still == [TaskKind.ESCALATION]
    done = done_by(house, officer) - known
    assert {act: done[act] for act in ACTS} == ACTS
    assert desk.hands.pointed == []
    assert {"j", "Enter", "Tab", "c", "p", "o", "d", "s"} <= set(desk.hands.steps)
