"""Passkeys: keys on somebody's devices (WebAuthn) that prove them instead of a code, and to no site but ours."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import webauthn
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from domain.audit.recording import record
from domain.shared.actor import Actor
from domain.shared.db.inserting import insert_if_new
from domain.shared.db.session import now
from domain.shared.errors import N_, Conflict, Invalid, NotFound
from domain.staff.credentials import ceremonies
from domain.staff.credentials.model import PASSKEYS, Ceremony, CeremonyKind, Passkey
from domain.staff.model import StaffMember
from domain.staff.queries import StaffRow

MOST = 10
"""So many passkeys somebody can have."""
LONGEST_NAME = 80
LARGEST = 20_000
"""Characters of a browser's answer."""
NOT_PROVEN = N_("Your device did not prove that passkey. Try again.")


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """The site as passkeys know it: its host, its origin, and what people call it."""

    id: str
    origin: str
    name: str


@dataclass(frozen=True, slots=True)
class Begun:
    """A ceremony for the page: its name, and the options (JSON) that the browser is asked with."""

    name: str
    options: str


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """A passkey as its owner sees it."""

    id: int
    name: str
    created_at: datetime
    used_at: datetime | None


LISTED = tuple(PASSKEYS.c[name] for name in PasskeyRow.__dataclass_fields__)


def theirs(session: Session, staff_id: int) -> list[PasskeyRow]:
    """Somebody's passkeys that work, the oldest first."""
    rows = select(*LISTED).where(PASSKEYS.c.staff_id == staff_id, PASSKEYS.c.removed_at.is_(None))
    return [PasskeyRow(*row) for row in session.execute(rows.order_by(PASSKEYS.c.id))]


def begin_adding(session: Session, party: RelyingParty, member: StaffRow, *, browser_secret: str) -> Begun:
    """Have the browser make a new key; those that this person has already are not made again."""
    known = select(PASSKEYS.c.credential_id).where(PASSKEYS.c.staff_id == member.id, PASSKEYS.c.removed_at.is_(None))
    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_id=sha256(f"staff:{member.id}".encode()).digest(),
        user_name=member.email,
        user_display_name=member.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in session.scalars(known)],
    )
    given = {"challenge": bytes_to_base64url(options.challenge)}
    kind = CeremonyKind.ADD_PASSKEY
    name = ceremonies.begin(session, kind, browser_secret=browser_secret, given=given, staff_id=member.id)
    return Begun(name, webauthn.options_to_json(options))


def add(
    session: Session,
    party: RelyingParty,
    staff_id: int,
    *,
    browser_secret: str,
    ceremony: str,
    answer: str,
    name: str,
    actor: Actor,
) -> None:
    """Keep the key that the browser made.

    Raises Invalid where it does not prove itself, Conflict where it is known or there are too many.
    """
    kind = CeremonyKind.ADD_PASSKEY
    begun = ceremonies.take(session, kind, browser_secret=browser_secret, name=ceremony)
    if begun is None or begun.staff_id != staff_id:
        raise Invalid(N_("This took too long, or was done in another browser. Try again."))
    try:
        made = webauthn.verify_registration_response(
            credential=_checked(answer),
            expected_challenge=base64url_to_bytes(begun.given["challenge"]),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError) as problem:
        raise Invalid(NOT_PROVEN) from problem
    session.get_one(StaffMember, staff_id, with_for_update=True)
    held = select(func.count()).where(PASSKEYS.c.staff_id == staff_id, PASSKEYS.c.removed_at.is_(None))
    if session.scalars(held).one() >= MOST:
        raise Conflict(N_("You have {most} passkeys, which is as many as fit. Remove one first."), most=MOST)
    values = {
        "staff_id": staff_id,
        "credential_id": made.credential_id,
        "public_key": made.credential_public_key,
        "sign_count": made.sign_count,
        "name": name,
        "created_at": now(session),
    }
    passkey_id = insert_if_new(session, PASSKEYS, ("credential_id",), values)
    if passkey_id is None:
        raise Conflict(N_("This passkey is known already."))
    told = {"passkey": passkey_id, "name": name}
    record(session, "staff.passkey_added", actor=actor, subject=("staff", staff_id), after=told)


def begin_using(
    session: Session,
    party: RelyingParty,
    *,
    browser_secret: str,
    staff_id: int | None = None,
    given: dict[str, str] | None = None,
) -> Begun:
    """Have the browser prove a passkey: one of `staff_id`'s, or, before anybody is known, any that it has for us.

    What is `given` besides is kept with the challenge, out of the browser's reach.
    """
    mine = select(PASSKEYS.c.credential_id).where(PASSKEYS.c.staff_id == staff_id, PASSKEYS.c.removed_at.is_(None))
    known = [] if staff_id is None else session.scalars(mine).all()
    options = webauthn.generate_authentication_options(
        rp_id=party.id,
        allow_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known] or None,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    kept = {**(given or {}), "challenge": bytes_to_base64url(options.challenge)}
    name = ceremonies.begin(
        session, CeremonyKind.USE_PASSKEY, browser_secret=browser_secret, given=kept, staff_id=staff_id
    )
    return Begun(name, webauthn.options_to_json(options))


def proves(session: Session, party: RelyingParty, staff_id: int, ceremony: Ceremony, answer: str) -> bool:
    """Whether the browser has proven a passkey of this person's in this ceremony; notes its counter where it has.

    A counter that does not go on (a copied key) proves nothing.
    """
    try:
        credential = _checked(answer)
        credential_id = base64url_to_bytes(str(json.loads(credential)["rawId"]))
        passkey = session.scalars(
            select(Passkey)
            .where(Passkey.credential_id == credential_id, Passkey.staff_id == staff_id, Passkey.removed_at.is_(None))
            .with_for_update()
        ).one_or_none()
        if passkey is None:
            return False
        proven = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(ceremony.given["challenge"]),
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return False
    passkey.sign_count, passkey.used_at = proven.new_sign_count, now(session)
    return True


def rename(session: Session, staff_id: int, passkey_id: int, name: str, *, actor: Actor) -> None:
    """Call one's passkey something else; NotFound where it is not theirs."""
    passkey = _own(session, staff_id, passkey_id)
    if passkey.name == name:
        return
    before, passkey.name = passkey.name, name
    record(
        session,
        "staff.passkey_renamed",
        actor=actor,
        subject=("staff", staff_id),
        before={"passkey": passkey.id, "name": before},
        after={"passkey": passkey.id, "name": name},
    )


def remove(session: Session, staff_id: int, passkey_id: int, *, actor: Actor) -> None:
    """Let a passkey prove nothing any more; NotFound where it is not theirs."""
    passkey = _own(session, staff_id, passkey_id)
    passkey.removed_at = now(session)
    told = {"passkey": passkey.id, "name": passkey.name}
    record(session, "staff.passkey_removed", actor=actor, subject=("staff", staff_id), before=told)


def remove_all(session: Session, staff_id: int) -> None:
    """Let none of somebody's passkeys prove anything any more."""
    all_of_them = update(PASSKEYS).where(PASSKEYS.c.staff_id == staff_id, PASSKEYS.c.removed_at.is_(None))
    session.execute(all_of_them.values(removed_at=now(session)))


def _own(session: Session, staff_id: int, passkey_id: int) -> Passkey:
    passkey = session.get(Passkey, passkey_id, with_for_update=True)
    if passkey is None or passkey.staff_id != staff_id or passkey.removed_at is not None:
        raise NotFound
    return passkey


def _checked(answer: str) -> str:
    if len(answer) > LARGEST:
        raise ValueError("the answer is too long")
    return answer
