"""Late charges: make today's, or show what any day would charge, for people and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from app.commands.common import books, print_json
from app.commands.figures import DAY, as_json
from app.handlers.late_charging import charge_due
from domain.late_charges.foreseeing import Foreseen, foresee
from domain.late_charges.model import ChargeKind
from domain.late_charges.reckoning import Reckoned
from domain.shared.db.session import Database, today
from domain.shared.money import Money

KIND_WORDS = {ChargeKind.INTEREST: "Interest", ChargeKind.RECOVERY_COST: "Recovery costs"}


@click.command("late-charges")
@click.option("--as-of", "as_of", type=DAY, metavar="YYYY-MM-DD", help="On which day; today by default.")
@click.option("--dry-run", is_flag=True, help="Show what would be charged, with its working, and charge nothing.")
@as_json
def late_charges(as_of: datetime | None, dry_run: bool, json_wanted: bool) -> None:
    """Make the late charges that today still lacks; the worker does the same each day.

    Any other day can only be tried: by what is known now, and as if what is open stayed so. docs/terms.md describes
    the rules and the JSON.
    """
    if as_of is not None and not dry_run:
        raise click.UsageError("Only today's charges can be made. Add --dry-run to try another day.")
    with books() as database:
        if not dry_run:
            _make(database, json_wanted=json_wanted)
            return
        with database.reading() as session:
            found = foresee(session, as_of.date() if as_of else today(session))
    if json_wanted:
        print_json(_as_json(found))
    else:
        _tell(found)


def _make(database: Database, *, json_wanted: bool) -> None:
    did = charge_due(database)
    if json_wanted:
        print_json({"papers": did.done, "failed": did.failures})
    else:
        click.echo(f"{did.done:,} papers for late charges; {did.failures:,} accounts failed.")
    if did.failures:
        raise SystemExit(1)


def _as_json(found: Foreseen) -> Mapping[str, Any]:
    return {
        "as_of": found.day.isoformat(),
        "dry_run": True,
        "currencies": {
            currency: {kind.value: str(total.decimal) for kind, total in totals.items()}
            for currency, totals in _totals(found).items()
        },
        "charges": [_charge(each) for each in found.reckoned],
        "missing_rates": [
            {"reference": reference, "day": day.isoformat(), "invoices": count}
            for (reference, day), count in sorted(_missing(found).items())
        ],
        "legal_form_unknown": found.of_unknown_form,
    }


def _charge(each: Reckoned) -> Mapping[str, Any]:
    return {
        "account": each.debt.account,
        "invoice": each.debt.number,
        "kind": each.kind.value,
        "due_on": each.debt.due_on.isoformat(),
        "through": each.through.isoformat(),
        "accrued": str(each.accrued.decimal),
        "charged_before": str(each.debt.charged_so_far(each.kind).decimal),
        "amount": str(each.to_charge.decimal),
        "rows": [
            {
                "from": row.first.isoformat(),
                "to": row.last.isoformat(),
                "days": row.days,
                "principal": str(row.principal.decimal),
                "rate": str(row.rate),
                "days_of_year": row.year_days,
            }
            for row in each.rows
        ],
    }


def _totals(found: Foreseen) -> dict[str, dict[ChargeKind, Money]]:
    currencies = sorted({each.to_charge.currency for each in found.reckoned})
    return {
        currency: {
            kind: Money.sum(
                (
                    each.to_charge
                    for each in found.reckoned
                    if each.kind is kind and each.to_charge.currency == currency
                ),
                currency,
            )
            for kind in ChargeKind
        }
        for currency in currencies
    }


def _missing(found: Foreseen) -> Counter[tuple[str, Any]]:
    return Counter((each.reference.value, each.day) for each in found.missing)


def _tell(found: Foreseen) -> None:
    for currency, totals in _totals(found).items():
        table = Table(f"Late charges of {found.day}", title=currency)
        table.add_column("Amount", justify="right")
        for kind, total in totals.items():
            table.add_row(KIND_WORDS[kind], str(total.decimal))
        Console().print(table)
    if not found.reckoned:
        click.echo(f"Nothing is to be charged on {found.day}.")
    for (reference, day), count in sorted(_missing(found).items()):
        click.echo(f"No rate of {reference} is known for {day}: the interest of {count:,} invoices waits.", err=True)
    if found.of_unknown_form:
        click.echo(
            f"{found.of_unknown_form:,} invoices are of customers whose legal form is unknown: rules for businesses "
            "do not reach them.",
            err=True,
        )
