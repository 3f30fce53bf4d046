"""Signing in to the back office: password and code together, and the code again before dangerous acts.

These take the database instead of a session, because a wrong try is committed although it is refused.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.shared.actor import Actor
from domain.shared.db.session import Database, now
from domain.shared.errors import N_, Invalid
from domain.staff import codes, passwords
from domain.staff.model import STAFF, StaffMember

FREE_TRIES = 5
"""So many wrong tries in a row cost nothing; from then on each closes the door, twice as long each time."""
FIRST_LOCK, LONGEST_LOCK = timedelta(minutes=1), timedelta(hours=1)

WRONG = N_("That did not match. Check all three; after several wrong tries the door stays closed for a while.")
WRONG_STEP_UP = N_("That code did not match. Wait for the next one, and mind that each works once.")


def check(database: Database, *, email: str, password: str, code: str, address: str | None = None) -> int:
    """The id of the member of staff whose address, password and code these are.

    Raises Invalid in the same words for every cause, after the same work: wrong or unknown address, wrong password,
    wrong or used code, locked, disabled. The slow part runs outside any transaction.
    """
    wanted = email.strip().lower()
    with database.reading() as session:
        kept = session.scalars(select(STAFF.c.password_hash).where(STAFF.c.email == wanted)).one_or_none()
    password_right = passwords.is_right(kept, password)
    with database.transaction() as session:
        staff_id = _judge(session, wanted, kept, password_right, code, address)
    if staff_id is None:
        raise Invalid(WRONG)
    return staff_id


def step_up(database: Database, staff_id: int, *, code: str, address: str | None = None) -> None:
    """Take the second factor again from somebody who is signed in; Invalid where it is not right.

    Wrong codes count towards the lock like those at the door. The caller marks the session.
    """
    with database.transaction() as session:
        member = _locked(session, StaffMember.id == staff_id)
        right = member is not None and _prove(session, member, True, code, address, "staff.stepped_up")
    if not right:
        raise Invalid(WRONG_STEP_UP, field="code")


def _judge(
    session: Session, email: str, kept: str | None, password_right: bool, code: str, address: str | None
) -> int | None:
    member = _locked(session, StaffMember.email == email)
    if member is None:
        record(session, "sign_in.refused", actor=Actor.visitor(address), subject=("staff", "unknown"))
        return None
    still_right = password_right and member.password_hash == kept
    return member.id if _prove(session, member, still_right, code, address, "staff.signed_in") else None


def _prove(
    session: Session, member: StaffMember, password_right: bool, code: str, address: str | None, act: str
) -> bool:
    subject, who = ("staff", member.id), Actor.visitor(address)
    if member.disabled_at is not None or (member.locked_until is not None and member.locked_until > now(session)):
        record(session, "sign_in.refused", actor=who, subject=subject, because="closed")
        return False
    step = codes.step_of(member.totp_secret, code, at=now(session), after=member.totp_last_step)
    if not password_right or step is None:
        _count(session, member)
        record(session, "sign_in.refused", actor=who, subject=subject, because="wrong", tries=member.failed_tries)
        return False
    member.totp_last_step, member.failed_tries, member.locked_until = step, 0, None
    record(session, act, actor=Actor.staff(member.id, address), subject=subject)
    return True


def _count(session: Session, member: StaffMember) -> None:
    member.failed_tries += 1
    beyond = member.failed_tries - FREE_TRIES
    if beyond >= 0:
        member.locked_until = now(session) + min(FIRST_LOCK * (1 << min(beyond, 10)), LONGEST_LOCK)


def _locked(session: Session, which: ColumnElement[bool]) -> StaffMember | None:
    statement = select(StaffMember).where(which).with_for_update()
    return session.scalars(statement, execution_options={"populate_existing": True}).one_or_none()
