"""Fair treatment: the report of a period on one page, the rows behind each of its numbers, and both as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response, get
from litestar.params import FromQuery
from sqlalchemy.orm import Session

from backoffice.access import admit
from domain.disputes.model import REASON_NAMES
from domain.notices.model import HELD_BACK_NAMES, OUTCOME_NAMES
from domain.notices.reach.model import AddressKind
from domain.policies.contacting import CHANNEL_NAMES, WORDING_NAMES, Channel
from domain.promises.model import PromiseStatus
from domain.reporting import fair_treatment
from domain.reporting.fair_export import MEDIA_TYPE, debtors_csv, report_csv
from domain.reporting.fair_treatment import Family, Happened, Number, Period, Report
from domain.shared.db.session import today
from domain.shared.errors import N_, Refused
from domain.staff.permissions import Permission
from web.downloads import download
from web.forms import Form, query_form
from web.fragments import page, see_other
from web.given import GivenDatabase
from web.links import with_query
from web.promises import STATUS_BADGES as PROMISE_BADGES
from web.visit import AnyRequest, visit_of

PATH = "/reports/fair-treatment"
MOST = 500
"""So many rows are shown behind a number."""
DEBTORS = 20
"""So many customers are shown, those who heard from us most."""
ADDRESS_NAMES = {
    AddressKind.OPTED_OUT: N_("Does not want messages"),
    AddressKind.OPTED_IN: N_("Wants messages again"),
    AddressKind.BOUNCED: N_("Does not work"),
    AddressKind.COMPLAINED: N_("Complained about a message"),
    AddressKind.WORKS: N_("Works again"),
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
TABLES = (Family.HELD_BACK, Family.PROMISES, Family.ADDRESSES, Family.DISPUTES, Family.CALLS)
DETAIL_NAMES = {
    **{wording.value: words for wording, words in WORDING_NAMES.items()},
    **{outcome.value: words for outcome, words in OUTCOME_NAMES.items()},
}
PAGES = {"notice": "/notices/{}", "call": "/calls/{}", "promise": "/promises/{}", "dispute": "/disputes/{}"}
"""Where what a row is about has its page."""


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


@get(PATH, guards=admit(Permission.SEE_FIGURES), sync_to_thread=True)
def show_fair_treatment(request: AnyRequest, database: GivenDatabase) -> Response[bytes]:
    """The report of a period: this month so far, unless another is asked for."""
    with database.reading() as session:
        form, period, status = _asked(request, session)
        found = fair_treatment.report(session, period)
    period_of = {"from": period.first, "to": period.last}
    context = {
        "report": found,
        "channels": [_channel(found, channel) for channel in Channel],
        "tables": [(FAMILY_NAMES[family], family.value, _lines(found, family)) for family in TABLES],
        "hours_href": _rows_href(period, Family.OUT_OF_HOURS),
        "contacts_href": _rows_href(period, Family.CONTACTS),
        "debtors": found.debtors[:DEBTORS],
        "all_channels": [(channel, words) for channel, words in CHANNEL_NAMES.items()],
        "csv_href": with_query(f"{PATH}.csv", **period_of),
        "debtors_href": with_query(f"{PATH}/debtors.csv", **period_of),
        "form": form,
    }
    return page(request, "backoffice/fair_treatment/show.html", context, status=status)


@get(f"{PATH}/rows", guards=admit(Permission.SEE_FIGURES), sync_to_thread=True)
def fair_treatment_rows(
    request: AnyRequest, database: GivenDatabase, what: FromQuery[str] = Family.CONTACTS, key: FromQuery[str] = ""
) -> Response[bytes]:
    """What a number is made of, the newest first."""
    family = Family(what) if what in set(Family) else Family.CONTACTS
    with database.reading() as session:
        form, period, status = _asked(request, session)
        found = fair_treatment.rows(session, period, family, key or None, limit=MOST + 1)
    context = {
        "family": FAMILY_NAMES[family],
        "key": KEY_NAMES[family].get(key),
        "rows": [_row(each, family) for each in found[:MOST]],
        "more": len(found) > MOST,
        "most": MOST,
        "period": period,
        "back": with_query(PATH, **{"from": period.first, "to": period.last}),
        "form": form,
    }
    return page(request, "backoffice/fair_treatment/rows.html", context, status=status)


@get(f"{PATH}.csv", guards=admit(Permission.SEE_FIGURES), sync_to_thread=True)
def fair_treatment_csv(request: AnyRequest, database: GivenDatabase) -> Response[Any]:
    """Every number of the report, a row each."""
    with database.reading() as session:
        form, period, _ = _asked(request, session)
        if form.errors:
            return see_other(request, f"{PATH}?{request.url.query}")
        found = fair_treatment.report(session, period)
    lines = report_csv(found, FAMILY_NAMES, KEY_NAMES, visit_of(request).speaking)
    return _file(lines, f"fair treatment {period.first} {period.last}.csv")


@get(f"{PATH}/debtors.csv", guards=admit(Permission.SEE_FIGURES), sync_to_thread=True)
def fair_treatment_debtors(request: AnyRequest, database: GivenDatabase) -> Response[Any]:
    """Every customer who heard from us, and how often by which channel."""
    with database.reading() as session:
        form, period, _ = _asked(request, session)
        if form.errors:
            return see_other(request, f"{PATH}?{request.url.query}")
        found = fair_treatment.report(session, period)
    lines = debtors_csv(found, visit_of(request).speaking)
    return _file(lines, f"fair treatment customers {period.first} {period.last}.csv")


def _file(lines: Iterator[bytes], name: str) -> Response[Any]:
    return download(lines, name, MEDIA_TYPE)


def _asked(request: AnyRequest, session: Session) -> tuple[Form, Period, int]:
    """The period that is asked for; where it cannot be read the form says why, and this month is shown."""
    form, day = query_form(request), today(session)
    first, last = day.replace(day=1), day
    usual = {"from": first.isoformat(), "to": last.isoformat()}
    try:
        with form.reading():
            first, last = form.optional_day("from") or first, form.optional_day("to") or last
        period = fair_treatment.period_of(session, first, last)
    except Refused as refused:
        return form.refused(refused), fair_treatment.period_of(session, day.replace(day=1), day), 422
    form.fill(usual)
    return form, period, 200


def _rows_href(period: Period, family: Family, key: str = "") -> str:
    asked = {"what": family.value, "key": key, "from": period.first, "to": period.last}
    return with_query(f"{PATH}/rows", **asked)


def _lines(found: Report, family: Family) -> Sequence[Line]:
    """The numbers of a family in the order of its names; what never happened is left out of the reasons."""
    numbers = found.numbers[family]
    keys = [key for key in KEY_NAMES[family] if key in numbers or family is not Family.HELD_BACK]
    return [
        Line(KEY_NAMES[family][key], numbers.get(key, Number()), _rows_href(found.period, family, key)) for key in keys
    ]


def _channel(found: Report, channel: Channel) -> ChannelLine:
    most = found.most(channel)
    return ChannelLine(
        name=CHANNEL_NAMES[channel],
        number=found.numbers[Family.CONTACTS].get(channel.value, Number()),
        href=_rows_href(found.period, Family.CONTACTS, channel.value),
        most=most.by_channel[channel] if most else 0,
        most_name=most.name if most else "",
        most_href=f"/accounts/{most.account_id}" if most else "",
    )


def _row(each: Happened, family: Family) -> RowView:
    named = DETAIL_NAMES.get(each.detail or "")
    path = PAGES.get(each.kind)
    return RowView(
        row=each,
        key=KEY_NAMES[family].get(each.key, each.key),
        detail=named or each.detail,
        is_name=named is not None,
        href=path.format(each.id) if path else None,
    )
