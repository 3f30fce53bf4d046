"""Verifying: whether a pack is what was sealed, by nothing but the file itself: no database, no network.

Whoever changes a file and every hash in the pack with it makes another pack that is whole in itself: only the
manifest's own hash, as it was told apart from the pack, tells the two apart.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from io import BytesIO
from typing import Any, BinaryIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from domain.evidence import ledger_files
from domain.evidence.archives import Archive, Flaw, opened
from domain.evidence.layout import (
    FORMAT,
    INDEX,
    LEDGER_CSV,
    LEDGER_JSON,
    MANIFEST,
    SUMS,
    VERSION,
    Listed,
    fingerprint,
    is_index,
    plain_amount,
    sums,
)
from domain.evidence.ledger_files import Recomputed
from domain.shared.zips import UNREADABLE

LARGEST_MANIFEST = 64 * 1024 * 1024
LARGEST_LEDGER = 512 * 1024 * 1024
LARGEST_INDEX = 32 * 1024 * 1024
WRONG_SHAPE = (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError, OverflowError)
"""What reading JSON of another shape than ours may raise."""


@dataclass
class Report:
    """What was found: what the pack says of itself, what its ledger comes to, and every flaw, the worst first."""

    manifest_sha256: str = ""
    pack: str = ""
    account: str = ""
    made_at: str = ""
    balance: str = ""
    files: int = 0
    entries: int = 0
    flaws: list[Flaw] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.flaws


def verify(file: BinaryIO, *, told_sha256: str | None = None) -> Report:
    """Check a pack; `told_sha256` is the manifest's own hash as it was told apart from it. NoArchive for no ZIP."""
    with opened(file) as archive:
        report = Report(flaws=list(archive.flaws))
        try:
            content = archive.content(MANIFEST, LARGEST_MANIFEST)
        except (*UNREADABLE, KeyError) as problem:
            report.flaws.append(Flaw("cannot-be-read", MANIFEST, "the manifest", str(problem)))
            return report
        report.manifest_sha256 = sha256(content).hexdigest()
        if told_sha256 is not None and told_sha256.strip().lower() != report.manifest_sha256:
            report.flaws.append(Flaw("not-the-manifest-we-told", MANIFEST, told_sha256.strip(), report.manifest_sha256))
        try:
            manifest = json.loads(content)
            listed = _say_what(report, manifest)
        except WRONG_SHAPE as problem:
            report.flaws.append(Flaw("cannot-be-read", MANIFEST, "a manifest", str(problem)))
            return report
        report.flaws += _files(archive, listed)
        report.flaws += _sums(archive, listed, len(content), report.manifest_sha256)
        report.flaws += _contents(manifest, listed)
        report.flaws += _ledger(archive, manifest, report)
        report.flaws += _index(archive, manifest)
        return report


def _say_what(report: Report, manifest: Mapping[str, Any]) -> list[Listed]:
    """What the manifest says of the pack, and the files that it lists; raises one of WRONG_SHAPE."""
    if manifest["format"] != FORMAT or manifest["version"] != VERSION:
        raise ValueError(f"not {FORMAT}, version {VERSION}")
    listed = [Listed(str(one["path"]), int(one["size"]), str(one["sha256"])) for one in manifest["files"]]
    report.pack, report.made_at = str(manifest["pack"]), str(manifest["made_at"])
    report.account = f"{manifest['account']['number']} {manifest['account']['name']}"
    report.balance = plain_amount(str(manifest["balance"]["amount"]), str(manifest["balance"]["currency"]))
    report.files = len(listed)
    str(manifest["ledger"]["head"]), int(manifest["balance"]["minor"]), str(manifest["contents_sha256"])
    return listed


def _files(archive: Archive, listed: list[Listed]) -> Iterator[Flaw]:
    """Each listed file is there and is what it was, and nothing else is."""
    names = [one.path for one in listed]
    for path in sorted(path for path, times in Counter(names).items() if times > 1):
        yield Flaw("listed-twice", path, "once", "more than once")
    for one in listed:
        if one.path not in archive.paths:
            yield Flaw("missing", one.path, f"{one.size} bytes", "nothing")
            continue
        try:
            read = archive.digest(one.path)
        except UNREADABLE as problem:
            yield Flaw("cannot-be-read", one.path, f"{one.size} bytes", str(problem))
            continue
        if (read.size, read.sha256) != (one.size, one.sha256):
            yield Flaw("changed", one.path, one.sha256, read.sha256)
    for path in sorted(archive.paths - set(names) - {MANIFEST, SUMS}):
        yield Flaw("not-listed", path, "nothing", "a file")


def _sums(archive: Archive, listed: list[Listed], size: int, manifest_sha256: str) -> Iterator[Flaw]:
    """The list for `sha256sum` says the same as the manifest."""
    expected = sums([*listed, Listed(MANIFEST, size, manifest_sha256)]).encode()
    try:
        found = archive.content(SUMS, LARGEST_MANIFEST)
    except (*UNREADABLE, KeyError) as problem:
        yield Flaw("cannot-be-read", SUMS, "the sums", str(problem))
        return
    if found != expected:
        yield Flaw("says-otherwise", SUMS, "what the manifest says", "something else")


def _contents(manifest: Mapping[str, Any], listed: list[Listed]) -> Iterator[Flaw]:
    expected = fingerprint(listed)
    if manifest["contents_sha256"] != expected:
        yield Flaw("fingerprint", MANIFEST, expected, str(manifest["contents_sha256"]))


def _ledger(archive: Archive, manifest: Mapping[str, Any], report: Report) -> Iterator[Flaw]:
    """The chain holds, ends where the manifest says, comes to the balance, and the CSV is the same."""
    try:
        ledger = json.loads(archive.content(LEDGER_JSON, LARGEST_LEDGER))
        came_to = ledger_files.recompute(ledger)
        printed = b"".join(ledger_files.csv_pieces(int(ledger["minor_digits"]), ledger["entries"]))
    except (*UNREADABLE, *WRONG_SHAPE) as problem:
        yield Flaw("cannot-be-recomputed", LEDGER_JSON, "a ledger", f"{type(problem).__name__}: {problem}")
        return
    report.entries = came_to.entries
    yield from (
        Flaw(f"broken-{one.what}", f"{LEDGER_JSON}, entry {one.seq}", one.expected, one.found) for one in came_to.breaks
    )
    yield from _head_and_balance(manifest, came_to)
    try:
        if archive.content(LEDGER_CSV, LARGEST_LEDGER) != printed:
            yield Flaw("says-otherwise", LEDGER_CSV, "what the JSON says", "something else")
    except (*UNREADABLE, KeyError) as problem:
        yield Flaw("cannot-be-read", LEDGER_CSV, "the ledger", str(problem))


def _head_and_balance(manifest: Mapping[str, Any], found: Recomputed) -> Iterator[Flaw]:
    told = manifest["ledger"]
    if (told["entries"], told["head"]) != (found.entries, found.head):
        expected = f"entry {told['entries']}, {told['head']}"
        yield Flaw("ends-elsewhere", LEDGER_JSON, expected, f"entry {found.entries}, {found.head}")
    if manifest["balance"]["minor"] != found.balance_minor:
        yield Flaw("balance", LEDGER_JSON, str(manifest["balance"]["minor"]), str(found.balance_minor))


def _index(archive: Archive, manifest: Mapping[str, Any]) -> Iterator[Flaw]:
    """The first page of each index says the balance, the ledger's head, the number and the fingerprint."""
    balance = plain_amount(str(manifest["balance"]["amount"]), str(manifest["balance"]["currency"]))
    wanted = (balance, manifest["ledger"]["head"], manifest["pack"], manifest["contents_sha256"])
    for path in sorted({INDEX, *filter(is_index, archive.paths)}):
        try:
            page = PdfReader(BytesIO(archive.content(path, LARGEST_INDEX))).pages[0].extract_text()
        except (*UNREADABLE, *WRONG_SHAPE, PyPdfError) as problem:
            yield Flaw("cannot-be-read", path, "an index", f"{type(problem).__name__}: {problem}")
            continue
        said = "".join(page.split())
        for each in wanted:
            if "".join(str(each).split()) not in said:
                yield Flaw("does-not-say", f"{path}, page 1", str(each), "something else")
