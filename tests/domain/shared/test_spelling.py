"""Threes of letters, and how near one way of writing a name is to another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.shared.spelling import alike, inner_threes, likely_threes, plain, threes

TEXTS = st.text(alphabet="abc dé-1Ü", max_size=12)
WORDS = st.text(alphabet="abcdefgh", min_size=3, max_size=10)


@given(TEXTS, TEXTS, TEXTS)
def test_what_a_text_has_in_it_has_no_threes_that_it_has_not(before: str, word: str, after: str) -> None:
    assert set(inner_threes(word)) <= set(threes(before + word + after))


@given(WORDS, st.integers(0, 8))
def test_two_letters_that_changed_places_leave_a_three_to_be_found_by(word: str, place: int) -> None:
    at = place % (len(word) - 1)
    slipped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]

    assert set(likely_threes(slipped)) & set(threes(word))


@given(st.text(alphabet="abcdefgh", min_size=6, max_size=10), st.integers(0, 9))
def test_a_letter_that_is_missing_leaves_a_name_alike(word: str, place: int) -> None:
    at = place % len(word)

    assert alike([word[:at] + word[at + 1 :]], f"the {word} company") >= 0.7


@pytest.mark.parametrize("asked", ["muller", "mueller", "muler", "mülelr", "mller", "Müller", "mullerr"])
def test_a_name_is_alike_however_it_is_spelt(asked: str) -> None:
    assert alike([asked], "Müller & Söhne GmbH") > 0


@pytest.mark.parametrize("asked", [["miller", "harbour"], ["schmidt"], ["mu lr x"], []])
def test_other_names_are_not(asked: list[str]) -> None:
    assert alike(asked, "Müller & Söhne GmbH") == 0


def test_what_is_there_is_wholly_alike() -> None:
    assert alike(["mull", "sohne"], "Müller & Söhne GmbH") == 1


def test_accents_and_case_do_not_count() -> None:
    assert plain("ÁLVAREZ Straße") == "alvarez strasse"
