"""Agreement pictures: the first page of a payment plan's agreement in each language, for the manual."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

from adapters.pdf.typst import TypstRenderer
from domain.plans.agreed import Agreed
from domain.plans.agreement import TEMPLATE, Frame, in_words
from domain.plans.schedule import Shape, schedule
from domain.policies.sections import Frequency, PlanInterest, Plans
from domain.shared.languages import LANGUAGE_NAMES
from domain.shared.money import Money
from scripts.notice_pictures import ACCOUNT, ADDRESS, BUSINESS, LETTER_PPI, NUMBER
from web.localisation import SOURCE
from web.rendering import Renderer

DAY = date(2026, 9, 15)
SHAPE = Shape(count=4, frequency=Frequency.MONTHLY, first_on=date(2026, 10, 15), down_minor=30_000)


@dataclass(frozen=True, slots=True)
class Row:
    """One invoice of the plan."""

    number: str
    due_on: date
    amount_minor: int
    open_minor: int


INVOICES = [Row("INV-1042", date(2026, 8, 1), 124_050, 124_050), Row("INV-1051", date(2026, 8, 10), 31_000, 27_000)]


def take_agreements(folder: Path) -> None:
    """Draw all of them into the folder."""
    speaking = Renderer(BUSINESS.time_zone, {"business": BUSINESS}).speaking(SOURCE)
    typeset = TypstRenderer(lambda _: speaking)
    total, bears = Money(sum(row.open_minor for row in INVOICES), "GBP"), Money(4_120, "GBP")
    dues = schedule(total, SHAPE, signed_on=DAY, interest=bears, closed=())
    agreed = Agreed(17, SHAPE, INVOICES, total, bears, dues, sha256(b"plan 17").hexdigest())
    frame = Frame(
        business=BUSINESS,
        name=ACCOUNT,
        address=ADDRESS,
        number=NUMBER,
        time_zone=BUSINESS.time_zone,
        rules=Plans(most_months=12),
        interest=PlanInterest.CONTINUED,
        proposed_at=datetime.combine(DAY, datetime.min.time(), UTC),
        expires_at=datetime(2026, 9, 29, 12, tzinfo=UTC),
    )
    for language in LANGUAGE_NAMES:
        said = in_words(agreed, frame, language=language)
        first, *_ = typeset.pictures(TEMPLATE, said, language, ppi=LETTER_PPI)
        (folder / f"agreement-{language}.png").write_bytes(first)
