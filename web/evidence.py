"""Evidence packs as the sites show them: what each is about, how far it is, and what it was sealed with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.evidence.index import ABOUT_WORDS
from domain.evidence.layout import MANIFEST, SUMS
from domain.evidence.model import STATUS_NAMES, UNDER_WAY, About, PackStatus
from domain.placements.naming import reference_of
from domain.shared.db.rows import AnyRow
from domain.shared.money import Money
from domain.shared.words import Words

STATUS_BADGES = {
    PackStatus.QUEUED: "waiting",
    PackStatus.MAKING: "waiting",
    PackStatus.READY: "paid",
    PackStatus.FAILED: "failed",
}
"""The mark of each state."""


@dataclass(frozen=True, slots=True)
class PackView:
    """One pack. `path` is its page, below which it is downloaded; hashes, size and balance once it is ready."""

    path: str
    public_id: str
    account_id: int
    account_name: str
    about: Words
    status: PackStatus
    badge: tuple[str, str]
    asked_at: datetime
    files_done: int
    files_in_all: int | None
    """Of the whole ZIP: its manifest and its sums are among them."""
    made_at: datetime | None
    filename: str | None
    size: int | None
    sha256: str | None
    manifest_sha256: str | None
    entries: int | None
    balance: Money | None

    @property
    def is_under_way(self) -> bool:
        """Whether it is still to come."""
        return self.status in UNDER_WAY

    @property
    def files_listed(self) -> int:
        """How many its manifest lists, and `verify-pack` counts: all but the manifest itself and its sums."""
        return self.files_done - len((MANIFEST, SUMS))

    @property
    def is_ready(self) -> bool:
        """Whether it can be downloaded."""
        return self.status is PackStatus.READY


def pack_view(row: AnyRow, before: str) -> PackView:
    """A row of `evidence.queries`; `before` is where the pages of packs begin."""
    placement = reference_of(row.subject_id) if row.about is About.PLACEMENT else None
    number = row.dispute or row.invoice or placement
    return PackView(
        path=f"{before}/{row.public_id}",
        public_id=row.public_id,
        account_id=row.account_id,
        account_name=row.account_name,
        about=Words.of(ABOUT_WORDS[row.about], **({"number": number} if number else {})),
        status=row.status,
        badge=(STATUS_BADGES[row.status], STATUS_NAMES[row.status]),
        asked_at=row.asked_at,
        files_done=row.files_done,
        files_in_all=row.files_in_all,
        made_at=row.made_at,
        filename=row.filename,
        size=row.size,
        sha256=row.sha256,
        manifest_sha256=row.manifest_sha256,
        entries=row.head_seq,
        balance=None if row.balance_minor is None else Money(row.balance_minor, row.currency),
    )
