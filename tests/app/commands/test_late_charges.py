"""Late charges from the terminal: the whole of IBM's sample against a calculation that shares nothing with ours."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import func, select, update

from app.commands.common import books
from domain.accounts.model import Account, LegalForm
from domain.late_charges.model import LateCharge
from domain.policies.profiles import profile
from domain.policies.sections import Sections
from domain.receivables.model import Invoice
from tests.app.commands.test_import_ import printed, quittance
from tests.support.builders import an_account, an_invoice
from tests.support.ibm import IBM, IBM_MAPPING, needs_ibm
from tests.support.policies import a_policy

__all__ = ["quittance"]

Command = Callable[..., Result]
RATES = Path(__file__).parents[3] / "docs" / "examples" / "reference-rates.csv"
AS_OF = date(2014, 2, 1)
LAWS = {"contract": None, "uk_statutory": "boe", "eu_floating": "ecb_mro", "germany": "de_basiszinssatz", "none": None}
OTHERS = tuple(name for name in LAWS if name != "germany")
"""The laws that only `make faults` tries on PostgreSQL too: germany's rates change most often."""


def owed_by_hand(name: str) -> dict[str, str]:
    """What each invoice of the file bears through AS_OF, by the day: amount × Σ daily rate ÷ 365, rounded once."""
    reference, margin = LAWS[name], Fraction({"germany": 9, "none": 0}.get(name, 8))
    with RATES.open(encoding="utf-8") as file:
        known = sorted((r["from"], Fraction(r["percent"])) for r in csv.DictReader(file) if r["reference"] == reference)

    def rate(day: date) -> Fraction:
        first = day.replace(month=1 if day.month < 7 else 7, day=1)
        asked = first - timedelta(days=1) if reference == "boe" else first
        return margin + max(((since, each) for since, each in known if since <= asked.isoformat()), default=("", 0))[1]

    upto, total = {date(2010, 1, 1): Fraction(0)}, Fraction(0)
    for number in range(1, (AS_OF - date(2010, 1, 1)).days + 1):
        upto[date(2010, 1, 1) + timedelta(days=number)] = total = total + rate(date(2010, 1, 1) + timedelta(number))
    owed = {}
    with IBM.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            month, day, year = map(int, row["DueDate"].split("/"))
            due = date(year, month, day)
            fixed = (AS_OF - due).days * rate(due + timedelta(1))
            span = fixed if reference == "boe" else upto[AS_OF] - upto[min(due, AS_OF)]
            bears = round(Fraction(row["InvoiceAmount"]) * 100 * span / 36500)
            if bears > 0 and name != "none":
                owed[row["invoiceNumber"]] = f"{bears // 100}.{bears % 100:02}"
    return owed


@pytest.mark.parametrize(
    ("engine_kind", "name"),
    [
        *(("sqlite", name) for name in LAWS),
        pytest.param("postgresql", "germany", marks=pytest.mark.postgresql),
        *(pytest.param("postgresql", name, marks=[pytest.mark.postgresql, pytest.mark.faults]) for name in OTHERS),
    ],
)
@needs_ibm
def test_the_imported_file_bears_what_a_calculation_by_hand_says(quittance: Command, name: str) -> None:
    reopened = [line for line in IBM_MAPPING.read_text("utf-8").splitlines() if not line.startswith("paid_on")]
    Path("open.toml").write_text("\n".join(reopened))
    with books() as database, database.transaction() as session:
        a_policy(session, profile(name).sections, valid_from=date(2010, 1, 1))
    assert quittance("rates", "import", RATES).exit_code == 0
    printed(quittance("import", IBM, "--mapping", "open.toml", "--json"))
    with books() as database, database.transaction() as session:
        session.execute(update(Account).values(legal_form=LegalForm.COMPANY))

    found = printed(quittance("late-charges", "--as-of", AS_OF.isoformat(), "--dry-run", "--json"))

    assert {each["invoice"]: each["amount"] for each in found["charges"]} == owed_by_hand(name)
    assert (found["missing_rates"], found["legal_form_unknown"]) == ([], 0)
    with books() as database, database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LateCharge)) == 0


def overdue(sections: Sections, **account: Any) -> None:
    """An invoice over 1,000 that was due 60 days ago, under these terms."""
    with books() as database, database.transaction() as session:
        a_policy(session, sections)
        customer = an_account(session, number="C-7", **account)
        day = database.clock.now().date() - timedelta(days=60)
        an_invoice(session, customer, "1000", number="F-1", issued_on=day, due_on=day)


def test_todays_charges_are_made_once(quittance: Command) -> None:
    overdue(Sections(recovery_cost=profile("uk_statutory").sections.recovery_cost), legal_form=LegalForm.COMPANY)

    tried = printed(quittance("late-charges", "--dry-run", "--json"))
    made = [printed(quittance("late-charges", "--json")) for _ in range(2)]

    assert [(each["account"], each["invoice"], each["amount"]) for each in tried["charges"]] == [
        ("C-7", "F-1", "70.00")
    ]
    assert tried["currencies"] == {"GBP": {"interest": "0.00", "recovery_cost": "70.00"}}
    assert made == [{"papers": 1, "failed": 0}, {"papers": 0, "failed": 0}]
    with books() as database, database.reading() as session:
        assert session.scalars(select(Invoice.number).order_by(Invoice.id)).all() == ["F-1", "DN-000001"]


def test_rates_that_are_missing_and_customers_of_unknown_form_are_named(quittance: Command) -> None:
    statutory = profile("uk_statutory").sections
    overdue(statutory, legal_form=LegalForm.COMPANY)
    with books() as database, database.transaction() as session:
        day = database.clock.now().date() - timedelta(days=60)
        an_invoice(session, an_account(session), "5", issued_on=day, due_on=day)

    result = quittance("late-charges", "--dry-run")

    assert result.exit_code == 0
    assert "the interest of 1 invoices waits" in result.stderr
    assert "1 invoices are of customers whose legal form is unknown" in result.stderr
    assert "is not known" in quittance("rates", "show").stderr


def test_another_day_can_only_be_tried(quittance: Command) -> None:
    result = quittance("late-charges", "--as-of", "2026-01-01")

    assert result.exit_code == 2
    assert "--dry-run" in result.output


def test_rates_are_imported_shown_and_vouched_for(quittance: Command) -> None:
    first, again = quittance("rates", "import", RATES), quittance("rates", "import", RATES)
    vouched = [quittance("rates", "complete", "boe", "2026-02-01").output for _ in range(2)]

    shown = json.loads(quittance("rates", "show", "--json").stdout)
    assert "rates entered, 0 known already" in first.output
    assert again.output.startswith("0 rates entered")
    assert vouched == ["Noted.\n", "That was known already.\n"]
    oldest = min((each for each in shown["rates"] if each["reference"] == "boe"), key=lambda each: each["from"])
    assert (oldest["from"], oldest["percent"]) == ("2009-03-05", "0.5")
    assert oldest["source"].startswith("Bank of England")
    assert shown["complete_through"]["boe"] == "2026-02-01"


def test_a_file_of_rates_that_cannot_be_read_is_refused_with_its_row(quittance: Command) -> None:
    Path("bad.csv").write_text("reference,from,percent,source,complete_through\nboe,2026-01-01,x,BoE,\n")
    Path("odd.csv").write_bytes(b"")

    assert "Row 2" in quittance("rates", "import", "bad.csv").output
    assert "cannot be read as a CSV file" in quittance("rates", "import", "odd.csv").output
