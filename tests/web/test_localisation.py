"""Which language a request is answered in, and what refusals say in it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from domain.shared.errors import Invalid
from domain.shared.money import Money
from domain.shared.words import Words
from web import localisation as words
from web.localisation import CatalogMissing, catalogue, localisation, negotiate, supported


@pytest.mark.parametrize(
    ("chosen", "header", "tag"),
    [
        (("es", "en"), "en", "es"),
        ((None, "es"), "en", "es"),
        (("xx", None), "es-MX,es;q=0.9,en;q=0.5", "es"),
        ((), "fr, en-US;q=0.7, es;q=0.2", "en-us"),
        ((), "es;q=0.1, en;q=0.2", "en"),
        ((), "es;q=0", "en"),
        ((), "es;q=many, ,;;", "en"),
        ((), "", "en"),
    ],
)
def test_the_language_is_the_persons_then_the_cookies_then_the_browsers(
    chosen: tuple[str | None, ...], header: str, tag: str
) -> None:
    assert negotiate(chosen, header) == tag


def test_a_language_is_recognised_however_it_is_written() -> None:
    assert [supported(tag) for tag in ("EN_us", "es-419", "en-AU", "de", "", None)] == [
        "en-us",
        "es",
        "en",
        None,
        None,
        None,
    ]


def test_values_inside_a_refusal_are_written_the_local_way() -> None:
    refused = Invalid(
        "{amount}, {day}, {moment}, {count}, {rate}, {name}",
        amount=Money(123450, "EUR"),
        day=date(2026, 11, 2),
        moment=datetime(2026, 11, 2, 9, 5, tzinfo=UTC),
        count=2466,
        rate=Decimal("1.5"),
        name="{name} 1",
    )

    said = localisation("es", "Europe/Madrid").refusal(refused).replace("\xa0", " ")

    assert said == "1.234,50 €, 2 nov 2026, 2 nov 2026, 10:05, 2.466, 1,5, {name} 1"


def test_sentences_within_a_sentence_are_put_into_the_language_too() -> None:
    speaking = localisation("en", "Europe/London")
    parts = (Words.of("up to {n}", n=Money(5_00, "GBP")), Words.of("not at all"))

    assert speaking.translate("Alone: {who}.", who=parts) == "Alone: up to £5.00, not at all."


def test_words_of_ours_are_put_into_the_language() -> None:
    assert localisation("es", "Europe/London").translate("Sign out") == "Cerrar sesión"
    assert localisation("en-us", "Europe/London").translate("Sign out") == "Sign out"


def test_a_catalogue_that_was_not_compiled_says_how_to_compile_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(words, "CATALOGS", tmp_path)

    with pytest.raises(CatalogMissing, match="make assets"):
        catalogue.__wrapped__("es")
