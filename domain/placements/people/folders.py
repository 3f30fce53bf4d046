"""Folders: the port to the folders in which partners fetch what we hand to them, and leave what they tell us."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

FOLDER = re.compile(r"[a-z0-9][a-z0-9-]{0,79}", re.ASCII)
"""What a partner's folder may be called: one name, that is no way to another place."""


class FoldersOutOfReach(Exception):
    """The folders cannot be written or read just now: a disk is full, or not there."""


@dataclass(frozen=True, slots=True)
class Left:
    """A whole file that a partner has left: its name there, and its bytes, no more of them than are read of any."""

    name: str
    content: bytes


class PartnerFolders(Protocol):
    """The folders of all partners; none of it in a transaction. Raises FoldersOutOfReach."""

    def put(self, folder: str, name: str, content: bytes) -> None:
        """Lay a file into a partner's `out`, in place of the one of that name; it is there whole or not at all."""
        ...

    def take_away(self, folder: str, name: str) -> None:
        """Remove a file from a partner's `out`; nothing happens where it is not there."""
        ...

    def left(self, folder: str) -> Sequence[str]:
        """The names of the whole files in a partner's `in`, by name; what is still being written is not among them."""
        ...

    def read(self, folder: str, name: str, most: int) -> Left | None:
        """One of them, at most `most` bytes and one more; None where it is gone, or was changed meanwhile."""
        ...

    def put_away(self, folder: str, name: str, answer: bytes) -> None:
        """Move it to `done`, with the answer beside it as `<name>.answer.json`; one of that name there stays."""
        ...
