"""Names: what categories and kinds of documents are called on the screen, and which of them people file by hand."""

from __future__ import annotations

from domain.documents.kinds import MediaType
from domain.documents.model import Category
from domain.shared.errors import N_

CATEGORY_NAMES = {
    Category.INVOICE: N_("Invoice"),
    Category.CREDIT_NOTE: N_("Credit note"),
    Category.STATEMENT: N_("Statement"),
    Category.RECEIPT: N_("Receipt"),
    Category.IMPORT: N_("Imported file"),
    Category.BANK_FILE: N_("File of the bank"),
    Category.ADVICE: N_("Remittance advice"),
    Category.CREDIT_APPLICATION: N_("Credit application"),
    Category.CREDIT_CHECK: N_("Credit check"),
    Category.TERMS: N_("Terms"),
    Category.NOTICE: N_("Notice"),
    Category.MESSAGE: N_("Message"),
    Category.AGREEMENT: N_("Agreement"),
    Category.DISCHARGE: N_("Discharge"),
    Category.CONTRACT: N_("Contract"),
    Category.PURCHASE_ORDER: N_("Purchase order"),
    Category.PROOF_OF_DELIVERY: N_("Proof of delivery"),
    Category.CORRESPONDENCE: N_("Correspondence"),
    Category.GUARANTEE: N_("Guarantee"),
    Category.EVIDENCE: N_("Evidence"),
    Category.EVIDENCE_PACK: N_("Evidence pack"),
}
"""What each category is called."""

BY_HAND = (
    Category.PROOF_OF_DELIVERY,
    Category.PURCHASE_ORDER,
    Category.CONTRACT,
    Category.CORRESPONDENCE,
    Category.INVOICE,
    Category.CREDIT_NOTE,
    Category.AGREEMENT,
    Category.GUARANTEE,
    Category.NOTICE,
    Category.RECEIPT,
    Category.EVIDENCE,
)
"""The categories under which people and other systems file, the usual ones first; ours file themselves under others."""

FILED = [(category.value, CATEGORY_NAMES[category]) for category in BY_HAND]
"""The same to choose from, with their names."""

FILED_AS = {category.value: category for category in BY_HAND}
"""What is chosen, by what a form sends."""

KIND_NAMES: dict[str, str] = {
    MediaType.PDF: N_("PDF"),
    MediaType.PNG: N_("Picture"),
    MediaType.JPEG: N_("Picture"),
    MediaType.TEXT: N_("Text"),
    MediaType.CSV: N_("Table (CSV)"),
    MediaType.DOCX: N_("Word document"),
    MediaType.XLSX: N_("Excel workbook"),
    MediaType.ODT: N_("OpenDocument text"),
    MediaType.ODS: N_("OpenDocument table"),
    "message/rfc822": N_("Email"),
    "application/zip": N_("ZIP archive"),
}
"""What each kind of file is called; any other is a file."""
