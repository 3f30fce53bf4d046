"""Folder: texts that were written are read back, newest first."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from adapters.sms.folder import FolderTexter
from domain.shared.clock import MovableClock
from domain.shared.texting import Text

NOON = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)


def test_texts_are_read_back_as_they_were_written_the_newest_first(tmp_path: Path) -> None:
    clock = MovableClock(NOON)
    texter = FolderTexter(tmp_path / "texts", clock=clock)
    first = texter.send(Text("+441632960123", "£310.00 está pendiente", "notice.1", NOON))
    clock.advance(minutes=1)
    second = texter.send(Text("+441632960124", "Thank you", "notice.2", NOON))

    found = texter.list_texts()

    assert [text.name for text in found] == [second, first]
    assert (found[1].to, found[1].body, found[1].at) == ("+441632960123", "£310.00 está pendiente", NOON)
    assert texter.list_texts(limit=1) == found[:1]


def test_a_folder_that_is_not_there_yet_has_no_texts(tmp_path: Path) -> None:
    assert FolderTexter(tmp_path / "nowhere").list_texts() == []
