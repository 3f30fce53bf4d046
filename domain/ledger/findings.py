"""Findings: what a check of the books has to say about one place that is not as it should be."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: a code for machines, its place, words (a message id), what was expected and found."""

    code: str
    place: str
    words: str
    expected: str
    found: str
