"""A month: 200 lines out of a CAMT.053 and an MT940, matched: what is sure is right, and overlaps add nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from domain.banking.files import BankFile
from domain.banking.identity import identities
from domain.banking.matching import Matcher
from domain.banking.suggestions import Confidence
from tests.support.bank_files import a_camt053, an_mt940
from tests.support.bank_months import a_month

Read = Callable[[bytes], BankFile]
WRITERS = pytest.mark.parametrize("write", [a_camt053, an_mt940], ids=["camt053", "mt940"])


@WRITERS
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_what_is_sure_is_right_and_most_is_sure(read: Read, write: Callable[..., bytes], seed: int) -> None:
    month = a_month(200, seed)
    (page,) = read(write(*month.lines, opening="100000.00")).statements

    suggested = Matcher(month.candidates).suggest_all(page.lines)

    told: Counter[str] = Counter()
    for found, truth in zip(suggested, month.truth, strict=True):
        best = found[0] if found else None
        told[best.confidence.value if best else "left"] += 1
        right = best is not None and truth is not None and (best.kind, set(best.targets)) == (truth[0], set(truth[1]))
        told["right"] += right
        assert right or best is None or best.confidence is not Confidence.SURE
    print(
        f"\n{write.__name__}, seed {seed}: {len(page.lines)} lines, {told['sure']} sure (all right), {told['likely']} "
        f"likely, {told['possible']} possible, {told['left']} left; the first suggestion right for {told['right']}"
    )
    assert told["sure"] >= 110
    assert told["right"] >= 160


@WRITERS
def test_files_that_overlap_tell_the_same_lines(read: Read, write: Callable[..., bytes]) -> None:
    lines = a_month(200).lines

    (one,) = read(write(*lines[:130])).statements
    (two,) = read(write(*lines[100:])).statements

    known = set(identities(one.lines))
    new = [key for key in identities(two.lines) if key not in known]
    assert len(known) == 130
    assert len(new) == 70
