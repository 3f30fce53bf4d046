"""Typst: renders the letters to tagged, archivable PDF; values are written the reader's way before typst sees them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Literal

import typst

from adapters.pdf.labels import LABELS
from adapters.pdf.logo import logo_svg
from domain.documents.rendering import Paper
from domain.shared.business import Logo
from domain.shared.mail import Picture
from domain.shared.money import Money
from domain.shared.words import Speaking, Words

LETTERS = Path(__file__).resolve().parents[2] / "templates" / "letters"
ARCHIVABLE: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
"""PDF/A-2a for keeping and PDF/UA-1 for screen readers: both need a glyph for every character."""
NO_GLYPH = "could not be displayed with font"


class TypstRenderer:
    """Makes PDFs with the fonts that typst brings and those of one folder of the operator's; reaches no network.

    Data reaches a letter as JSON and never as markup, so nothing in it can be a command. `logo` finds the picture of
    the business that a paper is of.
    """

    def __init__(
        self,
        speaking: Callable[[str], Speaking],
        *,
        fonts: Path | None = None,
        letters: Path = LETTERS,
        logo: Callable[[Logo | None], Picture | None] = lambda _: None,
    ) -> None:
        self._speaking = speaking
        self._logo = logo
        self._letters = letters
        self._fonts = typst.Fonts(include_system_fonts=False, font_paths=[fonts] if fonts else [])

    def render(self, template: str, data: Paper, language: str) -> bytes:
        """The letter as PDF/A and PDF/UA; where a font lacks a character, as plain tagged PDF with a gap for it."""
        inputs = self._inputs(data, self._speaking(language))
        try:
            return self._compile(template, inputs, _made_at(data), ARCHIVABLE)
        except typst.TypstError as problem:
            if NO_GLYPH not in problem.message:
                raise
            return self._compile(template, inputs, _made_at(data), [])

    def pictures(self, template: str, data: Paper, language: str, *, ppi: float = 96) -> list[bytes]:
        """The letter's pages as PNG, for looking at them."""
        inputs = self._inputs(data, self._speaking(language))
        pages = typst.Compiler(root=self._letters, font_paths=self._fonts).compile(
            self._letters / f"{template}.typ", format="png", ppi=ppi, sys_inputs=inputs
        )
        return pages if isinstance(pages, list) else [pages or b""]

    def _compile(
        self, template: str, inputs: dict[str, str], made_at: datetime, standards: list[Literal["a-2a", "ua-1"]]
    ) -> bytes:
        return typst.compile(
            self._letters / f"{template}.typ",
            root=self._letters,
            font_paths=self._fonts,
            sys_inputs=inputs,
            pdf_standards=list(standards),
            timestamp=int(made_at.timestamp()),
        )

    def _inputs(self, data: Paper, speaking: Speaking) -> dict[str, str]:
        letter = {
            "language": speaking.language,
            "labels": {name: speaking.translate(text) for name, text in LABELS.items()},
            "data": written(data, speaking),
            "logo": self._letterhead_logo(data),
        }
        return {"letter": json.dumps(letter, ensure_ascii=False)}

    def _letterhead_logo(self, data: Paper) -> str | None:
        """The logo that the paper's business has, as `letterhead` names it; None where there is none to be had."""
        business = data.get("business")
        said = business.get("logo") if isinstance(business, Mapping) else None
        picture = self._logo(Logo(**said) if said else None)
        return None if picture is None else logo_svg(picture)


def _made_at(data: Paper) -> datetime:
    instant = data["made_at"]
    if not isinstance(instant, datetime):
        raise TypeError("made_at is an instant")
    return instant


def written(value: object, speaking: Speaking) -> object:
    """The value as its reader writes it: every leaf becomes text, except None and truth values."""
    match value:
        case None | bool() | str():
            return value
        case Words():
            return speaking.translate(value.text, **value.params)
        case Money() | date() | datetime() | int() | Decimal():
            return speaking.show(value)
        case Mapping():
            return {str(name): written(part, speaking) for name, part in value.items()}
        case list() | tuple():
            return [written(part, speaking) for part in value]
        case _:
            raise TypeError(f"a paper cannot say {type(value).__name__}")
