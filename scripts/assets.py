"""Assets: build `web/static-built` from our own files and htmx, each named by its contents, with a manifest.

The stylesheet's imports are bundled into one file in their order, so that a page loads one; `url(...)` in it is
rewritten to the built names. Everything in the built folder may be cached for ever.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "web" / "static"
BUILT = ROOT / "web" / "static-built"
VENDORED = {"js/htmx.min.js": ROOT / "node_modules" / "htmx.org" / "dist" / "htmx.min.js"}
STYLESHEET = "css/quittance.css"

IMPORT = re.compile(r"""@import\s+(?:url\()?["']([^"']+)["']\)?\s*(?:layer\(([\w.-]+)\))?\s*;""")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
URL = re.compile(r"""url\(\s*["']?(?!data:|#)([^"')]+)["']?\s*\)""")


def build() -> dict[str, str]:
    """Build everything into a fresh folder, put it in place of the old one, and return the manifest."""
    fresh = BUILT.with_name(BUILT.name + "-new")
    shutil.rmtree(fresh, ignore_errors=True)
    manifest: dict[str, str] = {}
    for name, source in sorted(_files().items()):
        manifest[name] = _put(fresh, name, source.read_bytes())
    if (SOURCES / STYLESHEET).exists():
        manifest[STYLESHEET] = _put(fresh, STYLESHEET, _stylesheet(manifest).encode())
    fresh.mkdir(parents=True, exist_ok=True)
    (fresh / "manifest.json").write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n")
    shutil.rmtree(BUILT, ignore_errors=True)
    fresh.rename(BUILT)
    return manifest


def bundle(sheet: Path) -> str:
    """The stylesheet with its imports in place, each within its layer."""

    def inline(found: re.Match[str]) -> str:
        inner = bundle(sheet.parent / found[1])
        return f"@layer {found[2]} {{\n{inner}}}\n" if found[2] else inner

    return IMPORT.sub(inline, COMMENT.sub("", sheet.read_text()))


def _files() -> dict[str, Path]:
    """Every file that is served as it is: our own but for the stylesheets, and others' from npm."""
    ours = {path.relative_to(SOURCES).as_posix(): path for path in SOURCES.rglob("*") if path.is_file()}
    return {name: path for name, path in ours.items() if path.suffix != ".css"} | VENDORED


def _stylesheet(manifest: dict[str, str]) -> str:
    """The one stylesheet, without blank lines, its references by built names relative to its folder."""

    def point(found: re.Match[str]) -> str:
        wanted = (SOURCES / "css" / found[1].partition("#")[0]).resolve().relative_to(SOURCES).as_posix()
        fragment = found[1][len(found[1].partition("#")[0]) :]
        return f'url("../{manifest[wanted]}{fragment}")'

    text = URL.sub(point, bundle(SOURCES / STYLESHEET))
    return "\n".join(line.rstrip() for line in text.splitlines() if line.strip()) + "\n"


def _put(folder: Path, name: str, content: bytes) -> str:
    stem, dot, ending = name.rpartition(".")
    named = f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}{dot}{ending}"
    target = folder / named
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return named


if __name__ == "__main__":
    for built in build().values():
        print(built)
