"""Taking files in: all that were sent, or none; scanned; pictures made anew."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

import pytest

from domain.documents.intake import MOST_FILES, Intake
from domain.documents.scanning import ScannerUnreachable
from domain.documents.storage import Stored, Unavailable
from domain.shared.errors import Conflict, Invalid
from tests.support.files import a_photo, sent
from tests.support.outside import MemoryStore


class FakeScanner:
    """Finds what it is told to find."""

    def __init__(self, virus: bytes = b"virus", *, reachable: bool = True) -> None:
        self.virus, self.reachable = virus, reachable

    def scan(self, content: Iterable[bytes]) -> str | None:
        """Look."""
        if not self.reachable:
            raise ScannerUnreachable
        return "Eicar" if self.virus in b"".join(content) else None


def test_what_is_sent_is_kept_by_its_content_in_its_order() -> None:
    store = MemoryStore()

    taken = Intake(store, FakeScanner()).take_all([sent("../a.pdf", b"%PDF-1.7"), sent("b.csv", b"a;b")])

    assert [(each.filename, each.media_type, each.size) for each in taken] == [
        ("a.pdf", "application/pdf", 8),
        ("b.csv", "text/csv", 3),
    ]
    assert [store.contents[each.sha256] for each in taken] == [b"%PDF-1.7", b"a;b"]


def test_no_file_is_none_at_all() -> None:
    assert Intake(MemoryStore()).take_all([]) == []


def test_a_picture_is_kept_anew_and_never_as_it_came() -> None:
    store, photo = MemoryStore(), a_photo(40, 20)

    taken = Intake(store).take_in(sent("beach.jpeg", photo))

    assert (taken.filename, taken.media_type, taken.picture) == ("beach.jpeg", "image/jpeg", (20, 40))
    assert sha256(photo).hexdigest() not in store.contents
    assert b"A camera" in photo
    assert b"A camera" not in store.contents[taken.sha256]


def test_one_that_cannot_be_kept_is_named_and_none_is_kept() -> None:
    store = MemoryStore()

    with pytest.raises(Invalid) as refused:
        Intake(store).take_all([sent("a.pdf", b"%PDF-1.7"), sent("b.exe", b"MZ\x00")], field="files")

    assert str(refused.value).startswith("b.exe: Send a PDF")
    assert refused.value.field == "files"
    assert store.contents == {}


def test_too_many_are_refused() -> None:
    with pytest.raises(Invalid, match=str(MOST_FILES)):
        Intake(MemoryStore()).take_all([sent("a.txt", b"a")] * (MOST_FILES + 1))


def test_a_virus_is_named_and_not_kept() -> None:
    store = MemoryStore()

    with pytest.raises(Invalid, match=r"virus in this file \(Eicar\)"):
        Intake(store, FakeScanner()).take_in(sent("a.txt", b"a virus"))
    with pytest.raises(Invalid, match="virus"):
        Intake(store, FakeScanner()).take_data(sent("bank.xml", b"a virus"))

    assert store.contents == {}


def test_without_its_scanner_nothing_is_taken_in() -> None:
    store = MemoryStore()

    with pytest.raises(Conflict, match="Try again"):
        Intake(store, FakeScanner(reachable=False)).take_in(sent("a.txt", b"harmless"))

    assert store.contents == {}


def test_without_its_store_nothing_is_taken_in(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(self: MemoryStore, content: object) -> Stored:
        raise Unavailable

    monkeypatch.setattr(MemoryStore, "put", gone)

    with pytest.raises(Conflict, match="cannot be kept just now"):
        Intake(MemoryStore()).take_in(sent("a.txt", b"harmless"))


def test_data_for_a_reader_of_ours_are_kept_as_they_are() -> None:
    store = MemoryStore()
    file = sent("bank.xlsx", b"PK\x00 whatever")

    taken = Intake(store).take_data(file)

    assert store.contents[taken.sha256] == b"PK\x00 whatever"
    assert (taken.media_type, taken.picture, file.file.tell()) == ("application/octet-stream", None, 0)
