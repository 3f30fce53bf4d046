"""Extending: the emails that say that an invoice is due later, or earlier again, and what that does not change."""

from __future__ import annotations

from app.handlers.mailing import own_page, reader_of, send_letter
from app.wired import Wired
from domain.accounts import queries as accounts
from domain.audit.recording import record
from domain.invoicing import early_discounts
from domain.processing.messages import TellExtension
from domain.receivables import queries as receivables
from domain.receivables.model import Extension, ExtensionCut
from domain.shared.actor import WORKER, ActorKind
from domain.shared.db.session import today


def tell_extension(wired: Wired, message: TellExtension) -> None:
    """Tell whoever set it later themselves, else the account's address; nothing where there is neither."""
    with wired.database.reading() as session:
        extension = session.get_one(Extension, message.extension_id)
        account = accounts.account(session, extension.account_id)
        invoice = receivables.invoice(session, account.id, extension.invoice_id)
        login_id = extension.actor_id if extension.actor_kind == ActorKind.LOGIN else None
        link_id = extension.actor_id if extension.actor_kind == ActorKind.PAY_LINK else None
        reader = reader_of(session, account, login_id, link_id)
        if reader is None:
            return
        to, language = reader
        cut = session.get_one(ExtensionCut, message.cut_id) if message.cut_id is not None else None
        context = {
            "number": invoice.number,
            "was_due_on": extension.was_due_on,
            "due_on": cut.due_on if cut else extension.due_on,
            "told_before": cut.was_due_on if cut else None,
            "offer": early_discounts.offers(session, [invoice.id], today(session)).get(invoice.id),
            "account_number": account.number,
            "link": own_page(wired, f"/accounts/{account.id}/invoices/{invoice.id}", link_id),
        }
    letter, mark = ("extension_cut", f"extension_cut.{cut.id}") if cut else ("extension", f"extension.{extension.id}")
    send_letter(wired, letter, context, to=to, language=language, mark=mark)
    with wired.database.transaction() as session:
        record(
            session,
            "extension.told",
            actor=WORKER,
            subject=("invoice", invoice.id),
            account_id=account.id,
            after={"number": invoice.number, "to": to},
        )
