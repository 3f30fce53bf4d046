"""Company: the creditor of the demo, who works there, and what it sells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app import environment as env
from app.demo.bank_file import OUR_BANK_ACCOUNT
from app.environment import Setting
from domain.staff.model import Role

BUSINESS: dict[Setting[Any], str] = {
    env.BUSINESS_NAME: "Northgate Supplies Ltd",
    env.BUSINESS_TIME_ZONE: "Europe/London",
    env.BUSINESS_CURRENCY: "GBP",
    env.BUSINESS_LANGUAGE: "en",
    env.BUSINESS_EMAIL: "accounts@northgate.example",
    env.BUSINESS_PHONE: "020 7946 0155",
    env.BUSINESS_ADDRESS: "Unit 7, Northgate Yard\\nLondon E8 4QN",
    env.BUSINESS_REGISTRATION: "Company 00000000 · VAT GB 000 0000 00",
    env.BANK_IBAN: OUR_BANK_ACCOUNT,
    env.BANK_SORT_CODE: "20-20-15",
    env.BANK_ACCOUNT: "55555555",
    env.INSTALLATION: "northgate-demo",
}
"""Its settings. Fictional throughout: the numbers are nobody's."""

PASSWORD = "copper lantern drifting otter"
"""What every member of the demo's staff signs in with, besides the six digits."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works in the back office."""

    name: str
    email: str
    role: Role


STAFF = (
    Colleague("Olivia Grant", "olivia@northgate.example", Role.ADMINISTRATOR),
    Colleague("Sam Reed", "sam@northgate.example", Role.COLLECTOR),
    Colleague("Mina Haddad", "mina@northgate.example", Role.COLLECTOR),
    Colleague("Ade Okafor", "ade@northgate.example", Role.MANAGER),
    Colleague("Jo Lindqvist", "jo@northgate.example", Role.AUDITOR),
)


@dataclass(frozen=True, slots=True)
class Article:
    """Something that is sold: what it is called, its net price in minor units, and the tax on it in per cent."""

    name: str
    unit: str
    price: int
    tax: int


ARTICLES = (
    Article("Paper napkins, two-ply", "box of 2,000", 2_340, 20),
    Article("Takeaway cups, 340 ml", "sleeve of 500", 4_175, 20),
    Article("Compostable lids", "sleeve of 500", 3_290, 20),
    Article("Washing-up liquid, professional", "5 l", 1_285, 20),
    Article("Nitrile gloves, medium", "box of 100", 895, 20),
    Article("Surface disinfectant", "case of 6", 2_760, 20),
    Article("Till rolls, 80 mm", "box of 20", 2_180, 20),
    Article("Blue centrefeed rolls", "pack of 6", 1_690, 20),
    Article("Arabica espresso beans", "10 kg", 14_850, 0),
    Article("Semi-skimmed UHT milk", "case of 12", 1_320, 0),
    Article("Demerara sugar sachets", "box of 1,000", 1_145, 0),
    Article("Rapeseed oil", "20 l", 3_860, 0),
    Article("Bin liners, heavy duty", "box of 200", 1_975, 20),
    Article("Delivery and handling", "drop", 1_250, 20),
)
"""Food is free of VAT in Britain, most else bears a fifth (VAT Notice 701/14); on exports there is none."""
