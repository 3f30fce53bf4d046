"""The table of the fault tests: figures out of a report, failures said aloud."""

from __future__ import annotations

from pathlib import Path

from scripts.faults import Proof, merged, proofs_in, proofs_on, table_of, with_table

REPORT = """<testsuites><testsuite>
<testcase name="a" time="2.4"><properties><property name="fault" value="2"/><property name="what" value="twice"/>
<property name="engine" value="sqlite"/><property name="figure" value="6 of 6"/></properties></testcase>
<testcase name="b" time="1"><properties><property name="fault" value="1"/><property name="what" value="killed"/>
<property name="engine" value="sqlite"/><property name="figure" value="3 of 4"/></properties><failure/></testcase>
<testcase name="c" time="1"/>
</testsuite></testsuites>"""


def test_the_figures_of_a_report_become_rows_and_a_failure_says_so(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(REPORT)

    proofs = sorted(proofs_in(report))

    assert proofs[1] == Proof(2, "twice", "sqlite", "6 of 6", 2.4, passed=True)
    assert table_of(proofs).splitlines()[2:] == [
        "| 1 | killed | sqlite | **failed**: 3 of 4 | 1 s |",
        "| 2 | twice | sqlite | 6 of 6 | 2 s |",
    ]


def test_what_is_proven_anew_takes_the_place_of_its_row_and_the_words_around_the_table_stay() -> None:
    known = [Proof(4, "lives", "sqlite", "9 lives", 3.0, False), Proof(1, "kills", "sqlite", "2 of 2", 1.0, True)]
    page = f"# Faults\n\nWords.\n\n{table_of(known)}\n## What they are\n1. Kills.\n"
    new = [Proof(4, "lives", "sqlite", "400 lives", 60.0, True)]

    text = with_table(page, table_of(merged(proofs_on(page), new)))

    assert sorted(proofs_on(page)) == sorted(known)
    assert proofs_on(text) == [known[1], new[0]]
    assert text.startswith("# Faults\n\nWords.\n\n| # |")
    assert text.endswith(" |\n\n## What they are\n1. Kills.\n")
