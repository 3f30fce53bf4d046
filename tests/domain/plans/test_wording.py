"""The words of agreements are whole in every language, and the same in all of them."""

from __future__ import annotations

import re
from datetime import date

import pytest

from domain.plans.wording import AgreementWords, agreement_words
from domain.shared.languages import LANGUAGE_NAMES
from domain.shared.money import Money

OTHERS = [language for language in LANGUAGE_NAMES if language != "en"]
OPEN = re.compile(r"\{\w+\}")


def words(language: str) -> AgreementWords:
    """The words of a language, in London."""
    return agreement_words(language, "Europe/London")


@pytest.mark.parametrize("language", OTHERS)
def test_a_language_says_as_much_as_english_does(language: str) -> None:
    def left_open(said: AgreementWords) -> dict[str, set[str]]:
        texts = {"title": said.title, **said.labels, **said.sentences}
        return {name: set(OPEN.findall(text)) for name, text in texts.items()}

    assert left_open(words(language)) == left_open(words("en"))
    assert words(language).headings.keys() == words("en").headings.keys()


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("en", "Invoice R-1 of €1,240.50 was due on 1 Mar 2026."),
        ("en-US", "Invoice R-1 of €1,240.50 was due on Mar 1, 2026."),
        ("es", "La factura R-1 de 1.240,50 € venció el 1 mar 2026."),
        ("fr", "La facture R-1 de 1 240,50 € était due le 1 mars 2026."),
        ("de", "Rechnung R-1 über 1.240,50 € war am 01.03.2026 fällig."),
        ("pl", "Invoice R-1 of €1,240.50 was due on 1 Mar 2026."),
    ],
)
def test_amounts_and_days_are_written_as_where_the_language_is_spoken(tag: str, said: str) -> None:
    sentence = words(tag).say("working", number="R-1", amount=Money(124_050, "EUR"), day=date(2026, 3, 1))

    assert sentence.replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ") == said
