"""From an account to the portal as its customers see it."""

from __future__ import annotations

from domain.audit.queries import acts_on_account
from domain.sessions import keeping, viewing
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
    with office.db.transaction() as session:
        account_id = an_account(session).id
    client, colleague = office.browser(Role.COLLECTOR), office.browser(Role.COLLECTOR)
    mine, other = (
        opened(office, str(one.get(f"/accounts/{account_id}").submit("See as the customer").location))
        for one in (client, colleague)
    )

    client.get("/accounts").submit("Sign out")

    with office.db.reading() as session:
        assert keeping.find(session, Site.VIEWING, mine) is None
        assert keeping.find(session, Site.VIEWING, other) is not None


def opened(office: Office, way: str) -> str:
    """The secret of the session that the portal opens for whoever follows this way."""
    with office.db.transaction() as session:
        return viewing.come_in(session, way.rpartition("/")[2], address=None, user_agent=None)[0]
