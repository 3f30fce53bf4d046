"""Adding: somebody joins the back office, always with a password and a second factor."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlalchemy.orm import Session

from domain.audit.recording import record
from domain.shared.actor import Actor
from domain.shared.db.inserting import insert_if_new
from domain.shared.db.session import business, now
from domain.shared.errors import N_, Conflict, Invalid
from domain.staff import codes, passwords
from domain.staff.model import STAFF, Role, StaffMember

EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+")


def add(
    session: Session, *, email: str, name: str, role: Role, password: str, language: str | None = None, actor: Actor
) -> tuple[StaffMember, str]:
    """Add a member of staff; returns the row and the `otpauth:` address of the second factor, shown once.

    Raises Invalid with the field that cannot be used, Conflict where the address is taken.
    """
    address, called = checked_person(email, name)
    passwords.check_new(password, words=(called, address, business(session).name))
    secret = codes.new_secret()
    values = {"email": address, "name": called, "role": role, "language": language or business(session).language}
    secrets = {"password_hash": passwords.hashed(password), "totp_secret": secret, "totp_last_step": 0}
    staff_id = insert(session, {**values, **secrets})
    record(session, "staff.added", actor=actor, subject=("staff", staff_id), after=values)
    uri = codes.provisioning_uri(secret, email=address, issuer=f"Quittance {business(session).name}")
    return session.get_one(StaffMember, staff_id), uri


def checked_person(email: str, name: str) -> tuple[str, str]:
    """The address and the name of somebody who is to work here; Invalid with the field that cannot be used."""
    address, called = email.strip().lower(), " ".join(name.split())
    if not EMAIL.fullmatch(address) or len(address) > 254:
        raise Invalid(N_("“{value}” is not an email address."), field="email", value=email[:254])
    if not 0 < len(called) <= 200:
        raise Invalid(N_("A name has between 1 and 200 characters."), field="name")
    return address, called


def insert(session: Session, values: Mapping[str, object]) -> int:
    """The row of a new member with all their secrets, and its id; Conflict where the address is taken."""
    fresh = {"failed_tries": 0, "created_at": now(session)}
    staff_id = insert_if_new(session, STAFF, ("email",), {**values, **fresh})
    if staff_id is None:
        raise Conflict(N_("Somebody with this address works here already."), field="email")
    return staff_id
