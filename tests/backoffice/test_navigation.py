"""The menu: places stand in named groups, this page's is open, and what waits is counted at its name."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from backoffice.navigation import OWN, groups_of
from domain.reporting.to_do import ToDo
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.client import Page

NOTHING = ToDo(tasks=0, failed_events=0, notices=0, letters=0, messages=0, plans=0)
GROUP = re.compile(r'<details class="rail__group"( open)?>\s*<summary>(.*?)</summary>(.*?)</details>', re.S)


def groups(page: Page) -> dict[str, tuple[bool, str, str]]:
    """The groups of a page's menu by their words: whether each is open, its head, and what stands in it."""
    found = {}
    for is_open, head, inside in GROUP.findall(page.response.text):
        words = re.search(r"<span>(.*?)</span>", head)
        assert words is not None
        found[words[1]] = (bool(is_open), head, inside)
    return found


def test_a_days_work_is_open_everywhere_and_of_the_rest_the_group_of_this_page(office: Office) -> None:
    browser = office.browser(Role.MANAGER)

    at_plans, at_worklist = groups(browser.get("/plans")), groups(browser.get("/worklist"))

    assert [words for words, (is_open, _, _) in at_worklist.items() if is_open] == ["Today", "Customers"]
    assert [words for words, (is_open, _, _) in at_plans.items() if is_open] == [
        "Today",
        "Customers",
        "Plans, settlements",
    ]
    assert 'href="/plans" aria-current="page"' in at_plans["Plans, settlements"][2]


def test_a_report_with_a_place_of_its_own_is_found_there_at_once(office: Office) -> None:
    browser = office.browser(Role.COLLECTOR)

    found = browser.get("/worklist").follow("Paying later than usual")

    assert found.path == "/reports/behaviour"
    assert 'href="/reports/behaviour" aria-current="page"' in groups(found)["Reports"][2]
    assert 'href="/reports" aria-current="page"' in groups(browser.get("/reports/ageing"))["Reports"][2]


def test_a_role_has_no_group_in_which_it_may_see_nothing(office: Office) -> None:
    assert "Set-up" in groups(office.browser(Role.ADMINISTRATOR).get("/profile"))
    for role in Role:
        for words, (_, _, inside) in groups(office.browser(role).get("/profile")).items():
            assert "<a " in inside, (role, words)


@pytest.mark.parametrize(("waits", "group"), [("tasks", "today"), ("failed_events", "money"), ("plans", "agreed")])
def test_what_waits_in_a_group_is_counted_at_its_name(waits: str, group: str) -> None:
    counts = [
        {one.id: one.count for one in groups_of(role, replace(NOTHING, **{waits: 3})) if one.count} for role in Role
    ]

    assert {group: 3} in counts
    assert all(count in ({}, {group: 3}) for count in counts)


def test_every_place_stands_once() -> None:
    placed = [place for group in groups_of(Role.ADMINISTRATOR, NOTHING) for place in group.places]
    placed += [place for group in groups_of(Role.MANAGER, NOTHING) for place in group.places if place not in placed]

    for of in ("id", "href", "words"):
        values = [getattr(place, of) for place in (*placed, *OWN)]
        assert len(values) == len(set(values)) > 30
