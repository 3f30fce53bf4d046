"""Queries: who signs in for a partner, and who of them may come in now."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from domain.placements.model import Partner
from domain.placements.people.admitted import goes_on
from domain.placements.people.model import PartnerLogin
from domain.sessions.links import People, Person
from domain.sessions.model import Site
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.errors import N_, NotFound

NO_SUCH_LOGIN = N_("We could not find that person.")
_SIGNS_IN = (
    select(
        PartnerLogin.id,
        PartnerLogin.partner_id,
        PartnerLogin.email,
        PartnerLogin.name,
        PartnerLogin.language,
        Partner.name.label("partner_name"),
    )
    .join(Partner, Partner.id == PartnerLogin.partner_id)
    .where(PartnerLogin.ended_at.is_(None))
)
"""Those who were not taken away; they may come in while something goes on with their partner."""


def login(session: Session, login_id: int) -> PartnerLogin:
    """Somebody who signs in for a partner, read afresh; NotFound."""
    found = session.get(PartnerLogin, login_id, populate_existing=True)
    if found is None:
        raise NotFound(NO_SUCH_LOGIN)
    return found


def may_come_in(session: Session, login_id: int) -> AnyRow | None:
    """Who it is and for which partner, where they may come in now; None otherwise."""
    return session.execute(_SIGNS_IN.where(PartnerLogin.id == login_id, goes_on(session))).one_or_none()


def of_partner(session: Session, partner_id: int) -> AnyRows:
    """Everybody who signs in for a partner or did, by name; those who have ended come last."""
    return session.execute(
        select(
            PartnerLogin.id,
            PartnerLogin.name,
            PartnerLogin.email,
            PartnerLogin.language,
            PartnerLogin.made_at,
            PartnerLogin.ended_at,
        )
        .where(PartnerLogin.partner_id == partner_id)
        .order_by(PartnerLogin.ended_at.is_not(None), PartnerLogin.name, PartnerLogin.id)
    ).all()


def names(session: Session, login_ids: Collection[int]) -> dict[int, str]:
    """What those with these logins are called."""
    wanted = select(PartnerLogin.id, PartnerLogin.name).where(PartnerLogin.id.in_(set(login_ids)))
    return {row.id: row.name for row in session.execute(wanted)} if login_ids else {}


def names_with_firms(session: Session, login_ids: Collection[int]) -> dict[int, str]:
    """The same for staff, who see people of several partners: each with the partner's name."""
    if not login_ids:
        return {}
    rows = session.execute(
        select(PartnerLogin.id, PartnerLogin.name, Partner.name.label("firm"))
        .join(Partner, Partner.id == PartnerLogin.partner_id)
        .where(PartnerLogin.id.in_(set(login_ids)))
    )
    return {row.id: f"{row.name} ({row.firm})" for row in rows}


def _with_email(session: Session, email: str) -> Person | None:
    return _person(session, PartnerLogin.email == email)


def _with_id(session: Session, login_id: int) -> Person | None:
    return _person(session, PartnerLogin.id == login_id)


def _person(session: Session, which: ColumnElement[bool]) -> Person | None:
    row = session.execute(_SIGNS_IN.where(which, goes_on(session))).one_or_none()
    return None if row is None else Person(row.id, row.email, row.name, row.language)


PARTNERS = People(Site.PARTNERS, "partner_login", _with_email, _with_id)
"""Who comes in to the partners' pages."""
