"""The worklist: what waits in its order, its acts in place, the next one by itself, and how the order is chosen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.approvals.model import ApprovalKind, ApprovalRequest
from domain.audit.model import AUDIT_ENTRIES
from domain.notices.model import Call, CallOutcome
from domain.promises.model import PromiseToPay
from domain.shared.clock import MovableClock
from domain.shared.db.session import today
from domain.staff.model import Role
from domain.staff.permissions import PERMISSIONS, Permission
from domain.tasks import queries as tasks
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task
from domain.worklist import tuning, weighing
from domain.worklist.ranking import Weights
from tests.backoffice.conftest import Office
from tests.support.builders import an_account, an_invoice, money
from tests.support.client import Client, Page
from tests.support.contesting import contest


def a_task(office: Office, name: str, amount: str, *, days: int = 10, kind: TaskKind = TaskKind.ESCALATION) -> int:
    """Somebody owes so much for so many days, and a person is to look."""
    with office.db.transaction() as session:
        account = an_account(session, name=name)
        due_on = today(session) - timedelta(days=days)
        an_invoice(session, account, amount, issued_on=due_on, due_on=due_on)
        subject = ("account", account.id)
        task_id = open_task(session, kind, subject=subject, account_id=account.id, worth=money(amount))
    assert task_id is not None
    return task_id


def weigh(office: Office) -> None:
    with office.db.transaction() as session:
        weighing.weigh(session, weighing.usual_amounts(session))


def shown(page: Page) -> list[int]:
    """The ids of the tasks on the list, in their order."""
    return [int(str(one.get("id")).removeprefix("task-")) for one in page.all("li", class_="work__item")]


def test_work_begins_with_the_worklist(manager: Client) -> None:
    assert manager.get("/").location == "/worklist"


def test_what_is_worth_most_stands_first_and_says_why_now(office: Office, manager: Client) -> None:
    small, great = a_task(office, "Quay", "10"), a_task(office, "Harbour", "9000")
    weigh(office)

    page = manager.get("/worklist")

    assert shown(page) == [great, small]
    assert "£9,000.00 is late, the oldest of it for 10 days." in page.words
    assert page.link("Go to the account").startswith("/accounts/")


def test_a_chargeback_stands_on_top_with_the_days_that_are_left(office: Office, manager: Client) -> None:
    a_task(office, "Harbour", "120")
    contest(office.db, "needs_response", "120")
    weigh(office)

    page = manager.get("/worklist")

    assert "A customer's bank takes a payment back" in page.words.split("The reminders are through")[0]
    assert "9 days left" in page.words


def test_each_item_explains_its_place_in_words_and_numbers(office: Office, manager: Client) -> None:
    task_id = a_task(office, "Harbour", "120", days=30)
    weigh(office)

    page = manager.get(f"/tasks/{task_id}")

    assert "£120.00; £120.00 is usual. " in page.words
    assert "The oldest open invoice is 30 days late." in page.words
    assert "× 2" in page.words


def test_done_with_a_word_opens_the_next_one(office: Office, manager: Client) -> None:
    small, great = a_task(office, "Quay", "10"), a_task(office, "Harbour", "9000")
    weigh(office)
    first = manager.get("/worklist").follow("Start with the first")

    then = manager.follow(first.submit("Done", note="They pay on Friday"))

    assert first.path.startswith(f"/tasks/{great}?")
    assert then.path.startswith(f"/tasks/{small}?")
    assert "Done: The reminders are through" in then.words
    assert "They pay on Friday" in then.follow("Go back to it").words


def test_after_the_last_one_the_list_says_that_nothing_waits(office: Office, manager: Client) -> None:
    a_task(office, "Harbour", "9000")

    then = manager.follow(manager.get("/worklist").follow("Start with the first").submit("Done"))

    assert then.path.startswith("/worklist")
    assert "Nothing waits here" in then.words


def test_an_act_on_the_list_comes_back_to_the_next_row(office: Office, manager: Client) -> None:
    small, great = a_task(office, "Quay", "10"), a_task(office, "Harbour", "9000")
    weigh(office)

    done = manager.get("/worklist").submit("Done", note="x")
    left = manager.get("/worklist")

    assert done.location.endswith(f"#task-{small}")
    assert shown(left) == [small]
    with office.db.reading() as session:
        assert tasks.task(session, great).detail["note"] == "x"


def test_mine_comes_first_where_anything_is_mine(office: Office, manager: Client) -> None:
    mine, other = a_task(office, "Quay", "10"), a_task(office, "Harbour", "9000")
    manager.get(f"/tasks/{mine}").submit("Take it")

    page = manager.get("/worklist")

    assert shown(page) == [mine]
    assert set(shown(manager.get("/worklist?whose=all"))) == {mine, other}
    assert shown(page.follow("Nobody's")) == [other]


def test_the_next_one_is_of_the_same_list(office: Office, manager: Client) -> None:
    first, _, second = a_task(office, "A", "900"), a_task(office, "B", "500"), a_task(office, "C", "10")
    for task_id in (first, second):
        manager.get(f"/tasks/{task_id}").submit("Take it")
    weigh(office)

    then = manager.follow(manager.get("/worklist?whose=mine").follow("Start with the first").submit("Done"))

    assert then.path.startswith(f"/tasks/{second}?")
    assert "whose=mine" in then.path


def test_next_skips_without_doing_anything(office: Office, manager: Client) -> None:
    great, small = a_task(office, "Harbour", "9000"), a_task(office, "Quay", "10")
    weigh(office)

    following = manager.follow(manager.get(f"/tasks/{great}").follow("Next"))

    assert following.path.startswith(f"/tasks/{small}")


def test_one_kind_alone(office: Office, manager: Client) -> None:
    a_task(office, "Harbour", "9000")
    trace = a_task(office, "Quay", "10", kind=TaskKind.TRACE)

    page = manager.get("/worklist").submit("Show", kind="trace")

    assert shown(page) == [trace]


@pytest.mark.parametrize("until", ["tomorrow", "three_days", "next_week"])
def test_what_is_put_off_is_gone_and_comes_back(
    office: Office, manager: Client, clock: MovableClock, until: str
) -> None:
    task_id = a_task(office, "Harbour", "9000")

    manager.get(f"/tasks/{task_id}").submit("Put it off", until=until)
    gone = manager.get("/worklist")
    put_off = gone.follow("Put off")
    clock.advance(days=7)

    assert shown(gone) == []
    assert shown(put_off) == [task_id]
    assert shown(office.browser().get("/worklist")) == [task_id]


def test_a_day_is_asked_for_beside_its_field(office: Office, manager: Client) -> None:
    page = manager.get(f"/tasks/{a_task(office, 'Harbour', '9000')}")

    nothing = page.submit("Put it off", until="day")
    past = page.submit("Put it off", until="day", until_on="2020-01-01")

    assert (nothing.status, past.status) == (422, 422)
    assert "Choose a day that is still to come." in past.words
    assert past.all("input", id="until_on")[0].get("value") == "2020-01-01"


def test_what_was_put_off_is_called_back(office: Office, manager: Client) -> None:
    task_id = a_task(office, "Harbour", "9000")
    manager.get(f"/tasks/{task_id}").submit("Put it off", until="tomorrow")

    manager.get(f"/tasks/{task_id}").submit("Call it back")

    assert shown(manager.get("/worklist")) == [task_id]


def test_what_is_done_on_the_worklist_asks_for_the_work_and_for_the_act(
    office: Office, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    task_id = a_task(office, "Harbour", "9000")
    page = manager.get(f"/tasks/{task_id}")
    monkeypatch.setitem(PERMISSIONS, Permission.WORK_TASKS, frozenset({Role.COLLECTOR}))

    call = page.submit("Write the call down", outcome="reached", said="Pays on Friday", call_done="yes")
    promise = page.submit("Write the promise down", promised_on="2026-03-20", promised_words="Ana")

    assert (call.status, promise.status) == (403, 403)
    shown_now = manager.get(f"/tasks/{task_id}").words
    assert "Write the call down" not in shown_now
    assert "Write the promise down" not in shown_now
    with office.db.reading() as session:
        assert tasks.task(session, task_id).done_at is None
        assert session.scalars(select(Call.id)).all() == []


def test_a_call_is_logged_where_the_work_is(office: Office, manager: Client) -> None:
    task_id = a_task(office, "Harbour", "9000")
    page = manager.get(f"/tasks/{task_id}")

    stays = manager.follow(page.submit("Write the call down", outcome="voicemail", said="Will try again"))
    then = manager.follow(
        stays.submit("Write the call down", outcome="reached", said="Pays on Friday", call_done="yes")
    )

    assert stays.path.startswith(f"/tasks/{task_id}")
    assert then.path.startswith("/worklist")
    with office.db.reading() as session:
        assert session.scalars(select(Call.outcome).order_by(Call.id)).all() == [
            CallOutcome.VOICEMAIL,
            CallOutcome.REACHED,
        ]
        assert tasks.task(session, task_id).detail["note"] == "Pays on Friday"


def test_a_call_that_says_too_little_is_shown_again_with_what_was_typed(office: Office, manager: Client) -> None:
    page = manager.get(f"/tasks/{a_task(office, 'Harbour', '9000')}")

    nothing = page.submit("Write the call down")
    too_little = page.submit("Write the call down", outcome="reached")
    no_day = page.submit("Write the call down", outcome="awaiting_approval", said="Ana asks her boss")

    assert "Choose how it went." in nothing.words
    assert "Say in a few words what was said." in too_little.words
    assert too_little.all("textarea", id="said")[0].get("aria-invalid") == "true"
    assert "Say until when reminders are to wait." in no_day.words
    assert "Ana asks her boss" in no_day.words


def test_a_call_that_brought_a_promise_keeps_both_and_ends_the_task_that_asked_for_it(
    office: Office, manager: Client
) -> None:
    task_id = a_task(office, "Harbour", "9000")
    with office.db.reading() as session:
        day = today(session) + timedelta(days=3)
    page = manager.get(f"/tasks/{task_id}")
    called = {"outcome": "promise", "said": "Ana pays on Friday"}

    no_day = page.submit("Write the call down", called)
    no_words = page.submit("Write the call down", outcome="promise", pays_by=day.isoformat())
    there = manager.follow(page.submit("Write the call down", called, pays_by=day.isoformat(), pays_amount="100"))

    assert (no_day.status, no_words.status) == (422, 422)
    assert "Enter the day by which they will pay." in no_day.words
    assert "Ana pays on Friday" in no_day.words
    assert "Say who promised it, and how." in no_words.words
    assert there.path.startswith("/worklist")
    with office.db.reading() as session:
        assert session.scalars(select(Call.words)).all() == ["Ana pays on Friday"]
        kept = session.scalars(select(PromiseToPay)).one()
        assert (kept.words, kept.promised_on, kept.amount_minor) == ("Ana pays on Friday", day, 100_00)
        assert tasks.task(session, task_id).detail["note"] == "Ana pays on Friday"


def test_a_call_that_brought_a_promise_too_far_ahead_is_kept_and_the_promise_asked_for(office: Office) -> None:
    task_id = a_task(office, "Harbour", "9000")
    with office.db.reading() as session:
        day = today(session) + timedelta(days=300)
    collector = office.browser(Role.COLLECTOR)

    beyond = collector.get(f"/tasks/{task_id}").submit(
        "Write the call down", outcome="promise", said="Ana sells her boat", pays_by=day.isoformat()
    )
    asked = beyond.submit("Ask for approval", ask_note="She has paid like this before")

    assert beyond.status == 403
    assert len([one for one in beyond.all("button") if one.get("name") == "ask"]) == 1
    assert asked.location.startswith("/approvals/")
    with office.db.reading() as session:
        assert session.scalars(select(Call.words)).all() == ["Ana sells her boat"]
        assert session.scalars(select(ApprovalRequest.kind)).all() == [ApprovalKind.PROMISE]
        assert session.scalars(select(PromiseToPay.id)).all() == []
        assert tasks.task(session, task_id).done_at is None


def test_a_promise_is_written_down_where_the_work_is(office: Office, manager: Client) -> None:
    task_id = a_task(office, "Harbour", "9000")
    with office.db.reading() as session:
        day = today(session) + timedelta(days=3)
    page = manager.get(f"/tasks/{task_id}")

    wrong = page.submit("Write the promise down", promised_on="2020-01-01", promised_words="Ana")
    done = page.submit(
        "Write the promise down", promised_on=day.isoformat(), promised_words="Ana said so", promise_done="yes"
    )

    assert wrong.status == 422
    assert "Choose a day that is still to come." in wrong.words
    assert done.location.startswith("/worklist")
    with office.db.reading() as session:
        assert session.scalars(select(PromiseToPay.amount_minor)).all() == [900_000]
        assert tasks.task(session, task_id).done_at is not None


def test_a_promise_further_ahead_than_one_may_agree_to_is_asked_for_where_the_work_is(office: Office) -> None:
    task_id = a_task(office, "Harbour", "9000")
    with office.db.reading() as session:
        day = today(session) + timedelta(days=300)
    collector = office.browser(Role.COLLECTOR)
    said = {"promised_on": day.isoformat(), "promised_words": "Ana sells her boat", "promise_done": "yes"}

    beyond = collector.get(f"/tasks/{task_id}").submit("Write the promise down", said)
    asked = beyond.submit("Ask for approval", ask_note="She has paid like this before")

    assert beyond.status == 403
    assert "Ana sells her boat" in beyond.words
    assert asked.location.startswith("/approvals/")
    with office.db.reading() as session:
        request = session.scalars(select(ApprovalRequest)).one()
        assert (request.kind, request.note) == (ApprovalKind.PROMISE, "She has paid like this before")
        assert session.scalars(select(PromiseToPay.id)).all() == []
        assert tasks.task(session, task_id).done_at is None


def test_an_auditor_sees_the_list_and_no_act(office: Office) -> None:
    task_id = a_task(office, "Harbour", "9000")
    auditor = office.browser(Role.AUDITOR)

    listed, one = auditor.get("/worklist"), auditor.get(f"/tasks/{task_id}")

    assert shown(listed) == [task_id]
    assert not listed.all("button", name="act")
    assert not one.all("button", name="act")
    assert not one.all("form", action=f"/tasks/{task_id}/call")


def test_a_call_leads_to_its_form_only_whoever_may_call(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        account = an_account(session)
        open_task(session, TaskKind.CALL_DUE, subject=("notice", 7), account_id=account.id, worth=money("70"))

    def leads(client: Client) -> set[str]:
        return {str(a.get("href")) for a in client.get("/worklist").all("a") if "/notices/7" in str(a.get("href"))}

    assert leads(manager) == {"/notices/7/call"}
    assert leads(office.browser(Role.AUDITOR)) == {"/notices/7"}


def test_an_order_is_tried_before_it_holds(office: Office, manager: Client, clock: MovableClock) -> None:
    rich, old = a_task(office, "Harbour", "9000", days=1), a_task(office, "Quay", "10", days=170)
    weigh(office)
    clock.advance(seconds=1)
    page = manager.get("/worklist/ranking")

    tried = page.submit("Show the order", amount="0")
    held = tried.submit("Let it hold")
    with office.db.reading() as session:
        weights = tuning.current(session)
        acts = session.scalars(select(AUDIT_ENTRIES.c.act)).all()

    assert "What would stand first" in tried.words
    assert tried.words.index("Quay") < tried.words.index("Harbour")
    assert held.location == "/worklist?whose=all"
    assert weights == Weights(amount=0)
    assert acts.count("ranking.tuned") == 1
    assert set(shown(manager.get("/worklist"))) == {old, rich}


def test_a_weight_out_of_bounds_is_said_beside_its_field(office: Office, manager: Client) -> None:
    page = manager.get("/worklist/ranking").submit("Let it hold", chance="501")

    assert page.status == 422
    assert "Enter a whole number from 0 to 500." in page.words
    assert page.all("input", id="chance")[0].get("value") == "501"


def test_a_task_without_an_account_has_nobody_to_call(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        task_id = open_task(session, TaskKind.TIE_OUT, subject=("tie_out", "1"))

    page = manager.get(f"/tasks/{task_id}")

    assert "Log a call" not in [one.text for one in page.all("h2")]
