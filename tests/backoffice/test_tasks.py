"""Tasks: taken, given back, finished, opened again."""

from __future__ import annotations

from domain.processing.reconciling.fraud_warnings import reconcile_fraud_warning
from domain.shared.db.session import now
from domain.staff.model import Role
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task
from tests.backoffice.conftest import Office
from tests.support.builders import an_account, money
from tests.support.client import Client
from tests.support.contesting import a_paid_debt, a_warning


def a_task(office: Office) -> str:
    """The path of an open task."""
    with office.db.transaction() as session:
        account = an_account(session)
        subject = ("payment", "p1")
        task_id = open_task(session, TaskKind.SURPLUS, subject=subject, account_id=account.id, worth=money("50"))
        return f"/tasks/{task_id}"


def test_open_tasks_say_what_they_are_about_and_worth(office: Office, manager: Client) -> None:
    a_task(office)

    page = manager.get("/worklist")

    assert "More came than was open" in page.words
    assert "£50.00" in page.words


def test_a_task_that_is_taken_is_mine_until_it_is_given_back(office: Office, manager: Client) -> None:
    path = a_task(office)

    taken = manager.follow(manager.get(path).submit("Take it"))
    mine = manager.get("/worklist", params={"whose": "mine"})
    taken.submit("Give it back")

    assert "Manager Jones" in taken.words
    assert "More came than was open" in mine.words
    assert "Nothing waits here" in manager.get("/worklist", params={"whose": "mine"}).words


def test_a_task_is_finished_with_a_word_and_can_be_opened_again(office: Office, manager: Client) -> None:
    path = a_task(office)

    manager.get(path).submit("Done", note="Kept as credit")
    finished = manager.get("/tasks").follow("More came than was open")
    finished.submit("Open it again")

    assert "Kept as credit" in finished.words
    assert "More came than was open" in manager.get("/worklist").words


def test_finishing_what_a_colleague_has_finished_is_refused(office: Office, manager: Client) -> None:
    page = manager.get(a_task(office))
    page.submit("Done")

    assert page.submit("Done").status == 422


def test_an_auditor_looks_and_does_nothing(office: Office) -> None:
    page = office.browser(Role.AUDITOR).get(a_task(office))

    assert page.status == 200
    assert not page.all("button", value="done")


def test_a_suspicion_is_told_in_words(office: Office, manager: Client) -> None:
    _, public_id = a_paid_debt(office.db, "120")
    with office.db.transaction() as session:
        reconcile_fraud_warning(session, a_warning(now(session)))

    task = manager.get("/worklist").follow("A card network suspects fraud")
    payment = manager.get(f"/payments/{public_id}")

    for page in (task, payment):
        assert "the card had been stolen" in page.words
        assert "made_with_stolen_card" not in page.words


def test_whom_nothing_reaches_is_looked_up_where_their_addresses_are(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        account_id = an_account(session).id
        subject = ("account", account_id)
        task_id = open_task(session, TaskKind.TRACE, subject=subject, account_id=account_id, worth=money("50"))

    there = manager.get(f"/tasks/{task_id}").follow("See their addresses and add one")

    assert there.path == f"/accounts/{account_id}/people"
    assert "Add a contact" in there.words
