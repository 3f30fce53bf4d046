"""What was looked for is marked in a text, as it is written there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.marking import pieces


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("Müller & Söhne", ["muller"], ["Müller"]),
        ("INV-2026-0815", ["0815"], ["0815"]),
        ("Straße", ["strasse"], ["Straße"]),
        ("aaaa", ["aa"], ["aaaa"]),
        ("Harbour", ["x", ""], []),
        ("Ana Banana", ["an", "ana"], ["Ana", "anana"]),
    ],
)
def test_it_is_marked_whatever_its_case_and_accents(text: str, words: list[str], marked: list[str]) -> None:
    assert [piece.text for piece in pieces(text, words) if piece.is_marked] == marked


@given(st.text(max_size=30), st.lists(st.text(max_size=3), max_size=3))
def test_the_pieces_together_are_the_text(text: str, words: list[str]) -> None:
    assert "".join(piece.text for piece in pieces(text, words)) == text
