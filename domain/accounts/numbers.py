"""Numbers: whether a company's number and its tax number can be right, by the rules of its country; no session."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from stdnum import get_cc_module
from stdnum.exceptions import ValidationError

from domain.shared.errors import N_, Invalid

LONGEST = 40

REGISTERS = {
    "AT": "stdnum.at.businessid",
    "AU": "stdnum.au.acn",
    "BE": "stdnum.be.vat",
    "BR": "stdnum.br.cnpj",
    "CA": "stdnum.ca.bn",
    "CH": "stdnum.ch.uid",
    "DE": "stdnum.de.handelsregisternummer",
    "DK": "stdnum.dk.cvr",
    "ES": "stdnum.es.cif",
    "FI": "stdnum.fi.ytunnus",
    "FR": "stdnum.fr.siren",
    "JP": "stdnum.jp.cn",
    "NO": "stdnum.no.orgnr",
    "PL": "stdnum.pl.regon",
    "SE": "stdnum.se.orgnr",
    "US": "stdnum.us.ein",
}
"""The module of python-stdnum that knows the numbers of a country's register of companies."""
TAX = {"US": "stdnum.us.tin", "AU": "stdnum.au.abn", "ZA": "stdnum.za.tin"}
"""Where tax numbers are not what python-stdnum files under VAT."""
COMPANIES_HOUSE = re.compile(r"(?:\d{8}|[A-Z]{2}\d{6}|R\d{7})")
"""Numbers of the United Kingdom's Companies House: eight digits, or a prefix and six; there is no check digit.

Source: Companies House, "Uniform Resource Identifiers (URI) customer guide", company number prefixes.
"""


class _Rules(Protocol):
    def validate(self, number: str) -> str: ...


@dataclass(frozen=True, slots=True)
class CheckedNumber:
    """A number as we keep it; `is_checked` unless nothing here knows that country's kind of number."""

    number: str
    is_checked: bool


def company_number(given: str, country: str) -> CheckedNumber:
    """The number in the register of companies; Invalid where the country's rules say that it cannot be right."""
    if country == "GB":
        number = "".join(given.split()).upper()
        number = number.zfill(8) if number.isdigit() else number
        if not COMPANIES_HOUSE.fullmatch(number):
            raise _wrong(given, "company_number")
        return CheckedNumber(number, is_checked=True)
    return _checked(given, _module(REGISTERS.get(country)), "company_number")


def tax_number(given: str, country: str) -> CheckedNumber:
    """The number by which the tax office knows them; Invalid where the country's rules say that it cannot be right."""
    rules = _module(TAX[country]) if country in TAX else cast("_Rules | None", get_cc_module(country.lower(), "vat"))
    return _checked(given, rules, "tax_number")


def _module(name: str | None) -> _Rules | None:
    return None if name is None else cast("_Rules", import_module(name))


def _checked(given: str, rules: _Rules | None, field: str) -> CheckedNumber:
    if len(given) > LONGEST:
        raise _wrong(given[:LONGEST], field)
    if rules is None:
        return CheckedNumber(" ".join(given.split()), is_checked=False)
    try:
        return CheckedNumber(rules.validate(given), is_checked=True)
    except ValidationError as problem:
        raise _wrong(given, field) from problem


def _wrong(given: str, field: str) -> Invalid:
    return Invalid(
        N_("“{value}” cannot be right: a digit may be missing or mixed up. Compare it with your papers."),
        field=field,
        value=given,
    )
