"""Fault 10: the mail server is down, refuses, or cuts the line after it took a mail: no money is affected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.mail.smtp import SmtpMailer
from app.worker import Worker
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.tasks.model import TaskKind
from tests.faults.conftest import Prove
from tests.faults.scene import Scene, a_scene
from tests.support.builders import money
from tests.support.house import ledger_owes
from tests.support.mail_server import Behaviour, mail_server
from tests.support.paying import a_debt
from tests.support.simulated import open_page
from tests.support.tasks import open_tasks as waiting_tasks

SENDER = "Northgate Supplies Ltd <accounts@northgate.example>"
NUMBERS = [2, pytest.param(20, marks=pytest.mark.faults)]


@pytest.fixture
def post_office() -> Iterator[Behaviour]:
    """A mail server that takes everything, until a test tells it otherwise."""
    with mail_server() as behaviour:
        yield behaviour


@pytest.fixture
def scene(committed_db: Database, clock: MovableClock, tmp_path: Path, post_office: Behaviour) -> Iterator[Scene]:
    """The product, mailing through that server."""
    with a_scene(committed_db, clock, tmp_path) as found:
        mailer = SmtpMailer(f"smtp://127.0.0.1:{post_office.port}", sender=SENDER, clock=clock, time_out=5)
        yield replace(found, wired=replace(found.wired, mailer=mailer))
        found.expect_whole_books()


def pay(scene: Scene, number: int) -> None:
    """So many payments arrive, whatever becomes of their receipts."""
    for _ in range(number):
        debt = a_debt(scene.wired.database, "120.00")
        scene.simulator.pay_session(open_page(scene.wired, debt, "120.00").checkout_id or "")
        scene.simulator.settle()
        scene.told()
        assert ledger_owes(scene.wired.database, debt.account_id) == money("0")


def hours_pass(scene: Scene, hours: int) -> None:
    """Time goes by, and the worker looks in every half an hour."""
    for _ in range(2 * hours):
        scene.clock.advance(minutes=30)
        Worker(scene.wired).drain()


def mails(post_office: Behaviour) -> Counter[str]:
    """How often each mail was taken, by its Message-ID."""
    return Counter(str(mail["Message-ID"]) for mail in post_office.taken)


@pytest.mark.parametrize("number", NUMBERS)
def test_while_the_server_is_down_receipts_wait_and_come_once(
    scene: Scene, post_office: Behaviour, number: int, prove: Prove
) -> None:
    post_office.at_sender = "451 not now"
    pay(scene, number)
    assert post_office.taken == []

    post_office.at_sender = Behaviour().at_sender
    hours_pass(scene, 2)

    prove(10, f"mail server down while {number} payments arrive", f"{len(post_office.taken)} receipts, 0 doubled")
    assert sorted(mails(post_office).values()) == [1] * number


@pytest.mark.parametrize("number", NUMBERS)
def test_a_line_cut_after_a_mail_was_taken_sends_it_again_under_the_same_id(
    scene: Scene, post_office: Behaviour, number: int, prove: Prove
) -> None:
    post_office.after_data = ["drop"] * number
    pay(scene, number)
    hours_pass(scene, 2)

    doubled = len(post_office.taken) - len(mails(post_office))
    prove(
        10, f"line cut after {number} mails were taken", f"{number} receipts, {doubled} came twice, under the same id"
    )
    assert len(mails(post_office)) == number
    assert doubled == number


@pytest.mark.parametrize("number", NUMBERS)
def test_an_address_that_the_server_refuses_ends_with_a_task_for_each_mail(
    scene: Scene, post_office: Behaviour, number: int, prove: Prove
) -> None:
    post_office.at_recipient = "550 nobody of that name"
    pay(scene, number)
    hours_pass(scene, 2)

    with scene.wired.database.reading() as session:
        open_tasks = [task.kind for task in waiting_tasks(session)]
    prove(
        10,
        f"{number} addresses refused",
        f"{open_tasks.count(TaskKind.MAIL_UNDELIVERABLE)} tasks, 0 mails lost silently",
    )
    assert open_tasks == [TaskKind.MAIL_UNDELIVERABLE] * number
