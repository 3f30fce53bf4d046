"""The table: a new run takes the place of the last one, and what stands around it stays."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import table
from bench.measuring import Pairs, Turn
from bench.table import BEGIN, END, Result, write_down


def test_a_new_run_takes_the_place_of_the_last_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = tmp_path / "benchmarks.md"
    document.write_text(f"before\n\n{BEGIN}old\n{END}\n\nafter\n")
    monkeypatch.setattr(table, "DOCUMENT", document)
    slow, fast = Turn(2.0, [0.2] * 10), Turn(1.0, [0.1] * 10)

    write_down([Result("work", "SQLite", 0.7, Pairs([slow], [fast]))], "one day")

    line = "| work | SQLite | 0.50 (0.50 to 0.50) | at least 0.70 | no | 5 | 10 | 200.0 / 200.0 ms | 100.0 / 100.0 ms |"
    written = document.read_text()
    assert written.startswith(f"before\n\n{BEGIN}one day\n\n| Work | Engine |")
    assert written.endswith(f"{line}\n{END}\n\nafter\n")
    assert "old" not in written
