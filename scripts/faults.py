"""The table of the fault tests: read from pytest's report, printed, and kept in docs/faults.md."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

COLUMNS = ["| # | Fault | Engine | Figure | Time |", "|---|---|---|---|---|"]
ROW = re.compile(r"\| (\d+) \| (.+) \| (\S+) \| (.+) \| (\d+) s \|")
FAILED = "**failed**: "
ALL = "--all"
"""Said where the reports are of every proof: rows of the page that none of them has are gone then."""


@dataclass(frozen=True, order=True)
class Proof:
    """One figure; `passed` is False where the test failed after it."""

    fault: int
    what: str
    engine: str
    figure: str
    seconds: float
    passed: bool


def main() -> None:
    """Read the reports, the page's name being the last word, print the table, and keep it in the page."""
    *reports, page = map(Path, (word for word in sys.argv[1:] if word != ALL))
    proofs = sorted(proof for report in reports for proof in proofs_in(report))
    failed = [name for report in reports for name in failures_in(report)]
    text = page.read_text()
    known = [] if ALL in sys.argv else proofs_on(text)
    print(table_of(proofs))
    page.write_text(with_table(text, table_of(merged(known, proofs))))
    if not proofs or failed:
        raise SystemExit("\n".join(["Not everything was proven:", *failed]))


def merged(known: Iterable[Proof], new: Iterable[Proof]) -> list[Proof]:
    """What was proven anew in place of what was known of it."""
    found = {(proof.fault, proof.what, proof.engine): proof for proof in (*known, *new)}
    return sorted(found.values())


def with_table(text: str, table: str) -> str:
    """The page with another table in place of its own; what it says around it stays."""
    before, _, rest = text.partition(COLUMNS[0])
    _, _, after = rest.partition("\n\n")
    return f"{before}{table}\n{after}"


def proofs_on(text: str) -> list[Proof]:
    """The figures that stand in a page's table."""
    return [
        Proof(int(fault), what, engine, figure.removeprefix(FAILED), float(seconds), not figure.startswith(FAILED))
        for fault, what, engine, figure, seconds in ROW.findall(text)
    ]


def failures_in(report: Path) -> list[str]:
    """The tests that failed, also those that never came to their figure."""
    cases = ElementTree.parse(report).iter("testcase")
    return [case.attrib["name"] for case in cases if case.find("failure") is not None or case.find("error") is not None]


def proofs_in(report: Path) -> Iterator[Proof]:
    """The figures that tests have left in a report of pytest's (JUnit XML)."""
    for case in ElementTree.parse(report).iter("testcase"):
        kept = {one.attrib["name"]: one.attrib["value"] for one in case.iter("property")}
        if "fault" in kept:
            failed = case.find("failure") is not None or case.find("error") is not None
            seconds = float(case.attrib["time"])
            yield Proof(int(kept["fault"]), kept["what"], kept["engine"], kept["figure"], seconds, not failed)


def table_of(proofs: list[Proof]) -> str:
    """One row a proof."""
    rows = [*COLUMNS]
    for proof in proofs:
        figure = proof.figure if proof.passed else f"{FAILED}{proof.figure}"
        rows.append(f"| {proof.fault} | {proof.what} | {proof.engine} | {figure} | {proof.seconds:.0f} s |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    main()
