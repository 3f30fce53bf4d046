"""Reasons: why an invoice is contested, what a missing paper is answered with, and what turned out to be behind it."""

from __future__ import annotations

from enum import StrEnum

from domain.documents.model import Category
from domain.shared.errors import N_


class Reason(StrEnum):
    """Why an invoice is contested."""

    NOT_DELIVERED = "not_delivered"
    DAMAGED = "damaged"
    WRONG_ITEM = "wrong_item"
    SHORT_DELIVERY = "short_delivery"
    RETURNED = "returned"
    QUALITY = "quality"
    WRONG_PRICE = "wrong_price"
    WRONG_QUANTITY = "wrong_quantity"
    TAX = "tax"
    CREDIT_DUE = "credit_due"
    PAID_ALREADY = "paid_already"
    DUPLICATE = "duplicate"
    NOT_ORDERED = "not_ordered"
    MISSING_INVOICE = "missing_invoice"
    MISSING_ORDER = "missing_order"
    MISSING_PROOF = "missing_proof"
    OTHER = "other"


REASON_NAMES = {
    Reason.NOT_DELIVERED: N_("It was not delivered"),
    Reason.DAMAGED: N_("It came damaged or does not work"),
    Reason.WRONG_ITEM: N_("Something else was delivered"),
    Reason.SHORT_DELIVERY: N_("Less was delivered than is invoiced"),
    Reason.RETURNED: N_("It was sent back"),
    Reason.QUALITY: N_("The work or the quality is not as agreed"),
    Reason.WRONG_PRICE: N_("The price is not what we agreed"),
    Reason.WRONG_QUANTITY: N_("The quantity is wrong"),
    Reason.TAX: N_("The tax is wrong"),
    Reason.CREDIT_DUE: N_("A credit that was promised is missing"),
    Reason.PAID_ALREADY: N_("It has been paid already"),
    Reason.DUPLICATE: N_("It was invoiced twice"),
    Reason.NOT_ORDERED: N_("It was not ordered"),
    Reason.MISSING_INVOICE: N_("The invoice is missing"),
    Reason.MISSING_ORDER: N_("The purchase order is missing"),
    Reason.MISSING_PROOF: N_("There is no proof of delivery"),
    Reason.OTHER: N_("Something else"),
}
"""What each reason is called, for whoever reads it: nobody is *we* in it who might be the other side."""

REASON_GROUPS: tuple[tuple[str, tuple[Reason, ...]], ...] = (
    (
        N_("What was delivered"),
        (
            Reason.NOT_DELIVERED,
            Reason.DAMAGED,
            Reason.WRONG_ITEM,
            Reason.SHORT_DELIVERY,
            Reason.RETURNED,
            Reason.QUALITY,
        ),
    ),
    (
        N_("What it says"),
        (
            Reason.WRONG_PRICE,
            Reason.WRONG_QUANTITY,
            Reason.TAX,
            Reason.CREDIT_DUE,
            Reason.PAID_ALREADY,
            Reason.DUPLICATE,
            Reason.NOT_ORDERED,
        ),
    ),
    (N_("A paper is missing"), (Reason.MISSING_INVOICE, Reason.MISSING_ORDER, Reason.MISSING_PROOF)),
    (N_("None of these"), (Reason.OTHER,)),
)
"""The reasons as somebody looks for theirs."""

ANSWERED_BY = {
    Reason.MISSING_INVOICE: Category.INVOICE,
    Reason.MISSING_ORDER: Category.PURCHASE_ORDER,
    Reason.MISSING_PROOF: Category.PROOF_OF_DELIVERY,
}
"""The paper that answers a dispute by itself, once it is filed."""


class RootCause(StrEnum):
    """What turned out to be behind a dispute, for those who want fewer of them."""

    PRICING = "pricing"
    ORDER_ENTRY = "order_entry"
    DELIVERY = "delivery"
    PRODUCT = "product"
    INVOICING = "invoicing"
    PAPERWORK = "paperwork"
    CASH_APPLICATION = "cash_application"
    CUSTOMER = "customer"
    OTHER = "other"


CAUSE_NAMES = {
    RootCause.PRICING: N_("Prices or discounts were kept wrong"),
    RootCause.ORDER_ENTRY: N_("The order was taken down wrong"),
    RootCause.DELIVERY: N_("The delivery went wrong"),
    RootCause.PRODUCT: N_("The goods or the work were at fault"),
    RootCause.INVOICING: N_("The invoice was made wrong"),
    RootCause.PAPERWORK: N_("A paper had not been sent"),
    RootCause.CASH_APPLICATION: N_("A payment stood in the wrong place"),
    RootCause.CUSTOMER: N_("Nothing on our side"),
    RootCause.OTHER: N_("Something else"),
}
"""What each cause is called on the screen."""
