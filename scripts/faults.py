"""The table of the fault tests: read from pytest's report, printed, and kept in docs/faults.md."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

HEAD = """# Faults

What goes wrong is brought about on purpose, on SQLite and on PostgreSQL, and the same must hold afterwards: entries
add to zero, balances equal their postings, nothing is posted twice, clearing is what the simulator itself has.
`make faults` runs every proof in full and writes this table; `make test` runs a sample of each. The numbers are those
of [the list of faults](#what-they-are); most of the tests are in `tests/faults/`.

"""
FOOT = """
## What they are
1. The process is killed at any point of any way that money takes.
2. Webhooks come twice and in any order: every order of six events of one payment, each of them once or twice, and all
   of them once more at the end; what the processor said of an object when the event was made, or says of it now.
3. Webhooks are lost, for longer than the processor keeps them; a whole month in which many are.
4. Any legal sequence of acts, against an independent ledger of dictionaries.
5. Several people or workers do at one instant what only one of them may do.
6. Time-outs, and connections that are cut before or after the processor did what we asked.
7. Errors that the processor saves and repeats, 429, and keys that it has forgotten.
8. The clock jumps, clocks change, leap days, ends of months.
9. The disk is full, the database is restarted, its connections are killed.
10. The mail server is down, refuses, or cuts the line after it took a mail.
11. Hostile uploads: a test virus, bombs, files that are two things at once, names that are paths; and how much memory
    they take at most.
12. Files that are broken in any way: of invoices (`tests/domain/importing/`), and of the bank
    (`tests/adapters/bank_files/`).
13. Rows of the books are changed, added or removed behind our back, by whoever owns the database
    (`tests/domain/ledger/`).
14. An old backup is restored.

## What is not measured
Several machines at once: every process of a proof runs on one. A network that loses packets instead of lines. Hardware
that lies about what it has written. Stripe itself: all of this is tried against the simulator, which `tests/sandbox/`
compares with a Stripe sandbox where there is a key for one.
"""


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
    """Read the reports, the page's name being the last word, print the table, and keep it."""
    *reports, page = map(Path, sys.argv[1:])
    proofs = sorted(proof for report in reports for proof in proofs_in(report))
    failed = [name for report in reports for name in failures_in(report)]
    table = table_of(proofs)
    print(table)
    page.write_text(HEAD + table + FOOT)
    if not proofs or failed:
        raise SystemExit("\n".join(["Not everything was proven:", *failed]))


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
    rows = ["| # | Fault | Engine | Figure | Time |", "|---|---|---|---|---|"]
    for proof in proofs:
        figure = proof.figure if proof.passed else f"**failed**: {proof.figure}"
        rows.append(f"| {proof.fault} | {proof.what} | {proof.engine} | {figure} | {proof.seconds:.0f} s |")
    return "\n".join(rows) + "\n"


if __name__ == "__main__":
    main()
