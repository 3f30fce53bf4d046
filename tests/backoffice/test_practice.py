"""Practice on the screen: a call from its first word to its marks, a message, progress, the team; only in the demo."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from backoffice.installation import Installation
from domain.practice.dialogue import choices
from domain.practice.model import PracticeSession
from domain.practice.practising import begin, say
from domain.practice.situation import Told
from domain.practice.situations import ALL
from domain.shared.db.base import Base
from domain.staff.model import Role
from tests.backoffice.conftest import Office, an_office, build_live
from tests.support.builders import an_account, an_invoice
from tests.support.client import Client, Page
from tests.support.practising import practised
from web.csrf import FIELD


def pressed(client: Client, page: Page, button: str, values: dict[str, str] | None = None) -> Page:
    """The page to which a button leads."""
    return client.follow(page.submit(button, values or {}))


def started(client: Client, key: str) -> Page:
    """A session of this situation, just begun."""
    return pressed(client, client.get("/practice"), f"Begin: {ALL[key].title}")


def gone_through(client: Client, key: str) -> Page:
    """The page after the best way through a situation."""
    page = started(client, key)
    for move in ALL[key].model:
        page = pressed(client, page, "Say it" if ALL[key].outcome else "Send it", {"move": move.value})
    return page


def test_a_call_goes_from_its_first_word_to_full_marks(office: Office) -> None:
    client = office.browser(Role.COLLECTOR)

    over = gone_through(client, "short")
    asks = client.fragment(f"{over.path}/log", params={"outcome": "promise"})
    marked = pressed(
        client,
        over,
        "Write it down",
        {"outcome": "promise", "words": "Half on Friday, says Jo.", "promised_on": "2026-03-20", "amount": "100"},
    )

    assert "The call is over. Log it as you would on an account." in over.words
    assert "They pay by" in asks.words
    assert all(words in marked.words for words in ("full marks", "That went well", "One good way through it"))
    assert "Another time" not in marked.words
    assert "full marks" in client.get("/practice").words


def test_what_was_wrong_is_said_with_its_reason_and_where_the_mood_fell(office: Office) -> None:
    client = office.browser(Role.COLLECTOR)
    page = started(client, "short")

    for move, words in (("introduce", ""), ("press", ""), ("threaten", "Or we call the police")):
        page = pressed(client, page, "Say it", {"move": move, "words": words})
    marked = pressed(client, page, "Write it down", {"outcome": "voicemail"})

    assert "They have hung up." in page.words
    assert "their mood fell here" not in page.words
    assert all(
        words in marked.words
        for words in (
            "Another time",
            "no threats",
            "is against our policy",
            "their mood fell here",
            "This frightens: police",
        )
    )


def test_nothing_is_lost_where_a_choice_is_missing(office: Office) -> None:
    client = office.browser(Role.COLLECTOR)

    page = started(client, "paid").submit("Say it", {"words": "Good day to you"})

    assert page.status == 422
    assert "Choose what you say." in page.words
    assert "Good day to you" in page.words


def test_the_log_asks_for_what_it_asks_for_on_an_account(office: Office) -> None:
    client = office.browser(Role.COLLECTOR)
    over = gone_through(client, "short")

    nothing = over.submit("Write it down", {})
    promise = over.submit("Write it down", {"outcome": "promise", "words": "Half of it"})
    wait = over.submit("Write it down", {"outcome": "in_payment_run"})
    silent = over.submit("Write it down", {"outcome": "reached"})

    assert [page.status for page in (nothing, promise, wait, silent)] == [422] * 4
    assert "Choose how it went." in nothing.words
    assert "Enter the day by which they will pay." in promise.words
    assert "Half of it" in promise.words
    assert "Say until when reminders are to wait." in wait.words
    assert "Say in a few words what was said." in silent.words


def test_a_log_that_is_wrong_comes_back_alone_where_it_is_put_into_the_page(office: Office) -> None:
    client = office.browser(Role.COLLECTOR)
    over = gone_through(client, "short")

    token = over.all("input", name=FIELD)[0].get("value") or ""
    again = client.post(f"{over.path}/log", data={FIELD: token, "words": "Half"}, headers={"hx-request": "true"})

    assert again.status == 422
    assert "Choose how it went." in again.words
    assert "Half" in again.words
    assert again.all("form", id="log")
    assert not again.all("h1")


def test_a_promise_without_an_amount_is_of_all(office: Office) -> None:
    client = office.browser(Role.COLLECTOR)

    gone_through(client, "short").submit(
        "Write it down", {"outcome": "promise", "words": "All of it, says Jo.", "promised_on": "2026-03-20"}
    )

    with office.db.reading() as session:
        assert session.scalars(select(PracticeSession.amount_minor)).one() is not None


def test_a_message_is_answered_and_looked_back_on_without_a_log(office: Office) -> None:
    client = office.browser(Role.DISPUTE_HANDLER)

    page = gone_through(client, "damaged_letter")

    assert "full marks" in page.words
    assert "Log a call" not in page.words


def test_a_customer_who_speaks_spanish_is_marked_as_such(office: Office) -> None:
    page = started(office.browser(Role.COLLECTOR), "spanish")

    assert [one.text for one in page.all("p", lang="es")] == ["¿Dígame? Buenos días."]


def test_a_surprise_is_told_afterwards(office: Office) -> None:
    client = office.browser(Role.COLLECTOR)

    page = pressed(client, client.get("/practice"), "Surprise me")
    with office.db.reading() as session:
        situation = ALL[session.scalars(select(PracticeSession.situation)).one()]

    assert "You do not know what comes." in page.words
    assert situation.title not in page.words
    assert situation.card[0] not in page.words
    assert situation.title not in client.get("/practice").all("ul")[-1].itertext()


def test_one_does_not_see_what_others_practise_unless_it_is_shared(office: Office) -> None:
    collector = office.person(Role.COLLECTOR)
    with office.db.transaction() as session:
        practice_id = practised(session, collector)
    path, manager = f"/practice/sessions/{practice_id}", office.browser(Role.MANAGER)

    hidden, team = manager.get(path), manager.get("/practice/team")
    office.browser(Role.COLLECTOR).get(path).submit("Share it with managers")
    shown = manager.get("/practice/team").follow(ALL["short"].title)
    office.browser(Role.COLLECTOR).get(path).submit("Stop sharing it with managers")

    assert hidden.status == 404
    assert office.browser(Role.DISPUTE_HANDLER).get(path).status == 404
    assert "Collector Jones" in team.words
    assert "points" not in team.words.replace("points are for whoever earned them", "")
    assert "Your colleague" in shown.words
    assert "Again, with another customer" not in shown.words
    assert manager.get(path).status == 404


def test_practising_on_the_screen_changes_no_table_but_its_own(office: Office) -> None:
    with office.db.transaction() as session:
        an_invoice(session, an_account(session), "120")
    client = office.browser(Role.COLLECTOR)
    client.get("/practice")
    before = _everything(office)

    for key, words in (("ill", "Write it down"), ("no_more", ""), ("broken", "Write it down")):
        page = gone_through(client, key)
        if words:
            page.submit(words, {"outcome": "reached", "words": "Handed on to Priya.", "again_on": "2026-03-20"})
    client.get("/practice").submit("Surprise me")

    assert _everything(office) == before


def _everything(office: Office) -> dict[str, list[str]]:
    with office.db.reading() as session:
        return {
            table.name: sorted(repr(tuple(row)) for row in session.execute(select(table)))
            for table in Base.metadata.sorted_tables
            if not table.name.startswith("practice_")
        }


def test_a_session_that_goes_on_shows_the_choices_in_one_order(office: Office) -> None:
    client = office.browser(Role.COLLECTOR)
    page = started(client, "short")

    shown = [field.get("value") for field in page.all("input", name="move")]
    again = [
        field.get("value") for field in pressed(client, page, "Say it", {"move": "introduce"}).all("input", name="move")
    ]

    assert shown == [move.value for move in choices(ALL["short"], 1)]
    assert again == [value for value in shown if value != "introduce"]


def test_where_it_is_no_demo_there_is_no_practice(office: Office) -> None:
    staff_id = office.person(Role.MANAGER)
    live = an_office(office.db, office.clock, build_live)
    live.people.update(office.people)
    client = live.browser(Role.MANAGER)
    with office.db.transaction() as session:
        practice_id = practised(session, staff_id)
        going_on = begin(session, staff_id, "short")
        say(session, staff_id, going_on, 1, Told(ALL["short"].model[0]))

    for path in ("/practice", "/practice/team", f"/practice/sessions/{practice_id}"):
        assert client.get(path).status == 404, path
    token = client.get("/profile").all("input", name=FIELD)[0].get("value") or ""
    sent = {"situation": "short", "move": "end", "turn": "2"}
    for path in ("/practice", f"/practice/sessions/{going_on}", f"/practice/sessions/{going_on}/log"):
        assert client.post(path, data=sent | {FIELD: token}).status == 404, path
    assert "Practice" not in client.get("/absences").words
    assert "Practice" in office.browser(Role.MANAGER).get("/absences").words


def test_an_installation_is_never_both_live_and_for_practice() -> None:
    with pytest.raises(ValueError, match="none to practise in"):
        Installation(is_live=True, is_practice=True)
