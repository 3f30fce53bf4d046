"""A file of results: the customer's row by the account's number or the company's, and rows that cannot be read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from adapters.credit_checks.table import TableCreditChecks
from domain.credit.checks.provider import CheckRefused, CheckSubject, CheckUnavailable
from tests.support.builders import money

SUBJECT = CheckSubject("C-7", "Harbour Café Ltd", "company", "GBP", company_number="00445790")
HEAD = "account_number,company_number,as_of,score,limit,currency,rating,expires_on\n"


def table(folder: Path, *rows: str, head: str = HEAD) -> TableCreditChecks:
    """A file with these rows."""
    path = folder / "results.csv"
    path.write_text(head + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return TableCreditChecks(path)


def test_the_last_row_of_the_account_counts(tmp_path: Path) -> None:
    checks = table(
        tmp_path,
        "C-7,,2026-01-01,50,,,,",
        'C-8,00445790,2026-02-01,10,,,"Not ours",',
        'C-7,,2026-03-01,72,2500.00,GBP,"Low, falling",2026-09-01',
    )

    found = checks.look_up(SUBJECT)

    assert found is not None
    assert (found.score, found.limit, found.rating) == (72, money("2500"), "Low, falling")
    assert (found.as_of, found.expires_on) == (date(2026, 3, 1), date(2026, 9, 1))
    assert b'"Low, falling"' in found.raw
    assert b"Not ours" not in found.raw


def test_without_an_accounts_number_the_companys_counts(tmp_path: Path) -> None:
    found = table(tmp_path, ",00445790,2026-03-01,60,,,,").look_up(SUBJECT)

    assert found is not None
    assert (found.score, found.limit, found.expires_on) == (60, None, None)


def test_who_is_not_in_the_file_has_no_result(tmp_path: Path) -> None:
    nameless = CheckSubject("C-9", "Nobody", "company", "GBP")

    assert table(tmp_path, ",,2026-03-01,60,,,,").look_up(nameless) is None


@pytest.mark.parametrize(
    "row",
    ["C-7,,yesterday,60,,,,", "C-7,,2026-03-01,many,,,,", "C-7,,2026-03-01,101,,,,", "C-7,,2026-03-01,6,1.234,GBP,,"],
)
def test_a_row_that_cannot_be_read_is_refused(tmp_path: Path, row: str) -> None:
    with pytest.raises(CheckRefused):
        table(tmp_path, row).look_up(SUBJECT)


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckRefused, match="score"):
        table(tmp_path, "C-7,2026-03-01", head="account_number,as_of\n").look_up(SUBJECT)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    checks = table(tmp_path)
    (tmp_path / "results.csv").write_bytes(HEAD.encode() + b"C-7,,2026-03-01,60,,,Caf\xe9,\n")

    with pytest.raises(CheckRefused):
        checks.look_up(SUBJECT)


def test_a_file_that_is_not_there_may_come(tmp_path: Path) -> None:
    with pytest.raises(CheckUnavailable):
        TableCreditChecks(tmp_path / "none.csv").look_up(SUBJECT)
