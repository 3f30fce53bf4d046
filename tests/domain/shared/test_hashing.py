"""Hashing: one text for one value, written out once by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from hashlib import sha256

import pytest

from domain.shared.hashing import canonical, instant_text, row_hash, salted_digest


def test_a_value_has_one_text() -> None:
    assert canonical({"b": [1, None, True], "a": "é"}) == canonical({"a": "é", "b": [1, None, True]})
    assert canonical({"b": [1, None, True], "a": "é"}) == '{"a":"é","b":[1,null,true]}'


def test_what_json_does_not_know_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical(float("nan"))


def test_an_instant_is_written_in_utc_with_six_places() -> None:
    east = timezone(timedelta(hours=5, minutes=45))

    assert instant_text(datetime(2026, 3, 16, 12, tzinfo=UTC)) == "2026-03-16T12:00:00.000000Z"
    assert instant_text(datetime(2026, 3, 16, 17, 45, 0, 7, tzinfo=east)) == "2026-03-16T12:00:00.000007Z"


def test_a_rows_hash_is_the_one_that_the_documentation_describes() -> None:
    values = [7, "x", None, date(2026, 3, 1), datetime(2026, 3, 16, 12, tzinfo=UTC), b"\xab\x01"]

    expected = sha256(b'["seal",7,"x",null,"2026-03-01","2026-03-16T12:00:00.000000Z","ab01"]').digest()

    assert row_hash("seal", values) == expected


def test_a_digest_hides_its_payload_behind_its_salt() -> None:
    assert salted_digest(b"salt", "é") == sha256(b"salt" + "é".encode()).digest()
    assert salted_digest(b"salt", "é") != salted_digest(b"pepper", "é")
