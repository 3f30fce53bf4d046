"""Policy steps: the sequence of reminders as rows of its form, kept in the order of their days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from domain.policies.checking_steps import LONGEST_SENDER, MOST_STEPS, STEP_BOUNDS
from domain.policies.contacting import (
    CHANNEL_NAMES,
    CHASING,
    RECIPIENT_NAMES,
    WORDING_NAMES,
    Channel,
    Recipient,
    Wording,
)
from domain.policies.sections import Dunning, DunningStep
from domain.shared.errors import N_
from web.forms import Form
from web.localisation import Localisation

STEM = "step"
REMOVE = "remove-"
"""What the button of a row sends, before the row's number."""
ROOM = MOST_STEPS + 10
"""Rows that are read: more than may stand, so that too many are refused and not forgotten."""


class Side(StrEnum):
    """Whether a step's days count from the due day backwards or onwards."""

    BEFORE = "before"
    AFTER = "after"


SIDE_NAMES = {Side.BEFORE: N_("before due"), Side.AFTER: N_("after due")}
STEP_OPTIONS: Mapping[str, Mapping[str, str]] = {
    "side": {side.value: name for side, name in SIDE_NAMES.items()},
    "wording": {each.value: name for each, name in WORDING_NAMES.items() if each in CHASING},
    "channel": {each.value: name for each, name in CHANNEL_NAMES.items()},
    "recipient": {each.value: name for each, name in RECIPIENT_NAMES.items()},
}
"""What may be chosen in each row."""


def fill_steps(section: Dunning, speaking: Localisation, currency: str) -> dict[str, list[str]]:
    """The rows as they stand on the form."""
    typed: dict[str, list[str]] = {}
    for index, step in enumerate(section.steps):
        typed |= {
            f"{STEM}-{index}-day": [str(abs(step.day))],
            f"{STEM}-{index}-side": [Side.BEFORE if step.day < 0 else Side.AFTER],
            f"{STEM}-{index}-wording": [step.wording],
            f"{STEM}-{index}-channel": [step.channel],
            f"{STEM}-{index}-recipient": [step.recipient],
            f"{STEM}-{index}-gap_days": [str(step.gap_days)],
            f"{STEM}-{index}-act_days": [str(step.act_days)],
            f"{STEM}-{index}-sender": [step.sender],
            f"{STEM}-{index}-approve": ["yes" if step.approve else ""],
        }
    return typed


def read_steps(form: Form, currency: str) -> dict[str, Any]:
    """The steps of a form whose rows are `arranged`."""
    return {"steps": tuple(_step(form, f"{STEM}-{index}") for index in _rows(form))}


def arranged(form: Form) -> Form:
    """The same form without empty rows and the one to be removed, by ascending day once every day can be read."""
    act = form.value("act")
    rows = [row for row in _rows(form) if act != f"{REMOVE}{row}"]
    days = {row: _day(form, row) for row in rows}
    if None not in days.values():
        rows.sort(key=lambda row: days[row] or 0)
    places = {row: place for place, row in enumerate(rows)}
    typed: dict[str, Sequence[str]] = {}
    for name in form.names():
        row, field = _cell(name)
        if row is None:
            typed[name] = form.values(name)
        elif row in places:
            typed[f"{STEM}-{places[row]}-{field}"] = form.values(name)
    return Form(form.speaking, typed)


def _rows(form: Form) -> list[int]:
    """The numbers of the rows in which anything was typed or chosen."""
    cells = ((_cell(name)[0], form.value(name)) for name in form.names())
    return sorted({row for row, value in cells if row is not None and row < ROOM and value.strip()})


def _cell(name: str) -> tuple[int | None, str]:
    """The row and the field that a name stands for; no row where it is none of a step."""
    stem, _, rest = name.partition("-")
    row, _, field = rest.partition("-")
    return (int(row), field) if stem == STEM and row.isascii() and row.isdigit() and len(row) <= 3 else (None, name)


def _day(form: Form, row: int) -> int | None:
    """The day of a row, from the due day; None where it cannot be read."""
    typed, side = form.value(f"{STEM}-{row}-day").strip(), form.value(f"{STEM}-{row}-side")
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 3) or side not in STEP_OPTIONS["side"]:
        return None
    return -int(typed) if side == Side.BEFORE else int(typed)


def _step(form: Form, row: str) -> DunningStep:
    side = form.choice(f"{row}-side", {each.value: each for each in Side})
    bounds = STEP_BOUNDS["day"]
    most = -bounds.least if side is Side.BEFORE else bounds.most
    days = form.number(f"{row}-day", least=0, most=int(most))
    return DunningStep(
        day=-days if side is Side.BEFORE else days,
        wording=form.choice(f"{row}-wording", {each.value: each for each in Wording if each in CHASING}),
        channel=form.choice(f"{row}-channel", {each.value: each for each in Channel}),
        recipient=form.choice(f"{row}-recipient", {each.value: each for each in Recipient}),
        gap_days=_number(form, row, "gap_days", 0),
        act_days=_number(form, row, "act_days", 7),
        sender=form.text(f"{row}-sender", required=False, longest=LONGEST_SENDER),
        approve=form.ticked(f"{row}-approve"),
    )


def _number(form: Form, row: str, name: str, empty: int) -> int:
    """A number of days, or what it is where nothing was typed."""
    if not form.value(f"{row}-{name}").strip():
        return empty
    bounds = STEP_BOUNDS[name]
    return form.number(f"{row}-{name}", least=int(bounds.least), most=int(bounds.most))
