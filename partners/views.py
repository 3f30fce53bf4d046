"""Views: plain values for the partners' templates, made from rows; no template sees an entity or a session."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from domain.accounts.model import LEGAL_FORM_NAMES
from domain.placements import cards
from domain.placements.closing import WORKING
from domain.placements.files.schema import Placed
from domain.placements.model import CLOSING_NAMES, PLACED, Closing, PlacementStatus
from domain.placements.naming import percent_of, reference_of
from domain.policies.sections import Part
from domain.shared.actor import ActorKind
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.money import Money

_S = PlacementStatus
STATUS_BADGES = {
    _S.SENT: ("waiting", N_("New: take it on or refuse it")),
    _S.ACTIVE: ("work", N_("Yours to collect")),
    _S.HELD: ("paused", N_("On hold")),
    _S.REFUSED: ("void", N_("Refused by you")),
    _S.RECALLED: ("void", N_("Taken back by us")),
    _S.RETURNED: ("void", N_("Given back")),
    _S.CLOSED: ("void", N_("Closed")),
}
"""How each state is shown to a partner."""
HISTORY_WORDS = {
    _S.SENT: N_("Handed to you"),
    _S.ACTIVE: N_("Taken on"),
    _S.HELD: N_("On hold: please contact nobody about it"),
    _S.REFUSED: N_("Refused"),
    _S.RECALLED: N_("Taken back by us"),
    _S.RETURNED: N_("Given back"),
    _S.CLOSED: N_("Closed"),
}
WENT_ON = {_S.HELD: N_("Goes on"), _S.CLOSED: N_("Open again: a payment went back")}
"""What it is called when it is active again after these."""
PARTNER_SAID = frozenset({_S.REFUSED, _S.RETURNED, _S.CLOSED})
"""Of which changes the reason is the partner's; ours stays with us."""
OVER = "term"
PART_WORDS = {Part.PRINCIPAL: N_("Principal"), Part.INTEREST: N_("Interest"), Part.COSTS: N_("Costs")}


@dataclass(frozen=True, slots=True)
class PlacementView:
    """A placement in a list or at the head of its page."""

    id: int
    reference: str
    account_name: str
    account_number: str
    status: PlacementStatus
    badge: tuple[str, str]
    closing: str | None
    placed: Money
    open: Money
    percent: Decimal
    legal_percent: Decimal
    tax_percent: Decimal
    sent_at: datetime
    returns_on: date
    ended_at: datetime | None

    @property
    def path(self) -> str:
        """Where its page is."""
        return f"/placements/{self.id}"

    @property
    def is_new(self) -> bool:
        """Whether the partner has still to say if it takes it."""
        return self.status is PlacementStatus.SENT

    @property
    def is_here(self) -> bool:
        """Whether it lies with the partner: only then who owes it is shown."""
        return self.status in PLACED

    @property
    def is_working(self) -> bool:
        """Whether the partner has taken it and has not ended its work."""
        return self.status in WORKING

    @property
    def has_worked(self) -> bool:
        """Whether the partner had taken it, and it has ended: a payment may still come."""
        return self.status in (PlacementStatus.RECALLED, PlacementStatus.RETURNED, PlacementStatus.CLOSED)

    @property
    def is_held(self) -> bool:
        """Whether it has to wait."""
        return self.status is PlacementStatus.HELD

    @property
    def most(self) -> cards.Commission:
        """The commission and its tax, where all that is open is collected."""
        return cards.commission(self.open, int(self.percent * 100), self.tax_percent)


@dataclass(frozen=True, slots=True)
class DebtView:
    """One invoice that was handed over: what was open then, and what is now."""

    number: str
    part: str
    description: str | None
    issued_on: date
    due_on: date
    placed: Money
    open: Money
    interest_from: date | None
    interest_rate: Decimal | None


@dataclass(frozen=True, slots=True)
class PartSum:
    """What one part of a debt came to when it was handed over, and what is open of it now."""

    words: str
    then: Money
    open: Money


@dataclass(frozen=True, slots=True)
class Reach:
    """Somebody at the debtor, and how to reach them."""

    name: str
    email: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class DebtorView:
    """Who owes it."""

    name: str
    number: str
    legal_form: str
    language: str
    email: str | None
    phone: str | None
    address: str | None
    country: str | None
    last_payment_on: date | None
    contacts: tuple[Reach, ...]


@dataclass(frozen=True, slots=True)
class HistoryView:
    """One change, as the history says it; `who` is a name, or empty where it was us."""

    words: str
    at: datetime
    who: str
    why: str | None


def placement_view(row: AnyRow) -> PlacementView:
    """A row of `people.seen`."""
    card = cards.card_of(row.card)
    settled = row.closing in (Closing.PAID, Closing.SETTLED)
    kind, words = STATUS_BADGES[row.status]
    return PlacementView(
        id=row.id,
        reference=reference_of(row.id),
        account_name=row.account_name,
        account_number=row.account_number,
        status=row.status,
        badge=("paid" if settled else kind, words),
        closing=CLOSING_NAMES[row.closing] if row.closing else None,
        placed=Money(row.placed_minor, row.currency),
        open=Money(row.open_minor, row.currency),
        percent=percent_of(row.rate_bp),
        legal_percent=card.legal_percent,
        tax_percent=card.tax_percent,
        sent_at=row.sent_at,
        returns_on=row.returns_on,
        ended_at=row.ended_at,
    )


def debtor_view(placed: Placed) -> DebtorView:
    """Who owes it, as the file of the placement says."""
    return DebtorView(
        name=placed.name,
        number=placed.account_number,
        legal_form=LEGAL_FORM_NAMES[placed.legal_form],
        language=placed.language,
        email=placed.email,
        phone=placed.phone,
        address=placed.address,
        country=placed.country,
        last_payment_on=placed.last_payment_on,
        contacts=tuple(Reach(each.name, each.email, each.phone) for each in placed.contacts),
    )


def debt_views(placed: Placed, open_now: Mapping[str, Money]) -> list[DebtView]:
    """What was handed over, by the file of the placement; `open_now` is what is open of each number today."""
    return [
        DebtView(
            number=each.number,
            part=PART_WORDS[each.part],
            description=each.description,
            issued_on=each.issued_on,
            due_on=each.due_on,
            placed=Money.of(each.open, placed.currency),
            open=open_now[each.number],
            interest_from=each.interest_from,
            interest_rate=each.interest_rate,
        )
        for each in placed.debts
    ]


def part_sums(placed: Placed, debts: Sequence[DebtView]) -> list[PartSum]:
    """What each part that was handed over comes to."""
    found = []
    for words in PART_WORDS.values():
        of_it = [debt for debt in debts if debt.part == words]
        if of_it:
            then, now = (
                Money.sum((getattr(debt, name) for debt in of_it), placed.currency) for name in ("placed", "open")
            )
            found.append(PartSum(words, then, now))
    return found


def history_views(rows: Iterable[AnyRow], names: Mapping[int, str]) -> list[HistoryView]:
    """The rows of `seen.changes`; `names` are those of the partner's own people, everybody else is us."""
    return [
        HistoryView(
            WENT_ON.get(row.before, HISTORY_WORDS[row.after]) if row.after is _S.ACTIVE else HISTORY_WORDS[row.after],
            row.at,
            names.get(row.actor_id, "") if row.actor_kind == ActorKind.PARTNER else "",
            _why(row),
        )
        for row in rows
    ]


def _why(row: AnyRow) -> str | None:
    if row.after not in PARTNER_SAID or row.why is None:
        return None
    return N_("Its term was over.") if row.why == OVER else str(row.why)
