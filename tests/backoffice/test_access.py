"""Every way into the back office, tried by every role: nobody does what they may not, and nothing is forgotten."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from backoffice.access import Admit
from domain.staff.model import Role
from domain.staff.permissions import NEEDS_STEP_UP, Permission, may_all
from tests.backoffice.conftest import Office
from tests.backoffice.one_of_everything import here_for, world
from tests.backoffice.whole_forms import FORMS
from tests.support.client import Client
from tests.support.routes import Way, go, leads_to, ways

LEAVING = {"sign_out", "change_password"}
"""The ways after which a browser has to sign in again."""
READER = Role.MANAGER
"""Whoever's pages are all read for bad HTML: to read them costs as much as to make them, and the others' are alike."""
FORBIDDEN, MISSING, BROKEN = 403, 404, 500


def guard_of(way: Way) -> Admit:
    """What a way asks for: it has exactly one guard of ours."""
    guards = [guard for guard in way.handler.guards or [] if isinstance(guard, Admit)]
    assert len(guards) == 1, f"{way.method} {way.path} does not say who may"
    return guards[0]


def lets_in(way: Way, role: Role) -> bool:
    """Whether the way is open to this role."""
    guard = guard_of(way)
    return may_all(role, guard.permissions, one_is_enough=guard.one_is_enough)


def private(office: Office) -> list[Way]:
    """The ways for those who are signed in."""
    return [way for way in ways(office.app) if not way.is_public]


def test_every_private_way_says_who_may(office: Office) -> None:
    asked = {way.name: guard_of(way).permissions for way in private(office)}

    assert len(asked) > 40
    assert {one for permissions in asked.values() for one in permissions} >= {
        Permission.SEE_ACCOUNTS,
        Permission.MANAGE_STAFF,
        Permission.UNDO_IMPORT,
    }


def test_strangers_are_led_to_the_door_everywhere(office: Office) -> None:
    values = {name: 1 for way in private(office) for name in way.wants}

    outside = {
        f"{way.method} {way.path}": (Client(office.app).get if way.method == "GET" else Client(office.app).post)(
            way.filled(values)
        )
        for way in private(office)
    }

    assert [way for way, page in outside.items() if not leads_to(page, "/sign-in")] == []


def tried(office: Office, wanted: Iterable[tuple[Way, Role]]) -> list[str]:
    """What is wrong with the answers when somebody with the role goes each of these ways."""
    values, wrong = world(office), []
    browsers: dict[Role, Client] = {}

    for way, role in sorted(wanted, key=lambda each: each[0].name in LEAVING):
        here = here_for(office, way, values, role)
        if way.name in LEAVING or role not in browsers:
            browsers[role] = office.browser(role, reads=role is READER)
        allowed, page = lets_in(way, role), go(browsers[role], way, way.filled(here))
        if (page.status == FORBIDDEN) is allowed or page.status in {MISSING, BROKEN}:
            wrong.append(f"{way.method} {way.path} as {role}: {page.status}, allowed: {allowed}")
    return wrong


@pytest.mark.parametrize(
    ("engine_kind", "role"),
    [
        *(("sqlite", role) for role in Role),
        *(pytest.param("postgresql", role, marks=[pytest.mark.postgresql, pytest.mark.faults]) for role in Role),
    ],
)
def test_each_role_does_what_it_may_and_nothing_else(office: Office, role: Role) -> None:
    assert tried(office, ((way, role) for way in private(office))) == []


@pytest.mark.parametrize("engine_kind", [pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_each_way_opens_on_postgresql_too_for_the_first_role_that_may(office: Office) -> None:
    first = [(way, next(role for role in Role if lets_in(way, role))) for way in private(office)]

    assert tried(office, first) == []


def test_what_is_not_there_is_not_found_anywhere(office: Office) -> None:
    found = []
    browsers = {role: office.browser(role, reads=role is READER) for role in Role}

    for way in private(office):
        if not way.wants:
            continue
        role = next(role for role in Role if lets_in(way, role))
        page = go(browsers[role], way, way.filled(dict.fromkeys(way.wants, 999_999)), FORMS.get(way.name))
        if page.status != MISSING:
            found.append(f"{way.method} {way.path}: {page.status}")

    assert found == []


def test_every_dangerous_act_asks_for_the_code_again(office: Office) -> None:
    values = world(office)
    dangerous = [
        way for way in private(office) if NEEDS_STEP_UP & {*guard_of(way).permissions} and way.method == "POST"
    ]

    asked = {}
    for way in dangerous:
        role = next(role for role in reversed(Role) if lets_in(way, role))
        page = go(office.browser(role, is_sure=False), way, way.filled(values), FORMS[way.name])
        asked[way.name] = "Confirm that it is you" in page.words

    assert asked == dict.fromkeys(FORMS, True)


def test_a_form_without_our_token_does_nothing(office: Office) -> None:
    values = world(office)

    browser = office.browser(Role.MANAGER, reads=False)
    answers = {way.name: browser.post(way.filled(values)).status for way in private(office) if way.method == "POST"}

    assert set(answers.values()) == {FORBIDDEN}
