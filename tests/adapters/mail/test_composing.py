"""Composing: every email in every language, its words escaped in HTML and as they are in plain text."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import html5lib
import pytest
from jinja2 import UndefinedError

from adapters.mail.composing import compose
from domain.payments.means import AS_TOLD
from domain.shared.business import Business
from domain.shared.words import Words
from domain.statements.receipts import EarnedPart, Receipt, SettledPart
from tests.support.builders import money
from web.rendering import Renderer

BUSINESS = Business(name="Smith & Sons", address="14 Mill Road\nGateshead")
RECEIPT = Receipt(
    number="RCT-000001",
    reference="01kkv88vg0dhpeg3k9v33de3x7",
    amount=money("1240.50"),
    received_on=date(2026, 3, 16),
    recorded_at=datetime(2026, 3, 16, 12, 0, tzinfo=UTC),
    means=Words.of(AS_TOLD, means="Visa •••• 4242"),
    settled=(SettledPart(1, "INV <7>", money("1200.50")),),
    earned=(EarnedPart("INV <7>", "CN-000001", money("12.30")),),
    credit=money("40.00"),
    gone=money("0"),
    reversed=False,
)
CONTEXTS: dict[str, dict[str, Any]] = {
    "sign_in": {
        "business": BUSINESS,
        "link": "https://pay.example/in?t=a&n=%2F",
        "code": "042137",
        "minutes": 10,
        "is_partner": False,
    },
    "receipt": {
        "business": BUSINESS,
        "receipt": RECEIPT,
        "account_number": "A-1047",
        "link": "https://pay.example/accounts/7",
    },
}


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    """The shared rendering, as the worker uses it."""
    return Renderer("Europe/London", {})


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("name", sorted(CONTEXTS))
def test_every_email_is_whole_in_every_language(renderer: Renderer, name: str, language: str) -> None:
    composed = compose(renderer.environment(language), name, CONTEXTS[name])

    html5lib.HTMLParser(strict=True).parse(composed.html)
    assert f'<html lang="{language}">' in composed.html
    assert composed.subject == composed.subject.strip()
    assert "Smith & Sons" in composed.text
    assert "Smith &amp; Sons" in composed.html


def test_the_sign_in_email_brings_link_and_code(renderer: Renderer) -> None:
    composed = compose(renderer.environment("en"), "sign_in", CONTEXTS["sign_in"])

    assert composed.subject == "042137 is your code for Smith & Sons"
    assert "\nhttps://pay.example/in?t=a&n=%2F\n" in composed.text
    assert 'href="https://pay.example/in?t=a&amp;n=%2F"' in composed.html
    assert "042137" in composed.text
    assert "042137" in composed.html


def test_the_receipt_says_what_was_settled_and_what_is_credit(renderer: Renderer) -> None:
    composed = compose(renderer.environment("en"), "receipt", CONTEXTS["receipt"])

    assert composed.subject == "Receipt for £1,240.50 from Smith & Sons"
    assert "- INV <7>: £1,200.50" in composed.text
    assert "£40.00 is kept as credit" in composed.text
    assert "INV &lt;7&gt;" in composed.html


def test_a_name_that_is_missing_is_an_error(renderer: Renderer) -> None:
    with pytest.raises(UndefinedError):
        compose(renderer.environment("en"), "sign_in", {"link": "https://pay.example"})
