"""Speaking for tests: every sentence bears the language that it was asked for in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spoken:
    """A way of speaking that leaves the words alone."""

    language: str

    def translate(self, text: str, **params: object) -> str:
        """The message with its values, after the language's name."""
        return f"{self.language}: {text.format(**params)}"

    def show(self, value: object) -> str:
        """The value as it is."""
        return str(value)
