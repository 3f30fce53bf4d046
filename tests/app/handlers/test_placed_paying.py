"""Paying while placed: a card payment in the simulator settles what lies with a partner, and the placement with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from adapters.stripe.simulator import Simulator
from app.handlers import inbox as handlers
from app.wired import Wired
from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS
from domain.placements.model import Closing, Placement, PlacementStatus
from domain.shared.actor import OPERATOR
from tests.support.paying import Debt, open_minor
from tests.support.placing import a_late_debt, a_partner, placed
from tests.support.simulated import open_page


def test_a_card_payment_of_what_lies_with_a_partner_closes_the_placement(
    wired: Wired, simulator: Simulator, deliver: Callable[[bytes, Mapping[str, str]], int]
) -> None:
    with wired.database.transaction() as session:
        account, invoice = a_late_debt(session, "1200")
        ana = grant(session, account, email="ana@harbour.example", name="Ana", rights=ALL_RIGHTS, actor=OPERATOR).id
        placement_id = placed(session, account, a_partner(session)).id
        debt = Debt(account.id, [invoice.id], ana, ana)
    paid = open_page(wired, debt, "1200")

    simulator.pay_session(paid.checkout_id or "")
    simulator.deliver_pending(deliver)
    while handlers.handle_due(wired):
        pass

    assert open_minor(wired.database, debt.invoices[0]) == 0
    with wired.database.reading() as session:
        made = session.get_one(Placement, placement_id)
        assert (made.status, made.closing) == (PlacementStatus.CLOSED, Closing.PAID)
