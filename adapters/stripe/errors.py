"""Errors: Stripe's and the banks' failures as the three kinds that the port knows, in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import stripe
import structlog

from domain.payments.processor import ProcessorConfused, ProcessorLacks, ProcessorRefused, ProcessorUnreachable
from domain.shared.errors import N_

log = structlog.get_logger("stripe")

DECLINED = N_("The bank declined the card and did not say why. It can tell you more than we can.")
ACCOUNT_UNFIT = N_("The bank account cannot be used for this kind of payment.")
NO_PAYMENT = N_("The bank did not make the payment. It can tell you more than we can.")
DECLINES = {
    "account_closed": N_("The bank account is closed."),
    "authentication_required": N_("The bank wants you to confirm the payment, and that did not happen."),
    "bank_account_restricted": ACCOUNT_UNFIT,
    "bank_account_unusable": ACCOUNT_UNFIT,
    "card_not_supported": N_("The card cannot be used for this kind of payment."),
    "card_velocity_exceeded": N_("The card has reached the limit that its bank sets for a day or a week."),
    "currency_not_supported": N_("The card cannot be used in this currency."),
    "debit_not_authorized": N_("The bank was told that this payment had not been agreed to."),
    "expired_card": N_("The card has expired."),
    "fraudulent": DECLINED,
    "generic_could_not_process": NO_PAYMENT,
    "generic_decline": DECLINED,
    "incorrect_cvc": N_("The security code on the card was not right."),
    "incorrect_number": N_("The card number was not right."),
    "incorrect_zip": N_("The postcode does not belong to the card."),
    "insufficient_funds": N_("There was not enough money on the card or bank account."),
    "invalid_expiry_month": N_("The expiry date was not right."),
    "invalid_expiry_year": N_("The expiry date was not right."),
    "invalid_account_number": N_("The bank account's number was not right."),
    "lost_card": DECLINED,
    "no_account": N_("The bank does not know the account."),
    "payment_intent_authentication_failure": N_("The bank could not confirm that it was you."),
    "payment_intent_payment_attempt_failed": N_("The payment was not approved."),
    "processing_error": N_("Something went wrong at the bank. The same card may well work in a moment."),
    "stolen_card": DECLINED,
    "try_again_later": N_("The bank could not decide just now. The same card may well work in a moment."),
    "setup_intent_authentication_failure": N_("The bank could not confirm that it was you."),
    "withdrawal_count_limit_exceeded": N_("There was not enough money on the card, or it has reached its limit."),
}
"""Words for what a bank said. A lost or stolen card and suspected fraud are never named (Stripe's own advice)."""

UNKNOWN = N_("The payment service no longer knows of this.")
REFUSED = N_("The payment service did not accept the request. No money has moved.")


def words_for(decline_code: str | None, code: str | None = None) -> str:
    """A message id for a decline: by the bank's own code, else by Stripe's more general one."""
    return DECLINES.get(decline_code or "") or DECLINES.get(code or "") or DECLINED


@contextmanager
def translated() -> Iterator[None]:
    """Turn whatever Stripe's library raises within the block into one of the port's failures."""
    try:
        yield
    except stripe.StripeError as problem:
        kind = type(problem).__name__
        log.warning("stripe failed", kind=kind, status=problem.http_status, reason=problem.user_message)
        raise _translation(problem) from problem


def intent_in(refusal: ProcessorRefused) -> str | None:
    """The PaymentIntent that Stripe's refusal speaks of; None where it speaks of none."""
    problem = refusal.__cause__
    return _intent_named_by(problem) if isinstance(problem, stripe.StripeError) else None


def _intent_named_by(problem: stripe.StripeError) -> str | None:
    intent = problem.error.payment_intent if problem.error is not None else None
    return intent.id if intent is not None else None


def _translation(problem: stripe.StripeError) -> Exception:
    status = problem.http_status or 0
    if isinstance(problem, stripe.APIConnectionError) or status in {0, 409, 429}:
        return ProcessorUnreachable(f"Stripe could not be reached for a final answer ({type(problem).__name__})")
    settles_nothing = replayed(problem.headers or {}) and _intent_named_by(problem) is None
    if status >= 500 or status == 424 or settles_nothing or isinstance(problem, stripe.IdempotencyError):
        return ProcessorConfused(f"Stripe keeps an answer that settles nothing ({status} {type(problem).__name__})")
    if status == 404:
        return ProcessorLacks(UNKNOWN)
    if isinstance(problem, stripe.CardError):
        decline = problem.error.decline_code if problem.error is not None else None
        return ProcessorRefused(words_for(decline, problem.code))
    return ProcessorRefused(REFUSED)


def replayed(headers: Mapping[str, str]) -> bool:
    """Whether Stripe has given this very answer before, under the same key."""
    return any(name.lower() == "idempotent-replayed" and text == "true" for name, text in headers.items())
