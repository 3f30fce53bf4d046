"""Contacts and logins of an account."""

from __future__ import annotations

from domain.accounts import queries as accounts
from domain.accounts.model import Right
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import an_account
from tests.support.client import Client


def people_path(office: Office) -> str:
    """The path of an account's people."""
    with office.db.transaction() as session:
        return f"/accounts/{an_account(session).id}/people"


def rights_on(office: Office, path: str) -> dict[str, frozenset[Right]]:
    """What each address may do on that account."""
    with office.db.reading() as session:
        return {row.email: row.rights for row in accounts.logins_on(session, int(path.split("/")[2]))}


def test_a_contact_is_added_and_changed(office: Office, manager: Client) -> None:
    path = people_path(office)

    added = manager.follow(manager.get(path).follow("Add a contact").submit("Save", name="Anna", phone="0191"))
    changed = manager.follow(added.follow("Anna").submit("Save", name="Anna Berg"))

    assert "Anna Berg" in changed.words
    assert "0191" in changed.words


def test_a_contact_without_a_name_is_refused(office: Office, manager: Client) -> None:
    refused = manager.get(people_path(office)).follow("Add a contact").submit("Save", email="a@b.example")

    assert refused.status == 422
    assert refused.all("p", id="name-error")
    assert refused.all("input", name="email")[0].get("value") == "a@b.example"


def test_somebody_is_let_in_their_rights_changed_and_taken_away(office: Office, manager: Client) -> None:
    path = people_path(office)
    form = manager.get(path).follow("Give portal access")

    listed = manager.follow(form.submit("Give access", email="anna@b.example", name="Anna"))
    given = rights_on(office, path)
    manager.follow(listed.follow("Anna").submit("Save", rights=["view"]))
    changed = rights_on(office, path)
    manager.follow(listed.follow("Anna").submit("Revoke access"))

    assert given == {"anna@b.example": frozenset({Right.VIEW, Right.PAY, Right.DISPUTE, Right.PROMISE})}
    assert changed == {"anna@b.example": frozenset({Right.VIEW})}
    assert rights_on(office, path) == {}


def test_rights_need_the_code_again_after_a_while(office: Office) -> None:
    path = people_path(office)
    client = office.browser(Role.COLLECTOR, is_sure=False)
    asked = client.get(path).follow("Give portal access").submit("Give access", email="anna@b.example", name="Anna")

    done = asked.submit("Confirm and go on", confirm_code=office.code(Role.COLLECTOR))

    assert done.location == path
    assert "anna@b.example" in rights_on(office, path)


def test_nothing_chosen_is_refused(office: Office, manager: Client) -> None:
    form = manager.get(people_path(office)).follow("Give portal access")

    refused = form.submit("Give access", email="anna@b.example", name="Anna", rights=[])

    assert refused.status == 422
    assert refused.all("p", id="rights-error")


def test_somebody_without_the_right_sees_people_but_no_way_to_change_them(office: Office) -> None:
    page = office.browser(Role.AUDITOR).get(people_path(office))

    assert "Add a contact" not in page.words
    assert "Give portal access" not in page.words.replace("Give access: they", "")
