"""Messages that telling and accepting leave in the outbox; their handlers live in the composition root."""

from __future__ import annotations

from typing import ClassVar

from domain.outbox.sending import Message


class SendTerms(Message, frozen=True):
    """Mail the terms of a request to one who may accept them, or (without a login) to the account's own address."""

    kind: ClassVar[str] = "send_terms"
    request_id: int
    login_id: int | None


class SendTermsCopy(Message, frozen=True):
    """Mail whoever accepted a copy of what they accepted."""

    kind: ClassVar[str] = "send_terms_copy"
    acceptance_id: int
