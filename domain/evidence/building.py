"""Building: all sections, the index over them and the manifest over all, as the bytes of one ZIP, piece by piece."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from hashlib import sha256

from domain.evidence.index import TEMPLATE, Cover, index_paper
from domain.evidence.layout import FORMAT, INDEX, MANIFEST, SUMS, VERSION, Listed, fingerprint, sums
from domain.evidence.model import Audience
from domain.evidence.sections import (
    account,
    acts,
    chargebacks,
    disputes,
    documents,
    insolvencies,
    interest,
    invoices,
    ledger,
    legal_cases,
    notices,
    payments,
    placements,
    plans,
    promises,
    settlements,
    write_offs,
)
from domain.evidence.sources import Section, Sources, Table
from domain.evidence.zipping import Zipper
from domain.shared.db.session import business
from domain.shared.hashing import instant_text
from domain.shared.languages import SOURCE

SECTIONS: Sequence[Callable[[Sources], Section]] = (
    account.section,
    ledger.section,
    invoices.section,
    interest.section,
    payments.section,
    chargebacks.section,
    notices.section,
    promises.section,
    plans.section,
    settlements.section,
    placements.section,
    write_offs.section,
    insolvencies.section,
    legal_cases.section,
    disputes.section,
    acts.section,
    documents.section,
)
"""What is in a pack, in the order of the index; documents come last, because they are what is left over."""
LEFT_OUT: Mapping[Audience, frozenset[Callable[[Sources], Section]]] = {
    Audience.PARTNER: frozenset(
        {placements.section, write_offs.section, insolvencies.section, legal_cases.section, acts.section}
    ),
}
"""What of that is not in the pack of an audience: to whom else debts went, and on what terms, is no partner's business,
nor when and from where a debtor's people signed in."""
README = """This is an evidence pack: what the books of {business} say of account {account}, sealed at {made}.

Begin with index.pdf. To verify that nothing was changed, unpack everything into one folder and run there:

    sha256sum -c MANIFEST.sha256

Then compare the SHA-256 of manifest.json with the one that {business} has told you apart from this file:

    sha256sum manifest.json

ledger/ledger.json says how the hash of each entry of the ledger is computed from the one before it.
Amounts in JSON files are whole numbers of the smallest unit of the currency.
"""
AND_BESIDES = 4
"""The files that every pack has beside those of its sections: README, index, manifest, sums."""
Told = Callable[[int, int], None]
"""Hears how many files are done, and of how many."""


class Builder:
    """Makes one pack. `manifest_sha256` and `files` are known once all pieces have been taken."""

    def __init__(self, sources: Sources, cover: Cover, told: Told) -> None:
        self._sources, self._cover, self._told = sources, cover, told
        self._left_out = LEFT_OUT.get(sources.audience, frozenset())
        self._zip = Zipper(cover.made_at)
        self.head = ledger.head_of(sources)
        self.made_at = cover.made_at
        self.manifest_sha256 = ""
        self.files = 0

    def pieces(self) -> Iterator[bytes]:
        """The bytes of the ZIP."""
        with closing(self._zip):
            yield from self._pieces()

    def _pieces(self) -> Iterator[bytes]:
        sections = [make(self._sources) for make in SECTIONS if make not in self._left_out]
        files = [file for section in sections for file in section.files]
        tables = [table for section in sections for table in section.tables if table.rows]
        in_all = len(files) + AND_BESIDES
        for done, file in enumerate(files):
            self._told(done, in_all)
            yield from self._zip.add(file.path, file.pieces())
        yield from self._zip.add("README.txt", [self._readme().encode()])
        contents = list(self._zip.listed)
        for path, content in self._indexes(tables, contents).items():
            yield from self._zip.add(path, [content])
        yield from self._seal(contents)
        self.files = len(self._zip.listed)

    def _indexes(self, tables: Sequence[Table], contents: Sequence[Listed]) -> dict[str, bytes]:
        """The index in English, and in the reader's language where papers are written in it."""
        sources = self._sources
        paper = index_paper(sources, self._cover, self.head, tables, contents, fingerprint(contents))
        english = sources.renderer.render(TEMPLATE, paper, SOURCE)
        theirs = sources.renderer.render(TEMPLATE, paper, sources.language)
        return {INDEX: english} if theirs == english else {INDEX: english, f"index.{sources.language}.pdf": theirs}

    def _seal(self, contents: Sequence[Listed]) -> Iterator[bytes]:
        """The manifest, which lists everything before it, and the sums of all, the manifest's own among them."""
        listed = sorted(self._zip.listed, key=lambda one: one.path)
        manifest = (json.dumps(self._manifest(listed, contents), ensure_ascii=False, indent=1) + "\n").encode()
        self.manifest_sha256 = sha256(manifest).hexdigest()
        yield from self._zip.add(MANIFEST, [manifest])
        yield from self._zip.add(SUMS, [sums(self._zip.listed).encode()])
        yield self._zip.end()

    def _manifest(self, listed: Iterable[Listed], contents: Iterable[Listed]) -> dict[str, object]:
        cover, balance = self._cover, self.head.balance
        return {
            "format": FORMAT,
            "version": VERSION,
            "pack": cover.public_id,
            "made_at": instant_text(cover.made_at),
            "made_by": business(self._sources.session).name,
            "about": {"kind": cover.about.value, "number": cover.about_number},
            "for": self._sources.audience.value,
            "account": {"number": self._sources.account.number, "name": self._sources.account.name},
            "balance": {"amount": str(balance.decimal), "minor": balance.minor, "currency": balance.currency},
            "ledger": {"stream": self.head.stream, "entries": self.head.seq, "head": self.head.hash.hex()},
            "contents_sha256": fingerprint(contents),
            "files": [{"path": one.path, "size": one.size, "sha256": one.sha256} for one in listed],
        }

    def _readme(self) -> str:
        ours = business(self._sources.session).name
        made = instant_text(self._cover.made_at)
        return README.format(business=ours, account=self._sources.account.number, made=made)
