"""A partner brings a file: it sees what that would come to, has it done once, and reads what became of each record."""

from __future__ import annotations

import pytest

from domain.placements.correspondence import files, reading
from domain.placements.model import Placement, PlacementStatus
from domain.placements.naming import reference_of
from tests.partners.conftest import Partners
from tests.support.client import Client, Page
from tests.support.partner_files import a_file, taken


def bring(browser: Client, content: bytes, name: str = "monday.json") -> Page:
    """Send a file; where it leads."""
    answer = browser.get("/files").submit("See what it comes to", files={"file": (name, content)})
    return browser.follow(answer) if answer.status == 303 else answer


def updates(placement_id: int, *more: dict[str, str]) -> bytes:
    """A file that takes a debt on, and tells one thing of another's."""
    reference = reference_of(placement_id)
    return a_file(
        {"reference": reference, "update": "accepted", "happened_on": "2026-03-16"},
        {"reference": reference, "update": "activity", "happened_on": "2026-03-16", "text": "Called."},
        {"reference": "HO-999999", "update": "accepted", "happened_on": "2026-03-16"},
        *more,
    )


def status(site: Partners, placement_id: int) -> PlacementStatus:
    """How a placement stands."""
    with site.db.reading() as session:
        return session.get_one(Placement, placement_id).status


def test_a_file_is_shown_before_it_is_done_and_done_once(site: Partners, gus: Client) -> None:
    _, placement_id = site.sent()

    seen = bring(gus, updates(placement_id))
    before = status(site, placement_id)
    done = seen.submit("Do it")
    again = seen.submit("Do it")
    result = gus.follow(done)

    assert "Would be done" in seen.words
    assert "We could not find that placement." in seen.words
    assert (before, status(site, placement_id)) == (PlacementStatus.SENT, PlacementStatus.ACTIVE)
    assert (done.status, "monday.json" in result.words, "Refused" in result.words) == (303, True, True)
    assert again.status in (303, 422)
    with site.db.reading() as session:
        assert len(reading.correspondence(session, placement_id)) == 1
        assert len(files.brought(session, site.partner_id, limit=10)) == 1
    assert bring(gus, updates(placement_id)).words == result.words
    assert "monday.json" in gus.get("/files").words


@pytest.mark.parametrize("content", [b"{", b"schema,version,kind\nx,1,updates\n", b"\x00\x01"])
def test_what_is_no_file_says_where_it_is_wrong_and_is_not_kept(site: Partners, gus: Client, content: bytes) -> None:
    answer = bring(gus, content)

    assert answer.status == 422
    assert "What is wrong with the file" in answer.words
    assert site.store.near.contents == {}


def test_no_file_at_all_is_asked_for(gus: Client) -> None:
    answer = gus.get("/files").submit("See what it comes to")

    assert (answer.status, "Choose a file of updates or remittances." in answer.words) == (422, True)


def test_another_partner_s_files_are_not_there(site: Partners, gus: Client) -> None:
    _, placement_id = site.sent()
    other = site.another()
    eve = site.browser(site.person("eve@other.example", partner_id=other))
    page = gus.get("/files").submit("See what it comes to", files={"file": ("a.json", updates(placement_id))})
    taken(site.db, site.partner_id, updates(placement_id))
    with site.db.reading() as session:
        [file] = files.brought(session, site.partner_id, limit=10)

    assert eve.get(page.location).status == 404
    assert eve.get(f"/files/{file.id}").status == 404
    assert "a.json" not in eve.get("/files").words
    assert gus.get(f"/files/{file.id}").status == 200
