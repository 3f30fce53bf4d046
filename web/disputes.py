"""Disputes as both sites show them: what is contested and why, how it stands, and how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from domain.disputes.model import DISPUTE_NAMES, LIVE, OUTCOME_NAMES, DisputeStatus, Outcome
from domain.disputes.reasons import CAUSE_NAMES, REASON_NAMES
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.money import Money

KINDS = {
    DisputeStatus.OPEN: "disputed",
    DisputeStatus.UNDER_REVIEW: "disputed",
    DisputeStatus.AWAITING_CUSTOMER: "waiting",
    DisputeStatus.RESOLVED: "paid",
    DisputeStatus.WITHDRAWN: "void",
    DisputeStatus.MERGED: "void",
}
OUTCOME_KINDS = {
    Outcome.ACCEPTED: "paid",
    Outcome.PARTLY_ACCEPTED: "paid",
    Outcome.REJECTED: "void",
    Outcome.ANSWERED: "paid",
    Outcome.UNANSWERED: "void",
}
STATUS_BADGES = {status: (kind, DISPUTE_NAMES[status]) for status, kind in KINDS.items()}
"""How each state is shown; one that is decided says how."""
OUTCOME_BADGES = {outcome: (kind, OUTCOME_NAMES[outcome]) for outcome, kind in OUTCOME_KINDS.items()}
"""How each decision is shown."""
TOLD = {
    DisputeStatus.OPEN: N_("Our turn: we have it, and will answer"),
    DisputeStatus.UNDER_REVIEW: N_("Our turn: we are looking into it"),
    DisputeStatus.AWAITING_CUSTOMER: N_("Your turn: we wait for your answer"),
    DisputeStatus.WITHDRAWN: N_("Withdrawn: we look into it no more"),
    DisputeStatus.MERGED: DISPUTE_NAMES[DisputeStatus.MERGED],
}
"""How each state is told to the customer: where it stands, and whose turn it is."""
TOLD_OUTCOMES = {
    Outcome.ACCEPTED: N_("Decided: we accept it"),
    Outcome.PARTLY_ACCEPTED: N_("Decided: we accept a part of it"),
    Outcome.REJECTED: N_("Decided: we do not accept it"),
    Outcome.ANSWERED: N_("Closed: the paper is there"),
    Outcome.UNANSWERED: N_("Closed: we had no answer from you"),
}
"""How each decision is told to the customer."""


@dataclass(frozen=True, slots=True)
class DisputeView:
    """A dispute in a list or on its own page."""

    id: int
    number: str
    account_id: int
    account_name: str
    invoice_id: int
    invoice_number: str
    invoice_open: Money
    amount: Money
    reason: str
    words: str
    badge: tuple[str, str]
    told: str
    """The words of its badge for the customer."""
    is_live: bool
    is_open: bool
    raised_at: datetime
    raised_by: str | None
    by_link: bool
    """Whether whoever raised it held a link out of a notice, so that nobody knows who it was."""
    ended_at: datetime | None
    answer: str | None
    credited: Money | None
    is_decided: bool
    owner_id: int | None
    owner: str | None
    answer_by: datetime
    resolve_by: datetime
    answered_at: datetime | None
    silent_on: date | None
    """The last day on which the customer can answer, while we wait for them."""
    merged_into_id: int | None
    split_from_id: int | None
    cause: str | None

    @property
    def path(self) -> str:
        """Where its page is in the back office; in the portal it stands below the account's."""
        return f"/disputes/{self.id}"


def dispute_view(row: AnyRow) -> DisputeView:
    """A row of `disputes.queries` as its template wants it."""
    return DisputeView(
        id=row.id,
        number=row.number,
        account_id=row.account_id,
        account_name=row.account_name,
        invoice_id=row.invoice_id,
        invoice_number=row.invoice_number,
        invoice_open=Money(row.open_minor, row.currency),
        amount=Money(row.amount_minor, row.currency),
        reason=REASON_NAMES[row.reason],
        words=row.words,
        badge=OUTCOME_BADGES[row.outcome] if row.outcome else STATUS_BADGES[row.status],
        told=TOLD_OUTCOMES[row.outcome] if row.outcome else TOLD[row.status],
        is_live=row.status in LIVE,
        is_open=row.status is DisputeStatus.OPEN,
        raised_at=row.raised_at,
        raised_by=row.raised_by_name,
        by_link=row.pay_link_id is not None,
        ended_at=row.ended_at,
        answer=row.answer,
        credited=None if row.credited_minor is None else Money(row.credited_minor, row.currency),
        is_decided=row.status is DisputeStatus.RESOLVED,
        owner_id=row.owner_id,
        owner=row.owner_name,
        answer_by=row.answer_by,
        resolve_by=row.resolve_by,
        answered_at=row.answered_at,
        silent_on=row.silent_on,
        merged_into_id=row.merged_into_id,
        split_from_id=row.split_from_id,
        cause=None if row.cause is None else CAUSE_NAMES[row.cause],
    )
