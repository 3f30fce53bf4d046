"""Names: legal forms, accents, order and cut ends do not matter; other names do."""

from __future__ import annotations

import pytest

from domain.banking.names import KnownNames

NAMES = {1: "Müller & Söhne GmbH & Co. KG", 2: "Acme Trading Ltd", 3: "Café París S.L.", 4: "Miller Sons Inc"}
KNOWN = KnownNames(NAMES)


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("MUELLER SOEHNE", [1]),
        ("Söhne Müller GmbH", [1]),
        ("ACME TRADING LIMITED", [2]),
        ("CAFE PARIS SL", [3]),
        ("Trading", []),
        ("Ltd", []),
        ("", []),
        ("Nobody & Sons", []),
    ],
)
def test_whose_name_it_is(written: str, found: list[int]) -> None:
    assert KNOWN.alike(written) == found


def test_a_long_name_may_be_cut_by_the_bank() -> None:
    known = KnownNames({1: "International Widget Manufacturing and Distribution Company Ltd", 2: "Inter Ltd"})

    assert known.alike("INTERNATIONAL WIDGET MANUFAC") == [1]
