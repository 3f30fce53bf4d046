"""Wordbook: what comes with the product in each language of notices: texts, labels of the layout, reasons."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from domain.notices.model import HeldBack
from domain.policies.contacting import Channel, Wording
from domain.shared.languages import spoken

FOLDER: Final = Path(__file__).with_name("words")
OBJECTION: Final = "# "
"""How a paragraph of a call's script begins that is an objection; the paragraphs after it answer it."""


@dataclass(frozen=True, slots=True)
class Template:
    """A text with `{placeholders}`: its subject (of emails and letters) and its paragraphs, parted by blank lines."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Wordbook:
    """All of one language."""

    language: str
    labels: Mapping[str, str]
    reasons: Mapping[HeldBack, str]
    threats: tuple[str, ...]
    texts: Mapping[tuple[Wording, Channel], Template]


@cache
def wordbook(language: str) -> Wordbook:
    """What comes with the product in the language of a tag."""
    language = spoken(language)
    written = tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))
    answers = "".join(f"\n\n{OBJECTION}{says}\n\n{answer}" for says, answer in written["objections"].items())
    texts = {
        (Wording(wording), Channel(channel)): Template(
            text.get("subject", ""), text["body"].strip() + (answers if channel == Channel.CALL else "")
        )
        for wording, channels in written["texts"].items()
        for channel, text in channels.items()
    }
    reasons = {HeldBack(why): words for why, words in written["reasons"].items()}
    return Wordbook(language, written["labels"], reasons, tuple(written["threats"]["words"]), texts)
