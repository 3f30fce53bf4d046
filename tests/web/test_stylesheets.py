"""Stylesheets: short files, each imported once, and no class in them that no page has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from web.rendering import TEMPLATES

ROOT = TEMPLATES.parent
SHEETS = sorted((ROOT / "web" / "static" / "css").glob("*.css"))
PAGES = [path for place in ("templates", "app", "adapters") for path in (ROOT / place).rglob("*.html")]
SCRIPTS = [*(ROOT / "web").glob("*.py"), *(ROOT / "web" / "static" / "js").glob("*.js")]
LONGEST = 300
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SELECTOR = re.compile(r"([^{};]*)\{")
CLASS = re.compile(r"\.([a-zA-Z_][\w-]*)")
DOUBLE = re.compile(r'"([^"]*)"')
SINGLE = re.compile(r"'([^'\n]*)'")
REMARK = re.compile(r"\{#.*?#\}", re.DOTALL)
OF_A_NUMBER = re.compile(r"-\d+$")


def classes(sheet: Path) -> set[str]:
    """The classes that a stylesheet has something for."""
    selectors = SELECTOR.findall(COMMENT.sub("", sheet.read_text()))
    return {name for selector in selectors for name in CLASS.findall(DOUBLE.sub("", selector))}


def words() -> Iterator[str]:
    """Every word within quotes: all classes are, whole or as the end that a macro puts to its own."""
    for path in (*PAGES, *SCRIPTS):
        text = REMARK.sub("", path.read_text())
        for string in (*DOUBLE.findall(text), *SINGLE.findall(text)):
            yield from re.findall(r"[\w-]+", string)
        for block in re.findall(r"block body_class %\}([^{]*)\{%", text):
            yield from block.split()


def test_every_class_is_on_some_page() -> None:
    known = set(words())

    def is_known(name: str) -> bool:
        stem, _, kind = name.partition("--")
        return name in known or (stem in known and kind in known) or f"{OF_A_NUMBER.sub('', name)}-" in known

    unused = {f"{sheet.name}: .{name}" for sheet in SHEETS for name in classes(sheet) if not is_known(name)}

    assert not unused


def test_every_file_is_imported_and_short() -> None:
    imported = re.findall(r'@import url\("([^"]+)"\)', (SHEETS[0].parent / "quittance.css").read_text())

    assert sorted(imported) == sorted(sheet.name for sheet in SHEETS if sheet.name != "quittance.css")
    assert [sheet.name for sheet in SHEETS if len(sheet.read_text().splitlines()) > LONGEST] == []
