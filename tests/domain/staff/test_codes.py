"""Codes: RFC 6238's own vectors, a little drift, and none of them twice."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from domain.staff import codes

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
NOW = datetime(2026, 3, 16, 12, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("second", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_the_vectors_of_rfc_6238_come_out_in_their_last_six_digits(second: int, code: str) -> None:
    assert codes.code_at(RFC_SECRET, datetime.fromtimestamp(second, UTC)) == code


@pytest.mark.parametrize(("seconds", "taken"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_phone_may_be_half_a_minute_off(seconds: int, taken: bool) -> None:
    code = codes.code_at(RFC_SECRET, NOW + timedelta(seconds=seconds))

    assert (codes.step_of(RFC_SECRET, code, at=NOW, after=0) is not None) is taken


def test_a_code_or_an_earlier_one_is_not_taken_again() -> None:
    code = codes.code_at(RFC_SECRET, NOW)
    step = codes.step_of(RFC_SECRET, f"{code[:3]} {code[3:]}", at=NOW, after=0)
    assert step is not None

    assert codes.step_of(RFC_SECRET, code, at=NOW, after=step) is None
    earlier = codes.code_at(RFC_SECRET, NOW - timedelta(seconds=30))
    assert codes.step_of(RFC_SECRET, earlier, at=NOW, after=step) is None


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "１２３４５６", "0" * 1000])
def test_what_is_no_code_is_not_taken(typed: str) -> None:
    assert codes.step_of(RFC_SECRET, typed, at=NOW, after=0) is None


def test_the_address_for_the_phone_names_whose_it_is() -> None:
    uri = codes.provisioning_uri(RFC_SECRET, email="ana@example.com", issuer="Quittance Harbour & Sons")

    assert uri.startswith("otpauth://totp/Quittance%20Harbour%20%26%20Sons:ana%40example.com?secret=" + RFC_SECRET)
