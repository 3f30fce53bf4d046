"""Staff look at the portal in a customer's place: they see every page of that account, and change nothing."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from domain.outbox.model import OutboxMessage
from domain.sessions import keeping, viewing
from domain.sessions.model import Site
from domain.shared.actor import OPERATOR, Actor
from domain.staff import changing
from domain.staff.adding import add
from domain.staff.model import Role
from tests.portal.conftest import Portal
from tests.portal.test_access import OUTSIDER, answers, on_an_account, path, private, world
from tests.support.client import Client
from tests.support.routes import go

Browser = Callable[[], Client]
SAFE = {"GET", "HEAD"}
OF_A_LOGIN = {"added", "added_state", "check_removal", "item_returned"}
"""Pages about what is somebody's own: saved cards, rounds of payments."""


def sam(portal: Portal, role: Role = Role.COLLECTOR) -> int:
    with portal.db.transaction() as session:
        member, _ = add(
            session,
            email=f"sam-{role}@office.example",
            name="Sam Lee",
            role=role,
            password="correct horse battery staple",
            actor=OPERATOR,
        )
        return member.id


def a_pass(portal: Portal, account_id: int, staff_id: int) -> str:
    """A pass for somebody who is signed in to the back office."""
    with portal.db.transaction() as session:
        office = keeping.find(session, Site.OFFICE, keeping.start(session, site=Site.OFFICE, subject_id=staff_id))
        assert office is not None
        return viewing.give_pass(session, account_id, session_id=office.id, actor=Actor.staff(staff_id))


def look(portal: Portal, account_id: int, staff_id: int, *, reads: bool = True) -> Client:
    """A browser in which somebody of staff looks at this account."""
    token = a_pass(portal, account_id, staff_id)
    client = Client(portal.app, reads=reads)
    client.get(f"/viewing/{token}").submit("Look at it")
    return client


def test_every_page_of_the_account_is_seen_and_nothing_can_be_done(portal: Portal) -> None:
    values = world(portal)
    client = look(portal, int(str(values["account_id"])), sam(portal))

    found = answers(portal, client, values)

    unsafe = {name: status for name, status in found.items() if name.split()[0] not in SAFE}
    assert len(unsafe) > 20
    assert set(unsafe.values()) == {403}, unsafe
    hidden = {name.split()[1]: status for name, status in found.items() if status not in {200, 303, 403}}
    assert set(hidden) <= OF_A_LOGIN, hidden
    assert {name for name, status in found.items() if status == 403} == {*unsafe, "GET check_autopay"}


def test_no_other_account_is_there(portal: Portal) -> None:
    values = world(portal)
    other, _ = portal.account("9.00", email=OUTSIDER)
    client = look(portal, other, sam(portal), reads=False)

    found = {
        way.name: go(client, way, path(way, values)).status for way in on_an_account(portal) if way.method == "GET"
    }

    assert set(found.values()) == {404}, found


def test_unsafe_ways_that_are_about_no_account_are_closed_too(portal: Portal, open_browser: Browser) -> None:
    account_id, _ = portal.account("9.00")
    client = look(portal, account_id, sam(portal))
    values: dict[str, object] = {name: 1 for way in private(portal) for name in way.wants}

    closed = {
        way.name: client.post(way.filled(values)).status
        for way in private(portal)
        if way.method not in SAFE and way.name not in {"end_viewing", "begin_viewing"}
    }

    assert "sign_out" in closed
    assert set(closed.values()) == {403}, closed


def test_every_page_says_who_looks_and_the_way_out_ends_it(portal: Portal) -> None:
    account_id, _ = portal.account("120.00")
    client = look(portal, account_id, sam(portal))

    home = client.follow(client.get("/"))
    ended = home.submit("Stop looking")

    assert home.path == f"/accounts/{account_id}"
    assert "Nothing can be changed here" in home.words
    assert "Sam Lee" in home.words
    assert "You owe Your business £120.00" in home.words
    assert ended.status == 200
    assert client.get("/").location == "/sign-in"


def test_what_is_opened_is_never_said_to_be_seen_by_the_customer(portal: Portal) -> None:
    values = world(portal)
    account_id, staff_id = int(str(values["account_id"])), sam(portal)
    client = look(portal, account_id, staff_id)

    opened = client.get(f"/accounts/{account_id}/documents/{values['document_id']}")

    assert opened.status == 200
    with portal.db.reading() as session:
        told = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc()).limit(1)).one()
    assert (told.kind, told.payload["actor_kind"], told.payload["actor_id"]) == ("document_opened", "staff", staff_id)


def test_a_pass_works_once_and_a_second_time_says_so(portal: Portal, open_browser: Browser) -> None:
    account_id, _ = portal.account("120.00")
    token = a_pass(portal, account_id, sam(portal))
    first, second = open_browser().get(f"/viewing/{token}"), open_browser().get(f"/viewing/{token}")

    taken, late = first.submit("Look at it"), second.submit("Look at it")

    assert taken.location == f"/accounts/{account_id}"
    assert late.status == 422
    assert "no longer works" in late.words


def test_whoever_signs_out_of_the_office_sees_nothing_at_once(portal: Portal) -> None:
    account_id, _ = portal.account("120.00")
    staff_id = sam(portal)
    client = look(portal, account_id, staff_id)
    assert client.get(f"/accounts/{account_id}").status == 200

    with portal.db.transaction() as session:
        keeping.end_all(session, Site.OFFICE, staff_id)

    assert client.get(f"/accounts/{account_id}").location == f"/sign-in?next=/accounts/{account_id}"


def test_who_may_not_look_any_more_sees_nothing(portal: Portal) -> None:
    account_id, _ = portal.account("120.00")
    gone, moved = sam(portal), sam(portal, Role.MANAGER)
    browsers = [look(portal, account_id, gone), look(portal, account_id, moved)]

    with portal.db.transaction() as session:
        changing.disable(session, gone, actor=OPERATOR)
        changing.change_role(session, moved, Role.ADMINISTRATOR, actor=OPERATOR)

    assert {browser.get(f"/accounts/{account_id}").location for browser in browsers} == {
        f"/sign-in?next=/accounts/{account_id}"
    }
