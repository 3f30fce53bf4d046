"""The board of disputes: a column for each state, its service levels, and the chargebacks beside it."""

from __future__ import annotations

from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.backoffice.test_disputes import owed, raised
from tests.support.contesting import contest


def test_the_board_has_a_column_for_each_state_and_tells_the_service_level(office: Office) -> None:
    client = office.browser(Role.MANAGER)
    new, asked = (raised(client, owed(office)) for _ in range(2))
    asked.submit("Ask, and wait for them", words="Which boxes?")
    ended = raised(client, owed(office))
    ended.submit("Reject it", answer="Signed for as dry.")
    taken = client.follow(new.submit("Take it"))

    board = client.get("/disputes")
    mine = client.get("/disputes", params={"whose": "mine"})
    late = client.get("/disputes", params={"late": "yes"})
    office.clock.advance(days=3)
    late_then = office.browser(Role.MANAGER).get("/disputes", params={"late": "yes", "reason": "damaged"})

    assert "New 1" in board.words
    assert "Waiting for the customer 1" in board.words
    assert "Answer within" in board.words
    assert "Not accepted" in board.words
    assert "Nobody yet" not in taken.words
    assert "New 1" in mine.words
    assert "Waiting for the customer 0" in mine.words
    assert "New 0" in late.words
    assert "Answer late by" in late_then.words


def test_a_column_is_a_list_too_and_an_unknown_one_the_board(office: Office) -> None:
    client = office.browser(Role.AUDITOR)
    raised(office.browser(Role.MANAGER), owed(office))

    listed = client.get("/disputes", params={"show": "new"})
    paged = client.get("/disputes", params={"show": "new", "at": "2026-01-01T00:00:00+00:00", "place": "1"})
    ended = client.get("/disputes", params={"show": "ended", "at": "2026-01-01T00:00:00+00:00", "place": "1"})
    naive = client.get("/disputes", params={"show": "ended", "at": "2026-01-01T00:00:00", "place": "1"})
    unknown = client.get("/disputes", params={"show": "nothing", "whose": "theirs", "reason": "none"})

    assert "Harbour" in listed.words
    assert "Harbour" in paged.words
    assert "No disputes here" in ended.words
    assert naive.status == 200
    assert "Being looked into" in unknown.words


def test_chargebacks_stand_beside_the_board_for_the_whole_team(office: Office) -> None:
    contest(office.db, "needs_response", "10", name="du_board", intent_id="pi_none")
    client = office.browser(Role.MANAGER)

    board = client.get("/disputes")
    mine = client.get("/disputes", params={"whose": "mine"})

    assert "At the customer's bank 1" in board.words
    assert "At the customer's bank" not in mine.words
