"""Handoff export: the report of handoffs as CSV: its numbers, or the handoffs behind one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from domain.placements.model import CLOSING_NAMES, PLACEMENT_NAMES
from domain.placements.naming import reference_of
from domain.reporting.handoff_figures import WHAT_NAMES, Row, Sent
from domain.shared.errors import N_
from domain.shared.words import Speaking
from domain.statements.export import BYTE_ORDER_MARK, MEDIA_TYPE, csv_row, safe_cell

__all__ = ["MEDIA_TYPE", "handoffs_csv", "rows_csv"]
SUM_COLUMNS = (
    N_("Currency"),
    N_("Handed over"),
    N_("Came in"),
    N_("Commission"),
    N_("Costs"),
    N_("Left for us"),
    N_("Came in, per cent"),
    N_("Left for us, per cent"),
    N_("Cost of one unit that came in"),
)
HANDOFF_COLUMNS = (
    N_("Handoff"),
    N_("Account"),
    N_("Partner"),
    N_("Sent on"),
    N_("Days late then"),
    N_("State"),
    N_("How it ended"),
    N_("Days until the first action"),
    N_("Currency"),
    N_("Handed over"),
    N_("Came in"),
    N_("Commission"),
    N_("Costs"),
    N_("Left for us"),
)


def rows_csv(found: Sequence[Row], name_of: Callable[[Row], str], speaking: Speaking) -> Iterator[bytes]:
    """A row for each row of the report and currency, in the reader's language; `name_of` is what it is called."""
    heads = [N_("About"), *WHAT_NAMES.values(), N_("Days until the first action, mean"), *SUM_COLUMNS]
    yield (BYTE_ORDER_MARK + csv_row([speaking.translate(head) for head in heads])).encode()
    for row in found:
        about = [safe_cell(name_of(row)), *(str(row.many(what)) for what in WHAT_NAMES), _figure(row.days_to_act)]
        sums = [
            [
                each.placed.currency,
                *(str(one.decimal) for one in (each.placed, each.gross, each.commission, each.costs, each.net)),
                *(_figure(one) for one in (each.gross_percent, each.net_percent, each.per_unit)),
            ]
            for each in row.sums
        ]
        for cells in sums or [[""] * len(SUM_COLUMNS)]:
            yield csv_row([*about, *cells]).encode()


def handoffs_csv(found: Sequence[Sent], speaking: Speaking) -> Iterator[bytes]:
    """A row for each handoff, in the reader's language."""
    yield (BYTE_ORDER_MARK + csv_row([speaking.translate(head) for head in HANDOFF_COLUMNS])).encode()
    for one in found:
        cells = [
            reference_of(one.placement_id),
            safe_cell(one.account_name),
            safe_cell(one.partner_name),
            one.sent_on.isoformat(),
            str(one.late_days),
            speaking.translate(PLACEMENT_NAMES[one.status]),
            speaking.translate(CLOSING_NAMES[one.closing]) if one.closing else "",
            "" if one.days_to_act is None else str(one.days_to_act),
            one.placed.currency,
            *(str(each.decimal) for each in (one.placed, one.gross, one.commission, one.costs, one.net)),
        ]
        yield csv_row(cells).encode()


def _figure(number: Decimal | None) -> str:
    return "" if number is None else str(number)
