"""Sources: from what a pack is made: the account, which of its invoices, for whom; and how rows become files."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.audit.recording import plain
from domain.documents.model import DOCUMENTS, Erasure, ForStaff
from domain.documents.queries import IS_MISFILED
from domain.documents.rendering import Renderer
from domain.documents.seeing import is_shown
from domain.documents.storage import Store
from domain.evidence.layout import safe_part
from domain.evidence.model import Audience
from domain.receivables.model import Invoice
from domain.shared.actor import ActorKind
from domain.shared.db.rows import AnyRow, AnyRows
from domain.staff import queries as staff

BLOCK = 64 * 1024
"""Bytes of a stored file that are in memory at once."""
MOST_ROWS = 400
"""Rows of one table in the index; all the rest is in the files."""
Record = dict[str, object]
Pieces = Callable[[], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class File:
    """One file of a pack; its bytes are made when they are wanted."""

    path: str
    pieces: Pieces


@dataclass(frozen=True, slots=True)
class Table:
    """What the index shows of a section: a title, the columns (the first `words` of them no figures), and rows.

    Titles and names of columns are message ids; cells are anything that a paper can say. The column `wide` takes what
    room there is.
    """

    title: str
    head: Sequence[str]
    words: int
    rows: Sequence[Sequence[object]]
    wide: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a pack: its files, and its tables in the index."""

    files: Sequence[File]
    tables: Sequence[Table] = ()


@dataclass
class Sources:
    """The one moment of the books that a pack is made from. `invoice_ids` narrows it; None takes the whole account."""

    session: Session
    store: Store
    renderer: Renderer
    account: Account
    audience: Audience
    language: str
    invoice_ids: frozenset[int] | None = None
    kept: set[int] = field(default_factory=set)
    """The ids of the filed documents that have their place already."""
    taken: set[str] = field(default_factory=set)
    """The places that are taken, all in lower case: some systems see no other difference between two names."""
    _names: dict[tuple[str, int], str | None] = field(default_factory=dict)
    _numbers: dict[int, str] | None = None

    @property
    def for_staff(self) -> bool:
        """Whether it may say what is ours alone: names of staff, our reasons and notes."""
        return self.audience is Audience.STAFF

    @property
    def numbers(self) -> dict[int, str]:
        """The numbers of the account's invoices, by their ids."""
        if self._numbers is None:
            wanted = select(Invoice.id, Invoice.number).where(Invoice.account_id == self.account.id)
            self._numbers = {row.id: row.number for row in self.session.execute(wanted)}
        return self._numbers

    def about(self, invoice_id: InstrumentedAttribute[int]) -> list[ColumnElement[bool]]:
        """The condition that a row is about the invoices of the pack; none where it takes all."""
        return [] if self.invoice_ids is None else [invoice_id.in_(self.invoice_ids)]

    def rows(self, *columns: Any, where: Sequence[ColumnElement[bool]], order: Any) -> AnyRows:
        """Core rows of these columns, in order of one column or several."""
        several = order if isinstance(order, tuple) else (order,)
        return self.session.execute(select(*columns).where(*where).order_by(*several)).all()

    def record(self, row: AnyRow, *, ours: Collection[str] = ()) -> Record:
        """A row as JSON: who did it by name, invoices by their numbers; `ours` is for staff only."""
        values = {name: value for name, value in row._mapping.items() if self.for_staff or name not in ours}
        kind, number = values.pop("actor_kind", None), values.pop("actor_id", None)
        if "login_id" in values:
            login_id = values.pop("login_id")
            values["login"] = None if login_id is None else self._name(ActorKind.LOGIN, login_id)
        if "invoice_id" in values:
            values["invoice"] = self.numbers.get(values.pop("invoice_id"))
        if kind is not None:
            values["by"] = self.who(kind, number)
        return {name: plain(value) for name, value in values.items()}

    def records(self, rows: Iterable[AnyRow], *, ours: Collection[str] = ()) -> list[Record]:
        """Each of them."""
        return [self.record(row, ours=ours) for row in rows]

    def who(self, kind: str, number: int | None) -> Record:
        """Who did something: what sort of actor, and the name where there is one; staff are named to staff only."""
        named = number is not None and (kind == ActorKind.LOGIN or (kind == ActorKind.STAFF and self.for_staff))
        name = self._name(kind, number) if named and number is not None else None
        return {"kind": str(kind)} if name is None else {"kind": str(kind), "name": name}

    def _name(self, kind: str, number: int) -> str | None:
        if (kind, number) not in self._names:
            found = (staff.names if kind == ActorKind.STAFF else accounts.login_names)(self.session, {number})
            self._names[kind, number] = found.get(number)
        return self._names[kind, number]

    def document(self, folder: str, document_id: int) -> list[File]:
        """A filed document in a folder, under its own name as far as that is safe.

        Nothing where it has its place already, is or turned out to be another account's, or is for staff alone and the
        pack is not. Of one that was erased there is a note, with the hash that it had.
        """
        row = self.session.execute(
            select(DOCUMENTS, ForStaff.document_id.label("for_staff"), Erasure.erased_at)
            .outerjoin(ForStaff, ForStaff.document_id == DOCUMENTS.c.id)
            .outerjoin(Erasure, Erasure.document_id == DOCUMENTS.c.id)
            .where(DOCUMENTS.c.id == document_id, ~IS_MISFILED)
        ).one_or_none()
        if row is None or document_id in self.kept or row.account_id not in (None, self.account.id):
            return []
        if not self.for_staff and not is_shown(row, for_staff=row.for_staff is not None):
            return []
        self.kept.add(document_id)
        stem, dot, ending = row.filename.rpartition(".")
        stem, ending = (safe_part(stem), f".{safe_part(ending)}") if stem and dot else (safe_part(row.filename), "")
        if row.erased_at is not None:
            note = f"Erased on {row.erased_at.date()} on a legal ground. Its SHA-256 was {row.sha256}.\n"
            return [File(self.place(f"{folder}/{stem}", f"{ending}.erased.txt"), lambda: (note.encode(),))]
        return [File(self.place(f"{folder}/{stem}", ending), lambda: blocks(self.store, row.sha256))]

    def documents(self, folder: str, about: ColumnElement[bool]) -> list[File]:
        """All documents that meet a condition, the first filed first."""
        wanted = select(DOCUMENTS.c.id).where(about).order_by(DOCUMENTS.c.id)
        return [file for found in self.session.scalars(wanted).all() for file in self.document(folder, found)]

    def place(self, stem: str, ending: str = "") -> str:
        """A place of its own for a file or a folder: counted where it is taken, for some systems in another case."""
        path, count = f"{stem}{ending}", 1
        while path.casefold() in self.taken:
            count += 1
            path = f"{stem}-{count}{ending}"
        self.taken.add(path.casefold())
        return path


def blocks(store: Store, sha256: str) -> Iterator[bytes]:
    """What is stored under a hash, block by block."""
    with store.open(sha256) as content:
        while block := content.read(BLOCK):
            yield block


def json_file(path: str, value: object) -> File:
    """A value as a file of JSON that people can read, too."""
    return made_file(path, lambda: as_json(value))


def as_json(value: object) -> bytes:
    """The same, its bytes."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


def made_file(path: str, make: Callable[[], bytes]) -> File:
    """A file that is made whole, when it is wanted."""
    return File(path, lambda: (make(),))
