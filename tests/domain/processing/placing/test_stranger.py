"""Stranger: files written from the examples of docs/placement-file.md alone validate, and are taken in as it says."""

from __future__ import annotations

import csv
import io
import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from domain.placements.files.checking import check
from domain.placements.model import Partner, Placement, PlacementStatus
from domain.placements.naming import reference_of
from domain.placements.proposing import approve
from domain.placements.sending import send
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database
from domain.staff.model import Role
from tests.support.partner_files import taken, told
from tests.support.placing import a_late_debt, a_partner, proposed

PAGE = (Path(__file__).resolve().parents[4] / "docs" / "placement-file.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```(?:json|csv)\n(.*?)```", PAGE, re.DOTALL)
UPDATES, UPDATE_ROWS, REMITTANCES, REMITTANCE_ROWS = EXAMPLES[2:]
DAY, MADE_AT = "2026-03-16", "2026-03-16T18:00:00Z"
"""The day of the test, in place of the days of the page."""


@pytest.fixture
def lying(committed_db: Database) -> tuple[int, int, int]:
    """A partner, and two debts that were sent to it."""
    with committed_db.transaction() as session:
        partner_id = a_partner(session).id
    made = []
    for _ in range(2):
        with committed_db.transaction() as session:
            account, _ = a_late_debt(session, "1600")
            placement = proposed(session, account, session.get_one(Partner, partner_id))
            approve(session, account.id, placement.id, role=Role.MANAGER, actor=OPERATOR)
            send(session, account.id, placement.id, actor=OPERATOR)
            made.append(placement.id)
    return partner_id, made[0], made[1]


def of_ours(example: str, *references: str) -> bytes:
    """An example with references and days of ours: all else is as it stands on the page."""
    for theirs, ours in zip(("HO-000017", "HO-000018"), references, strict=False):
        example = example.replace(theirs, ours)
    example = re.sub(r'"(happened_on|remitted_on)": "[\d-]+"', rf'"\1": "{DAY}"', example)
    return re.sub(r'"made_at": "[^"]+"', f'"made_at": "{MADE_AT}"', example).encode()


def as_table(records: list[dict[str, Any]]) -> bytes:
    """Rows under the columns of an example of the page, in whatever order."""
    names = list(dict.fromkeys(name for record in records for name in record))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, names, restval="")
    writer.writeheader()
    writer.writerows(records)
    return stream.getvalue().encode()


def test_the_examples_of_the_page_are_taken_in(committed_db: Database, lying: tuple[int, int, int]) -> None:
    partner_id, first, second = lying
    content = of_ours(UPDATES, reference_of(first), reference_of(second))

    answers = taken(committed_db, partner_id, content)

    assert check(BytesIO(content)).flaws == []
    assert [(kind, outcome) for kind, outcome, _ in told(answers)] == [
        ("accepted", "done"),
        ("activity", "done"),
        ("payment", "done"),
        ("bounced", "done"),
        ("refused", "done"),
    ]
    with committed_db.reading() as session:
        states = [session.get_one(Placement, each).status for each in (first, second)]
    assert states == [PlacementStatus.ACTIVE, PlacementStatus.REFUSED]


def test_a_table_written_under_the_columns_of_the_page_is_taken_in_to_its_remittance(
    committed_db: Database, lying: tuple[int, int, int]
) -> None:
    partner_id, first, _ = lying
    header = {
        "schema": "quittance-placement",
        "version": "1",
        "creditor": "Harbour Supplies Ltd",
        "partner": "Fair Recovery Ltd",
        "made_at": MADE_AT,
    }
    update = {**header, "kind": "updates", "reference": reference_of(first), "happened_on": DAY}
    paid = {"partner_reference": "FR-90412", "amount": "1600.00", "currency": "GBP"}
    rows = [
        {**update, "update": "accepted"},
        {**update, "update": "payment", **paid, "text": "=1+1"},
        {**update, "update": "cost", "partner_reference": "C-1", "amount": "36.5", "currency": "GBP", "text": "Search"},
        {**update, "update": "closed", "code": "paid"},
    ]
    remitted = {
        **header,
        "kind": "remittances",
        "reference": "FR-R-1",
        "way": "net",
        "remitted_on": DAY,
        "currency": "GBP",
        "paid": "928.00",
        "line_about": "payment",
        "line_placement": reference_of(first),
        "line_partner_reference": "FR-90412",
        "line_amount": "1600.00",
        "line_commission": "560.00",
        "line_tax": "112.00",
    }
    columns = set(UPDATE_ROWS.splitlines()[0].split(",")) | set(REMITTANCE_ROWS.splitlines()[0].split(","))

    answers = taken(committed_db, partner_id, as_table(rows))
    money = taken(committed_db, partner_id, as_table([remitted]))

    assert {name for row in (*rows, remitted) for name in row} <= columns
    assert [outcome for _, outcome, _ in told(answers)] == ["done", "done", "done", "known"]
    assert told(money) == [("remittance", "done", "")]


def test_the_example_of_remittances_is_read_and_each_payment_has_to_have_been_told(
    committed_db: Database, lying: tuple[int, int, int]
) -> None:
    partner_id, first, _ = lying
    content = of_ours(REMITTANCES, reference_of(first))

    answers = taken(committed_db, partner_id, content)

    assert json.loads(content)["kind"] == "remittances"
    assert told(answers) == [("remittance", "refused", f"We know of no payment FR-90412 for {reference_of(first)}.")]
