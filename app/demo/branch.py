"""Branch: the customers of a branch that was taken over with its old debts, and the partners that collect those."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from app.demo.cast import Customer, Habit
from app.demo.files import Row
from domain.accounts.model import LegalForm
from domain.placements.cards import Card, Rate
from domain.placements.enrolling import Described
from domain.placements.model import PartnerKind, Remits
from domain.shared.money import Money

CARD = Card(
    currency="GBP",
    rates=(
        Rate(percent=Decimal(20)),
        Rate(percent=Decimal(25), late_days=120),
        Rate(percent=Decimal(50), late_days=365),
        Rate(percent=Decimal(40), again=True),
    ),
    legal_percent=Decimal(10),
    tax_percent=Decimal(20),
)
"""What an agency takes: more of what is older, and of what another one has tried already."""


@dataclass(frozen=True, slots=True)
class Collector:
    """An agency or an attorney, its card, and who signs in for it."""

    described: Described
    card: Card
    person: str
    email: str
    agreed_days: int = 730
    """For how long what was agreed with it holds."""


TYNE = Collector(
    Described(
        "Tyne & Wharf Collections Ltd",
        PartnerKind.AGENCY,
        "desk@tynewharf.example",
        contact_name="Nadia Rahman",
        phone="020 7946 0901",
        address="3 Wharf Row\nNewcastle NE1 3AA",
        countries=("GB",),
        specialities="Trade debts, cafés and restaurants",
        settle_percent=10,
    ),
    CARD,
    "Nadia Rahman",
    "nadia@tynewharf.example",
)
BECK = Collector(
    Described(
        "Beck and Lowther Recoveries Ltd",
        PartnerKind.AGENCY,
        "new@becklowther.example",
        contact_name="Iain Beck",
        phone="020 7946 0902",
        remits=Remits.GROSS,
        term_days=120,
    ),
    CARD,
    "Iain Beck",
    "iain@becklowther.example",
    agreed_days=100,
)
HARCOURT = Collector(
    Described(
        "Harcourt Vane LLP",
        PartnerKind.ATTORNEY,
        "debt@harcourtvane.example",
        contact_name="Philippa Vane",
        phone="020 7946 0903",
        specialities="Claims in court",
        term_days=365,
        settle_percent=20,
    ),
    Card(currency="GBP", rates=(Rate(percent=Decimal(15)),), legal_percent=Decimal(5), tax_percent=Decimal(20)),
    "Philippa Vane",
    "philippa@harcourtvane.example",
)
PARTNERS = (TYNE, BECK, HARCOURT)


def _debtor(number: str, name: str, contact: str, domain: str) -> Customer:
    return Customer(number, name, LegalForm.COMPANY, Habit.FADING, 0, contact, f"{domain}.example", place="Southport")


SENT = _debtor("S-2001", "Pier Head Grill Ltd", "Dawn Ashton", "pierheadgrill")
ACTIVE = _debtor("S-2002", "Marine Parade Hotel Ltd", "Lewis Carr", "marineparade")
HELD = _debtor("S-2003", "Lord Street Bakehouse Ltd", "Orla Quinn", "lordstreetbakes")
RETURNED = _debtor("S-2004", "Sandgrounder Snacks Ltd", "Vic Halsall", "sandgrounder")
REFUSED = _debtor("S-2005", "Botanic Tea Garden Ltd", "Mary Rimmer", "botanictea")
PAID = _debtor("S-2006", "Promenade Ices Ltd", "Carlo Conti", "promenadeices")
DIRECT = _debtor("S-2007", "Kew Catering Supplies Ltd", "Sonia Wright", "kewcatering")
ASKING = _debtor("S-2008", "Ainsdale Sands Bar Ltd", "Terry Holt", "ainsdalesands")

SUED = _debtor("S-2009", "Hesketh Tea Rooms Ltd", "Gail Hesketh", "heskethtearooms")
WOUND_UP = _debtor("S-2010", "Formby Point Fish Bar Ltd", "Neil Rigby", "formbyfish")
GONE = _debtor("S-2011", "Birkdale Snack Wagon Ltd", "Toni Marsh", "birkdalesnacks")

OLD_DEBTS = (
    (SENT, 70, 612_40),
    (ACTIVE, 160, 1_840_00),
    (ACTIVE, 130, 965_50),
    (HELD, 95, 738_25),
    (RETURNED, 210, 1_120_00),
    (REFUSED, 150, 405_60),
    (PAID, 85, 564_75),
    (DIRECT, 110, 1_310_80),
    (ASKING, 140, 1_950_00),
    (SUED, 190, 3_240_00),
    (WOUND_UP, 60, 880_40),
    (WOUND_UP, 30, 415_75),
    (GONE, 260, 276_90),
)
"""Who owes what since how many days before the branch was taken over, in pence."""


def debtors() -> list[Customer]:
    """The customers of the branch."""
    return list(dict.fromkeys(debtor for debtor, _, _ in OLD_DEBTS))


def rows(taken_over_on: date) -> list[Row]:
    """What they owe, as a file for the import."""
    found = []
    for number, (debtor, late_days, minor) in enumerate(OLD_DEBTS, 4_101):
        due_on = taken_over_on - timedelta(days=late_days)
        amount = Money(minor, debtor.currency)
        found.append(Row(debtor.number, f"SB-{number}", due_on - timedelta(days=30), due_on, amount, None))
    return found
