"""From an account to the portal as its customers see it."""

from __future__ import annotations

from domain.audit.queries import acts_on_account
from domain.sessions import keeping
from domain.sessions.model import Site
from domain.staff.model import Role
from tests.backoffice.conftest import PORTAL_URL, Office
from tests.support.builders import an_account


def test_the_way_leads_to_the_portal_and_stands_on_the_timeline(office: Office) -> None:
    with office.db.transaction() as session:
        account_id = an_account(session).id

    answer = office.browser(Role.COLLECTOR).get(f"/accounts/{account_id}").submit("See as the customer")

    assert answer.status == 303
    assert str(answer.location).startswith(f"{PORTAL_URL}/viewing/")
    with office.db.reading() as session:
        (act,) = acts_on_account(session, account_id, acts={"account.seen_as_customer"})
        assert act.actor_id == office.person(Role.COLLECTOR)
    assert "Seen as the customer sees it" in office.browser().get(f"/accounts/{account_id}/timeline?show=views").words


def test_whoever_signs_out_of_the_office_looks_no_longer(office: Office) -> None:
    client, staff_id = office.browser(Role.COLLECTOR), office.person(Role.COLLECTOR)
    with office.db.transaction() as session:
        account_id = an_account(session).id
        mine, other = (
            keeping.start(session, site=Site.VIEWING, subject_id=one, account_id=account_id)
            for one in (staff_id, staff_id + 1)
        )

    client.get("/accounts").submit("Sign out")

    with office.db.reading() as session:
        assert keeping.find(session, Site.VIEWING, mine) is None
        assert keeping.find(session, Site.VIEWING, other) is not None
