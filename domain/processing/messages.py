"""Messages that processing leaves in the outbox; their handlers live in the composition root."""

from typing import ClassVar

from domain.outbox.sending import Message


class SendReceipt(Message, frozen=True):
    """Mail the receipt of a recorded payment to whoever paid."""

    kind: ClassVar[str] = "send_receipt"
    payment_id: int


class SendReceiptVoid(Message, frozen=True):
    """Tell whoever was sent the receipt of a payment that it was booked by mistake, and does not count."""

    kind: ClassVar[str] = "send_receipt_void"
    payment_id: int


class SendPaymentFailed(Message, frozen=True):
    """Tell whoever paid that a payment on its way did not come after all."""

    kind: ClassVar[str] = "send_payment_failed"
    payment_id: int


class SendRefund(Message, frozen=True):
    """Have the processor send a refund that may go out."""

    kind: ClassVar[str] = "send_refund"
    refund_id: int


class TellRefund(Message, frozen=True):
    """Mail whoever paid that a refund is on its way ("sent"), or that it came back and is credit again ("back")."""

    kind: ClassVar[str] = "tell_refund"
    refund_id: int
    news: str


class KeepMethod(Message, frozen=True):
    """Save the method with which a payment was made, as its payer agreed."""

    kind: ClassVar[str] = "keep_method"
    payment_id: int
    method_ref: str


class LookUpSetup(Message, frozen=True):
    """Ask the processor whether a method was kept, because somebody waits for it."""

    kind: ClassVar[str] = "look_up_setup"
    setup_id: int


class TellExtension(Message, frozen=True):
    """Mail the customer that an invoice is due later, and from when; with `cut_id` that it is due earlier again."""

    kind: ClassVar[str] = "tell_extension"
    extension_id: int
    cut_id: int | None = None
