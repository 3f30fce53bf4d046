"""Signing in to the back office: password and second factor together, and that again before dangerous acts.

The second factor is the phone's code, a recovery code in its place, or a passkey.

These take the database instead of a session, because a wrong try is committed although it is refused.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.shared.actor import Actor
from domain.shared.db.session import Database, now
from domain.shared.errors import N_, Invalid
from domain.staff import codes, passwords
from domain.staff.credentials import ceremonies, passkeys, recovery
from domain.staff.credentials.model import CeremonyKind
from domain.staff.credentials.passkeys import Begun, RelyingParty
from domain.staff.model import STAFF, StaffMember

FREE_TRIES = 5
"""So many wrong tries in a row cost nothing; from then on each closes the door, twice as long each time."""
FIRST_LOCK, LONGEST_LOCK = timedelta(minutes=1), timedelta(hours=1)

WRONG = N_("That did not match. Check all three; after several wrong tries the door stays closed for a while.")
WRONG_STEP_UP = N_("That code did not match. Wait for the next one, and mind that each works once.")

Factor = Callable[[Session, StaffMember], str | None]
"""Looks whether somebody has proven a second factor, and says which."""


def check(database: Database, *, email: str, password: str, code: str, address: str | None = None) -> int:
    """The id of the member of staff whose address, password and code these are.

    Raises Invalid in the same words for every cause, after the same work: wrong or unknown address, wrong password,
    wrong or used code, locked, disabled. The slow part runs outside any transaction.
    """
    wanted = email.strip().lower()
    kept = _kept(database, wanted)
    password_right = passwords.is_right(kept, password)
    with database.transaction() as session:
        staff_id = _judge(session, wanted, kept if password_right else None, by_code(code), address)
    if staff_id is None:
        raise Invalid(WRONG)
    return staff_id


def begin_with_passkey(
    database: Database, party: RelyingParty, *, email: str, password: str, browser_secret: str
) -> Begun:
    """Take address and password, and ask the browser for a passkey; nobody learns here whether they were right."""
    wanted = email.strip().lower()
    kept = _kept(database, wanted)
    proven = _mark(kept) if passwords.is_right(kept, password) and kept is not None else ""
    with database.transaction() as session:
        given = {"email": wanted, "password": proven}
        return passkeys.begin_using(session, party, browser_secret=browser_secret, given=given)


def check_passkey(
    database: Database,
    party: RelyingParty,
    *,
    browser_secret: str,
    ceremony: str,
    answer: str,
    address: str | None = None,
) -> int:
    """The id of whoever gave address and password before, and has proven a passkey of theirs now; else Invalid.

    In the same words for every cause; a wrong try is committed, and its challenge is used up.
    """
    staff_id = None
    with database.transaction() as session:
        begun = ceremonies.take(session, CeremonyKind.USE_PASSKEY, browser_secret=browser_secret, name=ceremony)
        if begun is not None and begun.staff_id is None:
            email = begun.given["email"]
            kept = session.scalars(select(STAFF.c.password_hash).where(STAFF.c.email == email)).one_or_none()
            right = kept is not None and hmac.compare_digest(begun.given["password"], _mark(kept))

            def prove(session: Session, member: StaffMember) -> str | None:
                return "passkey" if passkeys.proves(session, party, member.id, begun, answer) else None

            staff_id = _judge(session, email, kept if right else None, prove, address)
    if staff_id is None:
        raise Invalid(WRONG)
    return staff_id


def step_up(database: Database, staff_id: int, *, code: str, address: str | None = None) -> None:
    """Take the second factor again from somebody who is signed in; Invalid where it is not right.

    Wrong codes count towards the lock like those at the door. The caller marks the session.
    """
    second_factor(database, staff_id, by_code(code), act="staff.stepped_up", address=address)


def step_up_with_passkey(
    database: Database,
    party: RelyingParty,
    staff_id: int,
    *,
    browser_secret: str,
    ceremony: str,
    answer: str,
    address: str | None = None,
    act: str = "staff.stepped_up",
) -> None:
    """As `step_up`, by a passkey in a ceremony that was begun for this person in this browser."""
    prove = by_passkey(party, browser_secret=browser_secret, ceremony=ceremony, answer=answer)
    second_factor(database, staff_id, prove, act=act, address=address, wrong=passkeys.NOT_PROVEN)


def second_factor(
    database: Database, staff_id: int, prove: Factor, *, act: str, address: str | None, wrong: str = WRONG_STEP_UP
) -> None:
    """Take the second factor of somebody who is known by something else already; Invalid where it is not right."""
    with database.transaction() as session:
        member = _locked(session, StaffMember.id == staff_id)
        right = member is not None and _prove(session, member, True, prove, address, act)
    if not right:
        raise Invalid(wrong, field="code")


def by_code(code: str) -> Factor:
    """The phone's code, or a recovery code in its place."""

    def prove(session: Session, member: StaffMember) -> str | None:
        step = codes.step_of(member.totp_secret, code, at=now(session), after=member.totp_last_step)
        if step is not None:
            member.totp_last_step = step
            return "code"
        return "recovery_code" if recovery.use(session, member.id, code) else None

    return prove


def by_passkey(party: RelyingParty, *, browser_secret: str, ceremony: str, answer: str) -> Factor:
    """A passkey, in a ceremony that was begun for the same person."""

    def prove(session: Session, member: StaffMember) -> str | None:
        begun = ceremonies.take(session, CeremonyKind.USE_PASSKEY, browser_secret=browser_secret, name=ceremony)
        if begun is None or begun.staff_id != member.id:
            return None
        return "passkey" if passkeys.proves(session, party, member.id, begun, answer) else None

    return prove


def _judge(session: Session, email: str, proven: str | None, prove: Factor, address: str | None) -> int | None:
    """Who comes in; `proven` is the password's hash that was found right, None where none was."""
    member = _locked(session, StaffMember.email == email)
    if member is None:
        record(session, "sign_in.refused", actor=Actor.visitor(address), subject=("staff", "unknown"))
        return None
    still_right = member.password_hash == proven
    return member.id if _prove(session, member, still_right, prove, address, "staff.signed_in") else None


def _prove(
    session: Session, member: StaffMember, password_right: bool, prove: Factor, address: str | None, act: str
) -> bool:
    subject, who = ("staff", member.id), Actor.visitor(address)
    if member.disabled_at is not None or (member.locked_until is not None and member.locked_until > now(session)):
        record(session, "sign_in.refused", actor=who, subject=subject, because="closed")
        return False
    by = prove(session, member) if password_right else None
    if by is None:
        _count(session, member)
        record(session, "sign_in.refused", actor=who, subject=subject, because="wrong", tries=member.failed_tries)
        return False
    member.failed_tries, member.locked_until = 0, None
    record(session, act, actor=Actor.staff(member.id, address), subject=subject, by=by)
    return True


def _count(session: Session, member: StaffMember) -> None:
    member.failed_tries += 1
    beyond = member.failed_tries - FREE_TRIES
    if beyond >= 0:
        member.locked_until = now(session) + min(FIRST_LOCK * (1 << min(beyond, 10)), LONGEST_LOCK)


def _kept(database: Database, email: str) -> str | None:
    with database.reading() as session:
        return session.scalars(select(STAFF.c.password_hash).where(STAFF.c.email == email)).one_or_none()


def _mark(kept: str) -> str:
    """What a ceremony keeps of a password that was right: worth nothing once there is another."""
    return sha256(kept.encode()).hexdigest()


def _locked(session: Session, which: ColumnElement[bool]) -> StaffMember | None:
    statement = select(StaffMember).where(which).with_for_update()
    return session.scalars(statement, execution_options={"populate_existing": True}).one_or_none()
