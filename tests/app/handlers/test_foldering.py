"""Foldering: a partner finds in its folder what it is handed, how that stands, and an answer to each file it left."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from adapters.partner_folders.disk import DiskFolders
from app.handlers import foldering
from app.wired import Wired
from app.worker import Worker
from domain.documents.scanning import ScannerUnreachable
from domain.outbox.model import OutboxMessage
from domain.placements import ending
from domain.placements.files.checking import check
from domain.placements.model import Placement, PlacementStatus
from domain.placements.naming import reference_of
from domain.placements.people import delivering
from domain.placements.people.model import Delivery
from domain.shared.actor import OPERATOR
from tests.support.partner_files import a_file
from tests.support.placing import a_late_debt, a_partner, placed


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where the folders are."""
    found = tmp_path / "partners"
    found.mkdir()
    return found


@pytest.fixture
def foldered(wired: Wired, root: Path) -> Wired:
    """All of it, with folders."""
    return replace(wired, folders=DiskFolders(root))


@pytest.fixture
def placement_id(foldered: Wired) -> int:
    """A debt that a partner with the folder `fair` has taken; the folder is filled."""
    with foldered.database.transaction() as session:
        partner = a_partner(session)
        delivering.choose(session, partner.id, Delivery.FOLDER, folder="fair", actor=OPERATOR)
        made = placed(session, a_late_debt(session)[0], partner).id
    Worker(foldered).drain()
    return made


def out(root: Path) -> dict[str, bytes]:
    """What lies in the partner's `out`."""
    return {path.name: path.read_bytes() for path in (root / "fair" / "out").iterdir()}


def leave(root: Path, name: str, content: bytes) -> None:
    """The partner leaves a file."""
    (root / "fair" / "in").mkdir(exist_ok=True)
    (root / "fair" / "in" / name).write_bytes(content)


def looked(wired: Wired) -> int:
    """The worker looks twice; how many files it took in."""
    return foldering.take_due(wired).done + foldering.take_due(wired).done


def answer(root: Path, name: str) -> dict[str, Any]:
    """The answer beside a file that was put away."""
    assert (root / "fair" / "done" / name).exists()
    found: dict[str, Any] = json.loads((root / "fair" / "done" / f"{name}.answer.json").read_bytes())
    return found


def an_activity(placement_id: int, words: str = "Called.") -> bytes:
    """A file that tells one thing."""
    told = {"reference": reference_of(placement_id), "update": "activity", "happened_on": "2026-03-16", "text": words}
    return a_file(told)


def test_what_is_handed_over_lies_in_the_folder_and_goes_when_it_is_back(
    foldered: Wired, root: Path, placement_id: int
) -> None:
    reference = reference_of(placement_id)
    there = out(root)
    with foldered.database.transaction() as session:
        account_id = session.get_one(Placement, placement_id).account_id
        ending.recall(session, account_id, placement_id, why="Paid soon.", actor=OPERATOR)

    Worker(foldered).drain()

    assert set(there) == {f"{reference}.csv", f"{reference}.json", f"{reference}.state.json"}
    as_csv, as_json = (check(BytesIO(there[f"{reference}.{form}"])).file for form in ("csv", "json"))
    assert as_csv is not None
    assert as_json is not None
    assert as_csv.placements == as_json.placements
    before, after = json.loads(there[f"{reference}.state.json"]), json.loads(out(root)[f"{reference}.state.json"])
    assert (before["status"], before["open"], before["debts"][0]["open"]) == ("active", "1200.00", "1200.00")
    assert (after["status"], list(out(root))) == ("recalled", [f"{reference}.state.json"])


def test_a_file_that_is_left_is_taken_in_once_and_answered(foldered: Wired, root: Path, placement_id: int) -> None:
    leave(root, "monday.json", an_activity(placement_id))
    at_once = foldering.take_due(foldered).done
    then = foldering.take_due(foldered).done
    leave(root, "again.json", an_activity(placement_id))

    assert (at_once, then, looked(foldered), looked(foldered)) == (0, 1, 1, 0)
    monday = answer(root, "monday.json")
    assert (monday["taken_in"], monday["answer"]["done"]) == (True, 1)
    assert monday["answer"]["records"][0]["outcome"] == "done"
    assert answer(root, "again.json")["answer"] == monday["answer"]
    assert list((root / "fair" / "in").iterdir()) == []


def test_what_is_wrong_is_said_in_the_answer_and_keeps_no_other_from_its_turn(
    foldered: Wired, root: Path, placement_id: int
) -> None:
    leave(root, "a-broken.csv", b"schema,version\n1,2\n")
    leave(root, "b-whole.json", an_activity(placement_id))
    leave(root, "c-another.json", an_activity(999_999))

    assert looked(foldered) == 3

    broken = answer(root, "a-broken.csv")
    assert (broken["taken_in"], "answer" in broken) == (False, False)
    assert broken["problems"][0].keys() == {"place", "field", "wrong", "todo"}
    assert answer(root, "b-whole.json")["answer"]["done"] == 1
    refused = answer(root, "c-another.json")["answer"]["records"][0]
    assert (refused["outcome"], refused["why"]) == ("refused", "We could not find that placement.")


def test_what_cannot_be_looked_at_just_now_waits(foldered: Wired, root: Path, placement_id: int) -> None:
    class Away:
        def scan(self, content: object) -> str | None:
            raise ScannerUnreachable("away")

    leave(root, "monday.json", an_activity(placement_id))
    foldering.take_due(foldered)

    failed = foldering.take_due(replace(foldered, scanner=Away()))
    then = foldering.take_due(foldered)

    assert (failed.done, failed.failures, then.done) == (0, 1, 1)


def test_a_virus_is_not_taken_in(foldered: Wired, root: Path, placement_id: int) -> None:
    class Finding:
        def scan(self, content: object) -> str | None:
            return "Eicar"

    leave(root, "monday.json", an_activity(placement_id))
    foldering.take_due(foldered)

    foldering.take_due(replace(foldered, scanner=Finding()))

    assert "Eicar" in answer(root, "monday.json")["detail"]


def test_without_a_root_what_is_handed_over_waits(wired: Wired) -> None:
    with wired.database.transaction() as session:
        partner = a_partner(session)
        delivering.choose(session, partner.id, Delivery.FOLDER, folder="fair", actor=OPERATOR)
        made = placed(session, a_late_debt(session)[0], partner)
        assert made.status is PlacementStatus.ACTIVE

    Worker(wired).drain()

    assert foldering.take_due(wired).done == 0
    with wired.database.reading() as session:
        waiting = session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "lay_into_folder")).all()
        assert {
            (message.done_at, "QUITTANCE_PARTNER_FOLDERS" in (message.last_error or "")) for message in waiting
        } == {(None, True)}
