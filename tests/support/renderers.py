"""Renderers: a stand-in for the PDF adapter that remembers what it was asked to print."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.documents.rendering import Paper


@dataclass
class MemoryRenderer:
    """Prints nothing and keeps what each paper says, in order."""

    printed: list[tuple[str, Paper, str]] = field(default_factory=list)

    def render(self, template: str, data: Paper, language: str) -> bytes:
        """Bytes that differ for every paper."""
        self.printed.append((template, data, language))
        return f"{template} {language} {data!r}".encode()

    @property
    def last(self) -> Paper:
        """What the latest paper says."""
        return self.printed[-1][1]
