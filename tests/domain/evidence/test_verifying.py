"""Verifying: every change of a pack is found and named, and no ZIP that somebody sends can do us any harm."""

from __future__ import annotations

import json
import struct
import tracemalloc
from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile, ZipInfo

import pytest
from sqlalchemy import update

from domain.evidence.archives import NoArchive
from domain.evidence.layout import INDEX, LEDGER_CSV, LEDGER_JSON, MANIFEST, SUMS, Listed, fingerprint, sums
from domain.evidence.verifying import Report, verify
from domain.ledger.model import POSTINGS
from domain.shared.business import Business
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from tests.conftest import NOON, Workshop
from tests.domain.evidence.test_making import Scene, a_scene
from tests.support.evidence import Made, a_pack, zipped
from tests.support.outside import PlainRenderer
from tests.support.proving import Prove
from tests.support.tampering import drop_guards

Files = dict[str, bytes]


@pytest.fixture
def scene(db: Database) -> Scene:
    return a_scene(db)


@pytest.fixture(scope="module")
def made(workshop: Workshop) -> Made:
    """A pack of its own, the same for all who only look at it."""
    with workshop.lent("sqlite") as engine:
        db = Database(engine, MovableClock(NOON), Business(texts=True))
        return a_pack(db, a_scene(db).account_id)


def check(content: bytes, told: str | None = None) -> Report:
    return verify(BytesIO(content), told_sha256=told)


def flaws(files: Files, told: str | None = None) -> list[tuple[str, str]]:
    return [(flaw.code, flaw.place) for flaw in check(zipped(files), told).flaws]


def sealed_again(files: Files) -> Files:
    """All hashes of a pack made anew, as somebody would who has changed something in it."""
    manifest = json.loads(files[MANIFEST])
    contents = {name: content for name, content in files.items() if name not in (MANIFEST, SUMS)}
    listed = [Listed(name, len(content), sha256(content).hexdigest()) for name, content in contents.items()]
    manifest["files"] = [{"path": one.path, "size": one.size, "sha256": one.sha256} for one in listed]
    manifest["contents_sha256"] = fingerprint(listed)
    written = json.dumps(manifest).encode()
    whole = [*listed, Listed(MANIFEST, len(written), sha256(written).hexdigest())]
    return {**contents, MANIFEST: written, SUMS: sums(whole).encode()}


@pytest.mark.figure
def test_a_byte_changed_anywhere_in_any_file_is_found_and_the_file_named(made: Made, prove: Prove) -> None:
    tried = found = 0

    for name, content in made.files.items():
        place = len(content) // 2
        changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
        places = " ".join(place for _, place in flaws({**made.files, name: changed}, made.pack.manifest_sha256))
        tried += 1
        found += name in places
    prove(13, "bytes of files of an evidence pack changed", f"{found} of {tried} found, their file named")

    assert found == tried


def test_a_byte_changed_anywhere_in_the_zip_is_found_or_changes_no_content(made: Made) -> None:
    unseen = 0

    for place in range(0, len(made.content), len(made.content) // 40):
        changed = bytearray(made.content)
        changed[place] ^= 0x10
        try:
            report = check(bytes(changed), made.pack.manifest_sha256)
        except NoArchive:
            continue
        if report.is_whole:
            unseen += 1
            with ZipFile(BytesIO(changed)) as opened:
                assert {name: opened.read(name) for name in opened.namelist()} == made.files

    assert unseen < 5


def test_what_is_missing_or_additional_is_named(made: Made) -> None:
    without = {name: content for name, content in made.files.items() if name != "account/account.json"}

    assert flaws(without) == [("missing", "account/account.json")]
    assert flaws({**made.files, "invoices/extra.pdf": b"x"}) == [("not-listed", "invoices/extra.pdf")]
    assert ("cannot-be-read", MANIFEST) in flaws({"a.txt": b"x"})


def test_a_pack_that_was_sealed_again_is_whole_in_itself_but_not_the_one_that_we_told(made: Made) -> None:
    changed = sealed_again({**made.files, "README.txt": b"Nothing was ever owed."})

    alone, compared = flaws(changed), flaws(changed, made.pack.manifest_sha256)

    assert alone == [("does-not-say", f"{INDEX}, page 1")]
    assert compared[0] == ("not-the-manifest-we-told", MANIFEST)


def test_an_entry_of_the_ledger_that_was_changed_is_named_even_where_everything_was_sealed_again(made: Made) -> None:
    ledger = json.loads(made.files[LEDGER_JSON])
    ledger["entries"][1]["legs"][0][4] += 100
    ledger["entries"][1]["legs"][1][4] -= 100

    found = flaws(sealed_again({**made.files, LEDGER_JSON: json.dumps(ledger).encode()}))

    assert ("broken-hash", f"{LEDGER_JSON}, entry 2") in found
    assert ("balance", LEDGER_JSON) in found
    assert ("says-otherwise", LEDGER_CSV) in found


def test_entries_that_were_left_out_or_do_not_add_up_are_found(made: Made) -> None:
    def spoilt(change: Callable[[list[dict[str, Any]]], object]) -> set[str]:
        ledger = json.loads(made.files[LEDGER_JSON])
        change(ledger["entries"])
        return {code for code, _ in flaws(sealed_again({**made.files, LEDGER_JSON: json.dumps(ledger).encode()}))}

    assert "broken-number" in spoilt(lambda entries: entries.pop(0))
    assert "ends-elsewhere" in spoilt(lambda entries: entries.pop())
    assert "broken-sum" in spoilt(lambda entries: entries[0]["legs"].pop())
    assert "cannot-be-recomputed" in spoilt(lambda entries: entries[0].pop("hash"))
    assert "cannot-be-recomputed" in spoilt(lambda entries: entries.append("x"))  # type: ignore[arg-type]


@pytest.mark.figure
@pytest.mark.tampers
def test_a_row_edited_behind_our_back_shows_in_the_next_pack(db: Database, scene: Scene, prove: Prove) -> None:
    with db._session(writes=True) as session:
        drop_guards(session.connection())
        legs = session.execute(POSTINGS.select().where(POSTINGS.c.account_id == scene.account_id)).all()
        session.rollback()
    found = 0

    for leg in legs:
        with db._session(writes=True) as session:
            drop_guards(session.connection())
            key = (POSTINGS.c.entry_id == leg.entry_id) & (POSTINGS.c.line == leg.line)
            session.execute(update(POSTINGS).where(key).values(amount=leg.amount + 1))
            session.commit()
        report = check(a_pack(db, scene.account_id, renderer=PlainRenderer()).content)
        found += any(flaw.code.startswith("broken-") for flaw in report.flaws)
        with db._session(writes=True) as session:
            drop_guards(session.connection())
            session.execute(update(POSTINGS).where(key).values(amount=leg.amount))
            session.commit()
    prove(13, "rows of the ledger changed, then an evidence pack made of them", f"{found} of {len(legs)} found in it")

    assert found == len(legs) > 3


def hostile(*entries: tuple[str | ZipInfo, bytes]) -> bytes:
    written = BytesIO()
    with ZipFile(written, "w") as made:
        for name, content in entries:
            made.writestr(name, content)
    return written.getvalue()


def info(name: str, *, method: int = ZIP_DEFLATED, attributes: int = 0) -> ZipInfo:
    entry = ZipInfo(name)
    entry.compress_type, entry.external_attr = method, attributes
    return entry


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (info("../outside.txt"), "unsafe-path"),
        (info("/etc/passwd"), "unsafe-path"),
        (info("a//b"), "unsafe-path"),
        (info("folder/"), "unsafe-path"),
        (info("C:evil.txt"), "unsafe-name"),
        (info("a\\..\\b.txt"), "unsafe-name"),
        (info("bell\x07.txt"), "unsafe-name"),
        (info("invoıce.pdf"), "unsafe-name"),
        (info("x" * 400), "unsafe-path"),
        (info("account/ACCOUNT.json"), "twice-in-it"),
        (info("link", attributes=0o120777 << 16), "link"),
        (info("packed", method=ZIP_LZMA), "packed-otherwise"),
    ],
)
def test_a_name_or_kind_that_no_pack_has_is_refused(made: Made, entry: ZipInfo, code: str) -> None:
    content = hostile(*((name, content) for name, content in made.files.items()), (entry, b"x"))

    assert [flaw.code for flaw in check(content).flaws] == [code]


def test_a_file_that_is_twice_in_it_is_not_believed() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = hostile((MANIFEST, b"{}"), (MANIFEST, b"[]"))

    assert "twice-in-it" in {flaw.code for flaw in check(content).flaws}


def test_a_bomb_is_refused_before_it_is_inflated() -> None:
    content = bytearray(hostile((info(MANIFEST), b"0" * 1_000)))
    place = content.rindex(b"PK\x01\x02") + 24
    content[place : place + 4] = struct.pack("<I", 3_000_000_000)

    tracemalloc.start()
    report = check(bytes(content))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert report.flaws[0].code == "bomb"
    assert peak < 5_000_000


def test_a_file_that_inflates_to_much_is_read_in_blocks(made: Made) -> None:
    content = zipped({**made.files, "account/account.json": bytes(12_000_000)})

    tracemalloc.start()
    report = check(content)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert [(flaw.code, flaw.place) for flaw in report.flaws] == [("changed", "account/account.json")]
    assert peak < 8_000_000


def test_files_that_share_their_bytes_are_refused() -> None:
    content = bytearray(hostile((info("a", method=ZIP_STORED), b"0" * 100)))
    place = content.rindex(b"PK\x01\x02") + 20
    content[place : place + 4] = struct.pack("<I", 1_000_000)

    assert check(bytes(content)).flaws[0].code == "files-overlap"


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x05\x06" + bytes(18)[:-4], bytes(1_000)])
def test_what_is_no_zip_is_said_to_be_none(content: bytes) -> None:
    with pytest.raises(NoArchive):
        check(content)


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"{}",
        b"[1]",
        b"\xff\xfe",
        b'{"format": "quittance-evidence-pack", "version": 1}',
        b'{"format": "quittance-evidence-pack", "version": 2, "files": []}',
        b"[" * 100_000,
    ],
)
def test_a_manifest_of_another_shape_is_said_so(manifest: bytes) -> None:
    assert flaws({MANIFEST: manifest}) == [("cannot-be-read", MANIFEST)]
