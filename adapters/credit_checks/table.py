"""Table: looks results up in a CSV file that somebody puts there, as agencies deliver them in one go."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from domain.credit.checks.provider import CheckRefused, CheckResult, CheckSubject, CheckUnavailable
from domain.shared.money import Money

COLUMNS = ("account_number", "company_number", "as_of", "score", "limit", "currency", "rating", "expires_on")
"""The columns of the file, in any order; an account is found by its number, else by its company's."""
LARGEST = 50_000_000
"""Bytes of a file."""
MEDIA_TYPE = "text/csv"


class TableCreditChecks:
    """The file at `path`, read anew for each question: it may be replaced at any time."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def name(self) -> str:
        """The file's name."""
        return self._path.name

    def look_up(self, subject: CheckSubject) -> CheckResult | None:
        """The last row about the customer; None where there is none."""
        try:
            if self._path.stat().st_size > LARGEST:
                raise CheckRefused("the file is too long")
            with self._path.open(encoding="utf-8-sig", newline="") as file:
                rows = csv.DictReader(file)
                missing = {"as_of", "score"} - set(rows.fieldnames or ())
                if missing:
                    raise CheckRefused(f"the file has no column {', '.join(sorted(missing))}")
                found = [row for row in rows if _is_about(row, subject)]
        except OSError as problem:
            raise CheckUnavailable("the file cannot be read") from problem
        except (UnicodeDecodeError, csv.Error) as problem:
            raise CheckRefused("the file is not a CSV file in UTF-8") from problem
        return _read(found[-1], subject.currency) if found else None


def _is_about(row: dict[str, str], subject: CheckSubject) -> bool:
    number = _cell(row, "account_number")
    if number:
        return number == subject.account_number
    company = _cell(row, "company_number")
    return bool(company) and company == subject.company_number


def _read(row: dict[str, str], currency: str) -> CheckResult:
    try:
        limit = _cell(row, "limit")
        expires_on = _cell(row, "expires_on")
        score = _cell(row, "score")
        result = CheckResult(
            score=int(score) if score else None,
            limit=Money.of(limit, _cell(row, "currency") or currency) if limit else None,
            rating=_cell(row, "rating") or None,
            as_of=date.fromisoformat(_cell(row, "as_of")),
            expires_on=date.fromisoformat(expires_on) if expires_on else None,
            raw=_as_line(row),
            media_type=MEDIA_TYPE,
        )
    except ValueError as problem:
        raise CheckRefused(f"the customer's row cannot be read: {problem}") from problem
    if result.score is not None and not 0 <= result.score <= 100:
        raise CheckRefused("the score is not between 0 and 100")
    return result


def _cell(row: dict[str, str], name: str) -> str:
    return (row.get(name) or "").strip()


def _as_line(row: dict[str, str]) -> bytes:
    """The row with the names of its columns, as it is filed."""
    names = [name for name in COLUMNS if name in row]
    lines = [",".join(map(_quoted, cells)) for cells in (names, [_cell(row, name) for name in names])]
    return ("\r\n".join(lines) + "\r\n").encode()


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'
