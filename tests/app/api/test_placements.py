"""A partner's programs fetch what was handed to it, and nothing else, and bring what became of it."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from domain.api_keys.making import make
from domain.api_keys.model import Scope
from domain.audit.model import AUDIT_ENTRIES
from domain.placements import ending, enrolling
from domain.placements.correspondence import files
from domain.placements.files.checking import check
from domain.placements.files.schema import LARGEST_FILE
from domain.placements.model import Partner, Placement
from domain.placements.naming import reference_of
from domain.placements.people.admitted import WINDING_UP
from domain.shared.actor import OPERATOR, ActorKind
from domain.shared.db.session import Database, now
from tests.app.api.conftest import Caller
from tests.support.partner_files import a_file
from tests.support.placing import a_late_debt, a_partner, placed, proposed

UPDATES = "/api/v1/placements/updates"


@pytest.fixture
def partner_id(committed_db: Database) -> int:
    """A partner."""
    with committed_db.transaction() as session:
        return a_partner(session).id


@pytest.fixture
def placement_id(committed_db: Database, partner_id: int) -> int:
    """A debt that it has taken."""
    with committed_db.transaction() as session:
        return placed(session, a_late_debt(session)[0], session.get_one(Partner, partner_id)).id


@pytest.fixture
def program(stranger: Caller, committed_db: Database, partner_id: int) -> Caller:
    """The partner's program, with its key."""
    with committed_db.transaction() as session:
        key = make(session, "Fair", [Scope.PLACEMENTS], partner_id=partner_id, actor=OPERATOR)[1]
    stranger.headers["authorization"] = f"Bearer {key}"
    return stranger


def told(placement_id: int, words: str = "Called.") -> bytes:
    """A file that tells one thing."""
    return a_file(
        {"reference": reference_of(placement_id), "update": "activity", "happened_on": "2026-03-16", "text": words}
    )


def test_what_was_handed_over_is_listed_and_says_how_it_stands(
    program: Caller, committed_db: Database, partner_id: int, placement_id: int
) -> None:
    with committed_db.transaction() as session:
        partner = session.get_one(Partner, partner_id)
        second = placed(session, a_late_debt(session, "800")[0], partner)
        ending.recall(session, second.account_id, second.id, why="Back.", actor=OPERATOR)
        proposed(session, a_late_debt(session)[0], partner)
        placed(session, a_late_debt(session)[0], a_partner(session))

    found = program.get("/api/v1/placements").json()
    behind = program.get("/api/v1/placements", params={"after": reference_of(placement_id)}).json()
    one = program.get(f"/api/v1/placements/{reference_of(placement_id)}").json()

    assert [(each["reference"], each["status"], each["open"]) for each in found["placements"]] == [
        (reference_of(placement_id), "active", "1200.00"),
        (reference_of(second.id), "recalled", "800.00"),
    ]
    assert (found["after"], [each["reference"] for each in behind["placements"]]) == (None, [reference_of(second.id)])
    assert (one["placed"], one["commission"], one["debts"][0]["open"]) == ("1200.00", "35", "1200.00")


def test_the_file_is_fetched_in_both_forms_while_it_lies_there(
    program: Caller, committed_db: Database, placement_id: int
) -> None:
    path = f"/api/v1/placements/{reference_of(placement_id)}/file"
    as_json, as_csv = program.get(path), program.get(path, params={"format": "csv"})
    with committed_db.transaction() as session:
        account_id = session.get_one(Placement, placement_id).account_id
        ending.recall(session, account_id, placement_id, why="Back.", actor=OPERATOR)

    after = program.get(path)

    files = [check(BytesIO(answer.content)).file for answer in (as_json, as_csv)]
    assert [file.placements[0].reference for file in files if file] == [reference_of(placement_id)] * 2
    assert as_csv.headers["content-type"].startswith("text/csv")
    assert (program.get(path, params={"format": "xml"}).status_code, after.status_code) == (400, 404)
    with committed_db.reading() as session:
        fetched = select(AUDIT_ENTRIES.c.actor_kind).where(AUDIT_ENTRIES.c.act == "placement.fetched")
        assert session.scalars(fetched).all() == [ActorKind.API_KEY, ActorKind.API_KEY]


def test_a_file_of_updates_is_answered_record_by_record_and_twice_the_same(
    program: Caller, committed_db: Database, partner_id: int, placement_id: int
) -> None:
    first = program.post(UPDATES, content=told(placement_id), params={"name": "monday.json"})
    second = program.post(UPDATES, content=told(placement_id), headers={"content-type": "application/json"})
    newer = program.post(UPDATES, content=told(placement_id) + b" ")

    assert (first.status_code, first.json()) == (200, second.json())
    assert first.json() == {
        "done": 1,
        "known": 0,
        "refused": 0,
        "records": [
            {
                "place": "updates[0]",
                "told": "activity",
                "reference": reference_of(placement_id),
                "on": "2026-03-16",
                "outcome": "done",
                "why": None,
            }
        ],
    }
    assert newer.json()["known"] == 1
    with committed_db.reading() as session:
        brought = files.brought(session, partner_id, limit=10)
    assert [(row.name, row.brought_by, row.actor_kind) for row in brought] == [
        ("updates", "api", "api_key"),
        ("monday.json", "api", "api_key"),
    ]


def test_what_is_no_file_of_updates_says_all_that_is_wrong(program: Caller) -> None:
    answer = program.post(UPDATES, content=b"schema,version,kind\nx,1,updates\n")

    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert answer.json()["problems"][0].keys() == {"place", "field", "wrong", "todo"}
    assert program.post(UPDATES, content=b"x" * (LARGEST_FILE + 200_000)).status_code == 413


def test_what_is_another_s_is_not_there(program: Caller, committed_db: Database) -> None:
    with committed_db.transaction() as session:
        other = placed(session, a_late_debt(session)[0], a_partner(session)).id
    reference = reference_of(other)

    pages = [program.get(f"/api/v1/placements/{each}") for each in (reference, "HO-999999", "x")]
    file = program.get(f"/api/v1/placements/{reference}/file")
    update = program.post(UPDATES, content=told(other)).json()["records"][0]

    assert {page.status_code for page in pages} == {404}
    assert len({page.json()["detail"] for page in pages}) == 1
    assert file.status_code == 404
    assert (update["outcome"], update["why"]) == ("refused", pages[0].json()["detail"])


def test_a_key_of_ours_opens_no_placements_and_a_partner_s_nothing_else(
    shop: Caller, committed_db: Database, partner_id: int, placement_id: int
) -> None:
    paths = ("/api/v1/placements", f"/api/v1/placements/{reference_of(placement_id)}")
    ours = [shop.get(path).status_code for path in paths] + [shop.post(UPDATES, content=b"{}").status_code]
    with committed_db.transaction() as session:
        key = make(session, "Fair", [Scope.PLACEMENTS], partner_id=partner_id, actor=OPERATOR)[1]

    theirs = shop.get("/api/v1/accounts/C-7/credit", headers={"authorization": f"Bearer {key}"})

    assert (set(ours), theirs.status_code) == ({403}, 403)


def test_a_partner_brings_so_much_and_no_more(program: Caller, placement_id: int) -> None:
    answers = [program.post(UPDATES, content=b"{").status_code for _ in range(61)]

    assert (set(answers[:60]), answers[60]) == ({422}, 429)


def test_the_key_of_a_partner_that_was_let_go_opens_something_while_debts_lie_with_it(
    program: Caller, committed_db: Database, partner_id: int, placement_id: int
) -> None:
    with committed_db.transaction() as session:
        enrolling.let_go(session, partner_id, why="Slow.", actor=OPERATOR)
    with_debts = program.get("/api/v1/placements").status_code
    with committed_db.transaction() as session:
        placement = session.get_one(Placement, placement_id)
        ending.recall(session, placement.account_id, placement_id, why="We do it.", actor=OPERATOR)
        placement.ended_at = now(session) - WINDING_UP - timedelta(seconds=1)

    refused = program.post(UPDATES, content=told(placement_id))

    assert (with_debts, refused.status_code) == (200, 403)
    assert "Nothing is handed to this partner any more" in refused.json()["detail"]
