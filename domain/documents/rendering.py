"""Rendering: the port by which the domain has a paper made of values, in the language of whoever will read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol, runtime_checkable

Paper = Mapping[str, object]
"""What a paper says: text, Words, money, days, moments, numbers, None, and lists and mappings of these, by name.

`made_at` is the instant that the file itself bears, so that the same data always make the same bytes.
"""


@runtime_checkable
class Renderer(Protocol):
    """Something that makes PDF papers."""

    def render(self, template: str, data: Paper, language: str) -> bytes:
        """The PDF of the letter `template` ("statement", "invoice", "credit_note", "receipt") in `language`.

        Every value is written as its reader writes it, so `data` brings values and never formatted text.
        """
        ...
