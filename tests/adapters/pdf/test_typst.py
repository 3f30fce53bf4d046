"""Typst: every letter in every language becomes an archivable, tagged PDF, and data never becomes markup."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, Literal

import pytest
from pypdf import PdfReader

from adapters.pdf.labels import LABELS
from adapters.pdf.typst import LETTERS, TypstRenderer, written
from domain.receivables.ageing import BUCKET_NAMES, BUCKETS
from domain.shared.business import Logo
from domain.shared.mail import Picture
from domain.shared.words import Words
from tests.support.builders import money
from tests.support.files import a_photo
from web.localisation import localisation

NOON = datetime(2026, 3, 16, 12, 0, tzinfo=UTC)
HOSTILE = '#panic("x") *bold* $x$ \\ <label> @ref // not a comment "quoted" `code` = heading'
HEAD: dict[str, Any] = {
    "made_at": NOON,
    "business": {
        "name": "Northgate Supplies Ltd",
        "address": "14 Mill Road\nGateshead",
        "email": "accounts@northgate.example",
        "phone": "",
        "registration": "07410052",
    },
    "customer": {"name": HOSTILE, "number": "A-1047", "address": "2 Quayside\nWhitby"},
}
MOVEMENT = {
    "on": date(2026, 3, 2),
    "words": Words.of("Invoice {number}, due {due_on}", number=HOSTILE, due_on=date(2026, 4, 1)),
    "reference": "RF92 Q000 042",
    "charged": money("120.00"),
    "credited": None,
    "balance": money("220.00"),
}
STAND = {"due": money("120.00"), "accrued": money("30.00"), "payable": money("0.00")}
LETTERS_TO_WRITE: dict[str, dict[str, Any]] = {
    "partner_statement": {
        "issued_on": date(2026, 3, 16),
        "first": date(2026, 3, 1),
        "last": date(2026, 3, 16),
        "opening": STAND,
        "closing": STAND,
        "lines": [
            {
                "on": date(2026, 3, 2),
                "words": Words.of("Set off"),
                "reference": HOSTILE,
                "moved": {**STAND, "due": None},
            },
            {"on": date(2026, 3, 3), "words": Words.of("Set off"), "reference": "", "moved": STAND},
        ],
    },
    "invoice": {
        "kind": "invoice",
        "number": "INV-000001",
        "issued_on": date(2026, 3, 2),
        "due_on": date(2026, 4, 1),
        "purchase_order": None,
        "delivered_on": date(2026, 3, 1),
        "description": HOSTILE,
        "void": False,
        "lines": [
            {
                "description": HOSTILE,
                "quantity": None,
                "rate": Decimal(20),
                "net": money("100.00"),
                "tax": money("20.00"),
                "total": money("120.00"),
            }
        ],
        "net": money("100.00"),
        "tax": money("20.00"),
        "amount": money("120.00"),
        "reference": "RF92 Q000 042",
        "bank": {
            "holder": HOSTILE,
            "iban": "GB82 WEST 1234 5698 7654 32",
            "account": "",
            "sort_code": "",
            "bic": "NWBKGB2L",
        },
        "early": {"enough": money("117.60"), "until": date(2026, 3, 12), "saves": money("2.40")},
        "working": {
            "invoice": HOSTILE,
            "principal": money("120.00"),
            "due_on": date(2026, 4, 1),
            "rows": [],
            "accrued": money("40.00"),
            "charged_before": None,
        },
    },
    "credit_note": {
        "number": "CN-000001",
        "issued_on": date(2026, 3, 2),
        "invoice": "INV-000001",
        "reason": HOSTILE,
        "net": money("100.00"),
        "tax": money("20.00"),
        "amount": money("120.00"),
    },
    "receipt": {
        "number": None,
        "reference": "01kkv88vg0dhpeg3k9v33de3x7",
        "received_on": date(2026, 3, 2),
        "means": None,
        "amount": money("120.00"),
        "settled": [{"number": HOSTILE, "amount": money("100.00")}],
        "earned": [{"number": HOSTILE, "note": "CN-000002", "amount": money("2.40")}],
        "credit": money("20.00"),
        "gone": money("5.00"),
        "reversed": True,
    },
    "correspondence": {
        "title": Words.of("Messages with the customer"),
        "reference": None,
        "entries": [
            {
                "heading": Words.of("We wrote by email"),
                "address": HOSTILE,
                "at": NOON,
                "result": Words.of("Delivered"),
                "subject": HOSTILE,
                "body": f"{HOSTILE}\n\n{HOSTILE}",
            }
        ],
    },
    "statement": {
        "number": "ST-000001",
        "issued_on": date(2026, 3, 16),
        "first": date(2026, 3, 1),
        "last": date(2026, 3, 16),
        "headline": {
            "label": "you_owe",
            "amount": money("220.00"),
            "late": money("100.00"),
            "agreed": money("60.00"),
            "disputed": money("20.00"),
        },
        "agreements": [
            {
                "words": Words.of("Payment plan: {paid} of {total} paid", paid=money("20.00"), total=money("80.00")),
                "due_now": money("20.00"),
                "next_amount": None,
                "next_on": None,
            },
            {
                "words": Words.of("Payment plan: {paid} of {total} paid", paid=money("0.00"), total=money("40.00")),
                "due_now": None,
                "next_amount": money("10.00"),
                "next_on": date(2026, 4, 1),
            },
        ],
        "acting": [
            {
                "name": HOSTILE,
                "kind": Words.of("Collection agency"),
                "since": date(2026, 2, 9),
                "numbers": "INV-000001, INV-000002",
                "reach": [HOSTILE, "ines@fair.example", "+44 20 7946 0991"],
                "open": money("100.00"),
            }
        ],
        "ageing": {
            "buckets": [
                {"name": Words.of(BUCKET_NAMES[bucket]), "count": 1, "amount": money("5.00"), "share": "166"}
                for bucket in BUCKETS
            ],
            "drawn": True,
            "agreed": {"count": 2, "amount": money("60.00")},
            "disputed": money("20.00"),
            "credit": money("-3.00"),
            "total": money("27.00"),
        },
        "opening": money("100.00"),
        "charged": money("120.00"),
        "credited": money("0.00"),
        "closing": money("220.00"),
        "movements": [MOVEMENT],
        "earlier": "ST-000000",
        "adjustments": [{"on": date(2026, 2, 2), "words": Words.of("Payment"), "amount": money("-5.00")}],
        "adjusted": money("-5.00"),
    },
}


@pytest.fixture(scope="module")
def renderer() -> TypstRenderer:
    """The renderer as it is wired."""
    return TypstRenderer(lambda language: localisation(language, "Europe/London"))


@pytest.mark.parametrize("language", ["en", "en-us", "es"])
@pytest.mark.parametrize("template", sorted(LETTERS_TO_WRITE))
def test_every_letter_is_archivable_and_tagged_in_every_language(
    renderer: TypstRenderer, template: str, language: str
) -> None:
    pdf = renderer.render(template, HEAD | LETTERS_TO_WRITE[template], language)

    assert pdf.startswith(b"%PDF-")
    assert b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert b"/Marked true" in pdf
    assert f"/Lang({language.partition('-')[0]}".encode() in pdf.replace(b"/Lang (", b"/Lang(")


@pytest.mark.parametrize("template", sorted(LETTERS_TO_WRITE))
@pytest.mark.parametrize(("form", "size"), [("PNG", (300, 80)), ("JPEG", (900, 60))])
def test_the_logo_stands_on_the_first_page_of_every_letter(
    template: str, form: Literal["PNG", "JPEG"], size: tuple[int, int]
) -> None:
    logo = Logo("5" * 64, f"image/{form.lower()}")
    picture = Picture("logo", a_photo(*size, form=form), logo.media_type)
    found = {logo: picture}
    renderer = TypstRenderer(lambda language: localisation(language, "Europe/London"), logo=found.get)  # type: ignore[arg-type]
    letter = HEAD | LETTERS_TO_WRITE[template]

    pdf = renderer.render(template, letter | {"business": HEAD["business"] | {"logo": asdict(logo)}}, "en")
    without = renderer.render(template, letter, "en")

    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    many, before = (len(PdfReader(BytesIO(each)).pages[0].images) for each in (pdf, without))
    assert many == before + 1


def test_the_same_data_make_the_same_bytes(renderer: TypstRenderer) -> None:
    letter = HEAD | LETTERS_TO_WRITE["statement"]

    assert renderer.render("statement", letter, "en") == renderer.render("statement", letter, "en")


def test_a_character_that_no_font_has_leaves_a_gap_and_no_error(renderer: TypstRenderer) -> None:
    letter = HEAD | LETTERS_TO_WRITE["receipt"] | {"means": "漢字"}

    pdf = renderer.render("receipt", letter, "en")

    assert pdf.startswith(b"%PDF-")
    assert b"pdfaid" not in pdf


def test_a_long_statement_runs_over_many_pages(renderer: TypstRenderer) -> None:
    letter = HEAD | LETTERS_TO_WRITE["statement"] | {"movements": [MOVEMENT] * 400}

    pages = renderer.pictures("statement", letter, "en", ppi=20)

    assert len(pages) > 8
    assert all(page.startswith(b"\x89PNG") for page in pages)


def test_values_are_written_as_their_reader_writes_them() -> None:
    data = {
        "amount": money("12.40", "EUR"),
        "day": date(2026, 3, 16),
        "rate": Decimal("11.75"),
        "words": Words.of("{amount}", amount=money("5.00", "EUR")),
        "parts": [None, True, "as it is"],
    }

    spanish = written(data, localisation("es", "Europe/London"))

    assert isinstance(spanish, Mapping)
    assert spanish["amount"].replace("\N{NO-BREAK SPACE}", " ") == "12,40 €"
    assert spanish["day"].replace("\N{NO-BREAK SPACE}", " ") == "16 mar 2026"
    assert (spanish["rate"], spanish["parts"]) == ("11,75", [None, True, "as it is"])
    assert spanish["words"].replace("\N{NO-BREAK SPACE}", " ") == "5,00 €"


def test_a_value_that_no_paper_can_say_is_an_error() -> None:
    with pytest.raises(TypeError, match="object"):
        written({"thing": object()}, localisation("en", "Europe/London"))


def test_every_label_is_asked_for_by_some_letter() -> None:
    templates = "\n".join(path.read_text() for path in LETTERS.glob("*.typ"))
    asked = set(re.findall(r'say\("(\w+)"', templates)) | {
        "invoice",
        "debit_note",
        "owed_again",
        "you_owe",
        "nothing_owed",
        "in_credit",
    }

    assert asked == set(LABELS)
