"""Dispute export: the report of disputes as CSV: its numbers, or the disputes behind one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from domain.disputes.reasons import CAUSE_NAMES, REASON_NAMES
from domain.reporting.dispute_figures import END_NAMES, WHAT_NAMES, Raised, Row
from domain.shared.errors import N_
from domain.shared.words import Speaking
from domain.statements.export import BYTE_ORDER_MARK, MEDIA_TYPE, csv_row, safe_cell

__all__ = ["MEDIA_TYPE", "disputes_csv", "rows_csv"]
DISPUTE_COLUMNS = (
    N_("Dispute"),
    N_("Account"),
    N_("Raised on"),
    N_("Why"),
    N_("Who handles it"),
    N_("How it ended"),
    N_("What was behind it"),
    N_("Days until the answer"),
    N_("Days until the end"),
    N_("Currency"),
    N_("Contested"),
    N_("Credited"),
)


def rows_csv(found: Sequence[Row], name_of: Callable[[Row], str], speaking: Speaking) -> Iterator[bytes]:
    """A row for each row of the report and currency, in the reader's language; `name_of` is what it is called."""
    heads = [N_("About"), *WHAT_NAMES.values(), N_("Accepted, per cent"), N_("Days until the answer, mean")]
    heads += [N_("Days until the end, mean"), N_("Currency"), N_("Contested"), N_("Credited")]
    yield (BYTE_ORDER_MARK + csv_row([speaking.translate(head) for head in heads])).encode()
    for row in found:
        numbers = [str(row.many(what)) for what in WHAT_NAMES]
        means = [_one_place(each) for each in (row.share, row.days_to_answer, row.days_to_resolve)]
        about = [safe_cell(name_of(row)), *numbers, *means]
        sums = [
            (contested.currency, str(contested.decimal), str(credited.decimal)) for contested, credited in row.money
        ]
        for cells in sums or [("", "", "")]:
            yield csv_row([*about, *cells]).encode()


def disputes_csv(found: Sequence[Raised], speaking: Speaking) -> Iterator[bytes]:
    """A row for each dispute, in the reader's language."""
    yield (BYTE_ORDER_MARK + csv_row([speaking.translate(head) for head in DISPUTE_COLUMNS])).encode()
    for one in found:
        days = ["" if each is None else str(each) for each in (one.days_to_answer, one.days_to_resolve)]
        cells = [
            one.number,
            safe_cell(one.account_name),
            one.raised_on.isoformat(),
            speaking.translate(REASON_NAMES[one.reason]),
            safe_cell(one.owner or ""),
            speaking.translate(END_NAMES[one.end]),
            "" if one.cause is None else speaking.translate(CAUSE_NAMES[one.cause]),
            *days,
            one.amount.currency,
            str(one.amount.decimal),
            str(one.credited.decimal),
        ]
        yield csv_row(cells).encode()


def _one_place(number: Decimal | None) -> str:
    return "" if number is None else f"{number:.1f}"
