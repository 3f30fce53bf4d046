"""Placement views: what was handed over or is about to be, as lists and pages show it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from backoffice.wording import Doer
from domain.placements.criteria import CRITERION_NAMES, Criterion, Finding
from domain.placements.model import (
    CLOSING_NAMES,
    PARTNER_KINDS,
    PLACED,
    PLACEMENT_NAMES,
    Closing,
    PlacementStatus,
)
from domain.placements.naming import percent_of, reference_of
from domain.policies.sections import Part
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.words import Words

KINDS = {
    PlacementStatus.PROPOSED: "waiting",
    PlacementStatus.APPROVED: "waiting",
    PlacementStatus.DECLINED: "void",
    PlacementStatus.DROPPED: "void",
    PlacementStatus.SENT: "mail",
    PlacementStatus.REFUSED: "failed",
    PlacementStatus.ACTIVE: "work",
    PlacementStatus.HELD: "paused",
    PlacementStatus.RECALLED: "void",
    PlacementStatus.RETURNED: "void",
    PlacementStatus.CLOSED: "void",
}
STATUS_BADGES = {status: (kind, PLACEMENT_NAMES[status]) for status, kind in KINDS.items()}
"""How each state is shown."""
SETTLED = frozenset({Closing.PAID, Closing.SETTLED})
PART_WORDS = {Part.PRINCIPAL: N_("Principal"), Part.INTEREST: N_("Interest"), Part.COSTS: N_("Costs")}
"""What the parts of a debt are called, in the order in which they are shown."""
BY_ITSELF = {"term": N_("Its term was over."), "silent": N_("Nothing was heard from the partner for too long.")} | {
    one.value: CRITERION_NAMES[one] for one in Criterion
}
"""Why a state changed by itself."""


@dataclass(frozen=True, slots=True)
class PlacementView:
    """A placement in a list or at the head of its page."""

    id: int
    reference: str
    account_id: int
    account_name: str
    partner_id: int
    partner_name: str
    partner_kind: str
    status: PlacementStatus
    badge: tuple[str, str]
    closing: str | None
    reason: str
    barred_why: str | None
    turn: int
    proposed: Money
    proposed_at: datetime
    percent: Decimal | None
    placed: Money | None
    sent_at: datetime | None
    returns_on: date | None
    ended_at: datetime | None
    open: Money

    @property
    def path(self) -> str:
        """Where its page is."""
        return f"/handoffs/{self.id}"

    @property
    def amount(self) -> Money:
        """What was handed over, or would be."""
        return self.placed or self.proposed

    @property
    def is_placed(self) -> bool:
        """Whether it lies with the partner."""
        return self.status in PLACED


@dataclass(frozen=True, slots=True)
class CriterionView:
    """One criterion: whether it was met when it was proposed, and whether it is today, with what is found.

    Empty is what nobody asks for any more, or did not ask for then.
    """

    words: str
    then: bool | None
    now: bool | None = None
    found: Words | None = None


@dataclass(frozen=True, slots=True)
class PlacedInvoice:
    """An invoice of a placement: which part it is, and what was open then and is now."""

    id: int
    number: str
    part: str
    due_on: date
    proposed: Money
    placed: Money | None
    open: Money


@dataclass(frozen=True, slots=True)
class PartSum:
    """What one part of a debt came to when it was handed over or proposed, and what is open of it now."""

    words: str
    then: Money
    open: Money


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a placement's state, as the history shows it."""

    at: datetime
    why: str | None


def placement_view(row: AnyRow) -> PlacementView:
    """A row of `placements.queries`."""
    return PlacementView(
        id=row.id,
        reference=reference_of(row.id),
        account_id=row.account_id,
        account_name=row.account_name,
        partner_id=row.partner_id,
        partner_name=row.partner_name,
        partner_kind=PARTNER_KINDS[row.partner_kind],
        status=row.status,
        badge=("paid", PLACEMENT_NAMES[row.status]) if row.closing in SETTLED else STATUS_BADGES[row.status],
        closing=CLOSING_NAMES[row.closing] if row.closing else None,
        reason=row.reason,
        barred_why=row.barred_why,
        turn=row.turn,
        proposed=Money(row.proposed_minor, row.currency),
        proposed_at=row.proposed_at,
        percent=None if row.rate_bp is None else percent_of(row.rate_bp),
        placed=None if row.placed_minor is None else Money(row.placed_minor, row.currency),
        sent_at=row.sent_at,
        returns_on=row.returns_on,
        ended_at=row.ended_at,
        open=Money(row.open_minor, row.currency),
    )


def invoice_views(rows: Iterable[AnyRow]) -> list[PlacedInvoice]:
    """The rows of `queries.invoices`."""
    return [
        PlacedInvoice(
            row.id,
            row.number,
            PART_WORDS[row.part],
            row.due_on,
            Money(row.proposed_minor, row.currency),
            None if row.placed_minor is None else Money(row.placed_minor, row.currency),
            Money(row.open_minor, row.currency),
        )
        for row in rows
    ]


def part_sums(rows: Sequence[AnyRow], *, was_sent: bool) -> list[PartSum]:
    """What each part comes to, of the rows of `queries.invoices`; once it was sent, of what went along alone."""
    gone = [row for row in rows if not was_sent or row.placed_minor is not None]
    found = []
    for part, words in PART_WORDS.items():
        of_it = [row for row in gone if row.part is part]
        if of_it:
            then = sum(row.placed_minor if was_sent else row.proposed_minor for row in of_it)
            currency = of_it[0].currency
            open_now = sum(row.open_minor for row in of_it)
            found.append(PartSum(words, Money(then, currency), Money(open_now, currency)))
    return found


def criterion_views(kept: Iterable[dict[str, object]], today: Sequence[Finding] | None) -> list[CriterionView]:
    """The criteria as they were kept beside those of today; `today` None where they no longer say anything."""
    then = {Criterion(str(one["criterion"])): bool(one["met"]) for one in kept}
    now = {finding.criterion: finding for finding in today or ()}
    return [
        CriterionView(
            CRITERION_NAMES[criterion],
            then.get(criterion),
            now[criterion].met if criterion in now else None,
            now[criterion].words if criterion in now else None,
        )
        for criterion in Criterion
        if criterion in then or criterion in now
    ]


def change_views(rows: Iterable[tuple[AnyRow, Doer]]) -> list[tuple[Change, tuple[str, str], Doer]]:
    """The history, for `records.history_panel`; what happened by itself says why in words."""
    return [
        (Change(row.at, row.why and BY_ITSELF.get(row.why, row.why)), STATUS_BADGES[row.after], who)
        for row, who in rows
    ]
