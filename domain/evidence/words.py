"""Words: what the states of things are called in the index of a pack."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from domain.disputes.model import DisputeStatus, Outcome
from domain.payments.model import PaymentStatus
from domain.promises.model import PromiseStatus
from domain.shared.errors import N_
from domain.shared.words import Words

PAYMENT_NAMES: Mapping[StrEnum, str] = {
    PaymentStatus.PENDING: N_("Not finished"),
    PaymentStatus.REQUIRES_ACTION: N_("Waits for the customer"),
    PaymentStatus.PROCESSING: N_("On its way"),
    PaymentStatus.SUCCEEDED: N_("Succeeded"),
    PaymentStatus.FAILED: N_("Failed"),
    PaymentStatus.CANCELED: N_("Given up"),
}
PROMISE_NAMES: Mapping[StrEnum, str] = {
    PromiseStatus.OPEN: N_("Promised"),
    PromiseStatus.KEPT: N_("Kept"),
    PromiseStatus.BROKEN: N_("Not kept"),
    PromiseStatus.WITHDRAWN: N_("Promise withdrawn"),
    PromiseStatus.REPLACED: N_("Replaced by a new promise"),
}
DISPUTE_NAMES: Mapping[StrEnum, str] = {
    DisputeStatus.OPEN: N_("In dispute"),
    DisputeStatus.UNDER_REVIEW: N_("Being looked into"),
    DisputeStatus.AWAITING_CUSTOMER: N_("Waits for an answer"),
    DisputeStatus.RESOLVED: N_("Decided"),
    DisputeStatus.WITHDRAWN: N_("Dispute withdrawn"),
    DisputeStatus.MERGED: N_("Goes on in another dispute"),
}
OUTCOME_NAMES: Mapping[StrEnum, str] = {
    Outcome.ACCEPTED: N_("Accepted"),
    Outcome.PARTLY_ACCEPTED: N_("Partly accepted"),
    Outcome.REJECTED: N_("Not accepted"),
    Outcome.ANSWERED: N_("Answered with the paper"),
    Outcome.UNANSWERED: N_("Closed without an answer"),
}


def in_words(names: Mapping[StrEnum, str], state: StrEnum | None) -> Words | None:
    """What a state is called; None where there is none."""
    return None if state is None else Words.of(names[state])
