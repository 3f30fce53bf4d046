"""The house's own rules, held by looking at the files: how each starts, its size, what none may contain."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TRACKED = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    if (ROOT / name).is_file()
]
CODE = [path for path in TRACKED if path.suffix == ".py"]
TEXT = [path for path in TRACKED if path.suffix in {".py", ".html", ".css", ".js", ".md", ".toml", ".typ", ".json"}]
LOCKS = [ROOT / "package-lock.json", *sorted((ROOT / "requirements").glob("*.txt"))]

GENERATED = ROOT / "migrations" / "versions"
LONGEST = 400
UNFINISHED = re.compile(r"\b(TO[D]O|FIX[M]E|XX[X]|HA[C]K)\b")
ELSEWHERE = re.compile(r"(?<![\w.])(?:/wo[r]k/|/ho[m]e/\w|/ro[o]t/|/Us[e]rs/|\.\./sha[r]ed/(?!data/))")
ADDRESS = re.compile(r"https?://|file:/|@\s*git\+|^\s*-(?:-index-url|-extra-index-url|i|f)\b", re.MULTILINE)
SENTENCE = re.compile(r"^[A-Z`\"].*[.!?]$", re.DOTALL)


def named(paths: list[Path]) -> list[str]:
    """The files by their names from the top of the project."""
    return [path.relative_to(ROOT).as_posix() for path in paths]


def test_each_file_says_in_one_sentence_what_it_is_for() -> None:
    docstrings = {path: ast.get_docstring(ast.parse(path.read_text())) or "" for path in CODE}

    silent = [path for path, words in docstrings.items() if not SENTENCE.match(words.partition("\n\n")[0])]

    assert named(silent) == []


def test_no_file_is_longer_than_one_can_keep_in_mind() -> None:
    written = [path for path in CODE if GENERATED not in path.parents]

    long = [path for path in written if len(path.read_text().splitlines()) > LONGEST]

    assert named(long) == []


def test_nothing_is_left_for_later() -> None:
    assert [name for name in named(TEXT) if UNFINISHED.search((ROOT / name).read_text())] == []


def test_nothing_names_a_folder_of_one_machine() -> None:
    assert [name for name in named(TEXT) if ELSEWHERE.search((ROOT / name).read_text())] == []


@pytest.mark.parametrize("name", named(LOCKS))
def test_a_lock_file_names_no_address(name: str) -> None:
    assert ADDRESS.findall((ROOT / name).read_text()) == []


@pytest.mark.parametrize("name", [name for name in named(LOCKS) if name.endswith(".txt")])
def test_each_locked_library_has_its_hashes(name: str) -> None:
    pins = re.split(r"\n(?=[a-z0-9])", (ROOT / name).read_text().partition("\n\n")[0])

    without = [pin.splitlines()[0] for pin in pins if "==" in pin and "--hash=sha256:" not in pin]

    assert without == []


def test_every_page_loads_one_stylesheet() -> None:
    pages = [name for name in named(TEXT) if name.startswith("templates/") and name.endswith(".html")]

    sheets = {sheet for name in pages for sheet in re.findall(r"asset\(['\"]([^'\"]+\.css)", (ROOT / name).read_text())}

    assert sheets <= {"css/quittance.css"}


def test_no_field_hides_what_its_form_can_do() -> None:
    """A form's fields are its properties, by name: one called `remove` keeps htmx from taking the form away."""
    own = "remove|submit|reset|closest|matches|append|before|after|contains|focus|click"
    hides = re.compile(rf"""(?:\bname=|ui\.\w+\(\w+, )"(?:{own})\"""")

    assert [name for name in named(TEXT) if name.endswith(".html") and hides.search((ROOT / name).read_text())] == []


def test_the_make_file_explains_each_target_that_people_call() -> None:
    shown = subprocess.run(["make", "-s", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout

    missing = {"demo", "test", "check", "reset", "bench", "faults", "messages", "format"} - set(shown.split())

    assert missing == set()
