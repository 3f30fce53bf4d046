"""Named: payers are found by their names through an index, and as comparing with every account would find them."""

from __future__ import annotations

import pytest

from domain.banking.names import KnownNames
from domain.processing.bank.named import alike
from domain.shared.db.session import Database
from tests.support.builders import an_account
from tests.support.explaining import executed, plan_of

NAMES = (
    "Müller & Söhne GmbH",
    "Harbour Bakery Ltd",
    "Harbour Bakery 17",
    "Acme Trading Ltd",
    "A.B.C. Trading Ltd",
    "International Widget Manufacturing and Distribution Company Ltd",
    "Jørgensen Fisk AS",
    "O'Brien Holdings",
    "Siemens",
    "H & M",
    "Café París S.L.",
)


@pytest.fixture
def known(db: Database) -> dict[int, str]:
    with db.transaction() as session:
        return {an_account(session, name=name).id: name for name in NAMES}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("MUELLER SOEHNE", ["Müller & Söhne GmbH"]),
        ("Söhne Müller", ["Müller & Söhne GmbH"]),
        ("MUELLER SOEHNE UND", ["Müller & Söhne GmbH"]),
        ("ACME TRADING LIMITED", ["Acme Trading Ltd"]),
        ("ACME TRADNG", ["Acme Trading Ltd"]),
        ("THE ACME TRADING LTD", []),
        ("ABC TRADING", ["A.B.C. Trading Ltd"]),
        ("INTERNATIONAL WIDGET MANUFAC", ["International Widget Manufacturing and Distribution Company Ltd"]),
        ("JOERGENSEN FISK", ["Jørgensen Fisk AS"]),
        ("Holdings O Brien", ["O'Brien Holdings"]),
        ("SIEMMENS", ["Siemens"]),
        ("H M", ["H & M"]),
        ("CAFE PARIS", ["Café París S.L."]),
        ("Harbour Bakery 17", ["Harbour Bakery 17", "Harbour Bakery Ltd"]),
        ("Nobody & Sons", []),
        ("", []),
        ("Ltd", []),
    ],
)
def test_a_payer_is_found_by_name(db: Database, known: dict[int, str], written: str, meant: list[str]) -> None:
    with db.reading() as session:
        found = alike(session, {written}, "GBP")

    assert sorted(known[account_id] for account_id in found) == sorted(meant)
    assert found == set(KnownNames(known).alike(written))


def test_only_accounts_in_the_currency_of_the_line_are_found(db: Database, known: dict[int, str]) -> None:
    with db.reading() as session:
        assert alike(session, {"Acme Trading"}, "GBP")
        assert not alike(session, {"Acme Trading"}, "EUR")


def test_who_bears_the_name_leaves_nobody_to_look_for_who_is_called_nearly_so(db: Database) -> None:
    with db.transaction() as session:
        same = an_account(session, name="Harbour Bakery").id
        an_account(session, name="Barbour Bakery")

    with db.reading() as session:
        assert alike(session, {"HARBOUR BAKERY"}, "GBP") == {same}


def test_names_are_looked_up_by_index(db: Database, known: dict[int, str]) -> None:
    with db.reading() as session, executed(db) as asked:
        alike(session, {"HARBUOR BAKERY", "SIEMMENS"}, "GBP")

    assert len(asked) == 2
    for statement, values in asked:
        plan = plan_of(db, statement, values, through="bitmap")
        assert "Seq Scan on account" not in plan
        assert "SCAN account" not in plan
        assert "trigrams_account" in plan
