"""Inviting staff: the mail with an invitation's link, and the one that says that a recovery code was used."""

from __future__ import annotations

from hashlib import sha256
from urllib.parse import urlencode

from app.handlers.mailing import send_letter
from app.wired import Wired
from domain.audit.recording import record
from domain.shared.actor import WORKER
from domain.staff import queries as staff
from domain.staff.credentials import inviting, recovery
from domain.staff.credentials.messages import SendInvitation, TellRecoveryUsed
from domain.staff.credentials.model import RecoveryCode


def send_staff_invitation(wired: Wired, message: SendInvitation) -> None:
    """Make the link and mail it; nothing where it was accepted or withdrawn meanwhile, or is too old.

    Each try makes a new link, so each has a message id of its own.
    """
    with wired.database.transaction() as session:
        made = inviting.mint(session, message.invitation_id)
    if made is None:
        return
    link = f"{wired.settings.office.public_url}/join?{urlencode({'token': made.token})}"
    context = {"link": link, "name": made.name, "until": made.until, "is_new": made.is_new}
    mark = f"staff-invitation.{message.invitation_id}.{sha256(made.token.encode()).hexdigest()[:16]}"
    send_letter(wired, "staff_invitation", context, to=made.email, language=made.language, mark=mark)
    with wired.database.transaction() as session:
        subject = ("invitation", message.invitation_id)
        record(session, "invitation.sent", actor=WORKER, subject=subject, after={"to": made.email})


def tell_recovery_used(wired: Wired, message: TellRecoveryUsed) -> None:
    """Tell somebody that one of their recovery codes was used, when, and how many are left; nothing once they left."""
    with wired.database.reading() as session:
        code = session.get_one(RecoveryCode, message.recovery_code_id)
        member = staff.active(session, code.staff_id)
        if member is None:
            return
        context = {
            "name": member.name,
            "at": code.used_at,
            "left": recovery.left(session, member.id),
            "link": f"{wired.settings.office.public_url}/profile",
        }
    mark = f"recovery-used.{message.recovery_code_id}"
    send_letter(wired, "recovery_used", context, to=member.email, language=member.language, mark=mark)
