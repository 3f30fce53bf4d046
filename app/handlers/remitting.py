"""Remitting: the mails to a partner about what was paid to us, and about what its remittance should have been."""

from __future__ import annotations

from app.handlers.mailing import send_letter
from app.wired import Wired
from domain.audit.recording import record
from domain.placements import queries
from domain.placements.model import Partner
from domain.placements.naming import reference_of
from domain.remittances.messages import TellPartnerOfDifference, TellPartnerOfPayment
from domain.remittances.model import PlacedCollection, Remittance
from domain.shared.actor import WORKER
from domain.shared.errors import N_
from domain.shared.money import Money
from web.localisation import SOURCE, supported

PAID = (
    N_("{name} has paid us {amount}: {reference}"),
    N_("Of what {name} owed, {open} is open now. Your commission on this payment is {commission}; please invoice it."),
)
WENT_BACK = (
    N_("A payment of {name} went back: {reference}"),
    N_("{amount} that we told you of went back. {open} is open. The commission on it, {commission}, falls away."),
)
KEPT_TOO_MUCH = (
    N_("Remittance {reference} is {missing} short"),
    N_(
        "By your commission card {expected} was to come, and {paid} did. Please put it right with your next remittance."
    ),
)
PAID_TOO_MUCH = (
    N_("Remittance {reference} is {missing} too much"),
    N_("By your commission card {expected} was to come, and {paid} did. Please set it off in your next remittance."),
)


def tell_partner_of_payment(wired: Wired, message: TellPartnerOfPayment) -> None:
    """Mail a partner that its debtor has paid us, or that this went back, with what that means for its commission."""
    with wired.database.reading() as session:
        collection = session.get_one(PlacedCollection, message.collection_id)
        row = queries.placement(session, collection.placement_id)
        partner = queries.partner(session, collection.partner_id)
        numbers = [each.number for each in queries.invoices(session, row.id) if each.placed_minor is not None]
        came = collection.amount_minor > 0
        sign = 1 if came else -1
        values = {
            "name": row.account_name,
            "reference": reference_of(row.id),
            "amount": Money(sign * collection.amount_minor, collection.currency),
            "commission": Money(sign * collection.commission_minor, collection.currency),
            "open": Money(row.open_minor, row.currency),
        }
        account_id = collection.account_id
    facts = [(N_("Our reference"), values["reference"]), (N_("Invoices"), ", ".join(numbers))]
    _send(wired, partner, PAID if came else WENT_BACK, values, facts, mark=f"placed.{message.collection_id}")
    with wired.database.transaction() as session:
        record(
            session,
            "placement.told_of_payment",
            actor=WORKER,
            subject=("placement", row.id),
            account_id=account_id,
            after={"to": partner.email, "partner": partner.name, "amount": values["amount"]},
        )


def tell_partner_of_difference(wired: Wired, message: TellPartnerOfDifference) -> None:
    """Mail a partner by how much its remittance is not what its card says, and what to do about it."""
    with wired.database.reading() as session:
        remittance = session.get_one(Remittance, message.remittance_id)
        partner = queries.partner(session, remittance.partner_id)
        missing = remittance.missing
        values = {
            "reference": remittance.reference,
            "missing": Money(abs(missing.minor), missing.currency),
            "paid": remittance.paid,
            "expected": remittance.paid + missing,
        }
    facts = [(N_("Remittance"), remittance.reference)]
    words = KEPT_TOO_MUCH if missing.minor > 0 else PAID_TOO_MUCH
    _send(wired, partner, words, values, facts, mark=f"remittance.{message.remittance_id}.difference")
    with wired.database.transaction() as session:
        record(
            session,
            "remittance.queried",
            actor=WORKER,
            subject=("remittance", message.remittance_id),
            after={"to": partner.email, "partner": partner.name, "missing": missing},
        )


def _send(
    wired: Wired,
    partner: Partner,
    words: tuple[str, str],
    values: dict[str, object],
    facts: list[tuple[str, str]],
    *,
    mark: str,
) -> None:
    speaking = wired.letters.speaking(supported(partner.language) or SOURCE)
    title, text = (speaking.translate(each, **values) for each in words)
    context = {"title": title, "words": text, "facts": [(speaking.translate(name), said) for name, said in facts]}
    send_letter(wired, "remittance", context, to=partner.email, language=partner.language, mark=mark)
