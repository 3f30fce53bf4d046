"""The placement command: a file that it writes is whole, what is wrong with one is told, and both end accordingly."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.commands.common import books
from domain.placements.naming import reference_of
from domain.processing.placing.building import FileForm
from tests.app.commands.test_import_ import printed, quittance
from tests.app.commands.test_late_charges import Command
from tests.domain.placements.files.test_manual import EXAMPLES
from tests.support.placing import a_late_debt, a_partner, placed, proposed

__all__ = ["quittance"]
TABLE, UPDATES = EXAMPLES[1][1], EXAMPLES[2][1]


def validate(folder: Path, content: str, *options: str) -> Result:
    """The command on a file with this content, where no settings lead to any database."""
    file = folder / "file"
    file.write_text(content, encoding="utf-8")
    words = ["placement", "validate", str(file), *options]
    return CliRunner().invoke(main, words, env={"QUITTANCE_HOME": str(folder / "none")})


def test_what_is_exported_is_valid(quittance: Command) -> None:
    with books() as database, database.transaction() as session:
        account, _ = a_late_debt(session, "1200")
        made = placed(session, account, a_partner(session))
        waiting = proposed(session, a_late_debt(session)[0], a_partner(session))
        ids, reference = (made.id, waiting.id), reference_of(made.id)

    for form in FileForm:
        exported = quittance("placement", "export", ids[0], "--format", form)
        Path("file").write_bytes(exported.stdout_bytes)
        told = printed(quittance("placement", "validate", "file", "--json"))

        assert reference in exported.stdout
        assert told == {
            "valid": True,
            "kind": "placements",
            "placements": 1,
            "debts": 1,
            "updates": 0,
            "remittances": 0,
            "totals": {"GBP": "1200.00"},
            "problems": [],
            "cut": False,
        }
    assert "once it has been sent" in quittance("placement", "export", ids[1], "--format", "csv").output
    assert quittance("placement", "export", 99, "--format", "csv").exit_code == 1


def test_a_whole_file_is_told_in_a_sentence_without_any_database(tmp_path: Path) -> None:
    placements, updates = validate(tmp_path, TABLE), validate(tmp_path, UPDATES)

    assert (placements.exit_code, updates.exit_code) == (0, 0)
    assert "of Harbour Supplies Ltd for Fair Recovery Ltd: 1 placements, 3 debts." in placements.output
    assert "1514.20 GBP in all." in placements.output
    assert "of Fair Recovery Ltd: 5 updates." in updates.output
    assert not (tmp_path / "none").exists()


def test_each_problem_is_told_with_what_to_do(tmp_path: Path) -> None:
    harmed = TABLE.replace("300.00,300.00", "300.00,310.00")

    told, as_json = validate(tmp_path, harmed), validate(tmp_path, harmed, "--json")

    assert told.exit_code == 1
    assert told.output.splitlines()[0] == (
        "row 3, debt_open: More is open than it came to (300.00). Write what of the amount is still owed."
    )
    assert "2 things are wrong." in told.output
    found = printed(as_json, code=1)
    assert (found["valid"], found["problems"][0]["place"], found["problems"][0]["field"]) == (
        False,
        "row 3",
        "debt_open",
    )


@pytest.mark.parametrize("words", [["placement", "--help"], ["placement", "validate", "--help"]])
def test_the_help_says_what_it_is_for(words: list[str]) -> None:
    result = CliRunner().invoke(main, words)

    assert result.exit_code == 0
    assert "placement" in result.output
