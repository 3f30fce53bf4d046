"""Profiles: late charges as contracts and laws have them, dated and with their source, to start a policy from."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from domain.policies.sections import Sections, sections_of
from domain.shared.errors import N_

FILE = Path(__file__).with_name("profiles.toml")

PROFILE_NAMES = {
    "contract": N_("As agreed in a contract"),
    "uk_statutory": N_("United Kingdom: statutory interest"),
    "eu_floating": N_("European Union: the directive's floor"),
    "germany": N_("Germany: between businesses"),
    "none": N_("No late charges"),
}
"""What each profile is called on the screen."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Late charges to start from: `name` is a message id, `as_of` the day on which its figures were looked up."""

    key: str
    name: str
    sections: Sections
    source: str
    as_of: date


@cache
def profiles() -> tuple[Profile, ...]:
    """Every profile that comes with the product; each rules late interest and recovery costs and nothing else."""
    written = tomllib.loads(FILE.read_text("utf-8"))
    return tuple(_profile(key, values) for key, values in written.items())


def profile(key: str) -> Profile:
    """The profile of that key; KeyError where there is none."""
    return {each.key: each for each in profiles()}[key]


def _profile(key: str, values: dict[str, object]) -> Profile:
    as_of, source = values.pop("as_of"), values.pop("source")
    assert isinstance(as_of, date)
    assert isinstance(source, str)
    return Profile(key, PROFILE_NAMES[key], sections_of(values), source, as_of)
