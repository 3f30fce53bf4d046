"""Fair treatment views: what the numbers of the report are called, and its lines and rows as plain values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from backoffice.account_timeline import ABOUT_PAGES
from domain.disputes.reasons import REASON_NAMES
from domain.notices.model import HELD_BACK_NAMES, OUTCOME_NAMES
from domain.notices.reach.model import AddressKind
from domain.policies.contacting import CHANNEL_NAMES, WORDING_NAMES, Channel
from domain.promises.model import PromiseStatus
from domain.reporting.fair_treatment import Family, Happened, Number, Period, Report
from domain.shared.errors import N_
from web.links import with_query
from web.promises import STATUS_BADGES as PROMISE_BADGES

PATH = "/reports/fair-treatment"
ADDRESS_NAMES = {
    AddressKind.OPTED_OUT: N_("Want no messages at an address"),
    AddressKind.OPTED_IN: N_("Want messages again at an address"),
    AddressKind.BOUNCED: N_("Addresses that do not work"),
    AddressKind.COMPLAINED: N_("Complained about a message"),
    AddressKind.WORKS: N_("Addresses that work again"),
}
"""What each thing that became known of an address is called."""
KEY_NAMES: dict[Family, dict[str, str]] = {
    Family.CONTACTS: {channel.value: words for channel, words in CHANNEL_NAMES.items()},
    Family.HELD_BACK: {why.value: words for why, words in HELD_BACK_NAMES.items()},
    Family.PROMISES: {status.value: PROMISE_BADGES[status][1] for status in PromiseStatus},
    Family.ADDRESSES: {kind.value: words for kind, words in ADDRESS_NAMES.items()},
    Family.DISPUTES: {reason.value: words for reason, words in REASON_NAMES.items()},
    Family.CALLS: {outcome.value: words for outcome, words in OUTCOME_NAMES.items()},
    Family.OUT_OF_HOURS: {channel.value: words for channel, words in CHANNEL_NAMES.items()},
}
"""What the keys of each family are called."""
FAMILY_NAMES = {
    Family.CONTACTS: N_("Contacts"),
    Family.HELD_BACK: N_("Held back because"),
    Family.PROMISES: N_("Promises to pay"),
    Family.ADDRESSES: N_("Wishes and complaints"),
    Family.DISPUTES: N_("Disputes raised"),
    Family.CALLS: N_("Calls by outcome"),
    Family.OUT_OF_HOURS: N_("Outside the allowed hours"),
}
"""What each family is called."""
DETAIL_NAMES = {
    **{wording.value: words for wording, words in WORDING_NAMES.items()},
    **{outcome.value: words for outcome, words in OUTCOME_NAMES.items()},
}


@dataclass(frozen=True, slots=True)
class Line:
    """One number of the report and where its rows are."""

    name: str
    number: Number
    href: str


@dataclass(frozen=True, slots=True)
class ChannelLine:
    """How often customers heard from us by one channel, and who did most."""

    name: str
    number: Number
    href: str
    most: int
    most_name: str
    most_href: str


@dataclass(frozen=True, slots=True)
class RowView:
    """One row behind a number; `detail` is a message id where `is_name`."""

    row: Happened
    key: str
    detail: str | None
    is_name: bool
    href: str | None


def rows_href(period: Period, family: Family, key: str = "") -> str:
    """Where the rows behind a number are."""
    asked = {"what": family.value, "key": key, "from": period.first, "to": period.last}
    return with_query(f"{PATH}/rows", **asked)


def lines_of(found: Report, family: Family) -> Sequence[Line]:
    """The numbers of a family in the order of its names; what never happened is left out of the reasons."""
    numbers = found.numbers[family]
    keys = [key for key in KEY_NAMES[family] if key in numbers or family is not Family.HELD_BACK]
    return [
        Line(KEY_NAMES[family][key], numbers.get(key, Number()), rows_href(found.period, family, key)) for key in keys
    ]


def channel_line(found: Report, channel: Channel) -> ChannelLine:
    """How often customers heard from us by a channel."""
    most = found.most(channel)
    return ChannelLine(
        name=CHANNEL_NAMES[channel],
        number=found.numbers[Family.CONTACTS].get(channel.value, Number()),
        href=rows_href(found.period, Family.CONTACTS, channel.value),
        most=most.by_channel[channel] if most else 0,
        most_name=most.name if most else "",
        most_href=f"/accounts/{most.account_id}" if most else "",
    )


def row_view(each: Happened, family: Family) -> RowView:
    """A row as its template wants it."""
    named = DETAIL_NAMES.get(each.detail or "")
    path = ABOUT_PAGES.get(each.kind)
    return RowView(
        row=each,
        key=KEY_NAMES[family].get(each.key, each.key),
        detail=named or each.detail,
        is_name=named is not None,
        href=path.format(each.id) if path else None,
    )
