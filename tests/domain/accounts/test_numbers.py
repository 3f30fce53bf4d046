"""Company and tax numbers: checked by the rules of their country, and kept unchecked where nobody knows them."""

from __future__ import annotations

import pytest

from domain.accounts.numbers import REGISTERS, CheckedNumber, company_number, tax_number
from domain.shared.errors import Invalid


@pytest.mark.parametrize(
    ("country", "given", "kept"),
    [
        ("GB", " 445790", "00445790"),
        ("GB", "sc 123456", "SC123456"),
        ("FR", "552 008 443", "552008443"),
        ("NO", "988 077 917", "988077917"),
        ("US", "91-1144442", "911144442"),
    ],
)
def test_a_right_number_is_kept_in_one_form(country: str, given: str, kept: str) -> None:
    assert company_number(given, country) == CheckedNumber(kept, is_checked=True)


@pytest.mark.parametrize(
    ("country", "given", "kept"),
    [("GB", "GB 980 7806 84", "980780684"), ("DE", "DE 136,695 976", "136695976"), ("ES", "54362315-K", "54362315K")],
)
def test_a_right_tax_number_is_kept_in_one_form(country: str, given: str, kept: str) -> None:
    assert tax_number(given, country) == CheckedNumber(kept, is_checked=True)


@pytest.mark.parametrize(("country", "given"), [("GB", "ABCDEFGH"), ("FR", "552008444"), ("NO", "9" * 50)])
def test_a_number_that_cannot_be_right_is_refused_beside_its_field(country: str, given: str) -> None:
    with pytest.raises(Invalid) as refused:
        company_number(given, country)

    assert refused.value.field == "company_number"


def test_a_wrong_tax_number_is_refused_beside_its_field() -> None:
    with pytest.raises(Invalid) as refused:
        tax_number("GB 802311781", "GB")

    assert refused.value.field == "tax_number"


def test_a_kind_of_number_that_nobody_knows_is_kept_and_said_to_be_unchecked() -> None:
    assert company_number(" 12  A ", "FJ") == CheckedNumber("12 A", is_checked=False)
    assert tax_number("99", "FJ") == CheckedNumber("99", is_checked=False)


@pytest.mark.parametrize("country", sorted(REGISTERS))
def test_every_country_of_the_table_has_rules_that_refuse_nonsense(country: str) -> None:
    with pytest.raises(Invalid):
        company_number("nonsense", country)
