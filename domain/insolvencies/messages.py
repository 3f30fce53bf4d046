"""Messages that insolvencies leave in the outbox; their handler lives in the composition root."""

from __future__ import annotations

from typing import ClassVar

from domain.outbox.sending import Message


class SendProof(Message, frozen=True):
    """Mail a claim as it was filed to whoever runs the proceeding; `to` is the address that was asked for."""

    kind: ClassVar[str] = "send_proof"
    proof_id: int
    to: str
