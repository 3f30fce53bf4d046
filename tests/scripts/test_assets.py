"""Assets: one sheet with its layers in order, references that hold, names that change with their contents."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts import assets


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small site's sources; what is built from them goes beside them."""
    static = tmp_path / "static"
    for name, text in {
        "css/quittance.css": '@layer reset, parts;\n@import url("reset.css") layer(reset);\n@import "parts.css";\n',
        "css/reset.css": "/* why */\n* { margin: 0; }\n",
        "css/parts.css": '.icon { background: url("../icons/icons.svg#pay"); }\n',
        "icons/icons.svg": "<svg/>",
    }.items():
        (static / name).parent.mkdir(parents=True, exist_ok=True)
        (static / name).write_text(text)
    (tmp_path / "htmx.js").write_text("htmx")
    monkeypatch.setattr(assets, "SOURCES", static)
    monkeypatch.setattr(assets, "BUILT", tmp_path / "built")
    monkeypatch.setattr(assets, "VENDORED", {"js/htmx.min.js": tmp_path / "htmx.js"})
    return tmp_path


def test_all_sheets_become_one_with_each_import_in_its_layer(project: Path) -> None:
    manifest = assets.build()

    sheet = (project / "built" / manifest["css/quittance.css"]).read_text()
    assert [name for name in manifest if name.endswith(".css")] == ["css/quittance.css"]
    assert (
        sheet.index("@layer reset, parts;") < sheet.index("@layer reset {\n* { margin: 0; }\n}") < sheet.index(".icon")
    )
    assert "@import" not in sheet


def test_what_the_sheet_refers_to_is_where_it_says(project: Path) -> None:
    manifest = assets.build()

    sheet = project / "built" / manifest["css/quittance.css"]
    assert f'url("../{manifest["icons/icons.svg"]}#pay")' in sheet.read_text()
    assert (project / "built" / manifest["icons/icons.svg"]).read_text() == "<svg/>"


def test_a_name_changes_with_the_contents_and_only_then(project: Path) -> None:
    first = assets.build()

    (project / "static" / "css" / "reset.css").write_text("* { margin: 1px; }\n")
    second = assets.build()

    assert first["css/quittance.css"] != second["css/quittance.css"]
    assert first["icons/icons.svg"] == second["icons/icons.svg"]
    assert json.loads((project / "built" / "manifest.json").read_text()) == second
    assert not (project / "built" / first["css/quittance.css"]).exists()


def test_a_reference_to_nothing_stops_the_build(project: Path) -> None:
    (project / "static" / "css" / "parts.css").write_text('.icon { background: url("../icons/missing.svg"); }\n')

    with pytest.raises(KeyError, match=r"icons/missing\.svg"):
        assets.build()
