"""Report charts: where the lines and columns of a chart lie in its picture, and what stands beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from domain.reporting.sheets.values import Chart, ChartKind, Kind
from domain.shared.money import Money, minor_digits
from domain.shared.words import Speaking

WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 112, 24, 12, 34
"""The edges within which is drawn; labels stand outside of them."""
TICKS = 4
MOST_LABELS = 7
SPARK_WIDTH, SPARK_HEIGHT = 160, 36


@dataclass(frozen=True, slots=True)
class Bar:
    """One step of a column."""

    x: float
    y: float
    width: float
    height: float
    series: int
    says: str


@dataclass(frozen=True, slots=True)
class Point:
    """One figure of a line."""

    x: float
    y: float
    series: int
    says: str


@dataclass(frozen=True, slots=True)
class ChartView:
    """A drawn chart: `grid` are (y, words), `labels` (x, words), `paths` (series, path), `key` (series, words)."""

    id: str
    title: str
    palette: str
    width: int
    height: int
    left: int
    right: int
    bottom: int
    grid: Sequence[tuple[float, str]]
    labels: Sequence[tuple[float, str]]
    paths: Sequence[tuple[int, str]]
    points: Sequence[Point]
    bars: Sequence[Bar]
    key: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Spark:
    """A small line without words of its own; `title` says from what to what it went."""

    path: str
    title: str
    width: int = SPARK_WIDTH
    height: int = SPARK_HEIGHT


def chart_view(chart: Chart, speaking: Speaking, section: str) -> ChartView | None:
    """The chart as it is drawn; None where it has not a single figure."""
    if all(value is None for each in chart.series for value in each.values):
        return None
    plane = _Plane(chart, speaking)
    is_line = chart.drawn is ChartKind.LINE
    every = -(-len(plane.names) // MOST_LABELS)
    ticks = [plane.low + plane.step * each for each in range(TICKS + 1)]
    return ChartView(
        id=f"chart-{section}",
        title=speaking.show(chart.title),
        palette="age" if chart.drawn is ChartKind.STACKED else "series",
        width=WIDTH,
        height=HEIGHT,
        left=LEFT,
        right=WIDTH - RIGHT,
        bottom=HEIGHT - BOTTOM,
        grid=[(plane.up(tick), plane.figure(tick)) for tick in ticks],
        labels=[(plane.across(place), name) for place, name in enumerate(plane.names) if place % every == 0],
        paths=plane.paths() if is_line else [],
        points=plane.points() if is_line else [],
        bars=[] if is_line else plane.bars(),
        key=[(number, speaking.show(each.words)) for number, each in enumerate(chart.series)],
    )


def spark(values: Sequence[Decimal | None], title: str) -> Spark | None:
    """A small line of these figures; None for fewer than two."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    low, high = min(known), max(known)
    span = float(high - low) or 1.0
    across = (SPARK_WIDTH - 8) / (len(values) - 1)
    places = [
        None
        if value is None
        else (4 + at * across, 4 + (SPARK_HEIGHT - 8) * (1 - float(value - low) / span if high > low else 0.5))
        for at, value in enumerate(values)
    ]
    return Spark(_path(places), title)


class _Plane:
    """The area within which a chart is drawn, and what lies where in it."""

    def __init__(self, chart: Chart, speaking: Speaking) -> None:
        self._chart = chart
        self._speaking = speaking
        self.names = [label if isinstance(label, str) else speaking.show(label) for label in chart.labels]
        self.low, self.high, self.step = _bounds(chart)
        self._slot = (WIDTH - LEFT - RIGHT) / max(len(chart.labels), 1)

    def across(self, place: int) -> float:
        """The middle of a label's column."""
        return round(LEFT + self._slot * (place + 0.5), 1)

    def up(self, value: Decimal) -> float:
        """How far down a value lies."""
        return round(TOP + (HEIGHT - TOP - BOTTOM) * float((self.high - value) / (self.high - self.low)), 1)

    def figure(self, value: Decimal) -> str:
        """A value as it is written."""
        if self._chart.kind is Kind.MONEY and self._chart.currency:
            digits = minor_digits(self._chart.currency)
            return self._speaking.show(Money.of(round(value, digits), self._chart.currency))
        whole = value.to_integral_value()
        words = self._speaking.show(whole if value == whole else round(value, 2))
        return f"{words} %" if self._chart.kind is Kind.PERCENT else words

    def paths(self) -> list[tuple[int, str]]:
        """Each line; where a figure is missing it is broken."""
        return [
            (number, _path([None if v is None else (self.across(at), self.up(v)) for at, v in enumerate(each.values)]))
            for number, each in enumerate(self._chart.series)
        ]

    def points(self) -> list[Point]:
        """Each figure of each line."""
        return [
            Point(self.across(at), self.up(value), number, self._says(at, number, value))
            for number, each in enumerate(self._chart.series)
            for at, value in enumerate(each.values)
            if value is not None
        ]

    def bars(self) -> list[Bar]:
        """Each step of each column: upon one another, or side by side."""
        stacked, many = self._chart.drawn is ChartKind.STACKED, len(self._chart.series)
        width = self._slot * 0.7 if stacked else self._slot * 0.7 / many
        found = []
        for at in range(len(self.names)):
            floor = Decimal()
            for number, each in enumerate(self._chart.series):
                value = each.values[at]
                if not value:
                    continue
                left = self.across(at) - self._slot * 0.35 + (0 if stacked else number * width)
                base, top = (floor, floor + value) if stacked else (min(value, Decimal()), max(value, Decimal()))
                y = self.up(top)
                says = self._says(at, number, value)
                found.append(Bar(round(left, 1), y, round(width, 1), round(self.up(base) - y, 1), number, says))
                floor += value
        return found

    def _says(self, at: int, number: int, value: Decimal) -> str:
        return f"{self.names[at]}, {self._speaking.show(self._chart.series[number].words)}: {self.figure(value)}"


def _bounds(chart: Chart) -> tuple[Decimal, Decimal, Decimal]:
    """The least and the most that the axis shows, and how much lies between two of its lines: round numbers."""
    if chart.drawn is ChartKind.STACKED:
        steps = zip(*(each.values for each in chart.series), strict=True)
        known = [sum((value or Decimal() for value in column), Decimal()) for column in steps]
    else:
        known = [value for each in chart.series for value in each.values if value is not None]
    low, high = min(Decimal(), min(known)), max(Decimal(), max(known))
    step = _round_step((high - low) / TICKS or Decimal(1))
    low = (low / step).to_integral_value("ROUND_FLOOR") * step
    while low + step * TICKS < high:
        step = _round_step(step * Decimal("1.01"))
        low = (low / step).to_integral_value("ROUND_FLOOR") * step
    return low, low + step * TICKS, step


def _round_step(step: Decimal) -> Decimal:
    """The next of 1, 2, 2.5, 5 times a power of ten."""
    power = Decimal(1).scaleb(step.adjusted())
    return next(power * Decimal(each) for each in ("1", "2", "2.5", "5", "10") if power * Decimal(each) >= step)


def _path(places: Sequence[tuple[float, float] | None]) -> str:
    parts, pen = [], "M"
    for place in places:
        if place is None:
            pen = "M"
            continue
        parts.append(f"{pen}{place[0]:.1f} {place[1]:.1f}")
        pen = "L"
    return " ".join(parts)
