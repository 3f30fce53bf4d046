"""Checking: what is taken, in which form it is kept, and what is refused with its field."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from domain.accounts import checking
from domain.shared.errors import Invalid


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("ana@example.com", "ana@example.com"),
        ("  Ana.Torres+ar@Example.COM ", "ana.torres+ar@example.com"),
        ("o'brien@sub.example.co.uk", "o'brien@sub.example.co.uk"),
        ("jose\u0301@example.com", "jos\u00e9@example.com"),
    ],
)
def test_an_address_is_kept_in_one_form(given: str, kept: str) -> None:
    assert checking.email_address(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "",
        "ana",
        "ana@",
        "@example.com",
        "ana@example",
        "a b@example.com",
        "ana@example.com\nbcc: x@y.org",
        "ana@exam\x00ple.com",
        "ana@example..com",
        "Ana <ana@example.com>",
        "a@example.com,b@example.com",
        "a" * 65 + "@example.com",
        "a@" + "b" * 250 + ".com",
    ],
)
def test_what_is_no_address_is_refused(given: str) -> None:
    with pytest.raises(Invalid) as refused:
        checking.email_address(given)

    assert refused.value.field == "email"


@pytest.mark.parametrize(
    ("check", "given", "kept"),
    [
        (checking.language, "es", "es"),
        (checking.language, "pt_BR", "pt-BR"),
        (checking.language, "PT-br", "pt-BR"),
        (checking.time_zone, "America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
        (checking.country, "gb", "GB"),
        (checking.currency, "JPY", "JPY"),
    ],
)
def test_codes_are_kept_as_their_standards_write_them(check: Callable[[str], str], given: str, kept: str) -> None:
    assert check(given) == kept


@pytest.mark.parametrize(
    ("check", "given"),
    [
        (checking.language, "klingon"),
        (checking.language, ""),
        (checking.time_zone, "Mars/Olympus"),
        (checking.time_zone, "../../etc/passwd"),
        (checking.time_zone, ""),
        (checking.country, "XX"),
        (checking.country, "GBR"),
        (checking.currency, "gbp"),
        (checking.currency, "ZZZ"),
    ],
)
def test_codes_that_nobody_knows_are_refused(check: Callable[[str], str], given: str) -> None:
    with pytest.raises(Invalid):
        check(given)


def test_a_line_is_trimmed_and_must_fit() -> None:
    assert checking.text("  Harbour \t Café ", field="name", length=20) == "Harbour Café"
    assert checking.optional_text("  ", field="phone", length=20) is None
    with pytest.raises(Invalid):
        checking.text(" ", field="name", length=20)
    with pytest.raises(Invalid):
        checking.text("x" * 21, field="name", length=20)
