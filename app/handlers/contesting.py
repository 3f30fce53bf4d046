"""Contesting: tell the processor that staff give in to a chargeback."""

from __future__ import annotations

from app.handlers.looking import leased
from app.wired import Wired
from domain.chargebacks import accepting, queries
from domain.chargebacks.accepting import AcceptChargeback
from domain.payments.processor import ProcessorRefused, ProcessorUnreachable
from domain.processing.reconciling.chargebacks import reconcile_chargeback


def accept_chargeback(wired: Wired, message: AcceptChargeback) -> None:
    """Tell the processor that we give in; asked again until the answer is known, for that changes nothing.

    Raises Busy while somebody else looks at it, and ProcessorUnreachable while the outcome is unknown.
    """
    with wired.database.reading() as session:
        if queries.by_ref(session, message.chargeback_ref).accepting_since is None:
            return
    with leased(wired, message.chargeback_ref):
        try:
            seen = wired.processor.accept_chargeback(message.chargeback_ref)
        except ProcessorRefused as refused:
            with wired.database.transaction() as session:
                accepting.not_accepted(session, message.chargeback_ref, str(refused))
            return
        with wired.database.transaction() as session:
            chargeback = reconcile_chargeback(session, seen)
    if chargeback.is_open:
        raise ProcessorUnreachable(f"{message.chargeback_ref} is {seen.state} after it was accepted")
