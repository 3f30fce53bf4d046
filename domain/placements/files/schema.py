"""Schema: every field of a placement file, version 1: the one place that says what there is, and what it means.

Reading, checking, writing and the tables of docs/placement-file.md all go by it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from domain.accounts.model import LegalForm
from domain.placements.files import forms
from domain.placements.files.fields import Said
from domain.placements.files.remittance_schema import Remitted
from domain.placements.model import Closing
from domain.policies.sections import Part

LARGEST_FILE = 8 * 1024 * 1024
"""Bytes: more than three thousand placements; what is read of a file takes at most some thirty times as much memory."""
MOST_CONTACTS = 20


class Schema(StrEnum):
    """What the file says it is."""

    NAME = "quittance-placement"


class Version(StrEnum):
    """The versions that there are."""

    ONE = "1"


class FileKind(StrEnum):
    """What the file brings: placements from the creditor, or updates or remittances from the partner."""

    PLACEMENTS = "placements"
    UPDATES = "updates"
    REMITTANCES = "remittances"


class Role(StrEnum):
    """What somebody is to the debt."""

    CONTACT = "contact"
    GUARANTOR = "guarantor"


class UpdateKind(StrEnum):
    """What the partner tells."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    PAYMENT = "payment"
    BOUNCED = "bounced"
    COST = "cost"
    ACTIVITY = "activity"
    QUESTION = "question"
    RETURNED = "returned"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What the file is, from whom, to whom."""

    schema: Annotated[
        Schema, Said(forms.one_of(Schema), "The name of this schema.", "quittance-placement", always=True)
    ] = Schema.NAME
    version: Annotated[Version, Said(forms.one_of(Version, is_number=True), "Its version.", "1", always=True)] = (
        Version.ONE
    )
    kind: Annotated[
        FileKind,
        Said(
            forms.one_of(FileKind),
            "What the file brings: the placements, or the partner's updates or remittances.",
            "placements",
        ),
    ]
    creditor: Annotated[str, Said(forms.text(200), "Who is owed the debts.", "Harbour Supplies Ltd")]
    partner: Annotated[str, Said(forms.text(200), "The agency or attorney.", "Fair Recovery Ltd")]
    made_at: Annotated[datetime, Said(forms.MOMENTS, "When the file was made.", "2026-11-22T09:30:00Z")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody who can be reached about the debt, or who answers for it."""

    role: Annotated[
        Role,
        Said(
            forms.one_of(Role),
            "A person or mailbox at the debtor, or somebody who answers for the debt too.",
            "contact",
        ),
    ]
    name: Annotated[str, Said(forms.text(200), "Who it is.", "Ana Ruiz")]
    email: Annotated[str | None, Said(forms.EMAILS, "Their address for mail.", "ana@harbour.example")] = None
    phone: Annotated[str | None, Said(forms.text(40), "Their number, as it is dialled.", "+44 20 7946 0018")] = None
    address: Annotated[str | None, Said(forms.lines(1000), "Where they are.", "1 Quay Street, Bristol")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Debt:
    """One invoice, or one debit note on top of one, as it was handed over."""

    number: Annotated[
        str, Said(forms.text(64), "The number of the invoice or debit note; once in a placement.", "INV-1001")
    ]
    part: Annotated[
        Part, Said(forms.one_of(Part), "What it is: the goods or services themselves, interest, or costs.", "principal")
    ]
    issued_on: Annotated[date, Said(forms.DAYS, "The day on which it was issued.", "2026-07-25")]
    due_on: Annotated[date, Said(forms.DAYS, "The day by which it was to be paid.", "2026-08-24")]
    amount: Annotated[Decimal, Said(forms.AMOUNTS, "What it came to, tax included; above zero.", "1500.00")]
    open: Annotated[
        Decimal, Said(forms.AMOUNTS, "What of that is handed over; above zero, at most `amount`.", "1200.00")
    ]
    interest_from: Annotated[
        date | None,
        Said(
            forms.DAYS,
            "Of principal alone: the first day for which the creditor has charged no interest yet. Empty: it bears "
            "none, or that is not known.",
            "2026-11-02",
        ),
    ] = None
    interest_rate: Annotated[
        Decimal | None,
        Said(
            forms.RATES,
            "The yearly rate of simple interest on `open`, as it was when the debt was handed over. Given together "
            "with `interest_from`, or not at all.",
            "11.75",
        ),
    ] = None
    description: Annotated[str | None, Said(forms.lines(2000), "What it is for.", "Ropes and sails, order 77")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One placement: who owes what; `contacts` and `debts` belong to it."""

    reference: Annotated[
        str,
        Said(
            forms.text(64), "The creditor's reference of the placement; once in a file. Quote it always.", "HO-000017"
        ),
    ]
    account_number: Annotated[str, Said(forms.text(64), "The debtor's number at the creditor.", "C-1001")]
    name: Annotated[str, Said(forms.text(200), "Who owes it: the company's or the person's name.", "Harbour Café Ltd")]
    legal_form: Annotated[
        LegalForm,
        Said(forms.one_of(LegalForm), "What the debtor is in law; it decides who may be asked how.", "company"),
    ]
    email: Annotated[str | None, Said(forms.EMAILS, "The debtor's address for mail.", "ap@harbour.example")] = None
    phone: Annotated[str | None, Said(forms.text(40), "The debtor's number, as it is dialled.", "+44 117 496 0000")] = (
        None
    )
    address: Annotated[str | None, Said(forms.lines(1000), "Where the debtor is.", "1 Quay Street, Bristol")] = None
    country: Annotated[str | None, Said(forms.COUNTRIES, "The country that the debtor is in.", "GB")] = None
    jurisdiction: Annotated[
        str | None, Said(forms.REGIONS, "Whose law and courts were agreed on, where that is known.", "GB-EAW")
    ] = None
    language: Annotated[str, Said(forms.LANGUAGES, "The language in which the debtor is written to.", "en")]
    currency: Annotated[str, Said(forms.CURRENCIES, "The currency of every amount of the placement.", "GBP")]
    principal: Annotated[
        Decimal, Said(forms.AMOUNTS, "What is handed over for goods and services: the sum of `open`.", "1200.00")
    ]
    interest: Annotated[
        Decimal, Said(forms.AMOUNTS, "What is handed over of interest charged so far: the sum of `open`.", "14.20")
    ]
    costs: Annotated[
        Decimal, Said(forms.AMOUNTS, "What is handed over of costs charged so far: the sum of `open`.", "70.00")
    ]
    total: Annotated[Decimal, Said(forms.AMOUNTS, "`principal`, `interest` and `costs` together.", "1284.20")]
    delinquent_on: Annotated[
        date, Said(forms.DAYS, "The date of delinquency: the earliest `due_on` of the debts.", "2026-08-24")
    ]
    last_payment_on: Annotated[
        date | None,
        Said(
            forms.DAYS,
            "The day of the debtor's last payment to the creditor before this was handed over, whatever it was for. "
            "Empty: none is known.",
            "2026-06-30",
        ),
    ] = None
    description: Annotated[str | None, Said(forms.lines(2000), "What the debts came from.", "Chandlery on account")] = (
        None
    )
    contacts: tuple[Contact, ...] = ()
    debts: tuple[Debt, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One thing that the partner tells of a placement."""

    reference: Annotated[
        str, Said(forms.text(64), "The `reference` of the placement, as it was handed over.", "HO-000017")
    ]
    update: Annotated[UpdateKind, Said(forms.one_of(UpdateKind), "What is told: see the table below.", "payment")]
    happened_on: Annotated[
        date,
        Said(
            forms.DAYS,
            "The day on which it happened; of a payment the day on which the partner received it. Not after the file "
            "was made.",
            "2026-12-03",
        ),
    ]
    partner_reference: Annotated[
        str | None,
        Said(
            forms.text(64),
            "The partner's own reference of a payment or a cost, never used twice within a placement; of `bounced` "
            "that of the payment that went back.",
            "FR-88121",
        ),
    ] = None
    amount: Annotated[Decimal | None, Said(forms.AMOUNTS, "How much was paid, or spent; above zero.", "250.00")] = None
    currency: Annotated[
        str | None, Said(forms.CURRENCIES, "The currency of `amount`: that of the placement.", "GBP")
    ] = None
    code: Annotated[Closing | None, Said(forms.one_of(Closing), "How it ended.", "paid")] = None
    text: Annotated[
        str | None,
        Said(forms.lines(2000), "Why, what for, what was done, or what is asked.", "Paid by card on the phone."),
    ] = None


@dataclass(frozen=True, slots=True)
class PlacementFile:
    """A whole file; it has placements, updates or remittances, as its header says."""

    header: Header
    placements: tuple[Placed, ...] = ()
    updates: tuple[Update, ...] = ()
    remittances: tuple[Remitted, ...] = ()


MUST: dict[UpdateKind, tuple[str, ...]] = {
    UpdateKind.ACCEPTED: (),
    UpdateKind.REFUSED: ("text",),
    UpdateKind.PAYMENT: ("partner_reference", "amount", "currency"),
    UpdateKind.BOUNCED: ("partner_reference",),
    UpdateKind.COST: ("partner_reference", "amount", "currency", "text"),
    UpdateKind.ACTIVITY: ("text",),
    UpdateKind.QUESTION: ("text",),
    UpdateKind.RETURNED: ("text",),
    UpdateKind.CLOSED: ("code",),
}
"""What each update has beside reference, update and day; all may have a text, and none has anything else."""
SAYS: dict[UpdateKind, str] = {
    UpdateKind.ACCEPTED: "The partner takes the placement.",
    UpdateKind.REFUSED: "The partner does not take it; `text` says why.",
    UpdateKind.PAYMENT: "The debtor has paid the partner.",
    UpdateKind.BOUNCED: "A payment that was told before, here or in an earlier file, went back, all of it.",
    UpdateKind.COST: "The partner has spent something on it; `text` says what for.",
    UpdateKind.ACTIVITY: "The partner has done something: a call, a letter, a visit; `text` says what.",
    UpdateKind.QUESTION: "The partner asks the creditor something, in `text`.",
    UpdateKind.RETURNED: "The partner gives it back; `text` says why.",
    UpdateKind.CLOSED: "The partner has ended its work; `code` says how.",
}
"""What each update means."""
CODES: dict[Closing, str] = {
    Closing.PAID: "All of it was paid.",
    Closing.SETTLED: "A smaller sum was paid, as agreed, in full discharge.",
    Closing.UNCOLLECTABLE: "It cannot be collected.",
    Closing.WITHDRAWN: "There is no debt: it was credited, or was never owed.",
}
"""What each code means."""
