"""Messages: what an application leaves for the worker."""

from __future__ import annotations

from typing import ClassVar

from domain.outbox.sending import Message


class TellApplication(Message, frozen=True):
    """Tell whoever applied that we have their application."""

    kind: ClassVar[str] = "tell_application"
    application_id: int


class TellCreditDecision(Message, frozen=True):
    """Tell the customer what was decided on their application, and why."""

    kind: ClassVar[str] = "tell_credit_decision"
    decision_id: int
    limit_before: int | None = None
    """The limit until then, in minor units; None where there was none, or the application was refused."""
    days_before: int | None = None
    """The days to pay until then, where it was approved."""
