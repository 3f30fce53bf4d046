"""States: where a chargeback can stand, what may follow what, and what the processor calls it; pure."""

from __future__ import annotations

from enum import StrEnum

from domain.shared.errors import N_


class ChargebackState(StrEnum):
    """The stored states; an answered inquiry stays an inquiry, and UNKNOWN is for words that we do not know yet."""

    INQUIRY = "inquiry"
    INQUIRY_CLOSED = "inquiry_closed"
    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    ACCEPTED = "accepted"
    WON = "won"
    LOST = "lost"
    PREVENTED = "prevented"
    APPEAL = "appeal"
    UNKNOWN = "unknown"


_S = ChargebackState
ARROWS: dict[ChargebackState, frozenset[ChargebackState]] = {
    _S.INQUIRY: frozenset({_S.INQUIRY_CLOSED, _S.UNDER_REVIEW, _S.NEEDS_RESPONSE, _S.PREVENTED}),
    _S.INQUIRY_CLOSED: frozenset({_S.NEEDS_RESPONSE, _S.PREVENTED}),
    _S.NEEDS_RESPONSE: frozenset({_S.UNDER_REVIEW, _S.ACCEPTED, _S.LOST, _S.PREVENTED}),
    _S.UNDER_REVIEW: frozenset({_S.WON, _S.LOST, _S.PREVENTED}),
    _S.ACCEPTED: frozenset({_S.PREVENTED}),
    _S.WON: frozenset({_S.APPEAL, _S.PREVENTED}),
    _S.LOST: frozenset({_S.APPEAL, _S.PREVENTED}),
    _S.PREVENTED: frozenset(),
    _S.APPEAL: frozenset({_S.WON, _S.LOST, _S.PREVENTED}),
    _S.UNKNOWN: frozenset(set(_S) - {_S.UNKNOWN}),
}
"""Which state may follow which. A bank that has closed its inquiry can still take the money back later."""

PROCESSOR_WORDS = {
    "warning_needs_response": _S.INQUIRY,
    "warning_under_review": _S.INQUIRY,
    "warning_closed": _S.INQUIRY_CLOSED,
    "needs_response": _S.NEEDS_RESPONSE,
    "under_review": _S.UNDER_REVIEW,
    "won": _S.WON,
    "lost": _S.LOST,
    "prevented": _S.PREVENTED,
    "appeal_needs_response": _S.APPEAL,
    "appeal_under_review": _S.APPEAL,
}
"""Stripe's words for the status of a dispute (stripe 16.1, `Dispute.status`) and ours."""

OPEN = frozenset({_S.INQUIRY, _S.NEEDS_RESPONSE, _S.UNDER_REVIEW, _S.APPEAL, _S.UNKNOWN})
"""The states in which nothing is decided yet."""

WAITING = frozenset({_S.INQUIRY, _S.NEEDS_RESPONSE})
"""The states in which the bank can be answered from here; an appeal is made in the processor's pages."""

LOST = frozenset({_S.LOST, _S.ACCEPTED})
"""The states in which the money is gone for good."""

STATE_BADGES = {
    _S.INQUIRY: ("warning", N_("The bank asks")),
    _S.INQUIRY_CLOSED: ("void", N_("Inquiry closed")),
    _S.NEEDS_RESPONSE: ("disputed", N_("Waits for our answer")),
    _S.UNDER_REVIEW: ("waiting", N_("The bank decides")),
    _S.ACCEPTED: ("void", N_("Accepted")),
    _S.WON: ("paid", N_("Won")),
    _S.LOST: ("failed", N_("Lost")),
    _S.PREVENTED: ("void", N_("Given back beforehand")),
    _S.APPEAL: ("waiting", N_("Decided once more")),
    _S.UNKNOWN: ("warning", N_("State unknown")),
}
"""How each state is shown to staff: the kind of its mark, and its words."""

REASON_NAMES = {
    "bank_cannot_process": N_("the bank could not process it"),
    "check_returned": N_("a cheque was returned"),
    "credit_not_processed": N_("a promised refund did not come"),
    "customer_initiated": N_("the customer asked for it"),
    "debit_not_authorized": N_("the debit was not authorised"),
    "duplicate": N_("charged twice"),
    "fraudulent": N_("the cardholder says it was not them"),
    "general": N_("no particular reason"),
    "incorrect_account_details": N_("wrong account details"),
    "insufficient_funds": N_("not enough money on the account"),
    "noncompliant": N_("against the card network's rules"),
    "product_not_received": N_("the goods did not arrive"),
    "product_unacceptable": N_("the goods were not as described"),
    "subscription_canceled": N_("a subscription had been cancelled"),
    "unrecognized": N_("the cardholder does not recognise it"),
}
"""What each of the bank's reasons says (stripe 16.1, `Dispute.reason`)."""
OTHER_REASON = N_("a reason that we have no word for; the processor's dashboard names it")
"""What a reason is called that the bank has and we do not know."""

WARNING_NAMES = {
    "card_never_received": N_("the card never reached its holder"),
    "fraudulent_card_application": N_("the card was obtained under a false name"),
    "made_with_counterfeit_card": N_("the card was copied"),
    "made_with_lost_card": N_("the card had been lost"),
    "made_with_stolen_card": N_("the card had been stolen"),
    "misc": N_("no particular reason"),
    "unauthorized_use_of_card": N_("the cardholder says it was not them"),
}
"""What the card network suspects (stripe 16.1, `Radar.EarlyFraudWarning.fraud_type`)."""
OTHER_WARNING = N_("the card network does not say what it suspects")
"""What a suspicion is called that we have no word for."""


def may_become(before: ChargebackState, after: ChargebackState) -> bool:
    """Whether arrows lead from one state to the other, also by way of states that nobody told us of."""
    seen: set[ChargebackState] = set()
    waiting = set(ARROWS[before])
    while waiting:
        state = waiting.pop()
        if state is after:
            return True
        seen.add(state)
        waiting |= ARROWS[state] - seen
    return False
