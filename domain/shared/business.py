"""Business: the creditor that this installation serves, as its settings describe it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class BankDetails:
    """Where customers can transfer money to; what is empty is not shown."""

    holder: str = ""
    iban: str = ""
    account: str = ""
    sort_code: str = ""
    bic: str = ""

    def __bool__(self) -> bool:
        """Whether money can be transferred with what is told."""
        return bool(self.iban or self.account)

    @property
    def printed_iban(self) -> str:
        """The IBAN in groups of four, as people read it."""
        return " ".join(self.iban[place : place + 4] for place in range(0, len(self.iban), 4))


@dataclass(frozen=True, slots=True)
class Logo:
    """The picture of the business: where its content lies, and what it is."""

    sha256: str
    media_type: str

    @property
    def filename(self) -> str:
        """The last part of its address: another picture has another."""
        return f"{self.sha256}.{'png' if self.media_type == 'image/png' else 'jpg'}"


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
    bank: BankDetails = BankDetails()
    texts: bool = False
    """Whether we can send text messages, and want to."""
    emails: bool = True
    letters: bool = True
    calls: bool = True
    """Whether notices go by these ways; what somebody has to be told comes by email all the same."""
    country: str = "GB"
    """The ISO 3166 country whose public holidays its people have."""
    opens: int = 9
    closes: int = 17
    """The full hours of the clock between which they work, Monday to Friday."""
    closed: frozenset[date] = frozenset()
    """Days on which nobody works, besides public holidays."""
    logo: Logo | None = None
    accent: str = ""
    """The colour of its pages, such as "#0f5c6e"; empty is the product's own."""
    sender: str = ""
    """Whom mail comes from by name; empty is what the installation says."""
    reply_to: str = ""
    """Where answers to mail go; empty is wherever the mail came from."""
    languages: tuple[str, ...] = ()
    """The languages that customers can choose from; empty is all that there are."""
