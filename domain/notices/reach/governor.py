"""Governor: at which local hours, and how often, somebody may be contacted by which channel; from values alone.

The strict profile is that of people: nothing before 8 in the morning or after 9 in the evening where they are, at most
seven calls in seven days, and none for seven days after a conversation (United States: 12 CFR 1006.6(b) and 1006.14(b);
California extends its act to business debt that a natural person owes or guarantees). Whoever we know too little of is
treated like a person. No legal advice: a country whose rules are stricter needs a row of its own in `PROFILES`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.accounts.model import LegalForm
from domain.policies.contacting import Channel, Recipient

WEEK = timedelta(days=7)
WEEKDAYS = range(5)
EVERY_DAY = range(7)


@dataclass(frozen=True, slots=True)
class Hours:
    """From when until when of the local day, both on the clock there, and on which weekdays (Monday is 0)."""

    first: time
    last: time
    days: range = EVERY_DAY

    def hold(self, local: datetime) -> bool:
        """Whether that local moment lies within them."""
        return local.weekday() in self.days and self.first <= local.time() < self.last


@dataclass(frozen=True, slots=True)
class Profile:
    """What holds for somebody: hours by channel (none: any hour), and how often in seven days; None: no bound."""

    hours: dict[Channel, Hours]
    most_calls: int | None
    quiet_after_talk: timedelta
    most_written: int | None


PERSON = Profile(
    hours=dict.fromkeys((Channel.EMAIL, Channel.SMS, Channel.CALL), Hours(time(8), time(21))),
    most_calls=7,
    quiet_after_talk=WEEK,
    most_written=7,
)
"""A natural person, a sole trader, a guarantor, and whoever we know too little of: the strict profile."""
BUSINESS = Profile(
    hours={
        Channel.EMAIL: Hours(time(6), time(22)),
        Channel.SMS: Hours(time(8), time(20), WEEKDAYS),
        Channel.CALL: Hours(time(8), time(18), WEEKDAYS),
    },
    most_calls=7,
    quiet_after_talk=timedelta(days=1),
    most_written=None,
)
"""A company, a partnership, a public body."""

PROFILES: dict[tuple[LegalForm, str | None], Profile] = {
    (LegalForm.COMPANY, None): BUSINESS,
    (LegalForm.PUBLIC_BODY, None): BUSINESS,
    (LegalForm.PARTNERSHIP, None): BUSINESS,
    (LegalForm.PARTNERSHIP, "US"): PERSON,
}
"""The profile by legal form and country (None: any other); whoever is not here gets the strict one."""


@dataclass(frozen=True, slots=True)
class Contacted:
    """How somebody was contacted before: written to, called, talked to last."""

    written: Sequence[datetime] = ()
    called: Sequence[datetime] = ()
    talked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it may happen now; else from when on, where hours are what keeps it, or `too_often`."""

    now: bool
    from_at: datetime | None = None
    too_often: bool = False


def profile_of(legal_form: LegalForm, country: str | None, recipient: Recipient) -> Profile:
    """What holds for a customer of this form in this country; for a guarantor always the strict profile."""
    if recipient is Recipient.GUARANTOR:
        return PERSON
    return PROFILES.get((legal_form, country), PROFILES.get((legal_form, None), PERSON))


def hours_allow(profile: Profile, channel: Channel, at: datetime, zone: str) -> bool:
    """Whether the local hour allows it."""
    hours = profile.hours.get(channel)
    return hours is None or hours.hold(at.astimezone(ZoneInfo(zone)))


def verdict(profile: Profile, channel: Channel, at: datetime, zone: str, contacted: Contacted) -> Verdict:
    """Whether somebody in that time zone may be contacted by this channel at this instant."""
    if _too_often(profile, channel, at, contacted):
        return Verdict(False, too_often=True)
    if hours_allow(profile, channel, at, zone):
        return Verdict(True)
    return Verdict(False, _next(profile.hours[channel], at, ZoneInfo(zone)))


def _too_often(profile: Profile, channel: Channel, at: datetime, contacted: Contacted) -> bool:
    if channel is Channel.LETTER:
        return False
    if channel is Channel.CALL:
        called = sum(at - WEEK < each <= at for each in contacted.called)
        talked = contacted.talked_at is not None and at < contacted.talked_at + profile.quiet_after_talk
        return talked or (profile.most_calls is not None and called >= profile.most_calls)
    written = sum(at - WEEK < each <= at for each in contacted.written)
    return profile.most_written is not None and written >= profile.most_written


def _next(hours: Hours, at: datetime, zone: ZoneInfo) -> datetime:
    """The next instant at which these hours begin."""
    local = at.astimezone(zone)
    for days in range(8):
        day = (local + timedelta(days=days)).date()
        begins = datetime.combine(day, hours.first, tzinfo=zone)
        if begins > local and day.weekday() in hours.days:
            return begins.astimezone(at.tzinfo)
    raise AssertionError("hours without a day")
