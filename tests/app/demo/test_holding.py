"""Holding: a demo that is open is neither opened again nor forgotten, and what is said names where it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from app.demo.holding import held
from app.environment import WrongSetting


def test_a_second_one_is_refused_with_what_the_first_is_doing(tmp_path: Path) -> None:
    first = held(tmp_path, "open at http://127.0.0.1:8000")
    second = held(tmp_path, "open elsewhere")

    with first, pytest.raises(WrongSetting, match=r"is open at http://127\.0\.0\.1:8000: end"):
        second.__enter__()


def test_the_next_one_may_come_when_the_first_has_gone(tmp_path: Path) -> None:
    with held(tmp_path, "open"):
        pass

    with held(tmp_path, "being forgotten"):
        assert (tmp_path / "demo.lock").read_text() == "being forgotten"


@pytest.mark.parametrize("words", [("demo", "forget"), ("demo", "--only-data"), ("demo", "--fresh")])
def test_an_open_demo_is_not_touched(words: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "quittance.db").write_bytes(b"precious")

    with held(tmp_path, "open at http://127.0.0.1:8000"):
        said = CliRunner().invoke(main, words, env={"QUITTANCE_HOME": str(tmp_path)})

    assert said.exit_code == 1
    assert "open at http://127.0.0.1:8000" in said.output
    assert (tmp_path / "quittance.db").read_bytes() == b"precious"
