"""Standing out: which lines of a review deserve a sentence, by thresholds that are stated here; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.shared.errors import N_
from domain.shared.money import Money
from domain.shared.percent import Percent
from domain.shared.words import Words

LEAST = 5
"""Of fewer than so many cases nothing is said: chance moves them too much."""
MOVED = Decimal(10)
"""A share that moved by so many percentage points since the quarter before stands out."""
LITTLE = Decimal(5)
"""A step that brings less than so many per cent of what it asks for stands out."""
CONTESTED = Decimal(10)
"""A step of which so many per cent of the notices are disputed stands out."""
DEAR = Decimal(20)
"""A discount that costs more than so many per cent a year stands out: a bank lends for less."""
COSTLY = Decimal(50)
"""A partner that keeps more than so many per cent of what it collects stands out."""


class Kind(StrEnum):
    """What a line is about."""

    STEP = "step"
    DISCOUNT = "discount"
    PLAN = "plan"
    PARTNER = "partner"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of a policy in one quarter and currency.

    `count`: notices sent, invoices it was open to, plans signed, handoffs sent; `about`: the money that they were
    about; `brought`: what came of it; `cost`: what it took; `share`: per cent of `about`, of the plans that ended, or
    of the invoices; `yearly`: of a discount; `contested`: per cent of a step's notices that were disputed.
    """

    kind: Kind
    key: str
    words: Words
    count: int
    about: Money | None
    brought: Money | None
    cost: Money | None
    share: Decimal | None
    yearly: Decimal | None = None
    contested: Decimal | None = None


def stands_out(lines: Sequence[Line], before: Mapping[tuple[Kind, str], Line]) -> list[Words]:
    """The sentences about some days beside those before them, in the order of their lines."""
    return [words for line in lines if line.count >= LEAST for words in _of(line, before.get((line.kind, line.key)))]


def _of(line: Line, before: Line | None) -> Iterator[Words]:
    if before is not None and before.count >= LEAST and line.share is not None and before.share is not None:
        moved = line.share - before.share
        if abs(moved) >= MOVED:
            text = (
                N_("{what}: up from {before} to {after}.")
                if moved > 0
                else N_("{what}: down from {before} to {after}.")
            )
            yield Words.of(text, what=line.words, before=Percent(before.share), after=Percent(line.share))
    if line.kind is Kind.STEP and line.share is not None and line.share < LITTLE:
        little = N_("{what} brings little: {share} of what it asks for.")
        yield Words.of(little, what=line.words, share=Percent(line.share))
    if line.contested is not None and line.contested >= CONTESTED:
        yield Words.of(
            N_("{what} is disputed often: {share} of its notices."), what=line.words, share=Percent(line.contested)
        )
    if line.yearly is not None and line.yearly > DEAR:
        yield Words.of(N_("{what} costs {share} a year as interest."), what=line.words, share=Percent(line.yearly))
    if line.kind is Kind.PARTNER and line.brought and line.cost is not None:
        kept = round(Decimal(line.cost.minor * 100) / line.brought.minor, 1)
        if kept > COSTLY:
            yield Words.of(N_("{what} keeps {share} of what it collects."), what=line.words, share=Percent(kept))


def vanished(lines: Sequence[Line], before: Sequence[Line]) -> list[Words]:
    """What there was in the days before, often enough to tell, and is not any more."""
    here = {(line.kind, line.key) for line in lines}
    return [
        Words.of(N_("{what}: not used in these days, {count} times in those before."), what=one.words, count=one.count)
        for one in before
        if (one.kind, one.key) not in here and one.count >= LEAST
    ]
