"""Disk: files come and go whole, what is half written waits, and no link leads out of a partner's folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from adapters.partner_folders.disk import DiskFolders
from domain.placements.people.folders import FoldersOutOfReach

MOST = 1_000


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Where the folders are; beside it lies what is nobody's business."""
    (tmp_path / "secret").write_text("ours")
    found = tmp_path / "partners"
    found.mkdir()
    return found


@pytest.fixture
def folders(root: Path) -> DiskFolders:
    """Folders of which `fair` has been looked at before, and so is there."""
    made = DiskFolders(root)
    made.left("fair")
    return made


def leave(root: Path, name: str, words: str) -> Path:
    """A partner leaves a file."""
    path = root / "fair" / "in" / name
    path.write_text(words)
    return path


def test_what_is_put_is_there_whole_and_replaces_what_was_there(root: Path, folders: DiskFolders) -> None:
    (root / "fair" / "out").mkdir()
    (root / "fair" / "out" / ".HO-000001.json.part").write_text("of a process that died")

    folders.put("fair", "HO-000001.json", b"one")
    folders.put("fair", "HO-000001.json", b"two")

    assert [(path.name, path.read_bytes()) for path in (root / "fair" / "out").iterdir()] == [
        ("HO-000001.json", b"two")
    ]


def test_a_file_is_read_once_it_stands_still_and_put_away_with_its_answer(root: Path, folders: DiskFolders) -> None:
    leave(root, "b.csv", "1")
    at_first = folders.left("fair")
    leave(root, "b.csv", "1,2")
    leave(root, "a.csv", "3")
    grown = folders.left("fair")

    still = folders.left("fair")
    found = folders.read("fair", "b.csv", MOST)
    folders.put_away("fair", "b.csv", b"well")

    assert (at_first, grown, still) == ([], [], ["a.csv", "b.csv"])
    assert found is not None
    assert found.content == b"1,2"
    done = root / "fair" / "done"
    assert {path.name: path.read_bytes() for path in done.iterdir()} == {"b.csv": b"1,2", "b.csv.answer.json": b"well"}
    assert folders.left("fair") == ["a.csv"]


def test_what_is_changed_after_the_look_is_left_for_the_next(root: Path, folders: DiskFolders) -> None:
    leave(root, "a.csv", "1")
    folders.left("fair")
    assert folders.left("fair") == ["a.csv"]

    leave(root, "a.csv", "1,2")

    assert folders.read("fair", "a.csv", MOST) is None
    assert folders.read("fair", "gone.csv", MOST) is None


def test_no_more_is_read_than_is_asked_for(root: Path, folders: DiskFolders) -> None:
    leave(root, "a.csv", "x" * (MOST + 500))
    folders.left("fair")
    folders.left("fair")

    found = folders.read("fair", "a.csv", MOST)

    assert found is not None
    assert len(found.content) == MOST + 1


def test_a_second_file_of_a_name_takes_no_place_of_the_first(root: Path, folders: DiskFolders) -> None:
    for words in ("1", "2", "3"):
        leave(root, "a.csv", words)
        folders.put_away("fair", "a.csv", words.encode())

    done = {path.name: path.read_text() for path in (root / "fair" / "done").iterdir()}

    assert done == {
        "a.csv": "1",
        "a.csv.answer.json": "1",
        "a-2.csv": "2",
        "a-2.csv.answer.json": "2",
        "a-3.csv": "3",
        "a-3.csv.answer.json": "3",
    }
    folders.put_away("fair", "a.csv", b"4")
    assert len(list((root / "fair" / "done").iterdir())) == 6


@pytest.mark.parametrize("name", [".a.csv", "a.csv.part", "a.csv.filepart", "a.TMP", "x" * 201, "a\n.csv"])
def test_what_a_client_is_still_sending_waits(root: Path, folders: DiskFolders, name: str) -> None:
    leave(root, name, "1")

    assert (folders.left("fair"), folders.left("fair")) == ([], [])


def test_no_link_no_pipe_and_no_folder_is_taken_for_a_file(root: Path, folders: DiskFolders) -> None:
    inside = root / "fair" / "in"
    (inside / "link.csv").symlink_to(root.parent / "secret")
    os.link(root.parent / "secret", inside / "second.csv")
    os.mkfifo(inside / "pipe.csv")
    (inside / "folder.csv").mkdir()

    assert (folders.left("fair"), folders.left("fair")) == ([], [])


def test_a_file_that_becomes_a_link_is_not_followed(root: Path, folders: DiskFolders) -> None:
    path = leave(root, "a.csv", "ours")
    folders.left("fair")
    folders.left("fair")
    path.unlink()
    path.symlink_to(root.parent / "secret")

    with pytest.raises(FoldersOutOfReach):
        folders.read("fair", "a.csv", MOST)


@pytest.mark.parametrize("part", ["out", "done", "in"])
def test_a_part_of_a_folder_that_is_a_link_is_out_of_reach(root: Path, folders: DiskFolders, part: str) -> None:
    leave(root, "a.csv", "1").rename(root / "kept")
    (root / "fair" / "in").rmdir()
    for name in ("in", "out", "done"):
        (root / "fair" / name).mkdir()
    leave(root, "a.csv", "1")
    elsewhere = root.parent / "elsewhere"
    elsewhere.mkdir()
    for path in (root / "fair" / part).iterdir():
        path.unlink()
    (root / "fair" / part).rmdir()
    (root / "fair" / part).symlink_to(elsewhere)

    ways: dict[str, Callable[[], object]] = {
        "out": partial(folders.put, "fair", "a.json", b"1"),
        "done": partial(folders.put_away, "fair", "a.csv", b"1"),
        "in": partial(folders.left, "fair"),
    }
    with pytest.raises(FoldersOutOfReach):
        ways[part]()

    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("name", ["../secret", "..", "", "a/b", "/etc", "Fair", "a\x00"])
def test_no_name_of_a_folder_leads_anywhere_else(folders: DiskFolders, name: str) -> None:
    with pytest.raises(ValueError, match="plain name"):
        folders.left(name)
    if name not in ("Fair",):
        with pytest.raises(ValueError, match="plain name"):
            folders.put("fair", name, b"1")


def test_where_the_root_is_not_there_it_is_out_of_reach(tmp_path: Path) -> None:
    with pytest.raises(FoldersOutOfReach):
        DiskFolders(tmp_path / "none").put("fair", "a.json", b"1")
