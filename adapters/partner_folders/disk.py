"""Disk: a folder for each partner below one root, with `out`, `in` and `done`; no link leads anywhere out of it.

Every step is made from the folder before it, by its descriptor, and follows no symbolic link: whoever may write into
one partner's folder cannot make us read or write anywhere else.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from domain.placements.people.folders import FOLDER, FoldersOutOfReach, Left

OUT, IN, DONE = "out", "in", "done"
BEING_WRITTEN = (".part", ".filepart", ".tmp")
"""How names end of what a client is still sending, and renames once it is there; so do those that begin with a dot."""
ANSWER = ".answer.json"
MODE, FILE_MODE = 0o770, 0o660
"""The server for SFTP runs as another user of our group."""
LONGEST_NAME = 200
"""Bytes; files with longer names are not looked at."""
MOST_NAMES = 10_000
"""So many files of one folder are looked at."""
Seen = tuple[int, int, int]
"""What a file looked like: its number, its size, and when it was changed."""


class DiskFolders:
    """The folders below `root`; it remembers what each file looked like the last time."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._seen: dict[tuple[str, str], Seen] = {}

    def put(self, folder: str, name: str, content: bytes) -> None:
        """Lay a file into `out`, whole or not at all."""
        with self._inside(folder, OUT) as there:
            _write(there, _plain(name), content)

    def take_away(self, folder: str, name: str) -> None:
        """Remove a file from `out`."""
        with self._inside(folder, OUT) as there, suppress(FileNotFoundError):
            os.unlink(_plain(name), dir_fd=there)

    def left(self, folder: str) -> Sequence[str]:
        """The files in `in` that look as they did the last time."""
        with self._inside(folder, IN) as there:
            now = {name: seen for name in sorted(_names(there)[:MOST_NAMES]) if (seen := _seen(there, name))}
        before = {name: seen for (of, name), seen in self._seen.items() if of == folder}
        self._seen = {key: seen for key, seen in self._seen.items() if key[0] != folder}
        self._seen |= {(folder, name): seen for name, seen in now.items()}
        return [name for name, seen in now.items() if before.get(name) == seen]

    def read(self, folder: str, name: str, most: int) -> Left | None:
        """What is in a file, unless it was changed since it was looked at, or while it is read."""
        looked = self._seen.get((folder, name))
        with self._inside(folder, IN) as there:
            try:
                descriptor = os.open(_plain(name), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=there)
            except FileNotFoundError:
                return None
            with os.fdopen(descriptor, "rb") as file:
                if _looks(os.fstat(descriptor)) != looked:
                    return None
                content = file.read(most + 1)
                return Left(name, content) if _looks(os.fstat(descriptor)) == looked else None

    def put_away(self, folder: str, name: str, answer: bytes) -> None:
        """Write the answer first: a file that is gone from `in` always has one. Nothing happens where it is gone."""
        with self._inside(folder, IN) as there, self._inside(folder, DONE) as done:
            if _seen(there, name) is None:
                return
            kept = _free(done, _plain(name))
            _write(done, kept + ANSWER, answer)
            os.rename(name, kept, src_dir_fd=there, dst_dir_fd=done)
            os.fsync(done)

    @contextmanager
    def _inside(self, folder: str, part: str) -> Iterator[int]:
        """The descriptor of a part of a partner's folder, made where it is not there; FoldersOutOfReach."""
        if not FOLDER.fullmatch(folder):
            raise ValueError("a partner's folder has a plain name")
        opened: list[int] = []
        try:
            opened.append(os.open(self._root, os.O_RDONLY | os.O_DIRECTORY))
            for name in (folder, part):
                opened.append(_opened(opened[-1], name))
            yield opened[-1]
        except OSError as problem:
            raise FoldersOutOfReach(f"the folder {folder}/{part} is out of reach: {problem.strerror}") from problem
        finally:
            for descriptor in opened:
                os.close(descriptor)


def _opened(within: int, name: str) -> int:
    """A folder within another, made where it is not there; never through a link."""
    with suppress(FileExistsError):
        os.mkdir(name, MODE, dir_fd=within)
        os.fsync(within)
    return os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=within)


def _write(there: int, name: str, content: bytes) -> None:
    """Write a file under a passing name, which is ours alone, and rename it."""
    passing = f".{name}.part"
    with suppress(FileNotFoundError):
        os.unlink(passing, dir_fd=there)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    with os.fdopen(os.open(passing, flags, FILE_MODE, dir_fd=there), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.rename(passing, name, src_dir_fd=there, dst_dir_fd=there)
    os.fsync(there)


def _seen(there: int, name: str) -> Seen | None:
    """What a file looks like; None for what is no file, a second name of one, or still being written."""
    if name.startswith(".") or name.lower().endswith(BEING_WRITTEN) or not _is_borne(name):
        return None
    try:
        found = os.stat(name, dir_fd=there, follow_symlinks=False)
    except FileNotFoundError:
        return None
    return _looks(found) if stat.S_ISREG(found.st_mode) and found.st_nlink == 1 else None


def _is_borne(name: str) -> bool:
    """Whether a name has only letters that can be read, and room for that of its answer."""
    return name.isprintable() and len(os.fsencode(name)) <= LONGEST_NAME


def _names(folder: int) -> list[str]:
    with os.scandir(folder) as entries:
        return [entry.name for entry in entries]


def _looks(found: os.stat_result) -> Seen:
    return found.st_ino, found.st_size, found.st_mtime_ns


def _free(done: int, name: str) -> str:
    """A name that nothing has yet: the file's own, or one with a number before its ending."""
    taken = set(_names(done))
    stem, ending = Path(name).stem, Path(name).suffix
    found, number = name, 1
    while found in taken or found + ANSWER in taken:
        number += 1
        found = f"{stem}-{number}{ending}"
    return found


def _plain(name: str) -> str:
    if not name or "/" in name or "\x00" in name or name in (".", ".."):
        raise ValueError("a file in a partner's folder has a plain name")
    return name
