"""Messages: collect every text for people from code and templates, and bring the catalogs in web/locale up to date."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from scripts.steps import CACHE, ROOT

CATALOGS = ROOT / "web" / "locale"
TEMPLATE = CACHE / "quittance.pot"
PLACEHOLDER = re.compile(r"\{(\w+)[^{}]*\}|%\((\w+)\)")
HEADER = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: {catalog.locale_identifier}\\n"
"Plural-Forms: {catalog.plural_forms}\\n"

"""


def collect(into: Path = TEMPLATE) -> Catalog:
    """Every text that code marks with `_`, `N_` or their plural forms, and every one in a template."""
    pybabel = Path(sys.prefix) / "bin" / "pybabel"
    into.parent.mkdir(exist_ok=True)
    extract: list[str | Path] = [
        pybabel,
        "-q",
        "extract",
        "-F",
        "pyproject.toml",
        "-k",
        "N_",
        "-k",
        "NN_:1,2",
        "--no-location",
    ]
    subprocess.run([*extract, "-o", into, "."], cwd=ROOT, check=True)
    return read(into)


def read(path: Path, locale: str | None = None) -> Catalog:
    """A catalog from its file."""
    with path.open("rb") as file:
        return read_po(file, locale=locale, abort_invalid=True)


def update(path: Path, template: Catalog) -> int:
    """Take new texts into a catalog and drop those that are gone; returns how many wait for a translation."""
    catalog = read(path, path.parent.parent.name)
    catalog.update(template, no_fuzzy_matching=True)
    body = BytesIO()
    write_po(body, catalog, width=0, no_location=True, omit_header=True, sort_output=True, ignore_obsolete=True)
    path.write_text(HEADER.format(catalog=catalog) + body.getvalue().decode())
    return len(untranslated(catalog))


def untranslated(catalog: Catalog) -> list[str]:
    """The texts that a catalog has no words for, in whole or in one of their plural forms."""
    return [str(message.id) for message in catalog if message.id and not all(forms(message.string))]


def misfits(catalog: Catalog) -> list[str]:
    """The texts whose translation asks for a value that the text does not give, or leaves one out."""
    wrong = []
    for message in catalog:
        given = [set(PLACEHOLDER.findall(form)) for form in forms(message.id)]
        taken = [set(PLACEHOLDER.findall(form)) for form in forms(message.string) if form]
        exact = not message.pluralizable
        if any(values != given[0] if exact else not values <= set().union(*given) for values in taken):
            wrong.append(str(message.id))
    return wrong


def forms(text: str | Sequence[str] | None) -> Sequence[str]:
    """A text in its singular and plural forms, or the one that it has."""
    return [text] if isinstance(text, str) else text or [""]


def main() -> None:
    """Collect, and update every catalog there is."""
    template = collect()
    for path in sorted(CATALOGS.glob("*/LC_MESSAGES/quittance.po")):
        print(f"{path.relative_to(ROOT)}: {update(path, template)} texts to translate of {len(template)}")


if __name__ == "__main__":
    main()
