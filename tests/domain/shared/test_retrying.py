"""Retrying: rests that double up to an hour."""

from datetime import timedelta

from domain.shared.retrying import MOST_ATTEMPTS, rest


def test_rests_double_up_to_an_hour() -> None:
    seconds = [rest(attempt) // timedelta(seconds=1) for attempt in range(1, MOST_ATTEMPTS)]

    assert seconds == [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]
    assert rest(10**6) == timedelta(hours=1)
