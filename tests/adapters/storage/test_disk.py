"""Disk: contents lie under their digest, once, whole, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from adapters.storage.disk import DiskStore
from domain.documents.storage import Missing


def test_a_content_is_found_by_its_digest(tmp_path: Path) -> None:
    store = DiskStore(tmp_path / "documents")

    stored = store.put(b"a statement")

    assert (stored.sha256, stored.size) == (sha256(b"a statement").hexdigest(), 11)
    with store.open(stored.sha256) as content:
        assert content.read() == b"a statement"


def test_pieces_and_the_whole_are_the_same_content(tmp_path: Path) -> None:
    store = DiskStore(tmp_path)

    assert store.put([b"a ", b"statement"]) == store.put(b"a statement")


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


def test_what_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(Missing):
        DiskStore(tmp_path).open("0" * 64)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "0" * 63, "A" * 64, "0" * 64 + "\n"])
def test_only_a_digest_is_a_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        DiskStore(tmp_path).open(name)
