"""A handoff's page shows what the partner wrote, and staff answer there; nothing that was typed is lost."""

from __future__ import annotations

import pytest

from domain.placements.correspondence import reading, writing
from domain.placements.model import Placement
from domain.shared.actor import Actor
from domain.shared.db.session import today
from domain.staff.model import Role
from domain.tasks.model import TaskKind
from tests.backoffice.conftest import Office
from tests.support.placing import a_late_debt, a_partner, placed, proposed
from tests.support.tasks import open_tasks

ANA = Actor.partner(7)


@pytest.fixture
def placement_id(office: Office) -> int:
    """A debt that Fair Recovery Ltd has taken."""
    with office.db.transaction() as session:
        return placed(session, a_late_debt(session)[0], a_partner(session, name="Fair Recovery Ltd")).id


def asked(office: Office, placement_id: int, *questions: str) -> None:
    """The partner tells what it did, and asks these."""
    with office.db.transaction() as session:
        account_id = session.get_one(Placement, placement_id).account_id
        day = today(session)
        writing.tell_activity(session, account_id, placement_id, "First <b>letter</b>.", happened_on=day, actor=ANA)
        for words in questions:
            writing.ask(session, account_id, placement_id, words, happened_on=day, actor=ANA)


def waiting(office: Office, placement_id: int) -> list[str]:
    """The questions that nobody has answered."""
    with office.db.reading() as session:
        return [row.words for row in reading.open_questions(session, placement_id)]


def test_a_question_is_a_task_that_leads_to_it_and_its_answer_ends_it(office: Office, placement_id: int) -> None:
    asked(office, placement_id, "Did it come?")
    collector = office.browser(Role.COLLECTOR)
    with office.db.reading() as session:
        [task] = [one for one in open_tasks(session) if one.kind is TaskKind.PARTNER_QUESTION]
    shown = collector.get(f"/tasks/{task.id}")
    page = collector.get(f"/handoffs/{placement_id}")

    done = page.submit("Send the answer", {"words": "Yes, signed."})

    assert f"/handoffs/{placement_id}" in [link.get("href") for link in shown.all("a")]
    assert "1 question waits for an answer" in page.words
    assert "First <b>letter</b>." in page.words
    assert done.location == f"/handoffs/{placement_id}#talk"
    assert waiting(office, placement_id) == []
    after = collector.get(f"/handoffs/{placement_id}")
    assert "Yes, signed." in after.words
    assert "Add to your answer" in after.words
    with office.db.reading() as session:
        kinds = [one.kind for one in open_tasks(session)]
    assert TaskKind.PARTNER_QUESTION not in kinds


def test_which_question_is_answered_is_chosen_and_what_was_typed_stays(office: Office, placement_id: int) -> None:
    asked(office, placement_id, "Did it come?", "Who ordered?")
    page = office.browser(Role.MANAGER).get(f"/handoffs/{placement_id}")
    options = {option.get("value"): str(option.text) for option in page.all("option")}
    second = next(value for value, words in options.items() if "Who ordered?" in words)

    nothing = page.submit("Send the answer", {"question": str(second), "words": " "})
    none_such = page.submit("Send the answer", {"question": "999999", "words": "Ana Ruiz."})
    page.submit("Send the answer", {"question": str(second), "words": "Ana Ruiz."})

    assert (nothing.status, none_such.status) == (422, 422)
    assert "Write something first." in nothing.words
    assert "Choose the question that you answer." in none_such.words
    assert "Ana Ruiz." in none_such.words
    assert waiting(office, placement_id) == ["Did it come?"]


def test_who_only_looks_has_no_form_and_before_the_sending_there_is_nothing_to_say(
    office: Office, placement_id: int
) -> None:
    asked(office, placement_id, "Did it come?")
    with office.db.transaction() as session:
        early = proposed(session, a_late_debt(session)[0], a_partner(session)).id

    seen = office.browser(Role.AUDITOR).get(f"/handoffs/{placement_id}")
    before = office.browser(Role.MANAGER).get(f"/handoffs/{early}")

    assert "Did it come?" in seen.words
    assert "Send the answer" not in seen.words
    assert before.all("h2", id="talk") == []
    assert "They have written nothing yet." not in before.words
