"""Fair export: the report of fair treatment as CSV: its numbers, and the customers behind the contacts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from domain.policies.contacting import CHANNEL_NAMES
from domain.reporting.fair_treatment import Family, Report
from domain.shared.errors import N_
from domain.shared.words import Speaking
from domain.statements.export import BYTE_ORDER_MARK, MEDIA_TYPE, csv_row, safe_cell

__all__ = ["MEDIA_TYPE", "debtors_csv", "report_csv"]
COLUMNS = (N_("About"), N_("What"), N_("How often"), N_("Customers"))
WHOSE = (N_("Account"), N_("Name"))


def report_csv(
    found: Report, families: Mapping[Family, str], names: Mapping[Family, Mapping[str, str]], speaking: Speaking
) -> Iterator[bytes]:
    """A row for each number, in the reader's language; also for what never happened."""
    yield (BYTE_ORDER_MARK + csv_row([speaking.translate(name) for name in COLUMNS])).encode()
    for family, numbers in found.numbers.items():
        for key, name in names[family].items():
            number = numbers.get(key)
            many, accounts = (number.many, number.accounts) if number else (0, 0)
            about = [speaking.translate(families[family]), speaking.translate(name)]
            yield csv_row([*about, str(many), str(accounts)]).encode()
    for least, most, customers in found.distribution:
        span = f"{least}" if least == most else f"{least}–{most}" if most else f"{least}+"
        yield csv_row([speaking.translate(N_("Contacts of one customer")), span, "", str(customers)]).encode()
    calls, _ = found.most_calls
    yield csv_row([speaking.translate(N_("Most calls to one customer in seven days")), "", str(calls), ""]).encode()
    outside = speaking.translate(families[Family.OUT_OF_HOURS])
    yield csv_row([outside, "", str(found.out_of_hours), ""]).encode()


def debtors_csv(found: Report, speaking: Speaking) -> Iterator[bytes]:
    """A row for each customer who heard from us, the most often first."""
    heads = [*WHOSE, *CHANNEL_NAMES.values(), N_("Together")]
    yield (BYTE_ORDER_MARK + csv_row([speaking.translate(name) for name in heads])).encode()
    for debtor in found.debtors:
        numbers = [str(debtor.by_channel.get(channel, 0)) for channel in CHANNEL_NAMES]
        yield csv_row([safe_cell(debtor.number), safe_cell(debtor.name), *numbers, str(debtor.total)]).encode()
