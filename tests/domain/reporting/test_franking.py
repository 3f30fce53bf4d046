"""Franking: a row for each letter with its address as the window shows it, its sheets and its weight."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from domain.notices import printing
from domain.reporting.franking import franking_csv, grams, sheets, weight_class
from domain.shared.actor import Actor
from domain.shared.db.session import Database
from tests.support.builders import an_account, an_invoice
from tests.support.lettering import a_letter
from tests.support.outside import MemoryStore
from tests.support.speaking import Spoken


@pytest.mark.parametrize(
    ("pages", "paper", "weight", "bound"),
    [
        (1, 1, 10, 20),
        (2, 1, 10, 20),
        (3, 2, 15, 20),
        (6, 3, 20, 20),
        (7, 4, 25, 50),
        (40, 20, 105, 250),
        (400, 200, 1005, None),
    ],
)
def test_a_letter_weighs_its_sheets_and_its_envelope(pages: int, paper: int, weight: int, bound: int | None) -> None:
    assert (sheets(pages), grams(pages), weight_class(grams(pages))) == (paper, weight, bound)


def test_each_letter_has_a_row_in_the_order_of_its_pages(db: Database) -> None:
    store = MemoryStore()
    with db.transaction() as session:
        account = an_account(session, number="C-7", name="=Harbour", country="GB")
        an_invoice(session, account, "120")
        first, second = a_letter(session, store, account), a_letter(session, store, account, pages=3)
        second.address = "\n".join(["1 Quay Street", "Redcliffe", "Bedminster", "Bristol", "BS1 6XN", "UK"])
        session.flush()
        batch = printing.print_batch(session, store, [first.id, second.id], actor=Actor.staff(1))

        content = b"".join(franking_csv(printing.printed(session, batch.id), Spoken("en"))).decode("utf-8-sig")

    rows = list(csv.DictReader(StringIO(content)))
    assert [row["en: Notice"] for row in rows] == [str(first.id), str(second.id)]
    assert [row["en: Pages"] for row in rows] == ["1", "3"]
    assert [row["en: Up to grams"] for row in rows] == ["20", "20"]
    assert rows[0]["en: Country"] == "GB"
    lines = [[row[f"en: Address line {place}"] for place in range(1, 7)] for row in rows]
    assert lines == [
        ["'=Harbour", "Ana Lima", "1 Quay Street", "Bristol", "", ""],
        ["'=Harbour", "Ana Lima", "1 Quay Street", "Redcliffe", "Bedminster", "Bristol, BS1 6XN, UK"],
    ]
