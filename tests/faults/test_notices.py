"""Faults 1 and 10 for notices: killed anywhere, two workers at once, a mail server that misbehaves: none is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier, get_ident

import pytest
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session

from adapters.mail.smtp import SmtpMailer
from app.handlers import outbox
from app.handlers.dunning import decide_due
from app.worker import Worker
from domain.notices.model import Notice, NoticeContent, NoticeStatus
from domain.outbox.delivering import retry
from domain.outbox.queries import given_up
from domain.policies.contacting import Channel, Wording
from domain.policies.sections import DunningStep
from domain.shared.actor import Actor
from domain.shared.clock import Clock, MovableClock
from domain.shared.db.session import Database, today
from domain.shared.mail import Email
from domain.tasks.model import TaskKind
from tests.faults.conftest import Prove
from tests.faults.scene import Scene, a_scene
from tests.support.builders import an_account, an_invoice, money
from tests.support.house import ledger_owes
from tests.support.mail_server import Behaviour, mail_server
from tests.support.paying import a_debt
from tests.support.reminding import a_sequence
from tests.support.simulated import open_page
from tests.support.tasks import open_tasks
from tests.support.waiting import IMPATIENT, PATIENT

SENDER = "Northgate Supplies Ltd <accounts@northgate.example>"
ONE_STEP = (DunningStep(day=7, channel=Channel.EMAIL, wording=Wording.FIRST_REMINDER),)
CLERK = Actor.staff(1)
SIX_HOURS, FIVE_MINUTES = timedelta(hours=6), timedelta(minutes=5)
AFTER_THE_MAIL, BEFORE_A_COMMIT = "after the server's word", "before a commit"


class Killed(BaseException):
    """The process is gone: nothing of ours catches this, as nothing catches a kill."""


@dataclass
class Points:
    """The places that a worker passes and at which it can die: the `fatal`th kills whoever passes it, once."""

    fatal: int = 0
    passed: int = 0
    last: dict[int, list[str]] = field(default_factory=dict)

    def arm(self, fatal: int) -> None:
        """Begin to count anew."""
        self.fatal, self.passed, self.last = fatal, 0, {}

    def passing(self, what: str) -> None:
        """One place; each thread is a worker of its own."""
        self.passed += 1
        self.last[get_ident()] = [*self.last.get(get_ident(), [])[-1:], what]
        if self.passed == self.fatal:
            raise Killed

    def is_between_word_and_commit(self) -> bool:
        """Whether this worker was just told by the server that it took a mail, and has not written that down."""
        last = self.last.get(get_ident(), [])
        return last[-1:] == [AFTER_THE_MAIL] or last == [AFTER_THE_MAIL, BEFORE_A_COMMIT]


@dataclass
class Dangerous:
    """A mailer around which the process can die."""

    mailer: SmtpMailer
    points: Points

    def send(self, email: Email) -> None:
        """Hand it over, if we live so long."""
        self.points.passing("before the mail")
        self.mailer.send(email)
        self.points.passing(AFTER_THE_MAIL)


def a_mailer(server: Behaviour, clock: Clock, *, time_out: float = PATIENT) -> SmtpMailer:
    """One that waits so many seconds for the server."""
    return SmtpMailer(f"smtp://127.0.0.1:{server.port}", sender=SENDER, clock=clock, time_out=time_out)


@dataclass(frozen=True)
class Post:
    """The product, mailing through a server that keeps a log of its own."""

    scene: Scene
    server: Behaviour
    points: Points
    statements: Points

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """We do not wait long for a server that says nothing; one that only is slow (a busy machine) would time out."""
        mailer = self.scene.wired.mailer
        assert isinstance(mailer, Dangerous)
        patient, mailer.mailer = mailer.mailer, a_mailer(self.server, self.scene.clock, time_out=IMPATIENT)
        yield
        mailer.mailer = patient

    @property
    def database(self) -> Database:
        return self.scene.wired.database

    def late_accounts(self, number: int) -> list[str]:
        """So many accounts with an invoice of which the reminder is due today; their addresses."""
        with self.database.transaction() as session:
            made = [an_account(session, name=f"Customer {each}") for each in range(number)]
            due_on = today(session) - timedelta(days=7)
            for account in made:
                account.email = f"ap{account.id}@harbour.example"
                an_invoice(session, account, "120", issued_on=due_on - timedelta(days=30), due_on=due_on)
            return [account.email or "" for account in made]

    def work(self) -> None:
        """What a worker does about notices, until nothing is left."""
        decide_due(self.database)
        self.send()

    def send(self) -> None:
        """Only what waits to be sent."""
        while outbox.handle_due(self.scene.wired):
            pass

    def pay(self) -> None:
        """A payment arrives, whatever becomes of the mail."""
        debt = a_debt(self.database, "50.00")
        opened = open_page(self.scene.wired, debt, "50.00")
        self.scene.simulator.pay_session(opened.checkout_id or "")
        self.scene.simulator.settle()
        self.scene.told()
        assert ledger_owes(self.database, debt.account_id) == money("0")

    def hours_pass(self, hours: int) -> None:
        """Time goes by, and the worker looks in every half an hour."""
        for _ in range(2 * hours):
            self.scene.clock.advance(minutes=30)
            Worker(self.scene.wired).drain()

    def arrived(self, addresses: list[str]) -> Counter[str]:
        """How often the server took each notice to these addresses, by Message-ID, by its own log."""
        taken = [mail for mail in self.server.taken if "notice." in str(mail["Message-ID"])]
        return Counter(str(mail["Message-ID"]) for mail in taken if str(mail["To"]) in addresses)

    def expect_each_once(self, addresses: list[str]) -> int:
        """One notice to each address, sent and kept, no other; how many came more than once, under the same name."""
        with self.database.reading() as session:
            notices = session.scalars(select(Notice).where(Notice.address.in_(addresses))).all()
            kept = set(session.scalars(select(NoticeContent.notice_id)))
        arrived = self.arrived(addresses)
        assert sorted(notice.address or "" for notice in notices) == sorted(addresses)
        assert {notice.status for notice in notices} == {NoticeStatus.SENT}
        assert {notice.id for notice in notices} <= kept
        assert {name.strip("<>").partition("@")[0] for name in arrived} == {notice.mark for notice in notices}
        return arrived.total() - len(arrived)


@pytest.fixture
def post(
    committed_db: Database, clock: MovableClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Post]:
    """Everything, with places to die: around every commit and every mail, and before every statement."""
    points, statements = Points(), Points()
    commit = Session.commit

    def dangerous(session: Session) -> None:
        points.passing(BEFORE_A_COMMIT)
        commit(session)
        points.passing("after a commit")

    monkeypatch.setattr(Session, "commit", dangerous)
    assert isinstance(committed_db.bind, Engine)
    event.listen(committed_db.bind, "before_cursor_execute", lambda *_: statements.passing("a statement"))
    with mail_server() as server, a_scene(committed_db, clock, tmp_path) as scene:
        wired = replace(scene.wired, mailer=Dangerous(a_mailer(server, clock), points))
        with committed_db.transaction() as session:
            a_sequence(session, ONE_STEP)
        yield Post(replace(scene, wired=wired), server, points, statements)
        points.arm(0)
        statements.arm(0)
        scene.expect_whole_books()


@dataclass(frozen=True)
class Death:
    """What became of two reminders around one kill."""

    twice: int
    between_word_and_commit: bool


def dies_and_goes_on(post: Post, points: Points, fatal: int) -> Death | None:
    """Die at the point, start anew, and see that each notice went; None where there is no such point any more."""
    addresses = post.late_accounts(2)
    post.points.arm(fatal if points is post.points else 0)
    post.statements.arm(fatal if points is post.statements else 0)
    try:
        post.work()
    except Killed:
        inside = post.points.is_between_word_and_commit()
    else:
        return None
    finally:
        points.arm(0)
    post.scene.later(minutes=10)
    post.work()
    return Death(post.expect_each_once(addresses), inside)


def walk(post: Post, points: Points, *, first: int, step: int) -> list[Death]:
    """Die at every `step`th point from the `first` on, each on a day of its own."""
    deaths: list[Death] = []
    while (death := dies_and_goes_on(post, points, first + len(deaths) * step)) is not None:
        deaths.append(death)
        post.scene.later(hours=23, minutes=50)
    return deaths


@pytest.mark.parametrize(("first", "step"), [(3, 6), pytest.param(1, 1, marks=pytest.mark.faults)])
def test_a_kill_around_a_commit_or_a_mail_loses_no_notice_and_doubles_only_what_the_server_had_taken(
    post: Post, first: int, step: int, prove: Prove
) -> None:
    deaths = walk(post, post.points, first=first, step=step)

    say(prove, "killed around every commit and mail", deaths)
    assert len(deaths) > 3
    assert all(death.twice == int(death.between_word_and_commit) for death in deaths)


@pytest.mark.faults
def test_a_kill_before_a_statement_loses_no_notice_and_doubles_only_what_the_server_had_taken(
    post: Post, prove: Prove
) -> None:
    deaths = walk(post, post.statements, first=1, step=7)

    say(prove, "killed before every 7th statement", deaths)
    assert len(deaths) > 5
    assert all(death.twice == int(death.between_word_and_commit) for death in deaths)


@pytest.mark.parametrize("rounds", [2, pytest.param(12, marks=pytest.mark.faults)])
def test_two_workers_at_once_send_each_notice_once(post: Post, rounds: int, prove: Prove) -> None:
    for _ in range(rounds):
        addresses = post.late_accounts(6)
        two_at_once(post)
        assert post.expect_each_once(addresses) == 0
        post.scene.later(days=1)

    prove(5, "two workers decide and send the same reminders", f"{6 * rounds} reminders, 0 missing, 0 doubled")


@pytest.mark.parametrize("rounds", [3, pytest.param(18, marks=pytest.mark.faults)])
def test_one_of_two_workers_that_dies_loses_no_notice(post: Post, rounds: int, prove: Prove) -> None:
    deaths = []
    for number in range(rounds):
        addresses = post.late_accounts(4)
        post.points.arm(5 + 3 * number)
        died_inside = two_at_once(post)
        post.points.arm(0)
        post.scene.later(minutes=10)
        post.work()
        twice = post.expect_each_once(addresses)
        deaths += [Death(twice, inside) for inside in died_inside]
        post.scene.later(hours=23, minutes=50)

    say(prove, "one of two workers killed", deaths)
    assert deaths
    assert all(death.twice == int(death.between_word_and_commit) for death in deaths)


MOODS: dict[str, Callable[[Behaviour, int], None]] = {
    "hangs": lambda server, number: server.after_data.extend(["hang"] * number),
    "refuses every sender for now": lambda server, _: setattr(server, "at_sender", "451 not now"),
    "refuses every recipient for now": lambda server, _: setattr(server, "at_recipient", "450 4.2.1 not now"),
    "has no room": lambda server, number: server.after_data.extend(["452 4.3.1 disk full"] * number),
    "cuts the line after it took a mail": lambda server, number: server.after_data.extend(["drop"] * number),
}
"""What a server does before it comes to its senses."""


@pytest.mark.parametrize("mood", MOODS)
@pytest.mark.parametrize("number", [2, pytest.param(20, marks=pytest.mark.faults)])
def test_a_server_that_misbehaves_delays_notices_and_touches_no_money(
    post: Post, mood: str, number: int, prove: Prove
) -> None:
    addresses = post.late_accounts(number)
    MOODS[mood](post.server, number)

    with post.impatient() if mood == "hangs" else nullcontext():
        post.work()
    post.pay()
    post.server.at_sender = post.server.at_recipient = Behaviour().at_sender
    post.hours_pass(2)

    twice = post.expect_each_once(addresses)
    prove(10, f"mail server {mood}: {number} reminders", f"{number} delivered, {twice} came twice, under the same id")
    assert twice == (number if "cuts" in mood else 0)


@pytest.mark.parametrize("number", [2, pytest.param(20, marks=pytest.mark.faults)])
def test_dead_addresses_end_with_a_notice_that_failed_and_somebody_who_traces(
    post: Post, number: int, prove: Prove
) -> None:
    addresses = post.late_accounts(number)
    post.server.at_recipient = "550 5.1.1 nobody of that name"

    post.work()
    post.pay()

    with post.database.reading() as session:
        states = session.scalars(select(Notice.status).where(Notice.address.in_(addresses))).all()
        traced = [task.kind for task in open_tasks(session)].count(TaskKind.TRACE)
    prove(10, f"{number} dead addresses: reminders", f"{traced} to be traced, 0 lost silently")
    assert states == [NoticeStatus.FAILED] * number
    assert traced == number
    assert post.arrived(addresses).total() == 0


@pytest.mark.parametrize("number", [2, pytest.param(20, marks=pytest.mark.faults)])
def test_an_outage_that_outlasts_all_tries_leaves_tasks_and_the_notices_go_once_these_are_tried_again(
    post: Post, number: int, prove: Prove
) -> None:
    addresses = post.late_accounts(number)
    post.server.at_sender = "421 closed"
    decide_due(post.database)
    for _ in range(SIX_HOURS // FIVE_MINUTES):
        post.send()
        post.scene.later(minutes=5)
    post.server.at_sender = Behaviour().at_sender

    with post.database.transaction() as session:
        waiting = given_up(session)
        for message in waiting:
            retry(session, message.id, actor=CLERK)
    post.work()

    twice = post.expect_each_once(addresses)
    prove(10, f"mail server down for six hours: {number} reminders", f"{len(waiting)} tasks, all sent when tried again")
    assert len(waiting) == number
    assert twice == 0


def two_at_once(post: Post) -> list[bool]:
    """Two workers do all there is to do; of each that died, whether that was between the server's word and a commit."""
    start = Barrier(2)

    def work(_: int) -> list[bool]:
        start.wait(PATIENT)
        try:
            post.work()
        except Killed:
            return [post.points.is_between_word_and_commit()]
        return []

    with ThreadPoolExecutor(2) as pool:
        return [inside for died in pool.map(work, range(2)) for inside in died]


def say(prove: Prove, what: str, deaths: list[Death]) -> None:
    """Keep the figure of a walk."""
    twice, inside = sum(death.twice for death in deaths), sum(death.between_word_and_commit for death in deaths)
    figure = (
        f"{len(deaths)} of {len(deaths)} points, 0 missing, {twice} came twice, of {inside} killed before our commit"
    )
    prove(1, f"{what}: reminders decided and sent", figure)
