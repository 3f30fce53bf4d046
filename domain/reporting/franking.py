"""Franking: what whoever franks or hands over the letters of a batch has to know of each, as CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from domain.notices.printing import address_lines
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.words import Speaking
from domain.statements.export import BYTE_ORDER_MARK, MEDIA_TYPE, csv_row, safe_cell

__all__ = ["MEDIA_TYPE", "franking_csv", "grams", "weight_class"]
SHEET_GRAMS, ENVELOPE_GRAMS = 5, 5
"""What a sheet of 80 g/m² in A4 weighs (4.99 g), and an envelope in DL."""
WEIGHT_CLASSES = (20, 50, 100, 250, 500)
"""Grams up to which letters are priced alike: the bounds that Royal Mail, Deutsche Post, La Poste and Correos draw."""
ADDRESS_LINES = 6
"""As many lines as the window shows."""
LINE = N_("Address line {n}")


def franking_csv(letters: Iterable[AnyRow], speaking: Speaking) -> Iterator[bytes]:
    """A row for each letter (of `printing.printed`) in the order of the pages; addresses as they stand in the window.

    An address of more lines than fit has the rest of them in the last.
    """
    heads = [N_("Notice"), N_("Account"), N_("Country"), N_("Pages"), N_("Sheets"), N_("Grams"), N_("Up to grams")]
    lines = [speaking.translate(LINE, n=place) for place in range(1, ADDRESS_LINES + 1)]
    yield (BYTE_ORDER_MARK + csv_row([*(speaking.translate(head) for head in heads), *lines])).encode()
    for letter in letters:
        weight = grams(letter.pages)
        about = [letter.id, safe_cell(letter.account_number), letter.country or ""]
        sizes = [letter.pages, sheets(letter.pages), weight, weight_class(weight) or ""]
        yield csv_row([*map(str, (*about, *sizes)), *map(safe_cell, _address(letter))]).encode()


def sheets(pages: int) -> int:
    """Sheets of paper for so many pages, printed on both sides."""
    return -(-pages // 2)


def grams(pages: int) -> int:
    """What a letter of so many pages weighs in its envelope, printed on both sides."""
    return sheets(pages) * SHEET_GRAMS + ENVELOPE_GRAMS


def weight_class(weight: int) -> int | None:
    """Up to how many grams letters of that weight are priced alike; None for what is a parcel."""
    return next((bound for bound in WEIGHT_CLASSES if weight <= bound), None)


def _address(letter: AnyRow) -> list[str]:
    found = address_lines(letter.account_name, letter.name, letter.address or "")
    kept, rest = found[: ADDRESS_LINES - 1], found[ADDRESS_LINES - 1 :]
    return [*kept, *([", ".join(rest)] if rest else []), *[""] * (ADDRESS_LINES - len(kept) - bool(rest))]
