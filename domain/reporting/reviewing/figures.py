"""Figures of a review: what was done under the versions of one policy in a quarter, line by line."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.placements.model import Placement
from domain.plans.model import PaymentPlan
from domain.policies import terms_versions
from domain.policies.contacting import CHANNEL_NAMES, WORDING_NAMES
from domain.policies.model import PolicyVersion
from domain.policies.sections import FREQUENCY_NAMES
from domain.reporting.brought.discounts import offered
from domain.reporting.brought.rates import percent
from domain.reporting.brought.reminders import What, named, steps
from domain.reporting.handoff_figures import By, Sent, rows_by, sent_in
from domain.reporting.plan_success import Made, by_kind, signed_in
from domain.reporting.reviewing.standing_out import Kind, Line
from domain.shared.errors import N_
from domain.shared.home import home_first
from domain.shared.money import Money
from domain.shared.percent import Percent
from domain.shared.words import Words

WITHIN = 14
"""Money that comes so many days after a notice, and before the next one, counts for it."""


def lines(session: Session, policy_id: int, first: date, last: date) -> list[Line]:
    """Everything that was done under the policy's versions in the period, and what came of it until now."""
    versions = versions_of(session, policy_id)
    return [
        *_steps(session, versions, first, last),
        *_discounts(session, versions, first, last),
        *_plans(session, versions, first, last),
        *_partners(session, versions, first, last),
    ]


def versions_of(session: Session, policy_id: int) -> list[int]:
    """The ids of the policy's versions."""
    return list(session.scalars(select(PolicyVersion.id).where(PolicyVersion.policy_id == policy_id)))


def plans_of(session: Session, versions: list[int], first: date, last: date) -> list[Made]:
    """The plans signed in the period that were made under these versions."""
    ids = set(
        session.scalars(
            select(PaymentPlan.id).where(
                PaymentPlan.signed_on.between(first, last), PaymentPlan.version_id.in_(versions)
            )
        )
    )
    return [made for made in signed_in(session, first, last) if made.plan_id in ids] if ids else []


def handoffs_of(session: Session, versions: list[int], first: date, last: date) -> list[Sent]:
    """The handoffs sent in the period that were proposed under these versions."""
    sent = sent_in(session, first, last)
    if not sent:
        return []
    wanted = select(Placement.id).where(
        Placement.id >= min(one.placement_id for one in sent), Placement.version_id.in_(versions)
    )
    ids = set(session.scalars(wanted))
    return [one for one in sent if one.placement_id in ids]


def _steps(session: Session, versions: list[int], first: date, last: date) -> list[Line]:
    return [
        Line(
            Kind.STEP,
            named(one.key),
            Words.of(
                N_("{step}, day {day}, {channel}"),
                step=Words(WORDING_NAMES[one.key[1]]),
                day=one.key[0],
                channel=Words(CHANNEL_NAMES[one.key[2]]),
            ),
            one.counts[What.SENT],
            one.asked,
            one.paid,
            None,
            one.share,
            contested=percent(one.counts[What.DISPUTED], one.counts[What.SENT]),
        )
        for one in steps(session, first, last, WITHIN, versions=versions)
    ]


def _discounts(session: Session, versions: list[int], first: date, last: date) -> list[Line]:
    terms = terms_versions.early_discounts(session)
    numbers = {row.id: row.number for row in session.execute(select(PolicyVersion.id, PolicyVersion.number))}
    return [
        Line(
            Kind.DISCOUNT,
            f"{one.version_id}-{one.currency}",
            Words.of(
                N_("{percent} within {days} days, version {number}"),
                percent=Percent(terms[one.version_id].percent),
                days=terms[one.version_id].days,
                number=numbers[one.version_id],
            ),
            one.invoices,
            Money(one.minor, one.currency),
            Money(sum(each.amount.minor - each.discount.minor for each in one.taken), one.currency),
            Money(one.discount, one.currency),
            percent(len(one.taken), one.invoices),
            yearly=one.yearly,
        )
        for one in offered(session, first, last)
        if one.version_id in versions
    ]


def _plans(session: Session, versions: list[int], first: date, last: date) -> list[Line]:
    found = []
    for one in by_kind(plans_of(session, versions, first, last)):
        most = one.kind.most or one.kind.least
        words = Words.of(
            N_("{least} to {most} instalments, {rhythm}"),
            least=one.kind.least,
            most=most,
            rhythm=Words(FREQUENCY_NAMES[one.kind.frequency]),
        )
        share = None if one.share is None else round(one.share, 1)
        sums = {agreed.currency: (agreed, came) for agreed, came in one.money}
        for currency in home_first(session, (made.agreed.currency for made in one.made)):
            count = sum(made.agreed.currency == currency for made in one.made)
            agreed, came = sums.get(currency, (Money.zero(currency),) * 2)
            found.append(Line(Kind.PLAN, f"{one.kind.key}.{currency}", words, count, agreed, came, None, share))
    return found


def _partners(session: Session, versions: list[int], first: date, last: date) -> list[Line]:
    return [
        Line(
            Kind.PARTNER,
            f"{row.key}.{each.placed.currency}",
            Words.of(N_("{partner}"), partner=row.found[0].partner_name),
            sum(one.placed.currency == each.placed.currency for one in row.found),
            each.placed,
            each.gross,
            each.commission + each.costs,
            None if each.gross_percent is None else round(each.gross_percent, 1),
        )
        for row in rows_by(handoffs_of(session, versions, first, last), By.PARTNER)
        for each in row.sums
    ]
