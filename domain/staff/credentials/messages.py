"""Messages: mail about somebody's credentials, asked for in the transaction that makes it true."""

from __future__ import annotations

from typing import ClassVar

from domain.outbox.sending import Message


class SendInvitation(Message, frozen=True):
    """Mail an invitation's link; whoever handles it has the link made by `inviting.mint`."""

    kind: ClassVar[str] = "send_staff_invitation"
    invitation_id: int


class TellRecoveryUsed(Message, frozen=True):
    """Tell somebody that one of their recovery codes was used, in case it was not they."""

    kind: ClassVar[str] = "tell_recovery_used"
    recovery_code_id: int
