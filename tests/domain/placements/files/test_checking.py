"""Checking: each way in which a placement file can be wrong is named with its place, its field and what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest

from domain.placements.files.checking import Checked, check
from domain.placements.files.flaws import MOST_FLAWS
from domain.placements.files.schema import LARGEST_FILE
from tests.domain.placements.files.test_manual import EXAMPLES

PLACEMENTS, TABLE, UPDATES, UPDATE_ROWS, REMITTANCES, REMITTANCE_ROWS = (text for _, text in EXAMPLES)
ONE = "placements[0]"
DEBT = "placements[0].debts[0]"
Harm = Callable[[dict[str, Any]], object]


def of(content: str | bytes) -> Checked:
    """What is found in a file with this content."""
    return check(BytesIO(content.encode() if isinstance(content, str) else content))


def harmed(example: str, harm: Harm) -> list[tuple[str, str]]:
    """Where the flaws of an example are once it was harmed; each says what is wrong and what to do."""
    whole = json.loads(example)
    harm(whole)
    found = of(json.dumps(whole))
    assert found.file is None
    assert all(flaw.wrong.endswith(".") and flaw.todo.endswith((".", "empty.")) for flaw in found.flaws)
    return [(flaw.place, flaw.field) for flaw in found.flaws]


def put(*path: Any) -> Harm:
    """Put the last of these where the others lead."""

    def harm(whole: Any) -> None:
        *way, last, value = path
        for step in way:
            whole = whole[step]
        whole[last] = value

    return harm


P = ("placements", 0)
D = ("placements", 0, "debts", 0)


@pytest.mark.parametrize(
    ("harm", "expected"),
    [
        (put("schema", "other"), [("", "schema")]),
        (put("version", 2), [("", "version")]),
        (put("version", True), [("", "version")]),
        (put("kind", "debts"), [("", "kind")]),
        (put("creditor", " "), [("", "creditor")]),
        (put("made_at", "2026-11-22T09:30:00"), [("", "made_at")]),
        (put("colour", "red"), [("", "“colour”")]),
        (put("placements", []), [("", "placements")]),
        (put("placements", None), [("", "placements")]),
        (lambda whole: whole["placements"].append(7), [("placements[1]", "")]),
        (put(*P, "total", "1514.21"), [(ONE, "total")]),
        (put(*P, "total", 1514.20), [(ONE, "total")]),
        (put(*P, "total", "1,514.20"), [(ONE, "total")]),
        (put(*P, "total", "-1514.20"), [(ONE, "total")]),
        (put(*P, "costs", "0.001"), [(ONE, "costs")]),
        (put(*P, "principal", "1499.00"), [(ONE, "principal"), (ONE, "total")]),
        (put(*P, "interest", "15.20"), [(ONE, "interest"), (ONE, "total")]),
        (put(*P, "delinquent_on", "2026-09-09"), [(ONE, "delinquent_on")]),
        (put(*P, "delinquent_on", "24.08.2026"), [(ONE, "delinquent_on")]),
        (put(*P, "last_payment_on", "2026-02-30"), [(ONE, "last_payment_on")]),
        (put(*P, "legal_form", "Ltd"), [(ONE, "legal_form")]),
        (put(*P, "currency", "gbp"), [(ONE, "currency")]),
        (put(*P, "country", "UK"), [(ONE, "country")]),
        (put(*P, "jurisdiction", "London"), [(ONE, "jurisdiction")]),
        (put(*P, "language", "english"), [(ONE, "language")]),
        (put(*P, "email", "harbour"), [(ONE, "email")]),
        (put(*P, "name", "x" * 201), [(ONE, "name")]),
        (put(*P, "name", "a\nb"), [(ONE, "name")]),
        (put(*P, "name", "a\x00b"), [(ONE, "name")]),
        (put(*P, "name", "a\ud800b"), [(ONE, "name")]),
        (put(*P, "name", ["a"]), [(ONE, "name")]),
        (put(*P, "reference", ""), [(ONE, "reference")]),
        (put(*P, "contacts", {}), [(ONE, "contacts")]),
        (put(*P, "contacts", [{}] * 21), [(ONE, "contacts")]),
        (put(*P, "contacts", 0, "role", "boss"), [("placements[0].contacts[0]", "role")]),
        (put(*P, "debts", []), [(ONE, "debts")]),
        (put(*P, "debts", 2, "number", "INV-1001"), [("placements[0].debts[2]", "number")]),
        (put(*D, "open", "1500.01"), [(DEBT, "open"), (ONE, "principal")]),
        (put(*D, "open", "0.00"), [(DEBT, "open"), (ONE, "principal")]),
        (put(*D, "amount", "1500.005"), [(DEBT, "amount")]),
        (put(*D, "part", "fees"), [(DEBT, "part")]),
        (put(*D, "interest_rate", None), [(DEBT, "interest_rate")]),
        (put(*D, "interest_from", None), [(DEBT, "interest_from")]),
        (put(*D, "interest_rate", "11,75"), [(DEBT, "interest_rate")]),
        (put(*P, "debts", 2, "interest_from", "2026-11-02"), [("placements[0].debts[2]", "interest_rate")]),
        (
            lambda whole: whole["placements"][0]["debts"][2].update(interest_from="2026-11-02", interest_rate="8"),
            [("placements[0].debts[2]", "interest_from")],
        ),
        (lambda whole: whole["placements"].append(whole["placements"][0]), [("placements[1]", "reference")]),
    ],
)
def test_what_is_wrong_with_placements_is_named(harm: Harm, expected: list[tuple[str, str]]) -> None:
    assert harmed(PLACEMENTS, harm) == expected


@pytest.mark.parametrize(
    ("harm", "expected"),
    [
        (put("updates", 0, "update", "taken"), [("updates[0]", "update")]),
        (put("updates", 0, "happened_on", "2026-12-22"), [("updates[0]", "happened_on")]),
        (put("updates", 0, "amount", "1.00"), [("updates[0]", "amount")]),
        (put("updates", 1, "text", None), [("updates[1]", "text")]),
        (put("updates", 2, "amount", "0"), [("updates[2]", "amount")]),
        (put("updates", 2, "amount", "1.005"), [("updates[2]", "amount")]),
        (put("updates", 2, "currency", None), [("updates[2]", "currency")]),
        (put("updates", 2, "partner_reference", None), [("updates[2]", "partner_reference")]),
        (put("updates", 3, "happened_on", "2026-12-02"), [("updates[3]", "happened_on")]),
        (put("updates", 4, "reference", "HO-000017"), [("updates[4]", "update")]),
        (put("updates", 4, "update", "closed"), [("updates[4]", "code")]),
        (put("updates", 4, "code", "paid"), [("updates[4]", "code")]),
        (lambda whole: whole["updates"].append(whole["updates"][2]), [("updates[5]", "partner_reference")]),
    ],
)
def test_what_is_wrong_with_updates_is_named(harm: Harm, expected: list[tuple[str, str]]) -> None:
    assert harmed(UPDATES, harm) == expected


R = ("remittances", 0)
L = ("remittances", 0, "lines")
FIRST, LINES = "remittances[0]", [f"remittances[0].lines[{at}]" for at in range(3)]


@pytest.mark.parametrize(
    ("harm", "expected"),
    [
        (put(*R, "way", "half"), [(FIRST, "way")]),
        (put(*R, "paid", "942.51"), [(FIRST, "paid")]),
        (put(*R, "paid", "942.505"), [(FIRST, "paid")]),
        (put(*R, "remitted_on", "2027-02-02"), [(FIRST, "remitted_on")]),
        (put(*R, "lines", []), [(FIRST, "lines")]),
        (put(*R, "way", "gross"), [(LINES[at], name) for at in (0, 1) for name in ("commission", "tax")]),
        (put(*L, 0, "about", "paid"), [(LINES[0], "about")]),
        (put(*L, 0, "amount", "0"), [(LINES[0], "amount")]),
        (put(*L, 0, "tax", "80.001"), [(LINES[0], "tax")]),
        (put(*L, 0, "placement", None), [(LINES[0], "placement")]),
        (put(*L, 0, "partner_reference", " "), [(LINES[0], "partner_reference")]),
        (put(*L, 0, "corrects", "FR-R-2026-12"), [(LINES[0], "corrects")]),
        (put(*L, 0, "colour", "red"), [(LINES[0], "“colour”")]),
        (put(*L, 2, "corrects", None), [(LINES[2], "corrects")]),
        (put(*L, 2, "commission", "1.00"), [(LINES[2], "commission")]),
        (put(*L, 1, "amount", "2500.00"), [(FIRST, "paid")]),
        (lambda whole: whole["remittances"].append(7), [("remittances[1]", "")]),
        (
            lambda whole: whole["remittances"].append({**whole["remittances"][0]}),
            [("remittances[1]", name) for name in ("reference", "partner_reference", "partner_reference", "corrects")],
        ),
    ],
)
def test_what_is_wrong_with_remittances_is_named(harm: Harm, expected: list[tuple[str, str]]) -> None:
    assert harmed(REMITTANCES, harm) == expected


def test_what_is_wrong_with_a_table_of_remittances_is_named_by_row_and_column() -> None:
    unlike = of(REMITTANCE_ROWS.replace("942.50,overpaid", "942.51,overpaid")).flaws
    without = of(REMITTANCE_ROWS.replace("line_about", "about")).flaws
    empty = of(REMITTANCE_ROWS.replace("payment,HO-000017", "payment,")).flaws

    assert [(flaw.place, flaw.field) for flaw in unlike] == [("row 4", "paid")]
    assert [(flaw.place, flaw.field) for flaw in without] == [("row 1", "“about”"), ("row 1", "line_about")]
    assert [(flaw.place, flaw.field) for flaw in empty] == [("row 2", "line_placement")]


def test_where_each_record_stands_is_told() -> None:
    assert of(UPDATES).places == tuple(f"updates[{at}]" for at in range(5))
    assert of(UPDATE_ROWS).places == ("row 2", "row 3", "row 4", "row 5")
    assert of(REMITTANCE_ROWS).places == ("row 2",)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("debt_open", "open", [("row 1", "“open”"), ("row 1", "debt_open")]),
        ("debt_description", "debt_number", [("row 1", "“debt_number”")]),
        ("contact_2_name", "contact_21_name", [("row 1", "“contact_21_name”")]),
        ("kind,", "", [("row 2", ""), ("row 3", ""), ("row 4", ""), ("", "")]),
        ("1500.00,1200.00", "1500.00,1200.00.0", [("row 2", "debt_open")]),
        ("1500.00,1200.00", "1500.00;1200.00", [("row 2", ""), ("row 3", "principal")]),
        ("300.00,300.00", "300.00,310.00", [("row 3", "debt_open"), ("row 2", "principal")]),
        ("INV-1044", "INV-1001", [("row 3", "debt_number")]),
        ("contact,Ana Ruiz", "boss,Ana Ruiz", [("row 3", "contact_1_role"), ("row 4", "contact_1_role")]),
        ('""extras""', '"extras"', [("row 2", "")]),
    ],
)
def test_what_is_wrong_with_a_table_is_named_by_row_and_column(
    before: str, after: str, expected: list[tuple[str, str]]
) -> None:
    found = [(flaw.place, flaw.field) for flaw in of(TABLE.replace(before, after, 1)).flaws]

    assert found[: len(expected)] == expected


def test_the_columns_of_a_placement_say_the_same_in_all_its_rows() -> None:
    first, second, *rest = UPDATE_ROWS.splitlines()

    header = of("\n".join([first, second, rest[0].replace("Fair Recovery", "Other")])).flaws
    head, _, rows = TABLE.partition("\n")
    debtor = of(f"{head}\n{rows[::-1].replace('C-1001'[::-1], 'C-2'[::-1], 1)[::-1]}").flaws

    assert [(flaw.place, flaw.field) for flaw in header] == [("row 3", "partner")]
    assert [(flaw.place, flaw.field) for flaw in debtor] == [("row 4", "account_number")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n",
        b"{",
        b"[]",
        b"{}",
        b'{"kind": "updates", "kind": "placements"}',
        b"[" * 100_000,
        b'{"version": ' + b"9" * 5_000 + b"}",
        b"schema;version;kind\n1;2;3\n",
        b"schema,version,kind\n",
        b'schema\n"' + b"x" * 200_000 + b'"\n',
        b"," * 100_000 + b"\n" + b"," * 100_000,
        b"\xff\xfe" + "schema,version".encode("utf-16-le"),
        b"PK\x03\x04\x00\x00",
        TABLE.replace("é", "\u00e9").encode("latin-1"),
    ],
    ids=range(15),
)
def test_what_is_no_placement_file_is_said_to_be_none(content: bytes) -> None:
    found = of(content)

    assert found.file is None
    assert found.flaws


def test_a_mark_at_the_beginning_and_other_line_ends_are_borne() -> None:
    assert of(b"\xef\xbb\xbf" + TABLE.replace("\n", "\r\n").encode()).flaws == []
    assert of(b"\xef\xbb\xbf" + PLACEMENTS.encode()).flaws == []


def test_no_more_is_read_than_the_largest_file_has() -> None:
    class Endless(BytesIO):
        asked = 0

        def read(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            assert size > 0
            self.asked += size
            return b"{" * size

    stream = Endless()

    [flaw] = check(stream).flaws

    assert stream.asked == LARGEST_FILE + 1
    assert "8 MiB" in flaw.wrong


def test_so_much_is_named_and_no_more() -> None:
    head, row = UPDATE_ROWS.splitlines()[:2]

    found = of("\n".join([head, *[row.replace("2027-01-05", "soon")] * 3_000]))

    assert len(found.flaws) == MOST_FLAWS
    assert found.is_cut


def test_nothing_that_a_terminal_would_obey_is_shown() -> None:
    found = of(json.dumps({"\x1b[2J": "x"}))

    assert "\x1b" not in "".join(map(str, found.flaws))
