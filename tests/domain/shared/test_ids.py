"""Public ids: their alphabet, their order, and that none comes twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.shared.ids import ALPHABET, new_public_id

instants = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(instants)
def test_an_id_is_26_characters_that_cannot_be_misread(now: datetime) -> None:
    made = new_public_id(now)

    assert len(made) == 26
    assert set(made) <= set(ALPHABET)
    assert not set("ilou") & set(ALPHABET)


@given(instants, st.integers(1, 10**9))
def test_a_later_id_sorts_after_an_earlier_one(now: datetime, milliseconds: int) -> None:
    assert new_public_id(now) < new_public_id(now + timedelta(milliseconds=milliseconds))


def test_ids_of_one_moment_differ() -> None:
    now = datetime(2026, 3, 16, 12, tzinfo=UTC)

    assert len({new_public_id(now) for _ in range(1_000)}) == 1_000
