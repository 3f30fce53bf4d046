"""The bank command: takes in statement files, says what was new and how well it is matched, and refuses bad ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from tests.conftest import Workshop
from tests.support.bank_files import IBAN, a_bank_csv, a_camt053, a_line, an_mt940

Command = Callable[..., Result]
ONE = a_line("100.00", "first", bank_ref="B1", currency="GBP")
TWO = a_line("-20.00", "second", bank_ref="B2", currency="GBP")


@pytest.fixture
def quittance(
    workshop: Workshop, engine_kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Command]:
    """The command on a database of its own."""
    with workshop.kinds[engine_kind].fresh() as url:
        monkeypatch.setenv("QUITTANCE_HOME", str(tmp_path))
        monkeypatch.setenv("QUITTANCE_DATABASE_URL", url)
        monkeypatch.chdir(tmp_path)
        yield lambda *words: CliRunner().invoke(main, [str(word) for word in words])


def printed(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_file_is_taken_in_once_and_told(quittance: Command) -> None:
    Path("march.xml").write_bytes(a_camt053(ONE, TWO))

    told = quittance("bank", "import", "march.xml")
    again = printed(quittance("bank", "import", "march.xml", "--json"))

    assert f"{IBAN} (GBP) 2026-03-13 to 2026-03-13: 2 lines, 2 new, 0 known already." in told.stdout
    assert "0 matched surely, 0 suggested, 2 left." in told.stdout
    assert (again["format"], again["left"]) == ("camt053", 0)
    assert again["statements"][0] == {
        "account": IBAN,
        "currency": "GBP",
        "from": "2026-03-13",
        "to": "2026-03-13",
        "opening": "1000.00",
        "closing": "1080.00",
        "closed_before": None,
        "lines": 2,
        "new": 0,
        "known": 2,
    }


def test_a_file_that_does_not_add_up_is_refused(quittance: Command) -> None:
    Path("march.sta").write_bytes(an_mt940(ONE, closing="1.00"))

    result = quittance("bank", "import", "march.sta")

    assert result.exit_code == 1
    assert "Nothing was taken from this bank file" in result.output


def test_a_table_wants_to_be_told_whose_it_is_and_its_columns(quittance: Command) -> None:
    Path("march.xml").write_bytes(a_camt053(ONE, TWO))
    Path("march.csv").write_bytes(a_bank_csv(ONE, TWO))
    quittance("bank", "import", "march.xml")

    nobodys = quittance("bank", "import", "march.csv")
    unknown = quittance("bank", "import", "march.csv", "--account", "savings")
    unmatched = quittance("bank", "import", "march.csv", "--account", IBAN)

    assert [result.exit_code for result in (nobodys, unknown, unmatched)] == [1, 1, 1]
    assert "--account" in nobodys.output
    assert "We could not find that bank account." in unknown.output
    assert "Match the columns" in unmatched.output
