"""Numbers in words: whole, spaced, cut by line breaks, or too short to tell."""

from __future__ import annotations

import pytest

from domain.banking.numbers import Mentioned, Numbers, spellings

NUMBERS = Numbers([(1, "INV-2026-0042"), (2, "RE/10017"), (3, "2026"), (4, "SO-88"), (5, "7001"), (6, "7001")])


@pytest.mark.parametrize(
    ("words", "clearly", "perhaps"),
    [
        ("INV-2026-0042", (1,), ()),
        ("pay inv20260042 thanks", (1,), ()),
        ("INV-2026 -00 42", (1,), ()),
        ("re 10017, INV-2026-0042", (2, 1), ()),
        ("10017", (), (2,)),
        ("XINV-2026-0042", (), (3,)),
        ("March 2026", (), (3,)),
        ("SO-88", (4,), ()),
        ("invoice 7001", (), (5, 6)),
        ("INV-2026-0042 INV-2026-0042", (1,), ()),
        ("", (), ()),
        ("Überweisung – ¿qué?", (), ()),
    ],
)
def test_what_words_mention(words: str, clearly: tuple[int, ...], perhaps: tuple[int, ...]) -> None:
    assert NUMBERS.mentioned(words) == Mentioned(clearly, perhaps)


@pytest.mark.parametrize(
    ("words", "stored"),
    [
        ("pays INV-2026-0042, thanks", "INV-2026-0042"),
        ("inv 2026 0042", "INV-2026-0042"),
        ("INV2026/0042", "INV2026/0042"),
        ("inv000042", "INV-000042"),
        ("Rg. 77/3", "77/3"),
    ],
)
def test_a_number_is_looked_up_as_it_may_be_stored(words: str, stored: str) -> None:
    assert stored in spellings(words)


def test_words_without_digits_are_not_looked_up() -> None:
    assert spellings("many thanks, Müller") == set()
