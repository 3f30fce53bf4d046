"""Disk: contents lie under their digest, once, whole, and nowhere else (test_stores.py has what both stores do)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.storage.disk import DiskStore


def test_the_same_content_is_kept_once_under_two_levels_of_folders(tmp_path: Path) -> None:
    store = DiskStore(tmp_path)
    digest = store.put(b"a statement").sha256

    store.put(b"a statement")

    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files == [tmp_path / digest[:2] / digest[2:4] / digest]
    assert files[0].stat().st_mode & 0o222 == 0


def test_a_content_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    def breaking_off() -> Iterator[bytes]:
        yield b"half of it"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        DiskStore(tmp_path).put(breaking_off())

    assert list(tmp_path.iterdir()) == []
