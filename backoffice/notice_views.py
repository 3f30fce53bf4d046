"""Notice views: notices, what they are about and what became of them, as plain values for the pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from domain.notices.model import HELD_BACK_NAMES, STATUS_NAMES, NoticeStatus
from domain.policies.contacting import CHANNEL_NAMES, RECIPIENT_NAMES, WORDING_NAMES, Channel
from domain.shared.db.rows import AnyRow
from domain.shared.errors import N_
from domain.shared.money import Money

STATUS_BADGES = {
    NoticeStatus.WAITING: ("waiting", STATUS_NAMES[NoticeStatus.WAITING]),
    NoticeStatus.READY: ("waiting", STATUS_NAMES[NoticeStatus.READY]),
    NoticeStatus.SENT: ("mail", STATUS_NAMES[NoticeStatus.SENT]),
    NoticeStatus.DELIVERED: ("paid", STATUS_NAMES[NoticeStatus.DELIVERED]),
    NoticeStatus.FAILED: ("failed", STATUS_NAMES[NoticeStatus.FAILED]),
    NoticeStatus.SUPPRESSED: ("paused", STATUS_NAMES[NoticeStatus.SUPPRESSED]),
    NoticeStatus.REJECTED: ("void", STATUS_NAMES[NoticeStatus.REJECTED]),
}
"""How each state is shown."""
CALL_BADGES = {
    NoticeStatus.READY: ("waiting", N_("To be called")),
    NoticeStatus.SENT: ("mail", N_("Called")),
    NoticeStatus.DELIVERED: ("paid", N_("Talked to")),
    NoticeStatus.FAILED: ("failed", N_("Not reached")),
}
"""How the states of a call are shown."""
LETTER_BADGES = {NoticeStatus.READY: ("waiting", N_("To be printed and posted"))}
"""How the states of a letter are shown where they are not those of a mail."""
BADGES_OF = {Channel.CALL: CALL_BADGES, Channel.LETTER: LETTER_BADGES}


@dataclass(frozen=True, slots=True)
class PartView:
    """One invoice of a notice: how much of it is asked for, how much is left out and why, and what is open now."""

    invoice_id: int
    number: str
    due_on: date
    asked: Money
    left_out: Money
    why: str | None
    open: Money


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice in a list or on its own page; `at` is when it went, else when it may go."""

    id: int
    account_id: int
    account_name: str
    wording: str
    channel: Channel
    channel_name: str
    recipient: str
    name: str | None
    address: str | None
    language: str
    status: NoticeStatus
    badge: tuple[str, str]
    why: str | None
    total: Money
    act_by: date | None
    sender: str | None
    decided_at: datetime
    due_at: datetime
    sent_at: datetime | None
    parts: tuple[PartView, ...]

    @property
    def path(self) -> str:
        """Where its page is."""
        return f"/notices/{self.id}"

    @property
    def at(self) -> datetime:
        """When it went, else when it may go; for what was held back when that was decided."""
        held = self.status in (NoticeStatus.SUPPRESSED, NoticeStatus.REJECTED)
        return self.sent_at or (self.decided_at if held else self.due_at)

    @property
    def waits(self) -> bool:
        """Whether somebody is to look at it before it goes."""
        return self.status is NoticeStatus.WAITING

    @property
    def is_call_due(self) -> bool:
        """Whether somebody is to make this call."""
        return self.channel is Channel.CALL and self.status is NoticeStatus.READY

    @property
    def numbers(self) -> str:
        """The numbers of its invoices."""
        return ", ".join(part.number for part in self.parts)


def notice_view(row: AnyRow, parts: Iterable[AnyRow] = ()) -> NoticeView:
    """A row of `notices.queries`, and of its parts where they are shown, as its template wants it."""
    badges = STATUS_BADGES | BADGES_OF.get(row.channel, {})
    return NoticeView(
        id=row.id,
        account_id=row.account_id,
        account_name=row.account_name,
        wording=WORDING_NAMES[row.wording],
        channel=row.channel,
        channel_name=CHANNEL_NAMES[row.channel],
        recipient=RECIPIENT_NAMES[row.recipient],
        name=row.name,
        address=one_line(row.address),
        language=row.language,
        status=row.status,
        badge=badges[row.status],
        why=HELD_BACK_NAMES[row.why] if row.why else None,
        total=Money(row.total_minor, row.currency),
        act_by=row.act_by,
        sender=row.sender,
        decided_at=row.decided_at,
        due_at=row.due_at,
        sent_at=row.sent_at,
        parts=tuple(_part(part, row.currency) for part in parts),
    )


def one_line(address: str | None) -> str | None:
    """An address in one line: a postal one has several."""
    return ", ".join(line.strip() for line in address.splitlines() if line.strip()) if address else None


def _part(row: AnyRow, currency: str) -> PartView:
    return PartView(
        invoice_id=row.invoice_id,
        number=row.number,
        due_on=row.due_on,
        asked=Money(row.asked_minor, currency),
        left_out=Money(row.left_out_minor, currency),
        why=HELD_BACK_NAMES[row.why] if row.why else None,
        open=Money(row.open_minor, currency),
    )
