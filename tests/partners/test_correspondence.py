"""A partner writes what it has done and asks us; it reads our answers, and only of what is its own."""

from __future__ import annotations

from domain.placements.correspondence import reading, writing
from domain.shared.actor import OPERATOR
from tests.partners.conftest import Partners
from tests.support.client import Client


def test_what_was_done_and_asked_stands_on_the_page_with_our_answer(site: Partners, gus: Client) -> None:
    account_id, placement_id = site.sent(taken=True)
    page = gus.get(f"/placements/{placement_id}")

    done = page.follow("Say what you have done").submit("Write it down", {"words": "Called <them>."})
    asked = page.follow("Ask us something").submit("Ask", {"words": "Did it come?"})
    with site.db.transaction() as session:
        [question] = reading.open_questions(session, placement_id)
        writing.answer(session, account_id, placement_id, question.id, "Yes, signed.", actor=OPERATOR)

    assert (done.location, asked.location) == (f"/placements/{placement_id}",) * 2
    shown = gus.get(f"/placements/{placement_id}").words
    assert "Called <them>." in shown
    assert "Did it come?" in shown
    assert "Yes, signed." in shown
    assert "Gus" in shown


def test_nothing_that_was_typed_is_lost(site: Partners, gus: Client) -> None:
    _, placement_id = site.sent(taken=True)
    form = gus.get(f"/placements/{placement_id}/activity")

    later = form.submit("Write it down", {"words": "Called.", "happened_on": "2026-05-01"})
    empty = gus.get(f"/placements/{placement_id}/question").submit("Ask", {"words": " "})

    assert (later.status, empty.status) == (422, 422)
    assert "This day is still to come." in later.words
    assert "Called." in later.words
    assert "Write what you want to know." in empty.words


def test_of_another_s_debt_there_is_nothing_to_write(site: Partners, gus: Client) -> None:
    _, other = site.sent(partner_id=site.another())
    _, mine = site.sent()
    form = gus.get(f"/placements/{mine}/question")
    token = form.all("input", name="csrf_token")[0].get("value") or ""

    answers = [
        gus.get(f"/placements/{other}/activity"),
        gus.get(f"/placements/{other}/question"),
        gus.post(f"/placements/{other}/question", data={"csrf_token": token, "words": "Why?"}),
        gus.post(f"/placements/{other}/activity", data={"csrf_token": token, "words": "Called."}),
    ]

    assert {answer.status for answer in answers} == {404}
    with site.db.reading() as session:
        assert reading.correspondence(session, other) == []
