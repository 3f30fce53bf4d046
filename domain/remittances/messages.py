"""Messages about agents' money that are left in the outbox; their handler lives in the composition root."""

from __future__ import annotations

from typing import ClassVar

from domain.outbox.sending import Message


class TellPartnerOfPayment(Message, frozen=True):
    """Mail a partner that its debtor has paid us, or that such a payment went back, by the collection's row."""

    kind: ClassVar[str] = "tell_partner_of_payment"
    collection_id: int


class TellPartnerOfDifference(Message, frozen=True):
    """Mail a partner that it kept, or paid over, something else than its card says."""

    kind: ClassVar[str] = "tell_partner_of_difference"
    remittance_id: int
