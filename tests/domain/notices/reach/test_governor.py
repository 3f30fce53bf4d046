"""Governor: hours on the clock where somebody is, how often, and the strict profile for whoever we know little of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.accounts.model import LegalForm
from domain.notices.reach.governor import BUSINESS, PERSON, Contacted, Profile, hours_allow, profile_of, verdict
from domain.policies.contacting import Channel, Recipient

NOBODY = Contacted()
NOON = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)
ZONES = sorted(available_timezones())


@pytest.mark.parametrize(
    ("form", "country", "recipient", "profile"),
    [
        (LegalForm.COMPANY, "GB", Recipient.CONTACT, BUSINESS),
        (LegalForm.COMPANY, None, Recipient.ABOVE, BUSINESS),
        (LegalForm.COMPANY, "GB", Recipient.GUARANTOR, PERSON),
        (LegalForm.PARTNERSHIP, "DE", Recipient.CONTACT, BUSINESS),
        (LegalForm.PARTNERSHIP, "US", Recipient.CONTACT, PERSON),
        (LegalForm.SOLE_TRADER, "GB", Recipient.CONTACT, PERSON),
        (LegalForm.NATURAL_PERSON, "GB", Recipient.CONTACT, PERSON),
        (LegalForm.UNKNOWN, "GB", Recipient.CONTACT, PERSON),
    ],
)
def test_who_is_protected_how(form: LegalForm, country: str | None, recipient: Recipient, profile: Profile) -> None:
    assert profile_of(form, country, recipient) is profile


@pytest.mark.parametrize(
    ("zone", "hour", "allowed"),
    [
        ("Europe/London", 7, False),
        ("Europe/London", 8, True),
        ("Europe/London", 20, True),
        ("Europe/London", 21, False),
        ("America/Los_Angeles", 14, False),
        ("America/Los_Angeles", 15, True),
        ("Asia/Kolkata", 3, True),
        ("Asia/Kolkata", 2, False),
    ],
)
def test_the_hour_is_theirs(zone: str, hour: int, allowed: bool) -> None:
    assert hours_allow(PERSON, Channel.EMAIL, NOON.replace(hour=hour), zone) is allowed


def test_a_letter_has_no_hour() -> None:
    assert verdict(PERSON, Channel.LETTER, NOON.replace(hour=2), "Europe/London", NOBODY).now


def test_businesses_are_called_on_weekdays() -> None:
    saturday = NOON + timedelta(days=5)

    found = verdict(BUSINESS, Channel.CALL, saturday, "Europe/London", NOBODY)

    assert (found.now, found.from_at) == (False, datetime(2026, 3, 23, 8, tzinfo=UTC))


def test_seven_calls_in_seven_days_and_no_more() -> None:
    calls = [NOON - timedelta(days=days, minutes=1) for days in range(7)]

    assert verdict(PERSON, Channel.CALL, NOON, "Europe/London", Contacted(called=calls)).too_often
    assert verdict(PERSON, Channel.CALL, NOON, "Europe/London", Contacted(called=calls[1:])).now


def test_after_a_conversation_a_week_of_silence() -> None:
    talked = Contacted(talked_at=NOON - timedelta(days=7) + timedelta(minutes=1))

    assert verdict(PERSON, Channel.CALL, NOON, "Europe/London", talked).too_often
    assert verdict(PERSON, Channel.CALL, NOON + timedelta(minutes=1), "Europe/London", talked).now
    assert verdict(PERSON, Channel.EMAIL, NOON, "Europe/London", talked).now


@given(
    minutes=st.integers(0, 5 * 366 * 24 * 60),
    zone=st.sampled_from(ZONES),
    channel=st.sampled_from(Channel),
    profile=st.sampled_from([PERSON, BUSINESS]),
)
def test_in_every_zone_the_next_moment_is_allowed_and_none_before_it(
    minutes: int, zone: str, channel: Channel, profile: Profile
) -> None:
    moment = NOON + timedelta(minutes=minutes)
    found = verdict(profile, channel, moment, zone, NOBODY)

    if found.now:
        assert hours_allow(profile, channel, moment, zone)
        return
    assert found.from_at is not None
    assert moment < found.from_at <= moment + timedelta(days=4)
    assert hours_allow(profile, channel, found.from_at, zone)
    local = found.from_at.astimezone(ZoneInfo(zone))
    assert (local.minute, local.second) == (0, 0)
