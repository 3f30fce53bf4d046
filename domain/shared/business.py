"""Business: the creditor that this installation serves, as its settings describe it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Business:
    """The one creditor: its name, where its days begin, its currency, and what its papers say of it."""

    name: str = "Your business"
    time_zone: str = "Europe/London"
    currency: str = "GBP"
    language: str = "en"
    email: str = "accounts@example.com"
    phone: str = ""
    address: str = ""
    registration: str = ""
    installation: str = "quittance"
