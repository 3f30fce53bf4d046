"""The import command: what it prints, how it ends, and that a file becomes the figures that were worked out by hand."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from tests.conftest import Workshop
from tests.support.ibm import IBM, IBM_MAPPING, needs_ibm
from tests.support.importing import a_csv, a_row

MAPPING = """
[file]
currency = "GBP"
[columns]
account_number = "account"
invoice_number = "invoice"
issued_on = "issued"
due_on = "due"
amount = "amount"
paid_on = "paid"
account_name = "name"
"""

Command = Callable[..., Result]


@pytest.fixture
def quittance(
    workshop: Workshop, engine_kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Command]:
    """The command on a database of its own."""
    with workshop.kinds[engine_kind].fresh() as url:
        monkeypatch.setenv("QUITTANCE_HOME", str(tmp_path))
        monkeypatch.setenv("QUITTANCE_DATABASE_URL", url)
        monkeypatch.chdir(tmp_path)
        Path("map.toml").write_text(MAPPING)
        yield lambda *words: CliRunner().invoke(main, [str(word) for word in words])


def printed(result: Result, *, code: int = 0) -> Any:
    assert result.exit_code == code, result.output
    return json.loads(result.stdout)


def test_a_file_is_imported_and_told(quittance: Command) -> None:
    Path("ledger.csv").write_bytes(a_csv(a_row(paid="2026-02-01"), a_row("C-2")))

    result = quittance("import", "ledger.csv", "--mapping", "map.toml")

    assert result.exit_code == 0
    assert "Imported 2 invoices and 1 payment of 2 new accounts (240.00 GBP invoiced, 120.00 GBP paid)" in result.stdout


def test_a_dry_run_counts_and_leaves_nothing(quittance: Command) -> None:
    Path("ledger.csv").write_bytes(a_csv(a_row()))

    tried = printed(quittance("import", "ledger.csv", "--mapping", "map.toml", "--dry-run", "--json"))
    done = printed(quittance("import", "ledger.csv", "--mapping", "map.toml", "--json"))

    assert (tried["booked"], tried["batch"], tried["invoices"], tried["total"]) == (False, None, 1, {"GBP": "120.00"})
    assert (done["booked"], done["invoices"], done["total"]) == (True, 1, {"GBP": "120.00"})


def test_errors_are_told_by_row_and_column_and_nothing_is_imported(quittance: Command) -> None:
    Path("ledger.csv").write_bytes(a_csv(a_row(), a_row("C-2", amount="1.234")))

    told = printed(quittance("import", "ledger.csv", "--mapping", "map.toml", "--json"), code=1)
    in_words = quittance("import", "ledger.csv", "--mapping", "map.toml")

    assert [(error["row"], error["column"], error["found"]) for error in told["errors"]] == [(3, "amount", "1.234")]
    assert 'decimal = ","' in told["errors"][0]["expected"]
    assert in_words.exit_code == 1
    assert "row 3, column amount: found “1.234”" in in_words.stderr
    assert "1 error: nothing was imported." in in_words.stdout


def test_notes_are_told_and_do_not_stop_it(quittance: Command) -> None:
    Path("ledger.csv").write_bytes(a_csv(a_row(name="Acme"), a_row(invoice="1002", name="ACME Ltd")))

    result = quittance("import", "ledger.csv", "--mapping", "map.toml")

    assert result.exit_code == 0
    assert "note: row 3, column name: found “ACME Ltd”, expected Acme" in result.stderr


def test_an_opening_balance_is_chosen_on_the_line(quittance: Command) -> None:
    Path("ledger.csv").write_bytes(a_csv(a_row()))

    printed(quittance("import", "ledger.csv", "--mapping", "map.toml", "--as", "opening-balance", "--json"))

    assert quittance("check-books").exit_code == 0


@pytest.mark.parametrize("mapping", [b"[columns", b"[columns]\ncustomer = 'x'\n", b"\xff\xfe"])
def test_a_mapping_that_cannot_be_used_ends_with_a_sentence(quittance: Command, mapping: bytes) -> None:
    Path("ledger.csv").write_bytes(a_csv(a_row()))
    Path("map.toml").write_bytes(mapping)

    result = quittance("import", "ledger.csv", "--mapping", "map.toml")

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("Error: ")


@needs_ibm
def test_ibms_sample_gives_the_figures_that_were_worked_out_by_hand(quittance: Command) -> None:
    first = printed(quittance("import", IBM, "--mapping", IBM_MAPPING, "--json"))
    again = printed(quittance("import", IBM, "--mapping", IBM_MAPPING, "--json"))
    in_words = quittance("import", IBM, "--mapping", IBM_MAPPING)
    ageing = printed(quittance("ageing", "--as-of", "2013-06-30", "--json"))["currencies"]["USD"]
    figures = printed(quittance("figures", "--from", "2013-04-01", "--to", "2013-06-30", "--json"))["currencies"]["USD"]

    assert (first["accounts"], first["invoices"], first["total"], first["paid"]) == (
        100,
        2466,
        {"USD": "147703.18"},
        {"USD": "147703.18"},
    )
    assert (again["accounts"], again["invoices"], again["payments"], again["skipped"]) == (0, 0, 0, 2466)
    assert in_words.stdout == "Nothing to import: every row (2,466) is known already.\n"
    assert ageing["buckets"]["current"] == {"amount": "4284.29", "count": 72}
    assert ageing["buckets"]["1-30"] == {"amount": "835.56", "count": 12}
    assert ageing["total"] == "5119.85"
    assert [figures[name] for name in ("credit_sales", "dso", "best_possible_dso", "count_back_dso", "cei")] == [
        "20098.87",
        "23.18",
        "19.40",
        "26.26",
        "96.15",
    ]
    assert quittance("check-books").exit_code == 0
