"""How disputes are handled: ruled by managers for each reason."""

from __future__ import annotations

from domain.assignments.assigning import assign
from domain.disputes import queries
from domain.shared.actor import OPERATOR
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.backoffice.test_disputes import newest, owed, owed_path, raised
from tests.support.assigning import a_colleague


def test_managers_rule_who_handles_what_and_by_when(office: Office) -> None:
    handler = office.person(Role.DISPUTE_HANDLER)
    client = office.browser(Role.MANAGER)
    form = client.get("/disputes/handling").follow("It came damaged")

    refused = form.submit("Save", answer_hours="none", resolve_days="5")
    saved = client.follow(form.submit("Save", owner_id=str(handler), answer_hours="4", resolve_days="5"))
    page = raised(client, owed(office))

    assert refused.status == 422
    assert "Enter a whole number from 1 to 400." in refused.words
    assert 'value="5"' in refused.response.text
    assert "4 working hours" in saved.words
    assert newest(office, owed_path(page)).owner_id == handler
    assert client.get("/disputes/handling/none").status == 404
    assert '<a href="/disputes/handling/' not in office.browser(Role.COLLECTOR).get("/disputes/handling").response.text


def test_where_nobody_handles_a_dispute_it_says_whose_the_task_is(office: Office) -> None:
    client = office.browser(Role.MANAGER)
    page = raised(client, owed(office))
    nobodys = client.get(page.path).words
    with office.db.transaction() as session:
        row = queries.dispute(session, int(page.path.rpartition("/")[2]))
        assign(session, [row.account_id], a_colleague(session, "Eva Lind", Role.DISPUTE_HANDLER).id, actor=OPERATOR)

    kept = client.get(page.path).words

    assert "Nobody yet" in nobodys
    assert "The task is with" not in nobodys
    assert "The task is with Eva Lind." in kept
