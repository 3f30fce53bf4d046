"""How a partner gets its files, and what it brought, stand on its page; a key for placements is one partner's."""

from __future__ import annotations

import pytest

from domain.api_keys import queries as api_keys
from domain.api_keys.model import Scope
from domain.placements.people import delivering
from domain.placements.people.delivering import Chosen
from domain.placements.people.model import Delivery
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.partner_files import a_file, taken
from tests.support.placing import a_partner


@pytest.fixture
def partner_id(office: Office) -> int:
    """A partner, Fair Recovery Ltd."""
    with office.db.transaction() as session:
        return a_partner(session, name="Fair Recovery Ltd").id


def chosen(office: Office, partner_id: int) -> Chosen:
    """What was chosen."""
    with office.db.reading() as session:
        return delivering.delivery(session, partner_id)


def test_a_folder_is_chosen_and_a_wrong_name_stays_to_be_mended(office: Office, partner_id: int) -> None:
    with office.db.transaction() as session:
        other = a_partner(session).id
    manager = office.browser(Role.MANAGER)
    page = manager.get(f"/partners/{partner_id}").follow("Files")

    wrong = page.submit("Choose this", {"delivery": "folder", "folder": "../fair"})
    none = page.submit("Choose this", {"delivery": "folder", "folder": ""})
    right = page.submit("Choose this", {"delivery": "folder", "folder": "fair"})
    taken_already = manager.get(f"/partners/{other}/delivery").submit(
        "Choose this", {"delivery": "folder", "folder": "fair"}
    )

    assert (wrong.status, none.status, right.status, taken_already.status) == (422, 422, 303, 422)
    assert "../fair" in [field.get("value") for field in wrong.all("input", name="folder")]
    assert "another partner" in taken_already.words
    assert chosen(office, partner_id) == Chosen(Delivery.FOLDER, "fair")
    assert chosen(office, other) == Chosen()


def test_what_it_brought_is_listed_with_what_was_refused(office: Office, partner_id: int) -> None:
    update = {"reference": "HO-999999", "update": "accepted", "happened_on": "2026-03-16"}
    taken(office.db, partner_id, a_file(update), name="monday.json")

    shown = office.browser(Role.AUDITOR).get(f"/partners/{partner_id}/delivery")

    assert "monday.json" in shown.words
    assert "HO-999999, updates[0]: We could not find that placement." in shown.words
    assert "Choose this" not in shown.words


def test_a_key_for_placements_is_made_for_one_partner_and_nothing_else(office: Office, partner_id: int) -> None:
    admin = office.browser(Role.ADMINISTRATOR)
    page = admin.get("/api-keys")

    without = page.submit("Make the key", name="Fair", scope=["placements"])
    both = page.submit("Make the key", name="Fair", scope=["placements", "credit:read"], partner=str(partner_id))
    not_theirs = page.submit("Make the key", name="Fair", scope=["credit:read"], partner=str(partner_id))
    none_such = page.submit("Make the key", name="Fair", scope=["placements"], partner="999999")
    made = page.submit("Make the key", name="Fair", scope=["placements"], partner=str(partner_id))

    assert [answer.status for answer in (without, both, not_theirs, none_such)] == [422] * 4
    assert "Choose the partner whose placements it opens." in without.words
    assert made.status == 200
    with office.db.reading() as session:
        [key] = api_keys.keys(session)
    assert (key.partner_id, key.scopes) == (partner_id, frozenset({Scope.PLACEMENTS}))
    assert "Fair Recovery Ltd" in admin.get("/api-keys").words
