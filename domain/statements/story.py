"""Story: how an invoice came to its balance, step by step, in words that either site can show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from domain.invoicing.queries import credit_notes, discount_notes
from domain.ledger.posting import EntryKind
from domain.payments import late_failures
from domain.payments import queries as payments
from domain.receivables import queries as receivables
from domain.receivables.due_days import cuts_of, extension_of
from domain.receivables.model import CreditKind, WithdrawalKind
from domain.refunds.queries import by_name
from domain.refunds.wording import given_again_words, taken_words
from domain.settlements.queries import concession_notes
from domain.shared.clock import day_in
from domain.shared.db.rows import AnyRow, AnyRows
from domain.shared.db.session import business
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words
from domain.statements.wording import CHARGEBACK_WORDS

BECAME_CREDIT = N_("{amount} of credit note {number} became credit of the account")
PAYMENT_TAKEN_BACK = N_("Payment taken back")
TAKEN_BACK_WORDS = {
    WithdrawalKind.CHARGEBACK: CHARGEBACK_WORDS[EntryKind.CHARGEBACK],
    WithdrawalKind.MISTAKE: N_("Booked by mistake, and taken back"),
}
"""What taking a payment back is called, by how its money left; a refund is called by how far it is."""
CAME_BACK_WORDS = {
    WithdrawalKind.CHARGEBACK: CHARGEBACK_WORDS[EntryKind.CHARGEBACK_REINSTATED],
}
"""What the return of such money is called."""


class StepKind(StrEnum):
    """What happened to the invoice."""

    ISSUED = "issued"
    PAID = "paid"
    TAKEN_BACK = "taken_back"
    CREDITED = "credited"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    EXTENDED = "extended"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: by how much it changed what is open, and what was open after it.

    `payment` is a payment's public id, `why` the reason of what failed as a message id.
    """

    kind: StepKind
    on: date
    words: Words
    payment: str | None
    change: Money
    balance: Money
    why: str | None = None


def story_of(session: Session, invoice: AnyRow) -> list[Step]:
    """The steps of an invoice (a row of `receivables.queries`), from its issue to what is open on it today."""
    rows = receivables.story(session, invoice.id)
    receipts = payments.receipts(session, [row.source for row in rows if row.kind is CreditKind.PAYMENT])
    refunds = _refunds(session, rows)
    notes = {f"discount:{note.id}": note.number for note in discount_notes(session, invoice.id)}
    notes |= {f"concession:{note.id}": note.number for note in concession_notes(session, invoice.id)}
    balance = Money(invoice.amount_minor, invoice.currency)
    steps = [Step(StepKind.ISSUED, invoice.issued_on, Words.of(N_("Invoiced")), None, balance, balance)]
    taken_back: set[str] = set()
    previous: AnyRow | None = None
    for row in rows:
        change = Money(-row.amount_minor, invoice.currency)
        balance = balance + change
        kind, words, payment = _told(row, receipts, refunds, notes, came_back=row.source in taken_back)
        if kind is StepKind.TAKEN_BACK:
            taken_back.add(row.source)
        if _covers_again(row, previous):
            steps[-1] = replace(steps[-1], change=steps[-1].change + change, balance=balance)
        else:
            steps.append(Step(kind, row.effective_on, words, payment, change, balance))
        previous = row
    for note, surplus in _became_credit(session, invoice, rows):
        words = Words.of(BECAME_CREDIT, number=note.number, amount=surplus)
        _put_in(steps, StepKind.CREDITED, note.issued_on, words)
    for failure in late_failures.of_invoice(session, invoice.id):
        _tell_failure(steps, failure, day_in(failure.at, business(session).time_zone))
    if extension := extension_of(session, invoice.id):
        words = Words.of(N_("Due on {day} instead of {before}"), day=extension.due_on, before=extension.was_due_on)
        _put_in(steps, StepKind.EXTENDED, extension.granted_on, words)
    for cut in cuts_of(session, invoice.id):
        words = Words.of(N_("Due on {day} instead of {before}"), day=cut.due_on, before=cut.was_due_on)
        _put_in(steps, StepKind.EXTENDED, cut.cut_on, words)
    if invoice.voided_at is not None:
        day = day_in(invoice.voided_at, business(session).time_zone)
        nothing = Money.zero(invoice.currency)
        steps.append(Step(StepKind.WITHDRAWN, day, Words.of(N_("Withdrawn")), None, -balance, nothing))
    return steps


def _became_credit(session: Session, invoice: AnyRow, rows: AnyRows) -> Iterator[tuple[AnyRow, Money]]:
    """The credit notes of an invoice that came to more than was open on it, with how much that is."""
    settles: dict[str, int] = defaultdict(int)
    for row in rows:
        if row.kind is CreditKind.CREDIT_NOTE:
            settles[row.source] += row.amount_minor
    for note in credit_notes(session, invoice.id):
        if note.amount_minor > settles[note.number]:
            yield note, Money(note.amount_minor - settles[note.number], invoice.currency)


def _tell_failure(steps: list[Step], failure: AnyRow, day: date) -> None:
    """Put in a payment that did not come after all."""
    amount = Money(failure.amount_minor, failure.currency)
    words = Words.of(N_("The bank payment of {amount} did not go through"), amount=amount)
    _put_in(steps, StepKind.FAILED, day, words, payment=failure.public_id, why=failure.why)


def _put_in(
    steps: list[Step], kind: StepKind, day: date, words: Words, *, payment: str | None = None, why: str | None = None
) -> None:
    """Put what changed no balance where it belongs by its day."""
    place = next((number for number, step in enumerate(steps) if number and step.on > day), len(steps))
    balance = steps[place - 1].balance
    steps.insert(place, Step(kind, day, words, payment, Money.zero(balance.currency), balance, why))


def _covers_again(row: AnyRow, previous: AnyRow | None) -> bool:
    """Whether the act that took a credit off the invoice put the rest of it back: only the difference happened."""
    return (
        previous is not None
        and previous.reverses_id is not None
        and row.reverses_id is None
        and (row.kind, row.source, row.recorded_at) == (previous.kind, previous.source, previous.recorded_at)
    )


def _refunds(session: Session, rows: AnyRows) -> dict[str, AnyRow]:
    """The refunds by which credit left the invoice, or came back to it, by their names."""
    left = {row.left_for for row in rows if row.left_by is WithdrawalKind.REFUND}
    back = {row.back_from for row in rows if row.back_by is WithdrawalKind.REFUND}
    return by_name(session, left | back)


def _told(
    row: AnyRow,
    receipts: dict[str, str | None],
    refunds: dict[str, AnyRow],
    notes: dict[str, str],
    *,
    came_back: bool,
) -> tuple[StepKind, Words, str | None]:
    """A step; `came_back` where the same credit had been taken back from the invoice before."""
    if row.kind is not CreditKind.PAYMENT:
        return _of_other_credit(row, notes.get(row.source))
    if row.reverses_id is not None and (refund := refunds.get(row.left_for)):
        return StepKind.TAKEN_BACK, taken_words(refund.status, refund.sent_at), row.source
    if row.reverses_id is not None:
        return StepKind.TAKEN_BACK, Words.of(TAKEN_BACK_WORDS.get(row.left_by, PAYMENT_TAKEN_BACK)), row.source
    if came_back and (refund := refunds.get(row.back_from)):
        return StepKind.PAID, given_again_words(refund.status), row.source
    if came_back and row.back_by in CAME_BACK_WORDS:
        return StepKind.PAID, Words.of(CAME_BACK_WORDS[row.back_by]), row.source
    number = receipts.get(row.source)
    words = Words.of(N_("Paid, receipt {number}"), number=number) if number else Words.of(N_("Paid"))
    return StepKind.PAID, words, row.source


def _of_other_credit(row: AnyRow, note: str | None) -> tuple[StepKind, Words, None]:
    """Credit that was no payment of this account; `note` is the tax credit note of a discount or a concession."""
    if row.kind is CreditKind.DISCOUNT:
        return _of_discount(row, note)
    if row.kind is CreditKind.CONCESSION:
        return _of_concession(row, note)
    if row.kind is CreditKind.WRITE_OFF:
        return _of_release(row)
    if row.reverses_id is not None:
        return StepKind.TAKEN_BACK, Words.of(N_("Credit taken back")), None
    if row.kind is CreditKind.CREDIT_NOTE:
        return StepKind.CREDITED, Words.of(N_("Credit note {number}"), number=row.source), None
    if row.kind is CreditKind.MOVED:
        return StepKind.CREDITED, Words.of(N_("Credit from another account")), None
    return StepKind.CREDITED, Words.of(N_("Money that had been taken back came again")), None


def _of_discount(row: AnyRow, note: str | None) -> tuple[StepKind, Words, None]:
    if row.reverses_id is not None:
        return StepKind.TAKEN_BACK, Words.of(N_("Early-payment discount taken back")), None
    if note:
        return StepKind.CREDITED, Words.of(N_("Early-payment discount, credit note {number}"), number=note), None
    return StepKind.CREDITED, Words.of(N_("Early-payment discount")), None


def _of_concession(row: AnyRow, note: str | None) -> tuple[StepKind, Words, None]:
    if row.reverses_id is not None:
        return StepKind.TAKEN_BACK, Words.of(N_("Given up to settle it: taken back")), None
    if note:
        return StepKind.CREDITED, Words.of(N_("Given up to settle it, credit note {number}"), number=note), None
    return StepKind.CREDITED, Words.of(N_("Given up to settle it")), None


def _of_release(row: AnyRow) -> tuple[StepKind, Words, None]:
    if row.reverses_id is not None:
        return StepKind.TAKEN_BACK, Words.of(N_("Owed again: we no longer give it up")), None
    return StepKind.CREDITED, Words.of(N_("Given up by us: nothing more is owed")), None
