"""Folder: writes text messages into a folder instead of sending them, and reads them back for a page to show."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from domain.shared.clock import Clock, SystemClock
from domain.shared.ids import new_public_id
from domain.shared.texting import Text


@dataclass(frozen=True, slots=True)
class SentText:
    """A text message in the folder."""

    name: str
    to: str
    body: str
    at: datetime


class FolderTexter:
    """One file a text message, named so that names sort by time."""

    def __init__(self, folder: Path, *, clock: Clock | None = None) -> None:
        self._folder = folder
        self._clock = clock or SystemClock()

    def send(self, text: Text) -> str:
        """Write the text down; whoever lists the folder sees it whole or not at all."""
        at = self._clock.now()
        name = new_public_id(at)
        self._folder.mkdir(parents=True, exist_ok=True)
        writing = self._folder / f"{name}.writing"
        kept = {"to": text.to, "body": text.body, "mark": text.mark, "at": at.isoformat()}
        writing.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
        writing.rename(self._folder / f"{name}.json")
        return name

    def list_texts(self, limit: int = 50) -> list[SentText]:
        """The latest text messages, newest first."""
        return [_read(path) for path in sorted(self._folder.glob("*.json"), reverse=True)[:limit]]


def _read(path: Path) -> SentText:
    kept = json.loads(path.read_text(encoding="utf-8"))
    return SentText(path.stem, kept["to"], kept["body"], datetime.fromisoformat(kept["at"]))
