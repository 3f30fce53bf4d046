"""The languages of papers and notices: which one a tag means, and how it writes amounts and days."""

from __future__ import annotations

import pytest

from domain.shared.languages import formats, spoken


@pytest.mark.parametrize(
    ("tag", "language"), [("en-US", "en"), ("es_MX", "es"), ("FR", "fr"), ("de-AT", "de"), ("pl", "en"), ("", "en")]
)
def test_a_language_that_we_do_not_write_is_english(tag: str, language: str) -> None:
    assert spoken(tag) == language


@pytest.mark.parametrize(
    ("tag", "locale"), [("en", "en_GB"), ("en-US", "en_US"), ("es-MX", "es_ES"), ("fr", "fr_FR"), ("de", "de_DE")]
)
def test_amounts_and_days_are_written_as_in_the_country(tag: str, locale: str) -> None:
    assert str(formats(tag, "UTC").locale) == locale
