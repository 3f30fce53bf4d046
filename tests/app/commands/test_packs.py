"""Packs: a whole one is said to be whole, what is off is named, what is none is said to be none, without a database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from domain.shared.business import Business
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from tests.conftest import NOON, Workshop
from tests.domain.evidence.test_making import a_scene
from tests.support.evidence import Made, a_pack, zipped


@pytest.fixture(scope="module")
def made(workshop: Workshop) -> Made:
    """A pack."""
    with workshop.lent("sqlite") as engine:
        db = Database(engine, MovableClock(NOON), Business(texts=True))
        return a_pack(db, a_scene(db).account_id)


def run(folder: Path, content: bytes, *options: str) -> Result:
    """The command on a file with this content, where no settings lead to any database."""
    file = folder / "pack.zip"
    file.write_bytes(content)
    return CliRunner().invoke(main, ["verify-pack", str(file), *options], env={"QUITTANCE_HOME": str(folder / "none")})


def test_a_whole_pack_is_said_to_be_whole(made: Made, tmp_path: Path) -> None:
    told = str(made.pack.manifest_sha256)

    plain, compared = run(tmp_path, made.content), run(tmp_path, made.content, "--sha256", told)

    assert (plain.exit_code, compared.exit_code) == (0, 0)
    assert "come to GBP 110.00, as the index says" in plain.output
    assert "give it as --sha256" in plain.output
    assert "give it as --sha256" not in compared.output
    assert not (tmp_path / "none").exists()


def test_what_was_changed_is_named(made: Made, tmp_path: Path) -> None:
    result = run(tmp_path, zipped({**made.files, "README.txt": b"x", "account/account.json": b"{}"}))

    assert result.exit_code == 1
    assert [line.split(":")[0] for line in result.output.splitlines()][:2] == ["README.txt", "account/account.json"]
    assert "2 things are off" in result.output


def test_another_hash_than_the_one_that_was_told_is_one_thing_off(made: Made, tmp_path: Path) -> None:
    result = run(tmp_path, made.content, "--sha256", "0" * 64, "--json")

    found = json.loads(result.output)
    assert (result.exit_code, found["whole"]) == (1, False)
    assert [flaw["code"] for flaw in found["flaws"]] == ["not-the-manifest-we-told"]


def test_what_is_no_pack_is_said_to_be_none(tmp_path: Path) -> None:
    plain, as_json = run(tmp_path, b"%PDF-1.7"), run(tmp_path, b"%PDF-1.7", "--json")

    assert (plain.exit_code, as_json.exit_code) == (2, 2)
    assert "This is no evidence pack" in plain.output
    assert json.loads(as_json.output)["whole"] is False
