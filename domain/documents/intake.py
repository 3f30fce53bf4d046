"""Intake: the one way in for files of people: looked at, scanned, pictures made anew, and only then kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Protocol

from domain.documents.kinds import PICTURES, MediaType, blocks, kind_of, named_for
from domain.documents.pictures import redraw
from domain.documents.scanning import Scanner, ScannerUnreachable
from domain.documents.storage import Store, Stored, Unavailable
from domain.shared.errors import N_, Conflict, Invalid
from domain.shared.filenames import safe_name
from domain.shared.words import Words

MOST_FILES = 10
"""Files that are sent with one form."""
ANY_DATA = "application/octet-stream"
"""What a file is called that only a reader of ours ever opens."""


class SentFile(Protocol):
    """A file as it was sent: the name it had, and its bytes."""

    @property
    def filename(self) -> str:
        """What the sender calls it; not to be believed."""
        ...

    @property
    def file(self) -> BinaryIO:
        """Its bytes, open, with a position that may be moved."""
        ...


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A content that was taken in and is kept, for `filing.enter`; `picture` is its size where we made it anew."""

    sha256: str
    size: int
    media_type: str
    filename: str
    picture: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class _Checked:
    """A file that may be kept, and what of it is kept."""

    file: BinaryIO
    media_type: MediaType
    filename: str
    picture: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Intake:
    """Takes files in; none of it in a transaction, because it takes its time and changes no row."""

    store: Store
    scanner: Scanner | None = None

    def take_in(self, sent: SentFile, *, field: str = "file") -> TakenIn:
        """Keep one file. Invalid, beside `field`, where it cannot be; Conflict where it could not be scanned."""
        return self.take_all([sent], field=field)[0]

    def take_all(self, sent: Sequence[SentFile], *, field: str = "files", most: int = MOST_FILES) -> list[TakenIn]:
        """Keep all of these, in their order, or none.

        Invalid, beside `field` and with the name of the file, where one cannot be kept: too many or too large, of a
        kind that we do not keep, damaged, or with a virus. Conflict where the scanner or the store is out of reach.
        """
        if len(sent) > most:
            raise Invalid(N_("Send at most {most} files at once."), field=field, most=most)
        with ExitStack() as opened:
            checked = [opened.enter_context(self._checked(each, field, named=len(sent) > 1)) for each in sent]
            return [self._kept(each, field) for each in checked]

    def take_data(self, sent: SentFile, *, field: str = "file") -> TakenIn:
        """Keep a file of any kind that a reader of ours opens, such as one of the bank: scanned, never shown."""
        self._scan(sent, field)
        stored = self._put(sent.file, field)
        sent.file.seek(0)
        return TakenIn(stored.sha256, stored.size, ANY_DATA, safe_name(sent.filename))

    @contextmanager
    def _checked(self, sent: SentFile, field: str, *, named: bool) -> Iterator[_Checked]:
        """The file as it will be kept, closed at the end where it is one of ours."""
        try:
            name = safe_name(sent.filename)
            media_type = kind_of(sent.file, name, field=field)
            self._scan(sent, field)
            redrawn = redraw(sent.file, media_type, field=field) if media_type in PICTURES else None
        except Invalid as refused:
            raise _about(refused, sent, field) if named else refused from None
        if redrawn is None:
            yield _Checked(sent.file, media_type, named_for(name, media_type), None)
            return
        with redrawn.file as file:
            yield _Checked(file, media_type, named_for(name, media_type), (redrawn.width, redrawn.height))

    def _kept(self, checked: _Checked, field: str) -> TakenIn:
        stored = self._put(checked.file, field)
        return TakenIn(stored.sha256, stored.size, checked.media_type, checked.filename, checked.picture)

    def _put(self, file: BinaryIO, field: str) -> Stored:
        try:
            return self.store.put(blocks(file))
        except Unavailable as problem:
            raise Conflict(N_("Files cannot be kept just now. Try again in a few minutes."), field=field) from problem

    def _scan(self, sent: SentFile, field: str) -> None:
        if self.scanner is None:
            return
        try:
            virus = self.scanner.scan(blocks(sent.file))
        except ScannerUnreachable as problem:
            raise Conflict(
                N_("Files cannot be checked for viruses just now. Try again in a few minutes."), field=field
            ) from problem
        sent.file.seek(0)
        if virus is not None:
            raise Invalid(N_("There is a virus in this file ({virus}). It was not kept."), field=field, virus=virus)


def _about(refused: Invalid, sent: SentFile, field: str) -> Invalid:
    """The refusal of one of several files, with its name."""
    return Invalid(
        N_("{file}: {problem}"), field=field, file=safe_name(sent.filename), problem=Words(refused.text, refused.params)
    )
