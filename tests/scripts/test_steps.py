"""Steps: done once for the same ingredients, again when they change, and never taken for done after a failure."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import steps


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with nothing prepared."""
    monkeypatch.setattr(steps, "ROOT", tmp_path)
    monkeypatch.setattr(steps, "LOGS", tmp_path / "logs")
    monkeypatch.setattr(steps, "STAMPS", tmp_path / "stamps")
    return tmp_path


def test_a_step_runs_once_for_the_same_ingredients(project: Path) -> None:
    done: list[str] = []

    for ingredients in ("flour", "flour", "sugar"):
        steps.step("cake", ingredients, lambda: done.append("baked"))

    assert done == ["baked", "baked"]


def test_a_step_runs_again_when_what_it_made_is_gone(project: Path) -> None:
    cake = project / "cake"

    steps.step("cake", "flour", cake.touch, made=[cake])
    cake.unlink()
    steps.step("cake", "flour", cake.touch, made=[cake])

    assert cake.exists()


def test_a_failed_step_says_where_it_stopped_and_is_tried_again(project: Path) -> None:
    def fail() -> None:
        steps.run("cake", ["sh", "-c", "echo the oven is cold; exit 3"])

    for _ in range(2):
        with pytest.raises(steps.StepFailed, match=r"ended with 3(.|\n)*the oven is cold(.|\n)*logs/cake\.log"):
            steps.step("cake", "flour", fail)

    assert not steps.was_done("cake")


def test_a_missing_program_is_named(project: Path) -> None:
    with pytest.raises(steps.StepFailed, match="no-such-program is not there"):
        steps.run("cake", ["no-such-program"])


def test_ingredients_differ_by_name_and_by_content(project: Path) -> None:
    recipe = project / "recipes" / "cake"
    recipe.parent.mkdir()
    recipe.write_text("flour")
    before = steps.digest([recipe.parent])

    recipe.write_text("sugar")
    changed = steps.digest([recipe.parent])
    recipe.rename(recipe.with_name("pie"))
    renamed = steps.digest([recipe.parent])

    assert len({before, changed, renamed}) == 3
