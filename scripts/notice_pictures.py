"""Notice pictures: a final notice as a letter and a first reminder as an email, in each language, for the manual."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from playwright.sync_api import Browser

from adapters.mail.composing import compose
from adapters.pdf.typst import TypstRenderer
from app.channels.letter import TEMPLATE, paper
from domain.notices.model import HeldBack
from domain.notices.printing import address_lines
from domain.notices.wording.composed import Composed
from domain.notices.wording.composing import Asked, Occasion, written
from domain.notices.wording.texts import Text
from domain.notices.wording.wordbook import wordbook
from domain.policies.contacting import Channel, Recipient, Wording
from domain.shared.business import BankDetails, Business
from domain.shared.languages import LANGUAGE_NAMES
from domain.shared.money import Money
from web.localisation import SOURCE
from web.rendering import Renderer

BUSINESS = Business(
    name="Northgate Supplies Ltd",
    email="accounts@northgate.example",
    phone="+44 20 7946 0000",
    address="Unit 7, Northgate Yard\nLondon E8 4QN",
    registration="Company 00000000 · VAT GB 000 0000 00",
    bank=BankDetails("Northgate Supplies Ltd", "GB82WEST12345698765432", "", "20-20-15", "NWBKGB2L"),
)
ACCOUNT, NUMBER, PERSON = "Harbour Café Ltd", "C-1007", "Ana Reyes"
ADDRESS = "14 Mill Road\nOuseburn\nNewcastle upon Tyne\nNE1 2AB"
LINK = "https://pay.northgate.example/l/Zk3yQm9vT2xX8b1cD4eF5gH6iJ7kL8mN9oP0qR1sT2u"
OPT_OUT = "https://pay.northgate.example/unsubscribe/eYW5hQGhhcmJvdXI.c2VhbA"
DAY, ACT_BY = date(2026, 9, 15), date(2026, 9, 22)
PARTS = (
    Asked(42, "INV-1042", date(2026, 7, 2), date(2026, 8, 1), Money(124_050, "GBP"), Money(0, "GBP")),
    Asked(
        51,
        "INV-1051",
        date(2026, 7, 11),
        date(2026, 8, 10),
        Money(27_000, "GBP"),
        Money(4_000, "GBP"),
        HeldBack.DISPUTED,
    ),
)
LETTER_PPI = 72
EMAIL_WIDTH = 640


def take_notices(chromium: Browser, folder: Path) -> None:
    """Draw all of them into the folder."""
    letters = Renderer(BUSINESS.time_zone, {"business": BUSINESS})
    for language in LANGUAGE_NAMES:
        _letter(letters, language, folder)
        _email(chromium, letters, language, folder)


def _letter(letters: Renderer, language: str, folder: Path) -> None:
    typeset = TypstRenderer(lambda _: letters.speaking(SOURCE))
    said = _said(Wording.FINAL_NOTICE, Channel.LETTER, language)
    to = address_lines(ACCOUNT, PERSON, ADDRESS)
    made_at = datetime.combine(DAY, datetime.min.time(), UTC)
    sheet = paper(said, BUSINESS, to=to, account_number=NUMBER, on=DAY, made_at=made_at)
    first, *_ = typeset.pictures(TEMPLATE, sheet, said.language, ppi=LETTER_PPI)
    (folder / f"letter-{language}.png").write_bytes(first)


def _email(chromium: Browser, letters: Renderer, language: str, folder: Path) -> None:
    said = _said(Wording.FIRST_REMINDER, Channel.EMAIL, language)
    context = {
        "business": BUSINESS,
        "said": said,
        "words": said.labels,
        "account_number": NUMBER,
        "unsubscribe": OPT_OUT,
        "logo": None,
    }
    html = compose(letters.environment(SOURCE), "notice", context).html
    page = chromium.new_page(viewport={"width": EMAIL_WIDTH, "height": 400})
    page.set_content(html)
    page.screenshot(path=folder / f"email-{language}.png", full_page=True)
    page.close()


def _said(wording: Wording, channel: Channel, language: str) -> Composed:
    text = wordbook(language).texts[(wording, channel)]
    occasion = Occasion(
        wording=wording,
        channel=channel,
        recipient=Recipient.CONTACT,
        language=language,
        name=PERSON,
        account_name=ACCOUNT,
        account_number=NUMBER,
        currency="GBP",
        on=DAY,
        parts=PARTS,
        act_by=ACT_BY,
        sender="Jo Field",
    )
    return written(occasion, Text(text.subject, text.body, channel, None, 0), BUSINESS, link=LINK, further={})
