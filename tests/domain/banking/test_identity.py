"""Identity: the same line has the same key in files that overlap, and equal lines of one day have different ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as some

from domain.banking.files import FileLine
from domain.banking.identity import identities
from tests.support.bank_files import a_line

LINES = some.lists(
    some.builds(
        a_line,
        some.sampled_from(["1.00", "2.00", "-1.00"]),
        some.sampled_from(["", "rent"]),
        on=some.sampled_from([date(2026, 3, day) for day in (9, 10, 11)]),
        bank_ref=some.sampled_from(["", "B1", "B2"]),
    ),
    max_size=12,
)


@given(LINES)
def test_lines_of_whole_days_keep_their_keys_in_another_file(lines: list[FileLine]) -> None:
    month = sorted(lines, key=lambda line: line.booked_on)
    days = {line.booked_on for line in month}
    apart = [key for day in sorted(days) for key in identities([each for each in month if each.booked_on == day])]

    whole = identities(month)

    assert whole == apart
    assert len(set(whole)) == len(whole)


def test_a_banks_own_reference_outweighs_words_that_vary() -> None:
    line = a_line("1.00", "rent  MARCH", bank_ref="B1")

    assert identities([line]) == identities([replace(line, text="other", counterparty_name="")])
    assert identities([replace(line, bank_ref="")]) != identities([replace(line, bank_ref="", text="other")])
    assert identities([replace(line, bank_ref="")]) == identities([replace(line, bank_ref="", text="Rent march")])
