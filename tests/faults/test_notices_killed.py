"""Fault 1 for notices, real processes: one dies over a mail, two others go on at once; what comes twice is named."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.settings import demo_environment, read_settings
from app.wired import Wired
from app.wiring import wired
from domain.notices.model import Notice, NoticeStatus
from domain.policies.contacting import Channel, Wording
from domain.policies.sections import DunningStep
from domain.processing.checks import check_books
from domain.shared.clock import MovableClock
from domain.shared.db.session import today
from tests.conftest import Workshop
from tests.faults import mail_victim
from tests.faults.conftest import Prove
from tests.faults.victim import DEAD, POINTS
from tests.support.builders import an_account, an_invoice
from tests.support.mail_server import Behaviour, mail_server
from tests.support.reminding import a_sequence

PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.faults.mail_victim"])
CUSTOMERS = 5
ONE_STEP = (DunningStep(day=7, channel=Channel.EMAIL, wording=Wording.FIRST_REMINDER),)


@dataclass
class Post:
    """What survives a process: the database, and the mail server with its log."""

    environ: dict[str, str]
    wired: Wired
    server: Behaviour
    clock: MovableClock

    def workers(self, *points: str | None) -> list[int | None]:
        """Have so many workers do at once what is due, each to die at its point; how each ended."""
        given = [(self.environ, self.clock.now(), point) for point in points]
        processes = [PROCESSES.Process(target=mail_victim.live, args=each) for each in given]
        for process in processes:
            process.start()
        for process in processes:
            process.join(120)
        return [process.exitcode for process in processes]


@pytest.fixture
def post(workshop: Workshop, engine_kind: str, tmp_path: Path, clock: MovableClock) -> Iterator[Post]:
    """A database that processes share, and a server that they mail through."""
    with mail_server() as server, workshop.kinds[engine_kind].fresh() as database_url:
        environ = demo_environment({"QUITTANCE_HOME": str(tmp_path)}, simulator_url="http://127.0.0.1:1")
        environ["QUITTANCE_DATABASE_URL"] = database_url
        environ["QUITTANCE_MAIL_URL"] = f"smtp://127.0.0.1:{server.port}"
        with wired(read_settings(environ), clock) as everything:
            yield Post(environ, everything, server, clock)


@pytest.mark.parametrize("point", POINTS)
def test_a_process_killed_over_a_mail_doubles_that_one_at_most_and_two_others_send_the_rest_once(
    post: Post, point: str, prove: Prove
) -> None:
    with post.wired.database.transaction() as session:
        a_sequence(session, ONE_STEP)
        due_on = today(session) - timedelta(days=7)
        for number in range(CUSTOMERS):
            account = an_account(session, email=f"ap{number}@harbour.example")
            an_invoice(session, account, "120", issued_on=due_on, due_on=due_on)

    assert post.workers(point) == [DEAD]
    assert len(post.server.taken) == 1
    post.clock.advance(minutes=10)
    assert post.workers(None, None) == [0, 0]

    with post.wired.database.reading() as session:
        notices = session.scalars(select(Notice)).all()
        assert check_books(session) == []
    taken = Counter(str(mail["Message-ID"]).strip("<>").partition("@")[0] for mail in post.server.taken)
    doubled = taken.total() - len(taken)
    prove(1, f"a process killed over a mail, {point}: {CUSTOMERS} reminders", f"0 missing, {doubled} came twice")
    assert {notice.status for notice in notices} == {NoticeStatus.SENT}
    assert set(taken) == {notice.mark for notice in notices}
    assert len(notices) == CUSTOMERS
    assert doubled == (1 if point == "before the commit" else 0)
