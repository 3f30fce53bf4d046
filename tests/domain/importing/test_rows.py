"""Rows: what one row of a file says, and everything that can be wrong with it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.importing.mapping import FileMapping, Ours
from domain.importing.problems import Problem, Unreadable
from domain.importing.rows import RowReader, WaitingRow
from domain.importing.tables import Cell, Table
from tests.support.importing import COLUMNS, HEADERS, MAPPING, a_row

AT = datetime(2026, 3, 16, 12, tzinfo=UTC)


def read(
    row: list[Any], *, mapping: FileMapping = MAPPING, headers: tuple[str, ...] = HEADERS
) -> WaitingRow | list[Problem]:
    table = Table(headers, 1, iter(()), {})
    return RowReader(mapping, table, today=AT.date(), at=AT).read(2, row)


def good(row: list[Any], **options: Any) -> WaitingRow:
    values = read(row, **options)
    assert isinstance(values, dict), [str(problem) for problem in values]
    return values


def wrong(row: list[Any], **options: Any) -> Problem:
    problems = read(row, **options)
    assert isinstance(problems, list)
    assert [str(problem) for problem in problems][1:] == []
    return problems[0]


def test_a_row_is_read_into_what_will_be_booked() -> None:
    values = good(a_row("0000611365", " 1001 ", amount="1,200.00", tax="200.00", paid="2026-02-01", text=" a\n b "))

    assert values["account_number"] == "0000611365"
    assert values["invoice_number"] == "1001"
    assert (values["issued_on"], values["due_on"], values["paid_on"]) == (
        date(2026, 1, 5),
        date(2026, 2, 4),
        date(2026, 2, 1),
    )
    assert (values["currency"], values["amount_minor"], values["tax_minor"]) == ("GBP", 120000, 20000)
    assert values["description"] == "a b"
    assert len(values["payment_public_id"]) == 26


def test_a_delivery_is_made_before_it_is_invoiced_or_after_but_not_on_a_day_to_come() -> None:
    assert good(a_row(delivered="2025-12-30"))["delivered_on"] == date(2025, 12, 30)
    assert good(a_row(delivered="2026-03-16"))["delivered_on"] == date(2026, 3, 16)
    assert str(wrong(a_row(delivered="2026-03-17"))) == (
        "row 2, column delivered: found “2026-03-17”, expected a day that has come"
    )


def test_an_unpaid_row_without_tax_has_neither_payment_nor_tax() -> None:
    values = good(a_row())

    assert (values["paid_on"], values["payment_public_id"], values["tax_minor"]) == (None, None, None)


def test_a_net_amount_says_what_the_tax_is() -> None:
    mapping = FileMapping({**COLUMNS, Ours.NET: "net"}, currency="GBP")

    values = good([*a_row(amount="120.00"), "100.00"], mapping=mapping, headers=(*HEADERS, "net"))

    assert values["tax_minor"] == 2000


def test_net_and_tax_must_add_up() -> None:
    mapping = FileMapping({**COLUMNS, Ours.NET: "net"}, currency="GBP")

    problem = wrong([*a_row(amount="120.00", tax="10.00"), "100.00"], mapping=mapping, headers=(*HEADERS, "net"))

    assert (problem.column, problem.found) == ("net", "100.00")


def test_a_row_may_name_its_own_currency() -> None:
    mapping = FileMapping({**COLUMNS, Ours.CURRENCY: "code"}, currency="GBP")
    headers = (*HEADERS, "code")

    assert good([*a_row(amount="1200"), "jpy"], mapping=mapping, headers=headers)["amount_minor"] == 1200
    assert good([*a_row(amount="1200"), ""], mapping=mapping, headers=headers)["amount_minor"] == 120000
    assert wrong([*a_row(), "XXQ"], mapping=mapping, headers=headers).column == "code"


def test_a_currency_that_is_nowhere_is_missed() -> None:
    mapping = FileMapping({**COLUMNS, Ours.CURRENCY: "code"})

    assert wrong([*a_row(), ""], mapping=mapping, headers=(*HEADERS, "code")).column == "code"


def test_excels_way_to_write_text_is_text() -> None:
    assert good(a_row(invoice='="0012"'))["invoice_number"] == "0012"


def test_numbers_of_a_workbook_are_amounts_and_numbers() -> None:
    values = good(a_row(Decimal(17), Decimal("1001"), issued=date(2026, 1, 5), amount=Decimal("12.5")))

    assert (values["account_number"], values["invoice_number"], values["amount_minor"]) == ("17", "1001", 1250)


def test_a_short_row_has_empty_cells_at_its_end() -> None:
    assert good(a_row()[:5])["paid_on"] is None


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"account": ""}, "account"),
        ({"account": "=cmd|' /C calc'!A0"}, "account"),
        ({"account": "a\x00b"}, "account"),
        ({"account": "a\ud800b"}, "account"),
        ({"account": "broken \ufffd"}, "account"),
        ({"account": "x" * 65}, "account"),
        ({"invoice": "#N/A"}, "invoice"),
        ({"invoice": Decimal(10**15)}, "invoice"),
        ({"invoice": date(2026, 1, 5)}, "invoice"),
        ({"issued": ""}, "issued"),
        ({"issued": "05/01/2026"}, "issued"),
        ({"issued": Decimal(45000)}, "issued"),
        ({"due": "2026-01-04"}, "due"),
        ({"paid": "2026-01-04"}, "paid"),
        ({"paid": "2026-03-17"}, "paid"),
        ({"amount": "0"}, "amount"),
        ({"amount": "(12.00)"}, "amount"),
        ({"amount": "12.345"}, "amount"),
        ({"amount": "=1+1"}, "amount"),
        ({"amount": date(2026, 1, 5)}, "amount"),
        ({"amount": "9" * 30}, "amount"),
        ({"amount": Decimal("NaN")}, "amount"),
        ({"tax": "121.00"}, "tax"),
        ({"tax": "-1.00"}, "tax"),
        ({"email": "nobody"}, "email"),
    ],
)
def test_what_is_wrong_is_told_with_its_column(changes: dict[str, Cell], column: str) -> None:
    problem = wrong(a_row(**changes))

    assert (problem.row, problem.column) == (2, column)
    assert str(problem).isprintable()


@pytest.mark.parametrize(
    ("ours", "bad", "as_given", "as_kept"),
    [
        (Ours.COUNTRY, "England", "gb", "GB"),
        (Ours.LANGUAGE, "klingon", "es", "es"),
        (Ours.TIME_ZONE, "Mars/Base", "Europe/Madrid", "Europe/Madrid"),
        (Ours.PHONE, "0" * 41, "+44 20 7946 0000", "+44 20 7946 0000"),
        (Ours.PURCHASE_ORDER, "x" * 101, "PO-1", "PO-1"),
    ],
)
def test_optional_columns_are_checked_too(ours: Ours, bad: str, as_given: str, as_kept: str) -> None:
    mapping, headers = FileMapping({**COLUMNS, ours: "more"}, currency="GBP"), (*HEADERS, "more")

    assert good([*a_row(), as_given], mapping=mapping, headers=headers)[ours.value] == as_kept
    assert wrong([*a_row(), bad], mapping=mapping, headers=headers).column == "more"


def test_everything_that_is_wrong_with_a_row_is_told_at_once() -> None:
    problems = read(a_row(account="", issued="soon", amount="much"))

    assert isinstance(problems, list)
    assert {problem.column for problem in problems} == {"account", "issued", "amount"}


def test_what_does_not_fit_together_is_told_beside_what_does_not_read() -> None:
    problems = read(a_row(account="", issued="2026-03-10", due="2026-03-01", amount="-1.00"))

    assert isinstance(problems, list)
    assert {problem.column for problem in problems} == {"account", "due", "amount"}


def test_every_column_that_is_missing_is_told_at_once() -> None:
    with pytest.raises(Unreadable) as refusal:
        read(a_row(), headers=("something", *HEADERS[1:-1]))

    told = [refusal.value.problem, *refusal.value.further]
    assert [problem.column for problem in told] == [HEADERS[0], HEADERS[-1]]


def test_a_cell_beyond_the_named_columns_is_an_error() -> None:
    assert wrong([*a_row(), "", "stray"]).found == "stray"


def test_columns_are_found_whatever_their_case() -> None:
    assert good(a_row(), headers=tuple(name.upper() for name in HEADERS))["account_number"] == "C-1"


@pytest.mark.parametrize("headers", [("account", *HEADERS), HEADERS[1:], ("ACCOUNT", "Account", *HEADERS[1:])])
def test_a_column_that_is_missing_or_there_twice_stops_the_file(headers: tuple[str, ...]) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(a_row(), headers=headers)

    assert refusal.value.problem.column == "account"
