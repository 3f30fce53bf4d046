"""Words: a sentence that is put into the reader's language only when it is shown, and what is able to do that."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Words:
    """A message id with `{placeholders}` and the values that fill them, to be written the local way."""

    text: str
    params: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str, /, **params: object) -> Words:
        """The message `text` with its values by name."""
        return cls(text, params)

    def __str__(self) -> str:
        return self.text.format(**self.params)


class Speaking(Protocol):
    """One way of speaking: a language with its formats of money, days and numbers."""

    @property
    def language(self) -> str:
        """Its language, such as "es"."""
        ...

    def translate(self, text: str, **params: object) -> str:
        """The message in this language, its placeholders filled with values written the local way."""
        ...

    def show(self, value: object) -> str:
        """Money, a day, a moment or a number as it is written here."""
        ...


Speak = Callable[[str], Speaking]
"""Gives the way of speaking for a customer's language, or the nearest that we have."""
