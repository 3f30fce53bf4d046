"""Every way into the partners' site, tried by a stranger, by its own partner, by another, by staff and by customers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from backoffice.handlers import HANDLERS as OFFICE
from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS, Account
from domain.placements.naming import reference_of
from domain.sessions import keeping as sessions
from domain.sessions.model import Site
from domain.shared.actor import OPERATOR
from domain.staff.adding import add
from domain.staff.model import Role
from tests.partners.booked import collected, remitted
from tests.partners.conftest import Partners
from tests.support.client import Client
from tests.support.partner_files import a_file
from tests.support.routes import Way, go, leads_to, ways

Browser = Callable[[], Client]

OTHER = "somebody@else.example"
PASSWORD = "correct horse battery staple"
FOR_NEW = {"take_it", "refuse_form", "refuse_it"}
"""What is for a debt that the partner has still to answer."""


def private(site: Partners) -> list[Way]:
    """The ways for those who are signed in."""
    return [way for way in ways(site.app) if not way.is_public]


def of_something(site: Partners) -> list[Way]:
    """Those of them that name something of a partner's."""
    return [way for way in private(site) if way.wants]


def world(site: Partners) -> dict[str, dict[str, object]]:
    """For each way that names something, what it names, of a placement of its own."""
    return {way.name: values(site, way) for way in of_something(site)}


def values(site: Partners, way: Way) -> dict[str, object]:
    """A placement for this way, with what else its path names."""
    account_id, placement_id = site.sent(taken=way.name not in FOR_NEW)
    found: dict[str, object] = {"placement_id": placement_id, "kind": "csv"}
    if "collection_id" in way.wants or "remittance_id" in way.wants:
        found["collection_id"] = collected(site, placement_id)
    if "remittance_id" in way.wants:
        found["remittance_id"] = remitted(site, collected(site, placement_id, reference="P-2"))
    if "document_id" in way.wants or "file_id" in way.wants:
        found |= brought(site, placement_id)
    if "offer_id" in way.wants:
        found["offer_id"] = site.settled_for(account_id, placement_id, "900")
    if "pack_ref" in way.wants:
        found["pack_ref"] = site.pack(account_id, placement_id).pack.public_id
    return found


def brought(site: Partners, placement_id: int) -> dict[str, object]:
    """A file that was brought and looked at, and one that was done."""
    browser = site.browser(site.person(f"files.{placement_id}@fair.example"))
    said = {"reference": reference_of(placement_id), "update": "activity", "happened_on": "2026-03-16"}
    seen = [
        browser.get("/files").submit("See what it comes to", files={"file": ("a.json", a_file({**said, "text": text}))})
        for text in ("Called.", "Wrote.")
    ]
    done = browser.follow(seen[1]).submit("Do it")
    return {"document_id": seen[0].location.rpartition("/")[2], "file_id": done.location.rpartition("/")[2]}


FORMS: dict[str, dict[str, str]] = {
    "refuse_it": {"why": "x"},
    "give_it_back": {"why": "x"},
    "report_payment": {"amount": "10", "received_on": "2026-03-16", "reference": "P-9"},
    "report_it_went_back": {"on": "2026-03-16"},
    "tell_activity": {"words": "x", "happened_on": "2026-03-16"},
    "ask_question": {"words": "x"},
    "report_cost": {"amount": "10", "spent_on": "2026-03-01", "reference": "C-9", "what": "x"},
    "offer_to_settle": {"amount": "900", "parts": "1", "expires_on": "2026-04-01", "reason": "x"},
    "tell_of_settlement": {"act": "take_back", "why": "x"},
    "close_it": {"code": "uncollectable", "why": "x"},
}


def answers(site: Partners, client: Client, own: dict[str, dict[str, object]]) -> dict[str, int]:
    """How each way that names something answers this browser."""
    return {
        f"{way.method} {way.name}": go(
            client, way, way.filled(own[way.name]), {"once": way.name, **FORMS.get(way.name, {})}
        ).status
        for way in of_something(site)
    }


def test_strangers_are_led_to_the_door_everywhere(site: Partners, open_browser: Browser) -> None:
    named: dict[str, object] = {name: 1 for way in private(site) for name in way.wants}

    outside = {
        way.name: (open_browser().get if way.method == "GET" else open_browser().post)(way.filled(named))
        for way in private(site)
    }

    assert len(outside) > 9
    assert [name for name, page in outside.items() if not leads_to(page, "/sign-in")] == []


def test_its_own_people_get_in_everywhere(site: Partners, gus: Client) -> None:
    found = answers(site, gus, world(site))

    assert {name: status for name, status in found.items() if status not in {200, 303}} == {}


def test_another_partner_finds_nothing_there_and_changes_nothing(site: Partners) -> None:
    own = world(site)
    other = site.browser(site.person("eve@swift.example", partner_id=site.another()), reads=False)

    found = answers(site, other, own)
    lists = ("/?show=new", "/?show=open", "/?show=held", "/?show=ended", "/payments", "/remittances")
    listed = [other.get(path).response.text for path in lists]

    assert set(found.values()) == {404}, found
    assert not any("Harbour Café" in text for text in listed)


def test_what_was_not_sent_yet_is_not_there(site: Partners, gus: Client) -> None:
    placement_id = site.proposed()

    assert gus.get(f"/placements/{placement_id}").status == 404


@pytest.mark.parametrize("whose", [Site.OFFICE, Site.PORTAL])
def test_a_session_of_another_site_opens_nothing(site: Partners, open_browser: Browser, whose: Site) -> None:
    account_id, placement_id = site.sent()
    site.person()  # has the number that somebody of the other site has as well
    with site.db.transaction() as session:
        if whose is Site.OFFICE:
            subject_id = an_officer(session)
        else:
            account = session.get_one(Account, account_id)
            subject_id = grant(session, account, email=OTHER, name="A", rights=ALL_RIGHTS, actor=OPERATOR).id
        token = sessions.start(session, site=whose, subject_id=subject_id, stepped_up=True)
    client = open_browser()
    for name in ("partners", whose.value):
        client.cookies.set(name, token)

    pages = {
        way.name: client.get(way.filled(dict.fromkeys(way.wants, placement_id)))
        for way in private(site)
        if way.method == "GET"
    }

    assert [name for name, page in pages.items() if not leads_to(page, "/sign-in")] == []


def an_officer(session: Session) -> int:
    member, _ = add(session, email=OTHER, name="M", role=Role.MANAGER, password=PASSWORD, actor=OPERATOR)
    return member.id


def test_no_page_of_staff_and_no_account_is_on_this_site(site: Partners, gus: Client) -> None:
    own = {way.path for way in ways(site.app)} | {"/sign-in", "/sign-out"}
    paths = {path for handler in OFFICE for path in getattr(handler, "paths", ())} - own

    found = {path: gus.get(path.replace(":int}", "}").replace("{account_id}", "1")).status for path in paths}

    assert len(found) > 100
    assert set(found.values()) == {404}, {path for path, status in found.items() if status != 404}
