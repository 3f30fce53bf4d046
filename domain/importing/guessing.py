"""Guessing: propose which of their columns is which of ours, for a person to confirm; what is unclear stays open."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, TypeVar

from domain.importing import dates, reading
from domain.importing.amounts import proven_sign
from domain.importing.mapping import Ours
from domain.importing.problems import Unreadable
from domain.importing.rows import DAYS
from domain.importing.tables import Cell

K = TypeVar("K")
"""Whose columns they are: an enum of the names of ours."""

SAMPLE_ROWS = 200
SHOWN_ROWS = 10
FORMATS = (
    "iso",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d.%m.%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%Y/%m/%d",
    "%Y%m%d",
    "%d %b %Y",
    "%d-%b-%Y",
    "%d/%m/%y",
    "%m/%d/%y",
    "%d.%m.%y",
)
NAMES: dict[Ours, tuple[str, ...]] = {
    Ours.ACCOUNT_NUMBER: (
        "account number, account no, account, account id, customer number, customer no, customer id, customer",
        "kundennummer, kundennr, debitor, debitorennummer, numero de cliente, codigo de cliente, numero client",
    ),
    Ours.INVOICE_NUMBER: (
        "invoice number, invoice no, invoice, invoice id, document number, document no, number, reference",
        "rechnungsnummer, belegnummer, numero de factura, factura, numero de facture, facture",
    ),
    Ours.ISSUED_ON: (
        "issued on, invoice date, issue date, document date, date",
        "rechnungsdatum, belegdatum, fecha de factura, fecha de emision, fecha, date de facture",
    ),
    Ours.DUE_ON: (
        "due on, due date, due, payment due",
        "falligkeit, falligkeitsdatum, fallig am, fecha de vencimiento, vencimiento, date d echeance, echeance",
    ),
    Ours.AMOUNT: (
        "amount, invoice amount, gross amount, gross, total, total amount, invoice total",
        "betrag, bruttobetrag, brutto, importe, importe total, montant, montant ttc",
    ),
    Ours.PAID_ON: (
        "paid on, paid date, settled date, payment date, date paid, settled on",
        "bezahlt am, zahlungsdatum, fecha de pago, pagado el, date de paiement",
    ),
    Ours.ACCOUNT_NAME: (
        "account name, customer name, client name, company, company name, name",
        "kundenname, firma, nombre, nombre del cliente, razon social, nom du client",
    ),
    Ours.EMAIL: ("email, e mail, email address, mail, correo, correo electronico, courriel",),
    Ours.PHONE: ("phone, phone number, telephone, tel, telefon, telefono",),
    Ours.COUNTRY: ("country, country code, land, pais, pays",),
    Ours.LANGUAGE: ("language, sprache, idioma, langue",),
    Ours.TIME_ZONE: ("time zone, timezone, zeitzone, zona horaria",),
    Ours.CURRENCY: ("currency, currency code, wahrung, moneda, divisa, devise",),
    Ours.NET: ("net, net amount, netto, nettobetrag, neto, base imponible, montant ht",),
    Ours.TAX: ("tax, vat, tax amount, vat amount, mwst, ust, steuer, iva, tva",),
    Ours.DESCRIPTION: ("description, text, details, beschreibung, descripcion, concepto, libelle",),
    Ours.PURCHASE_ORDER: ("purchase order, po number, po, order number, bestellnummer, pedido, bon de commande",),
    Ours.DELIVERED_ON: (
        "delivered on, delivery date, date of delivery, delivered",
        "lieferdatum, geliefert am, fecha de entrega, entregado el, date de livraison",
    ),
}
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
"""Where a word begins in invoiceNumber."""


@dataclass(frozen=True, slots=True)
class Look:
    """A first look at a file: its columns, a few rows as text, how it was read, and a guess at what is what.

    `date` and `decimal` are None where the sample leaves several possible.
    """

    headers: tuple[str, ...]
    rows: list[list[str]]
    read_as: dict[str, str]
    columns: dict[Ours, str]
    date: str | None
    decimal: str | None


def look(
    stream: BinaryIO, *, encoding: str | None = None, separator: str | None = None, sheet: str | None = None
) -> Look:
    """Look at the beginning of a file (seekable). Raises Unreadable where there is no table to see."""
    rows: list[Sequence[Cell]] = []
    with reading.opened(stream, encoding=encoding, separator=separator, sheet=sheet) as table:
        with suppress(Unreadable):
            rows.extend(cells for _, cells in islice(table.records, SAMPLE_ROWS))
        columns = guess_mapping(table.headers)
        return Look(
            headers=table.headers,
            rows=[[str(cell) for cell in cells] for cells in rows[:SHOWN_ROWS]],
            read_as=table.read_as,
            columns=columns,
            date=date_format(texts_in(rows, table.headers, columns, DAYS)),
            decimal=decimal_sign(texts_in(rows, table.headers, columns, (Ours.AMOUNT, Ours.NET, Ours.TAX))),
        )


def guess_mapping(headers: Sequence[str]) -> dict[Ours, str]:
    """Our column for each of theirs whose name is a usual one; each of theirs at most once."""
    return guess_columns(headers, NAMES)


def guess_columns(headers: Sequence[str], names: Mapping[K, Sequence[str]]) -> dict[K, str]:
    """The same by any table of usual names: each of ours with lists of plain names, the likeliest first."""
    plain = {_plain(header): header for header in reversed(headers) if header}
    guessed: dict[K, str] = {}
    for ours, lists in names.items():
        for name in ", ".join(lists).split(", "):
            if name in plain:
                guessed[ours] = plain.pop(name)
                break
    return guessed


def _plain(header: str) -> str:
    """A name as we compare it: words in small letters without accents."""
    words = unicodedata.normalize("NFKD", CAMEL.sub(" ", header)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", " ", words).strip()


def texts_in(
    rows: Sequence[Sequence[Cell]], headers: Sequence[str], columns: Mapping[K, str], wanted: Collection[K]
) -> list[str]:
    """The texts in some of our columns."""
    places = [headers.index(columns[ours]) for ours in wanted if ours in columns]
    cells = (row[place] for row in rows for place in places if place < len(row))
    return [cell.strip() for cell in cells if isinstance(cell, str) and cell.strip()]


def date_format(texts: Collection[str]) -> str | None:
    """The one format that all the texts have; iso where there are none to read."""
    fitting = [form for form in FORMATS if all(dates.fits(text, form) for text in texts)]
    if not texts or len(fitting) == 1:
        return fitting[0]
    return None


def decimal_sign(texts: Collection[str]) -> str | None:
    """The decimal sign that some text proves, and none contradicts."""
    signs = {sign for text in texts if (sign := proven_sign(text.strip("()-+ ")))}
    return signs.pop() if len(signs) == 1 else None
