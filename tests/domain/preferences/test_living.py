"""The business as it is now: at once where it was changed, soon everywhere, never within a transaction."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, create_engine, insert

from domain.preferences import setting
from domain.preferences.living import EVERY, LiveBusiness
from domain.preferences.model import PREFERENCES
from domain.preferences.values import Bounds, Name
from domain.shared.actor import OPERATOR, Actor
from domain.shared.business import Business
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database, business
from domain.staff.adding import add
from domain.staff.model import Role
from tests.support.counting import counted

LOOK = "SELECT count(*) AS count_1 \nFROM preference"
BOUNDS = Bounds(("en", "es"), can_text=True)


class Process:
    """One process of the installation, with a watch of its own."""

    def __init__(self, database: Database, clock: MovableClock) -> None:
        assert isinstance(database.bind, Engine)
        self.seconds = 0.0
        self.live = LiveBusiness(database.bind, Business(name="Installed"), seconds=lambda: self.seconds)
        self.db = Database(database.bind, clock, self.live)


@pytest.fixture
def processes(committed_db: Database, clock: MovableClock) -> tuple[Process, Process]:
    """Two processes of one installation."""
    return Process(committed_db, clock), Process(committed_db, clock)


def call_it(process: Process, name: str) -> None:
    """Somebody changes the name."""
    with process.db.transaction() as session:
        member, _ = add(
            session,
            email=f"{len(name)}@b.example",
            name="Ana",
            role=Role.ADMINISTRATOR,
            password="correct horse battery staple",
            actor=OPERATOR,
        )
        setting.change(session, {Name.NAME: name}, BOUNDS, actor=Actor.staff(member.id))


def test_a_change_is_seen_at_once_here_and_within_seconds_elsewhere(processes: tuple[Process, Process]) -> None:
    here, there = processes
    assert (here.db.business.name, there.db.business.name) == ("Installed", "Installed")

    call_it(here, "Changed")
    at_once = (here.db.business.name, there.db.business.name)
    there.seconds = EVERY

    assert at_once == ("Changed", "Installed")
    assert there.db.business.name == "Changed"


def test_a_transaction_keeps_the_business_that_it_began_with(processes: tuple[Process, Process]) -> None:
    here, there = processes

    with there.db.reading() as session:
        before = business(session)
        call_it(here, "Changed")
        there.seconds = EVERY

        assert there.db.business.name == "Changed"
        assert business(session) is before


def test_what_is_rolled_back_changes_nothing(processes: tuple[Process, Process]) -> None:
    here, _ = processes
    call_it(here, "Changed")

    with here.db.transaction() as session:
        setting.change(session, {Name.NAME: "Never"}, BOUNDS, actor=Actor.staff(1))
        session.rollback()

    assert here.db.business.name == "Changed"


def test_it_costs_one_small_query_every_few_seconds(processes: tuple[Process, Process]) -> None:
    here, _ = processes
    call_it(here, "Changed")
    _ = here.db.business

    with counted(here.db.bind) as sent:
        names = {here.db.business.name for _ in range(100)}
        here.seconds = EVERY
        names |= {here.db.business.name for _ in range(100)}

    assert names == {"Changed"}
    assert [each for each in sent if each != "BEGIN"] == [LOOK]


def test_a_change_with_a_lower_number_that_commits_later_is_seen_too(processes: tuple[Process, Process]) -> None:
    here, there = processes
    call_it(here, "Changed")
    with here.db.transaction() as session:
        late = {"name": Name.PHONE, "value": "0123", "set_by": 1, "set_at": session.info["now"]}
        session.execute(insert(PREFERENCES).values({"id": 100, **late, "name": Name.EMAIL, "value": "a@b.example"}))
    there.seconds = EVERY
    assert there.db.business.email == "a@b.example"

    with here.db.transaction() as session:
        session.execute(insert(PREFERENCES).values({"id": 99, **late}))
    there.seconds = 2 * EVERY

    assert there.db.business.phone == "0123"


def test_a_database_without_the_table_leaves_the_installations_own() -> None:
    live = LiveBusiness(create_engine("sqlite://"), Business(name="Installed"))

    assert live().name == "Installed"


def test_a_paper_of_before_a_change_says_what_it_said(processes: tuple[Process, Process], clock: MovableClock) -> None:
    here, _ = processes
    before = clock.now()
    clock.advance(minutes=1)
    call_it(here, "Changed")

    with here.db.reading() as session:
        assert setting.business_at(session, before).name == "Installed"
        assert setting.business_at(session, clock.now()).name == "Changed"
