"""Wishes: the arguments of every act that can be asked for, as they are kept; pure values without a session.

`why` is what was typed as the reason of the act itself, where the act has one. Amounts are in minor units of the
account's currency.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeAlias

import msgspec

from domain.approvals.model import ApprovalKind
from domain.credit.model import HoldReason
from domain.disputes.reasons import RootCause
from domain.plans.schedule import Shape

_K = ApprovalKind


class _Wish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind"):
    why: str

    @property
    def kind(self) -> ApprovalKind:
        """What is asked for."""
        return _K(str(type(self).__struct_config__.tag))


class _OnInvoice(_Wish, frozen=True, kw_only=True):
    invoice_id: int


class CreditInvoice(_OnInvoice, frozen=True, kw_only=True, tag=_K.CREDIT_NOTE.value):
    """A credit note on an invoice, or on one line of it."""

    amount_minor: int
    line_id: int | None = None


class VoidInvoice(_OnInvoice, frozen=True, kw_only=True, tag=_K.VOID_INVOICE.value):
    """An invoice that should never have been."""


class WaiveCharge(_OnInvoice, frozen=True, kw_only=True, tag=_K.WAIVE.value):
    """So much of a late charge's debit note let go of."""

    amount_minor: int


class ExtendInvoice(_OnInvoice, frozen=True, kw_only=True, tag=_K.EXTEND.value):
    """A later due day."""

    due_on: date


class ShortenExtension(_OnInvoice, frozen=True, kw_only=True, tag=_K.SHORTEN.value):
    """A later due day taken back, or a part of it."""

    due_on: date


class RecordPromise(_Wish, frozen=True, kw_only=True, tag=_K.PROMISE.value):
    """A promise further ahead; all that is open of its invoices where no amount is named."""

    invoice_ids: tuple[int, ...]
    promised_on: date
    amount_minor: int | None = None


class SetLimit(_Wish, frozen=True, kw_only=True, tag=_K.CREDIT_LIMIT.value):
    """A limit of the account's own."""

    limit_minor: int


class EndLimit(_Wish, frozen=True, kw_only=True, tag=_K.END_LIMIT.value):
    """The policy's limit again."""


class ApproveApplication(_Wish, frozen=True, kw_only=True, tag=_K.CREDIT_APPLICATION.value):
    """A credit application answered with a limit and terms."""

    application_id: int
    limit_minor: int
    terms_days: int


class LiftHold(_Wish, frozen=True, kw_only=True, tag=_K.LIFT_HOLD.value):
    """New credit in spite of a hold, until a day."""

    reason: HoldReason
    until_on: date


class EndLifting(_Wish, frozen=True, kw_only=True, tag=_K.END_LIFTING.value):
    """A hold that holds again."""

    reason: HoldReason


class OfferPlan(_Wish, frozen=True, kw_only=True, tag=_K.OFFER_PLAN.value):
    """A payment plan for the customer to sign; `changes` is the running one that it replaces."""

    invoice_ids: tuple[int, ...]
    shape: Shape
    changes: int | None = None


class _OnPlan(_Wish, frozen=True, kw_only=True):
    plan_id: int


class AgreePlan(_OnPlan, frozen=True, kw_only=True, tag=_K.AGREE_PLAN.value):
    """What the customer asked for, in that shape; `seen` is the id of the proposal that was read."""

    shape: Shape
    seen: int


class CounterPlan(_OnPlan, frozen=True, kw_only=True, tag=_K.COUNTER_PLAN.value):
    """Another shape than the customer asked for; `seen` is the id of the proposal that it answers."""

    shape: Shape
    seen: int


class PausePlan(_OnPlan, frozen=True, kw_only=True, tag=_K.PAUSE_PLAN.value):
    """A pause between two days, both included."""

    from_on: date
    until_on: date


class EndPlan(_OnPlan, frozen=True, kw_only=True, tag=_K.END_PLAN.value):
    """A signed plan ended before it is kept."""


class AcceptDispute(_Wish, frozen=True, kw_only=True, tag=_K.ACCEPT_DISPUTE.value):
    """So much of what is contested credited, with `why` as the answer to the customer."""

    dispute_id: int
    amount_minor: int
    line_id: int | None = None
    cause: RootCause | None = None


class CreditChargeback(_Wish, frozen=True, kw_only=True, tag=_K.CREDIT_CHARGEBACK.value):
    """All credited that is open because of a chargeback that was lost."""

    chargeback_ref: str


Wish: TypeAlias = (
    CreditInvoice
    | VoidInvoice
    | WaiveCharge
    | ExtendInvoice
    | ShortenExtension
    | RecordPromise
    | SetLimit
    | EndLimit
    | ApproveApplication
    | LiftHold
    | EndLifting
    | OfferPlan
    | AgreePlan
    | CounterPlan
    | PausePlan
    | EndPlan
    | AcceptDispute
    | CreditChargeback
)


def kept(wish: Wish) -> dict[str, Any]:
    """A wish as it is stored."""
    found: dict[str, Any] = msgspec.to_builtins(wish)
    return found


def read(arguments: Mapping[str, Any]) -> Wish:
    """A wish as it was stored."""
    found: Wish = msgspec.convert(dict(arguments), type=Wish)
    return found


def about(wish: Wish, account_id: int) -> tuple[str, str]:
    """The thing that a wish is about: its kind and its id. What is about no other thing is about the account."""
    match wish:
        case _OnInvoice():
            return "invoice", str(wish.invoice_id)
        case _OnPlan():
            return "plan", str(wish.plan_id)
        case ApproveApplication():
            return "credit_application", str(wish.application_id)
        case AcceptDispute():
            return "dispute", str(wish.dispute_id)
        case CreditChargeback():
            return "chargeback", wish.chargeback_ref
        case LiftHold() | EndLifting():
            return "credit_hold", f"{account_id}/{wish.reason.value}"
        case _:
            return "account", str(account_id)
