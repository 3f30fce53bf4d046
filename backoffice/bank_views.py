"""Bank views: lines of bank statements, suggestions and bookings as their templates want them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from domain.banking import queries
from domain.banking.model import BOOKED_AS_NAMES, BookedAs, LineState
from domain.banking.suggestions import Confidence, Kind, Suggestion
from domain.processing.bank.naming import Named, Names, names_of, names_of_bookings
from domain.processing.bank.suggesting import key_of, suggestions
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

LINE_BADGES = {
    LineState.OPEN: ("open", N_("To decide")),
    LineState.PARKED: ("waiting", N_("Unidentified")),
    LineState.BOOKED: ("paid", N_("Booked")),
    LineState.IGNORED: ("void", N_("Not ours")),
}
"""How each state of a line is shown."""
CONFIDENCE_BADGES = {
    Confidence.SURE: ("paid", N_("Sure")),
    Confidence.LIKELY: ("accent", N_("Likely")),
    Confidence.POSSIBLE: ("draft", N_("Possible")),
}
"""How sure a suggestion is, in words and with an icon."""
KIND_WORDS = {
    Kind.INVOICE_PAYMENT: N_("Pays {things}"),
    Kind.RECORDED_RECEIPT: N_("Recorded receipt {things}"),
    Kind.PAYOUT: N_("Payout {things}"),
    Kind.RETURNED_RECEIPT: N_("Receipt {things} came back"),
    Kind.REFUND: N_("Refund of receipt {things}"),
    Kind.REMITTANCE: N_("Remittance {things} of a partner"),
    Kind.ACCOUNT: N_("Money for this account"),
}
"""What each kind of suggestion says."""
PATHS = {
    BookedAs.PAYMENT: "/payments/{}",
    BookedAs.RECORDED_RECEIPT: "/payments/{}",
    BookedAs.RETURN: "/payments/{}",
    BookedAs.PAYOUT: "/clearing/payouts/{}",
    BookedAs.REFUND: "/refunds/{}",
    BookedAs.REMITTANCE: "/remittances/{}",
}
"""Where what a line was booked as has its page."""
NO_NUMBER = "–"
PAYS_WHAT_IS_PARKED = (Kind.INVOICE_PAYMENT, Kind.ACCOUNT)


@dataclass(frozen=True, slots=True)
class LineView:
    """A line in a list or on its page."""

    id: int
    bank_account: str
    badge: tuple[str, str]
    booked_on: date
    value_on: date
    amount: Money
    name: str
    text: str
    details: tuple[tuple[str, str], ...]
    returned: bool
    why: str | None

    @property
    def path(self) -> str:
        """Its page."""
        return f"/bank/lines/{self.id}"


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """One thing that a line may be, with whose it is, why, and the key by which it is accepted."""

    key: str
    words: Words
    badge: tuple[str, str]
    accounts: tuple[tuple[int, str], ...]
    reasons: tuple[Words, ...]
    can_be_accepted: bool


@dataclass(frozen=True, slots=True)
class BookingView:
    """What a line, or a part of it, was booked as."""

    words: str
    number: str | None
    href: str | None
    account: AnyRow | None
    amount: Money
    badge: tuple[str, str] | None
    why_undone: str | None


def line_view(row: AnyRow) -> LineView:
    """A row of `banking.queries` as pages want it."""
    told = (
        (N_("References"), ", ".join(row.references)),
        (N_("From or to"), row.counterparty_account),
        (N_("The bank's reference"), row.bank_ref),
        (N_("Type"), row.code),
        (N_("Reason"), row.reason),
    )
    return LineView(
        id=row.id,
        bank_account=row.bank_account,
        badge=LINE_BADGES[row.state],
        booked_on=row.booked_on,
        value_on=row.value_on,
        amount=Money(row.amount_minor, row.currency),
        name=row.counterparty_name,
        text=row.text,
        details=tuple((name, value) for name, value in told if value),
        returned=row.returned,
        why=row.why,
    )


def suggested(session: Session, rows: Sequence[AnyRow]) -> dict[int, list[SuggestionView]]:
    """What each of the rows that wait may be; a parked line is nothing but a payment."""
    waiting = [row for row in rows if row.state in (LineState.OPEN, LineState.PARKED)]
    states = {row.id: row.state for row in waiting}
    found = {
        line_id: [each for each in of_line if states[line_id] is LineState.OPEN or each.kind in PAYS_WHAT_IS_PARKED]
        for line_id, of_line in suggestions(session, waiting).items()
    }
    names = names_of(session, (each for of_line in found.values() for each in of_line))
    return {line_id: [suggestion_view(each, names) for each in of_line] for line_id, of_line in found.items()}


def suggestion_view(suggestion: Suggestion, names: Names) -> SuggestionView:
    """A suggestion with the names of what it is about."""
    targets = names.targets.get(suggestion.kind, {})
    things = ", ".join(targets[each].words or NO_NUMBER for each in suggestion.targets if each in targets)
    owners = {targets[each].account_id for each in suggestion.targets if each in targets}
    owners |= set(suggestion.targets) if suggestion.kind is Kind.ACCOUNT else set()
    return SuggestionView(
        key=key_of(suggestion),
        words=Words.of(KIND_WORDS[suggestion.kind], things=things),
        badge=CONFIDENCE_BADGES[suggestion.confidence],
        accounts=tuple((each, names.accounts[each].name) for each in sorted(filter(None, owners))),
        reasons=suggestion.reasons,
        can_be_accepted=suggestion.account_id is not None or len(owners) <= 1,
    )


def booking_views(
    session: Session, row: AnyRow, labels: Mapping[int, AnyRow], booked: Sequence[AnyRow]
) -> list[BookingView]:
    """What a line was booked as, with links."""
    names = names_of_bookings(session, booked)
    return [_booking(each, row.currency, labels, names.get((each.booked_as, each.subject))) for each in booked]


def waiting_line(session: Session, line_id: int, state: LineState = LineState.OPEN) -> AnyRow | None:
    """The line to look at after this one: the next older one of that state."""
    return next(iter(queries.lines(session, state, before=line_id, limit=1)), None)


def _booking(each: AnyRow, currency: str, labels: Mapping[int, AnyRow], named: Named | None) -> BookingView:
    path = PATHS.get(each.booked_as)
    href = path.format(named.key) if path and named else None
    if each.booked_as is BookedAs.SENT_BACK:
        href = f"/bank/lines/{each.subject.partition(':')[2]}"
    return BookingView(
        words=BOOKED_AS_NAMES[each.booked_as],
        number=named.words if named else None,
        href=href,
        account=labels.get(each.account_id) if each.account_id else None,
        amount=Money(each.amount_minor, currency),
        badge=CONFIDENCE_BADGES[Confidence(each.confidence)] if each.confidence else None,
        why_undone=each.why_undone,
    )
