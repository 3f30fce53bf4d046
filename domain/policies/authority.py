"""Authority: how far each role may go alone on an account, by the policy that rules it today."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from domain.policies import sections
from domain.policies.acts import UNITS, USUAL_LIMITS, Act, Unit
from domain.policies.ruling import sections_today
from domain.shared.db.session import business
from domain.shared.errors import N_, BeyondAuthority
from domain.shared.money import Money
from domain.staff import queries as staff
from domain.staff.model import ROLE_NAMES, Role

Limits = Mapping[Act, Mapping[Role, int | None]]
Extent = Money | int | None
"""How much of an act: money, a number in its unit, or None for an act that is done or not."""

TOO_MANY = {
    Unit.DAYS: N_("{many} days are more than you can decide alone."),
    Unit.MONTHS: N_("{many} months are more than you can decide alone."),
    Unit.PERCENT: N_("{many} per cent are more than you can decide alone."),
}
"""What somebody is told who may not go so far, by the unit of the act."""


def limits(section: sections.Authority | None) -> Limits:
    """How far each role may go in every act: by the section, and as usual in acts that it does not name.

    A role that the section does not name for an act may not do it at all.
    """
    named = section.limits if section else {}
    return {act: {role: named[act].get(role, 0) for role in Role} if act in named else USUAL_LIMITS[act] for act in Act}


def limits_on(session: Session, account_id: int) -> Limits:
    """How far each role may go on an account today."""
    return limits(sections_today(session, account_id).authority)


def reaches(limit: int | None, extent: Extent, *, currency: str) -> bool:
    """Whether a limit, in a business that counts in `currency`, covers that much.

    An amount in another currency cannot be held against a limit, so that only None covers it.
    """
    if limit is None:
        return True
    if extent is None or limit <= 0:
        return limit > 0
    if isinstance(extent, Money):
        return extent.currency == currency and extent.minor <= limit
    return extent <= limit


def covers(session: Session, role: Role, act: Act, extent: Extent, *, account_id: int) -> bool:
    """Whether `role` may do that much of `act` on the account alone."""
    return reaches(limits_on(session, account_id)[act][role], extent, currency=business(session).currency)


def check(session: Session, role: Role, act: Act, extent: Extent, *, account_id: int) -> None:
    """Do nothing where the role's authority covers it; raise BeyondAuthority, naming who has it, otherwise."""
    if covers(session, role, act, extent, account_id=account_id):
        return
    if isinstance(extent, Money):
        raise beyond(session, N_("{amount} is more than you can decide alone."), act, extent, account_id, amount=extent)
    if extent is not None:
        raise beyond(session, TOO_MANY[UNITS[act]], act, extent, account_id, many=extent)
    raise beyond(session, N_("You cannot decide this alone."), act, extent, account_id)


def beyond(session: Session, text: str, act: Act, extent: Extent, account_id: int, **params: object) -> BeyondAuthority:
    """The refusal, in words, of so much of an act on the account, with the roles and the people that it is left to."""
    able = who_covers(session, act, extent, account_id=account_id)
    people = [(each.name, ROLE_NAMES[each.role]) for each in staff.in_roles(session, able)]
    who_can = [ROLE_NAMES[other] for other in able]
    return BeyondAuthority(text, who_can=who_can, people=people, act=act.value, extent=extent, **params)


def who_covers(session: Session, act: Act, extent: Extent, *, account_id: int) -> list[Role]:
    """The roles whose authority covers so much of an act on the account."""
    ruling, currency = limits_on(session, account_id)[act], business(session).currency
    return [role for role in Role if reaches(ruling[role], extent, currency=currency)]
