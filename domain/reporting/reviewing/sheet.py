"""Review sheet: a policy's quarter beside the one before it, what stands out, and the rows behind each number."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.policies import queries as policies
from domain.policies.contacting import CHANNEL_NAMES, WORDING_NAMES
from domain.policies.model import CreditPolicy
from domain.reporting.brought.discounts import taken
from domain.reporting.brought.reminders import What, key_of, notices_of
from domain.reporting.reviewing.comparing import A_DAY, compared
from domain.reporting.reviewing.figures import handoffs_of, lines, plans_of, versions_of
from domain.reporting.reviewing.standing_out import Kind as Of
from domain.reporting.reviewing.standing_out import Line, stands_out, vanished
from domain.reporting.schedules.cadence import quarter_of
from domain.reporting.sheets.asking import Asked, When, period
from domain.reporting.sheets.report import Group, Report
from domain.reporting.sheets.values import Cell, Column, Kind, Row, Section, Sheet, cells, cut
from domain.shared.db.session import today
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.months import months_later
from domain.shared.words import Words
from domain.staff.permissions import Permission

NAME = "review"
POLICY = "policy"
TITLES = {
    Of.STEP: N_("Steps"),
    Of.DISCOUNT: N_("Discounts"),
    Of.PLAN: N_("Payment plans"),
    Of.PARTNER: N_("Partners"),
}
COUNTS = {
    Of.STEP: N_("Notices sent"),
    Of.DISCOUNT: N_("Open to invoices"),
    Of.PLAN: N_("Signed"),
    Of.PARTNER: N_("Handed over"),
}
SHARES = {
    Of.STEP: N_("Paid, of what was asked for"),
    Of.DISCOUNT: N_("Taken, of the invoices"),
    Of.PLAN: N_("Kept of those that ended"),
    Of.PARTNER: N_("Collected, of what was handed over"),
}
ROW_COLUMNS = (
    Column("account", Words(N_("Account"))),
    Column("what", Words(N_("What"))),
    Column("on", Words(N_("Day")), Kind.DAY),
    Column("about", Words(N_("About")), Kind.MONEY),
    Column("brought", Words(N_("Brought")), Kind.MONEY),
)


def quarter(day: date, policy_id: int) -> Asked:
    """The review of the quarter that a day is in."""
    first = quarter_of(day)
    return period(first, months_later(first, 3) - A_DAY).having(policy=policy_id)


def make(session: Session, asked: Asked) -> Sheet:
    """What the policy's parts brought and cost, beside as many days of the quarter before; and what stands out."""
    policy_id = policy_of(session, asked)
    name = policies.names(session, [policy_id]).get(policy_id, "") if policy_id else ""
    days = compared(asked.since, asked.last, today(session))
    now = lines(session, policy_id, days.first, days.last) if policy_id else []
    earlier = lines(session, policy_id, days.first_before, days.last_before) if policy_id else []
    known = {(line.kind, line.key): line for line in earlier}
    sections = [_section(of, [line for line in now if line.kind is of], known, asked) for of in Of]
    said = [*stands_out(now, known), *vanished(now, earlier)]
    return Sheet(
        NAME,
        Words.of(N_("Review of {policy}"), policy=name) if name else Words(REVIEW.words),
        tuple(section for section in sections if section.rows),
        lead=days.words,
        findings=tuple(said or [Words(N_("Nothing stands out."))]) if now or earlier else (),
        empty=Words(N_("Nothing was done under this policy in this quarter.")),
    )


def rows(session: Session, asked: Asked, limit: int | None) -> Sheet:
    """What is behind a line: its notices, discounts, plans or handoffs."""
    policy_id, what, key = policy_of(session, asked), asked.get("what"), asked.get("key")
    of = Of(what) if what in set(Of) else Of.STEP
    versions = versions_of(session, policy_id) if policy_id else []
    found = _rows(session, of, key, versions, asked)
    section, more_than = cut(Section(of.value, Words(TITLES[of]), ROW_COLUMNS, tuple(found)), limit)
    return Sheet(
        NAME,
        Words.of(N_("Review: {what}"), what=Words(TITLES[of])),
        (section,),
        empty=Words(N_("Nothing of this kind happened in the period.")),
        back=asked.only(POLICY).href(NAME),
        more_than=more_than,
    )


def policy_of(session: Session, asked: Asked) -> int | None:
    """The policy that is asked for; the first one where none is, None where there is none at all."""
    first: int | None = session.scalar(select(func.min(CreditPolicy.id)))
    return asked.number(POLICY) or first


def _section(of: Of, some: Sequence[Line], known: dict[tuple[Of, str], Line], asked: Asked) -> Section:
    columns = [
        Column("line", Words(TITLES[of])),
        Column("count", Words(COUNTS[of]), Kind.COUNT),
        Column("count_before", Words(N_("Before")), Kind.COUNT),
        Column("about", Words(N_("About")), Kind.MONEY),
        Column("brought", Words(N_("Brought")), Kind.MONEY),
        Column("brought_before", Words(N_("Brought before")), Kind.MONEY),
        Column("cost", Words(N_("Cost")), Kind.MONEY),
        Column("share", Words(SHARES[of]), Kind.PERCENT),
        Column("share_before", Words(N_("Share before")), Kind.PERCENT),
        *([Column("yearly", Words(N_("Cost as interest for a year")), Kind.PERCENT)] if of is Of.DISCOUNT else []),
    ]
    made = []
    often = Counter(str(line.words) for line in some)
    for line in some:
        earlier = known.get((line.kind, line.key))
        behind = asked.behind(NAME, of.value, key=line.key)
        made.append(
            Row(
                cells(
                    line.words if often[str(line.words)] == 1 else _told_apart(line),
                    Cell(line.count, behind),
                    earlier.count if earlier else 0,
                    Cell(line.about, behind),
                    Cell(line.brought, behind),
                    earlier.brought if earlier else None,
                    Cell(line.cost, behind),
                    Cell(line.share, behind),
                    earlier.share if earlier else None,
                    *([Cell(line.yearly, behind)] if of is Of.DISCOUNT else []),
                )
            )
        )
    return Section(of.value, Words(TITLES[of]), tuple(columns), tuple(made))


def _told_apart(line: Line) -> Words:
    """What a line is called where others are called the same: they are about another currency."""
    if line.about is None:
        return line.words
    return Words.of(N_("{line}, {currency}"), line=line.words, currency=line.about.currency)


def _rows(session: Session, of: Of, key: str, versions: list[int], asked: Asked) -> list[Row]:
    first, last = asked.since, asked.last
    kind, _, currency = key.rpartition(".")
    match of:
        case Of.STEP:
            found = notices_of(session, first, last, key_of(key), What.SENT, None, versions=versions)
            return [
                _row(
                    each.account_name,
                    Words.of(
                        N_("{step}, {channel}"),
                        step=Words(WORDING_NAMES[each.wording]),
                        channel=Words(CHANNEL_NAMES[each.channel]),
                    ),
                    each.decided_on,
                    Money(each.total_minor, each.currency),
                    None,
                    f"/notices/{each.id}",
                )
                for each in found
            ]
        case Of.DISCOUNT:
            return [
                _row(one.account_name, one.number, one.paid_on, one.amount, one.discount, f"/accounts/{one.account_id}")
                for one in taken(session, first, last)
                if f"{one.version_id}-{one.amount.currency}" == key
            ]
        case Of.PLAN:
            return [
                _row(
                    made.account_name,
                    Words.of(N_("Plan {id}"), id=str(made.plan_id)),
                    made.signed_on,
                    made.agreed,
                    made.came,
                    f"/plans/{made.plan_id}",
                )
                for made in plans_of(session, versions, first, last)
                if made.kind.key == kind and made.agreed.currency == currency
            ]
        case Of.PARTNER:
            return [
                _row(
                    one.account_name,
                    one.partner_name,
                    one.sent_on,
                    one.placed,
                    one.gross,
                    f"/handoffs/{one.placement_id}",
                )
                for one in handoffs_of(session, versions, first, last)
                if str(one.partner_id) == kind and one.placed.currency == currency
            ]


def _row(account: str, what: Words | str, on: date, about: Money, brought: Money | None, href: str) -> Row:
    return Row(cells(account, what, on, about, brought), href=href)


REVIEW = Report(
    name=NAME,
    words=N_("Review of a policy"),
    lead=N_("What each step, discount, kind of plan and partner brought and cost, beside the quarter before."),
    group=Group.RECOVERY,
    make=make,
    rows=rows,
    when=When.PERIOD,
    more=(POLICY,),
    permission=Permission.SEE_POLICY_REVIEW,
    icon="check",
    usual_first=quarter_of,
)
"""What a policy brought and cost in a quarter."""
