"""Manual: docs/placement-file.md says what the schema says, and its examples are whole files."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from domain.placements.files.checking import check
from domain.placements.files.fields import fields_of
from domain.placements.files.remittance_schema import LINE_MUST, LINE_SAYS, LineKind, Remitted, RemittedLine
from domain.placements.files.schema import (
    CODES,
    LARGEST_FILE,
    MOST_CONTACTS,
    MUST,
    SAYS,
    Contact,
    Debt,
    Header,
    Placed,
    Update,
    UpdateKind,
)
from domain.placements.model import Closing
from scripts.placement_tables import tables, with_tables

PAGE = (Path(__file__).resolve().parents[4] / "docs" / "placement-file.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```(json|csv)\n(.*?)```", PAGE, re.DOTALL)


def test_every_table_is_the_schema_s_own() -> None:
    assert with_tables(PAGE) == PAGE
    assert sorted(re.findall(r"<!-- table: ([\w ]+) -->", PAGE)) == sorted(tables())


@pytest.mark.parametrize("record", [Header, Placed, Contact, Debt, Update, Remitted, RemittedLine])
def test_the_example_of_each_field_is_written_as_the_field_asks(record: type[Any]) -> None:
    for field in fields_of(record):
        assert field.form.write(field.form.read(field.example)) == field.example


def test_every_update_and_every_code_is_explained() -> None:
    assert set(MUST) == set(SAYS) == set(UpdateKind)
    assert set(CODES) == set(Closing)
    assert set(LINE_MUST) == set(LINE_SAYS) == set(LineKind)


@pytest.mark.parametrize(("form", "example"), EXAMPLES, ids=[form for form, _ in EXAMPLES])
def test_every_example_is_a_whole_file(form: str, example: str) -> None:
    found = check(BytesIO(example.encode()))

    assert found.flaws == []
    assert example.startswith("{") == (form == "json")


@pytest.mark.parametrize("examples", [EXAMPLES[:2], EXAMPLES[4:]], ids=["placements", "remittances"])
def test_both_examples_say_the_same(examples: list[tuple[str, str]]) -> None:
    as_json, as_csv = (check(BytesIO(text.encode())).file for _, text in examples)

    assert as_json is not None
    assert as_json == as_csv


def test_the_limits_are_those_that_hold() -> None:
    assert LARGEST_FILE == 8 * 1024 * 1024
    assert "at most 8 MiB" in PAGE
    assert f"at most {MOST_CONTACTS}." in PAGE
