"""Cast: the customers of the demo, how each of them pays, and who signs in for them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from domain.accounts.model import LegalForm


class Habit(Enum):
    """How a customer pays."""

    PROMPT = auto()
    """By card, around the due date."""
    LATE = auto()
    """By card, one to six weeks late."""
    PARTS = auto()
    """By card, in two parts."""
    BANK = auto()
    """By bank transfer, around the due date; the bank's file is imported each month."""
    BANK_LATE = auto()
    """By bank transfer, weeks late."""
    FADING = auto()
    """Paid well, later and later, and since seven months nothing."""
    NEW = auto()
    """A customer for three months only."""


@dataclass(frozen=True, slots=True)
class Customer:
    """One account: `size` is roughly the net amount of an invoice in whole pounds or euros."""

    number: str
    name: str
    form: LegalForm
    habit: Habit
    size: int
    contact: str
    domain: str
    terms: int = 30
    language: str = "en"
    currency: str = "GBP"
    country: str = "GB"
    place: str = "London"
    accountant: bool = False
    a_month: int = 1
    """How many invoices they get."""

    @property
    def email(self) -> str:
        """The shared mailbox of their accounts department."""
        return f"accounts@{self.domain}"

    @property
    def login(self) -> str:
        """What their bookkeeper signs in with."""
        return f"{self.contact.split()[0].lower().translate(PLAIN)}@{self.domain}"

    @property
    def phone(self) -> str | None:
        """Their office; nobody's number, as Ofcom keeps them for stories. Spain keeps none."""
        return f"020 7946 0{self.number[-3:]}" if self.country == "GB" else None

    @property
    def mobile(self) -> str | None:
        """Their bookkeeper's number, from the same list."""
        return f"07700 900{self.number[-3:]}" if self.country == "GB" else None


PLAIN = str.maketrans("áéíóúñç", "aeiounc")
ACCOUNTANT = ("Priya Shah", "priya@ledgerandlane.example")
"""Keeps the books of several customers: one login, many accounts."""

HARBOUR = "A-1047"
"""The account that shows most: late and coming invoices, part payments, a credit note."""
PAID_TOO_MUCH = "A-1012"
DECLINED = "A-1023"
WRONGLY_INVOICED = "A-1008"
UNSEEN_CHARGE = "A-1028"
AUTOMATIC = "A-1001"
"""Albion Street Bakery, whose invoices are paid by themselves."""
FAILING = "A-1020"
"""Flour Power Pizza, whose automatic payment turned itself off."""
BY_DEBIT = "A-1081"
DEBIT_BACK = "A-1079"
CHEQUE = "A-1031"
CHEQUE_BACK = "A-1015"
CHEQUE_NEW = "A-1050"
CONTESTED_OPEN = "A-1002"
CONTESTED_WON = "A-1072"
CONTESTED_LOST = "A-1068"
CREDITED_BACK = "A-1068"
REFUND_FAILS = "A-1010"
WARNED = "A-1077"
PAYS_LESS = "A-1021"
PAY_EARLY = ("A-1012", "A-1061")
"""Who pays for the discount."""
PAY_LATE = ("A-1029", "A-1050", "A-1058")
"""Customers to whom something particular happens (see `incidents.py`, `new_ways.py`, `going_back.py`)."""

C, S, P, N, B = (
    LegalForm.COMPANY,
    LegalForm.SOLE_TRADER,
    LegalForm.PARTNERSHIP,
    LegalForm.NATURAL_PERSON,
    LegalForm.PUBLIC_BODY,
)
H = Habit

CAST = (
    Customer("A-1001", "Albion Street Bakery Ltd", C, H.PROMPT, 420, "Hannah Cole", "albionbakery.example"),
    Customer("A-1002", "Bistro Marguerite Ltd", C, H.LATE, 610, "Luc Bernard", "marguerite.example", accountant=True),
    Customer("A-1003", "Blue Anchor Inns Ltd", C, H.FADING, 1_480, "Graham Pike", "blueanchor.example", place="Hull"),
    Customer("A-1005", "Bramble & Rye LLP", P, H.BANK, 350, "Ella Bramble", "brambleandrye.example", 14),
    Customer("A-1006", "Camden Lock Canteen Ltd", C, H.BANK, 540, "Noor Aziz", "camdencanteen.example"),
    Customer("A-1008", "Cartwright Catering Ltd", C, H.BANK, 1_150, "Tom Cartwright", "cartwright.example"),
    Customer(
        "A-1010", "Copper Kettle Tea Rooms", S, H.PARTS, 210, "Joyce Whitby", "copperkettle.example", place="York"
    ),
    Customer("A-1012", "Dockside Deli Ltd", C, H.PROMPT, 480, "Marek Nowak", "docksidedeli.example", accountant=True),
    Customer("A-1014", "Eastfield Primary School", B, H.BANK, 390, "Ruth Adeyemi", "eastfield.example", place="Luton"),
    Customer("A-1015", "Elm Park Nursery LLP", P, H.BANK_LATE, 260, "Sophie Hart", "elmpark.example"),
    Customer("A-1017", "Fenwick Arms Ltd", C, H.BANK_LATE, 730, "Callum Fenwick", "fenwickarms.example", place="Leeds"),
    Customer("A-1018", "Fig & Olive Kitchen Ltd", C, H.BANK, 640, "Dilara Kaya", "figandolive.example"),
    Customer("A-1020", "Flour Power Pizza Ltd", C, H.LATE, 520, "Gino Esposito", "flourpower.example", accountant=True),
    Customer("A-1021", "Foxglove Events Ltd", C, H.BANK_LATE, 1_320, "Imogen Vale", "foxglove.example", place="Bath"),
    Customer("A-1023", "Garden Gate Café Ltd", C, H.PROMPT, 310, "Aisha Malik", "gardengate.example"),
    Customer("A-1025", "Golden Wok Ltd", C, H.BANK, 560, "Wei Zhang", "goldenwok.example", place="Manchester"),
    Customer("A-1026", "Greenbank Care Homes Ltd", C, H.BANK, 1_740, "Paul Devlin", "greenbank.example", 45),
    Customer("A-1028", "Hackney Roasters Ltd", C, H.PROMPT, 880, "Yemi Ojo", "hackneyroasters.example", 14),
    Customer(
        "A-1029", "Hallam Borough Council", B, H.BANK_LATE, 1_280, "Denise Firth", "hallam.example", place="Hallam"
    ),
    Customer("A-1031", "Hazel & Finch Florists", S, H.BANK_LATE, 160, "Hazel Finch", "hazelfinch.example"),
    Customer(
        "A-1047", "Harbour Café Ltd", C, H.LATE, 690, "Ana Moreno", "harbourcafe.example", accountant=True, a_month=2
    ),
    Customer("A-1049", "Highgate Hotel Ltd", C, H.BANK, 2_150, "Oliver Strand", "highgatehotel.example", 45),
    Customer(
        "A-1050", "Iron Bridge Brewery Ltd", C, H.BANK_LATE, 940, "Rhys Morgan", "ironbridge.example", place="Cardiff"
    ),
    Customer("A-1052", "Juniper Gin Bar Ltd", C, H.FADING, 780, "Becky Stone", "juniperbar.example"),
    Customer("A-1054", "King's Parade Books LLP", P, H.BANK, 190, "Edmund Price", "kingsparade.example"),
    Customer("A-1055", "Kiran Patel", N, H.PARTS, 140, "Kiran Patel", "kiranpatel.example"),
    Customer("A-1057", "Lantern Street Kitchen Ltd", C, H.NEW, 430, "Mia Thornton", "lanternstreet.example"),
    Customer("A-1058", "Lime Tree Academy", B, H.BANK, 620, "Geoff Barlow", "limetree.example", place="Reading"),
    Customer("A-1060", "Mariner's Fish Bar", S, H.FADING, 290, "Derek Lowe", "marinersfish.example", place="Whitby"),
    Customer("A-1061", "Meadow Vale Dental Ltd", C, H.PROMPT, 340, "Anita Rao", "meadowvale.example", accountant=True),
    Customer("A-1063", "Millbrook Garage Ltd", C, H.BANK_LATE, 370, "Steve Marsh", "millbrook.example", place="Derby"),
    Customer("A-1064", "Nine Elms Fitness Ltd", C, H.NEW, 510, "Zara Quinn", "nineelmsfit.example"),
    Customer("A-1066", "Oakwell Farm Shop LLP", P, H.BANK, 450, "Martin Oakwell", "oakwellfarm.example", place="Kent"),
    Customer("A-1068", "Old Mill Weddings Ltd", C, H.LATE, 1_060, "Freya Lang", "oldmill.example", place="Stroud"),
    Customer("A-1070", "Pimlico Print Works Ltd", C, H.BANK, 280, "Ian Fletcher", "pimlicoprint.example", 14),
    Customer("A-1072", "Casa Lola Tapas Ltd", C, H.LATE, 590, "Lola Jiménez", "casalola.example", language="es"),
    Customer(
        "A-1073",
        "Distribuciones Levante S.L.",
        C,
        H.PROMPT,
        1_900,
        "Íñigo Ferrer",
        "levante.example",
        60,
        "es",
        "EUR",
        "ES",
        "Valencia",
    ),
    Customer("A-1075", "La Tasca del Puerto Ltd", C, H.BANK, 410, "Marta Ruiz", "latasca.example", language="es"),
    Customer("A-1077", "Riverside Rowing Club", B, H.PARTS, 230, "Alan Beck", "riversiderowing.example"),
    Customer("A-1079", "Sunrise Smoothies Ltd", C, H.FADING, 460, "Jade Winter", "sunrisesmoothies.example"),
    Customer("A-1081", "Tower Hill Coworking Ltd", C, H.NEW, 820, "Ben Archer", "towerhill.example"),
)
