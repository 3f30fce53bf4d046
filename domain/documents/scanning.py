"""Scanning: the port to whoever looks for viruses in what people send us."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, runtime_checkable


class ScannerUnreachable(Exception):
    """Nobody could be asked, or no answer came: the file is not taken in until somebody can."""


@runtime_checkable
class Scanner(Protocol):
    """Looks at contents before they are kept."""

    def scan(self, content: Iterable[bytes]) -> str | None:
        """The name of the virus that was found in these pieces, or None. Raises ScannerUnreachable."""
        ...
