"""Tables of the placement file's fields, written into docs/placement-file.md between their marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from domain.placements.files.csv_form import CONTACT, DEBT, LINE
from domain.placements.files.fields import Field, fields_of
from domain.placements.files.remittance_schema import LINE_MUST, LINE_SAYS, Remitted, RemittedLine
from domain.placements.files.schema import CODES, MUST, SAYS, Contact, Debt, Header, Placed, Update

PAGE = Path(__file__).resolve().parents[1] / "docs" / "placement-file.md"
BETWEEN = re.compile(r"(<!-- table: (?P<name>[\w ]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def tables() -> dict[str, str]:
    """Each table in Markdown by its name."""
    return {
        "header": _fields(fields_of(Header)),
        "placement": _fields(fields_of(Placed)),
        "contact": _fields(fields_of(Contact), CONTACT.format("N")),
        "debt": _fields(fields_of(Debt), DEBT),
        "update": _fields(fields_of(Update)),
        "update kinds": _table(
            ("`update`", "What it means", "Needed beside `reference`, `update`, `happened_on`"),
            ((f"`{kind}`", SAYS[kind], ", ".join(f"`{name}`" for name in MUST[kind]) or "nothing") for kind in MUST),
        ),
        "remittance": _fields(fields_of(Remitted)),
        "line": _fields(fields_of(RemittedLine), LINE),
        "line kinds": _table(
            ("`about`", "What it means", "Needed beside `about`, `amount`"),
            ((f"`{kind}`", LINE_SAYS[kind], ", ".join(f"`{name}`" for name in LINE_MUST[kind])) for kind in LINE_MUST),
        ),
        "codes": _table(("`code`", "What it means"), ((f"`{code}`", words) for code, words in CODES.items())),
    }


def with_tables(page: str) -> str:
    """A page with each table as the schema says it."""
    made = tables()
    return BETWEEN.sub(lambda found: f"{found[1]}{made[found['name']]}\n{found[3]}", page)


def _fields(fields: Iterable[Field], prefix: str = "") -> str:
    head = ("Field", *(("Column in CSV",) if prefix else ()), "Needed", "How it is written", "What it means", "Example")
    return _table(
        head,
        (
            (
                f"`{each.name}`",
                *((f"`{prefix}{each.name}`",) if prefix else ()),
                "yes" if each.needed else "no",
                each.form.words,
                each.meaning,
                f"`{each.example}`",
            )
            for each in fields
        ),
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
