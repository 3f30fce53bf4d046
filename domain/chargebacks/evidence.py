"""Evidence: what an answer to a bank can hold, what fits which reason, and how much of it there may be; pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from domain.chargebacks.typed_days import impossible_day
from domain.shared.errors import N_, Invalid
from domain.shared.words import Words

LONGEST = 20_000
"""Characters of one long text."""
LONGEST_LINE = 500
"""Characters of one short text, an address among them."""
TOGETHER = 150_000
"""Characters of all texts together."""
BYTES_TOGETHER = 4_500_000
"""Bytes of all files together."""
PAGES_TOGETHER = 49
PAGES_OF_MASTERCARD = 19
"""Pages of all files together; banks behind Mastercard read no more than the second figure."""
TAKEN = frozenset({"application/pdf", "image/png", "image/jpeg"})
"""The media types of files that banks take."""


class Sort(StrEnum):
    """How a field is filled in."""

    LINE = "line"
    DAYS = "days"
    TEXT = "text"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an answer, under the name that the processor has for it.

    `label` and `hint` are message ids; `lacking` is what to say where it would help and there is nothing.
    """

    name: str
    sort: Sort
    label: str
    hint: str
    lacking: str

    @property
    def longest(self) -> int:
        """Characters that a text may have."""
        return LONGEST if self.sort is Sort.TEXT else LONGEST_LINE


_FIELDS = (
    Field(
        "uncategorized_text",
        Sort.TEXT,
        N_("What happened, in short"),
        N_("The clerk at the bank reads this first: what was agreed, delivered and paid, in the order it happened."),
        N_("Nothing says in short what happened."),
    ),
    Field(
        "product_description",
        Sort.TEXT,
        N_("What was sold"),
        N_("Goods or services, in words that a stranger understands."),
        N_("Nothing says what was sold."),
    ),
    Field("customer_name", Sort.LINE, N_("Customer"), N_("As on the invoice."), N_("The customer's name is missing.")),
    Field(
        "customer_email_address",
        Sort.LINE,
        N_("Customer's email"),
        N_("The address by which they signed in or were written to."),
        N_("The customer's email address is missing."),
    ),
    Field(
        "customer_purchase_ip",
        Sort.LINE,
        N_("Network address of the payment"),
        N_("From where the payer started the payment."),
        N_("The network address of the payment is missing."),
    ),
    Field(
        "billing_address",
        Sort.LINE,
        N_("Billing address"),
        N_("As on the invoice."),
        N_("The billing address is missing."),
    ),
    Field(
        "access_activity_log",
        Sort.TEXT,
        N_("What the customer did in the portal"),
        N_("Each act with its time and network address."),
        N_("Nothing says what the customer did in the portal."),
    ),
    Field(
        "shipping_address",
        Sort.LINE,
        N_("Delivered to"),
        N_("Where the goods went, in full."),
        N_("Nothing says where the goods were delivered."),
    ),
    Field(
        "shipping_date",
        Sort.DAYS,
        N_("Sent on"),
        N_("The day on which the goods left."),
        N_("Nothing says when the goods were sent."),
    ),
    Field(
        "shipping_carrier",
        Sort.LINE,
        N_("Carrier"),
        N_("Who brought the goods; several with commas between them."),
        N_("Nothing says who brought the goods."),
    ),
    Field(
        "shipping_tracking_number",
        Sort.LINE,
        N_("Tracking number"),
        N_("Several with commas between them."),
        N_("There is no tracking number."),
    ),
    Field(
        "shipping_documentation",
        Sort.FILE,
        N_("Proof of delivery"),
        N_("A delivery note with the signature, or the carrier's report."),
        N_("No proof of delivery goes with the answer."),
    ),
    Field(
        "service_date",
        Sort.DAYS,
        N_("Service given on"),
        N_("The day, or the days."),
        N_("Nothing says when the service was given."),
    ),
    Field(
        "service_documentation",
        Sort.FILE,
        N_("Proof of the service"),
        N_("A signed order, contract or time sheet."),
        N_("Neither a contract nor a purchase order goes with the answer."),
    ),
    Field(
        "receipt",
        Sort.FILE,
        N_("Receipt and invoices"),
        N_("What the customer was sent about this payment."),
        N_("Neither a receipt nor an invoice goes with the answer."),
    ),
    Field(
        "customer_communication",
        Sort.FILE,
        N_("Messages with the customer"),
        N_("Best is one in which they say that they got it, or want to pay."),
        N_("No message from or to the customer goes with the answer."),
    ),
    Field(
        "customer_signature",
        Sort.FILE,
        N_("What the customer agreed to"),
        N_("The accepted terms with the record of who accepted them, or a signed paper."),
        N_("Nothing that the customer agreed to goes with the answer."),
    ),
    Field(
        "refund_policy",
        Sort.FILE,
        N_("Rules for refunds"),
        N_("As the customer was shown them."),
        N_("No rules for refunds go with the answer."),
    ),
    Field(
        "refund_policy_disclosure",
        Sort.TEXT,
        N_("How they knew the rules for refunds"),
        N_("When and where the customer was shown them."),
        N_("Nothing says how the customer knew the rules for refunds."),
    ),
    Field(
        "refund_refusal_explanation",
        Sort.TEXT,
        N_("Why there is no refund due"),
        N_("Or that it was made, when, and how."),
        N_("Nothing says why no refund is due."),
    ),
    Field(
        "duplicate_charge_id",
        Sort.LINE,
        N_("The other payment"),
        N_("The processor's name of the payment that looks the same."),
        N_("Nothing names the other payment."),
    ),
    Field(
        "duplicate_charge_explanation",
        Sort.TEXT,
        N_("How the two payments differ"),
        N_("Which invoices each of them paid."),
        N_("Nothing says how the two payments differ."),
    ),
    Field(
        "duplicate_charge_documentation",
        Sort.FILE,
        N_("Receipt of the other payment"),
        N_("So that the bank sees two different things bought."),
        N_("No receipt of the other payment goes with the answer."),
    ),
    Field(
        "cancellation_policy",
        Sort.FILE,
        N_("Rules for cancelling"),
        N_("As the customer was shown them."),
        N_("No rules for cancelling go with the answer."),
    ),
    Field(
        "cancellation_policy_disclosure",
        Sort.TEXT,
        N_("How they knew the rules for cancelling"),
        N_("When and where the customer was shown them."),
        N_("Nothing says how the customer knew the rules for cancelling."),
    ),
    Field(
        "cancellation_rebuttal",
        Sort.TEXT,
        N_("Why it was not cancelled"),
        N_("That they did not ask, or asked too late."),
        N_("Nothing says why it was not cancelled."),
    ),
    Field(
        "uncategorized_file",
        Sort.FILE,
        N_("Anything else"),
        N_("Whatever helps and has no field of its own."),
        N_("Nothing else is attached."),
    ),
)
FIELDS = {field.name: field for field in _FIELDS}
"""All fields, in the order in which they are shown."""

_WHO = ("customer_name", "customer_email_address", "billing_address")
_SAID = ("uncategorized_text", "product_description", "receipt", "customer_communication")
_DELIVERED = ("shipping_documentation", "shipping_date", "shipping_address")
_THEMSELVES = ("customer_purchase_ip", "access_activity_log", "customer_signature")
USUAL = (*_SAID, *_WHO, "customer_signature", "service_documentation", *_DELIVERED)
"""What helps where the bank gives no reason that is known here."""
HELPS: Mapping[str, Sequence[str]] = {
    "fraudulent": (*_SAID, *_WHO, *_THEMSELVES, *_DELIVERED),
    "unrecognized": (*_SAID, *_WHO, *_THEMSELVES),
    "debit_not_authorized": (*_SAID, *_WHO, *_THEMSELVES),
    "product_not_received": (*_SAID, *_WHO, *_DELIVERED, "service_date", "service_documentation"),
    "product_unacceptable": (*_SAID, *_WHO, *_DELIVERED, "customer_signature", "refund_refusal_explanation"),
    "duplicate": (
        *_SAID,
        *_WHO,
        "duplicate_charge_id",
        "duplicate_charge_explanation",
        "duplicate_charge_documentation",
    ),
    "credit_not_processed": (
        *_SAID,
        *_WHO,
        "refund_policy",
        "refund_policy_disclosure",
        "refund_refusal_explanation",
    ),
    "subscription_canceled": (
        *_SAID,
        *_WHO,
        "cancellation_policy",
        "cancellation_policy_disclosure",
        "cancellation_rebuttal",
    ),
}
"""Which fields help against which of the bank's reasons, by what the processor advises for each."""


def helping(reason: str) -> list[Field]:
    """The fields that help against a reason, in the order in which they are shown."""
    wanted = HELPS.get(reason, USUAL)
    return [field for field in _FIELDS if field.name in wanted]


def others(reason: str) -> list[Field]:
    """The fields that are there as well."""
    wanted = HELPS.get(reason, USUAL)
    return [field for field in _FIELDS if field.name not in wanted]


def lacking(reason: str, texts: Mapping[str, str], files: Mapping[str, Sequence[int]]) -> list[str]:
    """What would help and is not there, as message ids."""
    return [field.lacking for field in helping(reason) if not texts.get(field.name) and not files.get(field.name)]


def tidied(texts: Mapping[str, str]) -> dict[str, str]:
    """The texts as they are kept: without blanks around them, and without empty ones. Raises Invalid by field."""
    kept = {name: text.replace("\r\n", "\n").strip() for name, text in texts.items()}
    for name, text in kept.items():
        field = FIELDS.get(name)
        if field is None or field.sort is Sort.FILE:
            raise Invalid(N_("The bank takes no such text."), field=name)
        if len(text) > field.longest:
            raise Invalid(N_("Use at most {most} characters."), field=name, most=field.longest)
        if field.sort is Sort.DAYS and (impossible := impossible_day(text)) is not None:
            raise Invalid(N_("The calendar has no {day}. Mend the day and save again."), field=name, day=impossible)
    return {name: text for name, text in kept.items() if text}


def too_much(texts: Mapping[str, str], size: int, pages: int, *, is_mastercard: bool) -> list[Words]:
    """What of an answer is more than the processor or the bank takes; empty where nothing is."""
    characters = sum(len(text) for text in texts.values())
    most_pages = PAGES_OF_MASTERCARD if is_mastercard else PAGES_TOGETHER
    found = []
    if characters > TOGETHER:
        found.append(
            Words.of(
                N_("The texts have {characters} characters, {most} at most."), characters=characters, most=TOGETHER
            )
        )
    if size > BYTES_TOGETHER:
        found.append(
            Words.of(
                N_("The files have {size} kilobytes together, {most} at most."),
                size=-(-size // 1000),
                most=BYTES_TOGETHER // 1000,
            )
        )
    if pages > most_pages:
        found.append(
            Words.of(N_("The files have {pages} pages together, {most} at most."), pages=pages, most=most_pages)
        )
    return found
