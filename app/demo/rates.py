"""Rates: somebody looks up what the central banks have published, as it is published, and enters the file of it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from app.demo.story import Story
from domain.importing.rates import COLUMNS, import_rates
from domain.policies.rates import next_half_year

PUBLISHED = Path(__file__).parents[2] / "docs" / "examples" / "reference-rates.csv"
"""What docs/terms.md tells of; it ends where somebody has last compared it with its sources."""


def plan_rates(story: Story) -> None:
    """Write into the story's diary when rates are looked up: at the beginning, when one changes, each half-year."""
    published = list(csv.DictReader(io.StringIO(PUBLISHED.read_text("utf-8"))))
    story.put(story.first_day, 7.1, partial(_look_up, story, story.first_day, published))
    half_year = next_half_year(story.first_day)
    days = {date.fromisoformat(row["from"]) for row in published}
    while half_year <= story.last_day:
        days.add(half_year)
        half_year = next_half_year(half_year)
    for day in sorted(day for day in days if day > story.first_day):
        story.put(day, 9.2, partial(_look_up, story, day, published))


def _look_up(story: Story, day: date, published: Sequence[Mapping[str, str]]) -> None:
    """Enter what was published by a day, and how far it is complete."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(_as_of(row, day) for row in published if date.fromisoformat(row["from"]) <= day)
    with story.acts.database.transaction() as session:
        import_rates(session, io.BytesIO(text.getvalue().encode()), actor=story.acts.staff["Ade"])


def _as_of(row: Mapping[str, str], day: date) -> dict[str, str]:
    through = row["complete_through"]
    return {**row, "complete_through": min(through, day.isoformat()) if through else ""}
