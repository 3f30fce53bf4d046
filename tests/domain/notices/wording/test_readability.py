"""How easily texts read, by the published formulas, held against figures worked out by hand."""

from __future__ import annotations

import pytest

from domain.notices.wording.readability import FORMULAS, score
from domain.shared.languages import LANGUAGE_NAMES

FIVE_BY_FOUR = "The cat sat here. " * 5
"""20 words, 5 sentences, 20 syllables."""


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", {"agree": 2, "invoice": 2, "table": 2, "paying": 2, "the": 1, "reached": 1, "waited": 2, "people": 2}),
        ("es", {"leer": 2, "día": 2, "factura": 3, "también": 2, "aún": 2, "pago": 2}),
        ("fr", {"facture": 2, "échéance": 3, "payez": 2, "reste": 1, "le": 1}),
        ("de", {"rechnung": 2, "fällig": 2, "überfällig": 4, "oder": 2, "bezahlen": 3}),
    ],
)
def test_syllables_are_counted_as_they_are_spoken(language: str, words: dict[str, int]) -> None:
    assert {word: FORMULAS[language].syllables(word) for word in words} == words


@pytest.mark.parametrize(
    ("language", "text", "words", "sentences", "syllables"),
    [
        ("en", "The manager is about to invoice the people. ", 8, 1, 13),
        ("es", "La factura llega hoy a la oficina. ", 7, 1, 13),
        ("fr", "La facture arrive à la banque du village. ", 8, 1, 11),
        ("de", "Die Rechnung liegt heute auf unserem Tisch. ", 7, 1, 11),
    ],
)
def test_the_score_is_that_of_the_published_formula(
    language: str, text: str, words: int, sentences: int, syllables: int
) -> None:
    formula = FORMULAS[language]

    found = formula.base - formula.sentence * words / sentences - formula.word * syllables / words
    assert score(text * 3, language) == round(found)


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_no_score_leaves_its_scale(language: str) -> None:
    assert score(FIVE_BY_FOUR, language) == 100
    assert score("Unabhängigkeitserklärungsangelegenheiten " * 20, language) == 0


@pytest.mark.parametrize("language", LANGUAGE_NAMES)
def test_a_text_of_a_few_words_has_no_score(language: str) -> None:
    assert score("Please pay {total}.", language) is None


def test_placeholders_and_numbers_do_not_count_against_a_text() -> None:
    assert score(FIVE_BY_FOUR + "Pay {account_number} 2026-1042.", "en") == 100
