"""Cards of the worklist say what they are about, and what was just put off is seen where it stood."""

from __future__ import annotations

import re
from datetime import timedelta

from domain.accounts.model import Account
from domain.notes.writing import write as write_note
from domain.shared.actor import Actor
from domain.shared.db.session import today
from domain.staff.model import Role
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task
from tests.backoffice.conftest import Office
from tests.backoffice.test_approvals import a_debt, pressed
from tests.backoffice.test_worklist import a_task, shown, weigh
from tests.support.builders import an_account, an_invoice, money
from tests.support.client import Client
from tests.support.contesting import contest


def test_each_amount_says_what_it_is_and_is_that_of_now(office: Office, manager: Client) -> None:
    a_task(office, "Quay", "40")
    with office.db.transaction() as session:
        account = an_account(session)
        open_task(session, TaskKind.DISPUTE, subject=("dispute", 9), account_id=account.id, worth=money("30"))

    words = manager.get("/worklist").words

    assert "Late £40.00" in words
    assert "Disputed £30.00" in words


def test_a_request_says_who_asks_for_what_and_its_own_amount_and_then_what_came_of_it(office: Office) -> None:
    collector, manager = office.browser(Role.COLLECTOR), office.browser(Role.MANAGER)
    path = a_debt(office, "45")
    account = path.partition("/invoices")[0]
    with office.db.transaction() as session:
        late = today(session) - timedelta(days=10)
        owner = session.get_one(Account, int(account.rpartition("/")[2]))
        an_invoice(session, owner, "300", issued_on=late, due_on=late)
        until = today(session) + timedelta(days=60)
    said = {"promised_on": until.isoformat(), "words": "Ana, by phone", "invoice": path.rpartition("/")[2]}
    refused = collector.get(f"{account}/promises/new").submit("Write it down", said)
    request = pressed(collector, refused, "Ask for approval")

    words = manager.get("/worklist").words
    pressed(manager, manager.get(request.path), "Approve and do it")
    told = collector.get("/worklist").words

    assert "Collector Jones asks: Promise to pay" in words
    assert "It is about £45.00" in words
    assert "with those who may approve it" in words
    assert "Promise to pay: Approved and done" in told


def test_a_mention_shows_how_the_note_begins(office: Office, manager: Client) -> None:
    colleague, reader = Actor.staff(office.person(Role.COLLECTOR)), office.person(Role.MANAGER)
    with office.db.transaction() as session:
        account = an_account(session)
        write_note(session, account.id, "Please call the new buyer. " * 9, also=[reader], actor=colleague)

    words = manager.get("/worklist").words

    assert "Please call the new buyer. Please call" in words
    assert "…" in words


def test_what_is_put_off_is_told_before_the_next_one(office: Office, manager: Client) -> None:
    last, second, first = (a_task(office, name, amount) for name, amount in (("A", "10"), ("B", "500"), ("C", "9000")))
    weigh(office)

    then = manager.follow(manager.get("/worklist").submit("Put it off", until="tomorrow"))

    assert shown(then) == [second, last]
    found = re.findall(r'<li class="(work__\w+)" id="([\w-]+)"', then.response.text)
    assert found == [("work__did", "did"), ("work__item", f"task-{second}"), ("work__item", f"task-{last}")]
    assert then.response.text.count("Put off: ") == 1
    assert first not in shown(then)


def test_the_menu_counts_what_the_first_list_shows(office: Office, manager: Client) -> None:
    tasks = [a_task(office, name, "10") for name in "ABC"]
    all_of_it = manager.get("/worklist")
    manager.get(f"/tasks/{tasks[0]}").submit("Take it")
    mine = manager.get("/worklist")

    assert (menu_count(all_of_it.response.text, "/worklist"), len(shown(all_of_it))) == (3, 3)
    assert (menu_count(mine.response.text, "/worklist"), len(shown(mine))) == (1, 1)


def test_who_may_not_hand_an_answer_in_reads_so_before_they_write_it(office: Office, manager: Client) -> None:
    contest(office.db, "needs_response", "120")
    ref = "/chargebacks/du_1"
    collector = office.browser(Role.COLLECTOR)

    for path in (ref, f"{ref}/answer"):
        assert "a colleague hands it in" in collector.get(path).words
        assert "a colleague hands it in" not in manager.get(path).words


def menu_count(text: str, href: str) -> int:
    """What the menu says that waits at a place."""
    place = re.search(rf'<li><a href="{href}".*?</a></li>', text, re.S)
    assert place is not None
    count = re.search(r'rail__count">(\d+)', place[0])
    return int(count[1]) if count else 0
