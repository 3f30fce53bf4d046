"""Messages: what an application leaves for the worker."""

from __future__ import annotations

from typing import ClassVar

from domain.outbox.sending import Message


class TellCreditDecision(Message, frozen=True):
    """Tell the customer what was decided on their application, and why."""

    kind: ClassVar[str] = "tell_credit_decision"
    decision_id: int
