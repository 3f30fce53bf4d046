"""The portal of somebody insolvent: plain words, whom to turn to, no demand, and nothing that is paid by accident."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select

from domain.accounts.queries import lock
from domain.insolvencies import queries
from domain.insolvencies.model import InsolvencyOutcome
from domain.payments.model import Payment
from domain.processing.insolvency import closing
from domain.shared.actor import OPERATOR
from domain.shared.db.session import today
from tests.portal.conftest import Portal, sign_in
from tests.portal.linked import link_to, opened
from tests.support.builders import an_invoice
from tests.support.client import Client
from tests.support.insolvency import dismissed, insolvent


def an_estate(portal: Portal) -> tuple[int, list[int]]:
    """Maya's account: an old debt of 120 and one of 50 that was made after the proceeding had begun."""
    account_id, _ = portal.account()
    with portal.db.transaction() as session:
        account, day = lock(session, account_id), today(session)
        issued_on = day - timedelta(days=60)
        old = an_invoice(session, account, "120", issued_on=issued_on, due_on=issued_on + timedelta(days=30))
        insolvent(session, account_id, day - timedelta(days=10))
        new = an_invoice(session, account, "50", issued_on=day, due_on=day)
        return account_id, [old.id, new.id]


def payments(portal: Portal) -> int:
    """How many were started."""
    with portal.db.reading() as session:
        return session.scalar(select(func.count(Payment.id))) or 0


def test_home_says_what_it_is_and_whom_to_turn_to_and_asks_for_nothing_old(
    portal: Portal, open_browser: Callable[[], Client]
) -> None:
    account_id, (_, new) = an_estate(portal)
    maya = sign_in(portal, open_browser())

    home = maya.get(f"/accounts/{account_id}")

    assert "Liquidation or winding-up since 6 Mar 2026" in home.words
    assert "Mair & Co, CR-2026-001234" in home.words
    assert "claims@mair.example" in home.words
    assert "is late" not in home.words
    assert "I need more time" not in home.words
    assert [box.get("value") for box in home.all("input", name="invoice")] == [str(new)]


def test_old_invoices_can_be_read_and_not_be_paid(portal: Portal, open_browser: Callable[[], Client]) -> None:
    account_id, (old, new) = an_estate(portal)
    maya = sign_in(portal, open_browser())

    listed = maya.get(f"/accounts/{account_id}/invoices")
    shown = maya.get(f"/accounts/{account_id}/invoices/{old}")
    check = maya.get(f"/accounts/{account_id}/pay", params={"invoice": [str(old), str(new)]})
    tried = check.submit("Go on to your card", {"invoice": [str(old), str(new)], f"amount-{old}": "120"})

    assert [box.get("value") for box in listed.all("input", name="invoice")] == [str(new)]
    assert "In insolvency proceedings" in listed.words
    assert "Open, in insolvency proceedings" in shown.words
    assert "Pay £" not in shown.words
    assert "PDF" in shown.words
    assert check.all("input", name=f"amount-{old}") == []
    assert tried.status == 422
    assert "falls into insolvency proceedings: it cannot be paid here" in tried.words
    assert payments(portal) == 0


def test_who_asks_for_it_all_the_same_is_refused(portal: Portal, open_browser: Callable[[], Client]) -> None:
    account_id, (old, new) = an_estate(portal)
    maya = sign_in(portal, open_browser())
    check = maya.get(f"/accounts/{account_id}/pay", params={"invoice": str(new)})

    check.submit("Go on to your card", {"invoice": [str(old)], f"amount-{old}": "120"})
    none_yet = payments(portal)
    check.submit("Go on to your card")

    assert none_yet == 0
    assert payments(portal) == 1


def test_a_link_of_an_old_notice_asks_for_nothing(portal: Portal, open_browser: Callable[[], Client]) -> None:
    account_id, (old, new) = an_estate(portal)
    token = link_to(portal, account_id, [old], new).token
    page = opened(open_browser(), token).get("/l")

    assert "It is not asked for, and cannot be paid here." in page.words
    assert "Pay £" not in page.words


def test_once_dismissed_all_can_be_paid_and_once_discharged_only_what_is_new(
    portal: Portal, open_browser: Callable[[], Client]
) -> None:
    account_id, (old, new) = an_estate(portal)
    maya = sign_in(portal, open_browser())
    with portal.db.transaction() as session:
        found = queries.open_of(session, account_id)
        assert found is not None
        outcome = InsolvencyOutcome.DISCHARGED
        closing.close(session, account_id, found.id, outcome, on=today(session), actor=OPERATOR)
    after = maya.get(f"/accounts/{account_id}/invoices")
    with portal.db.transaction() as session:
        again = insolvent(session, account_id, today(session) - timedelta(days=9))
        dismissed(session, again)
    home = maya.get(f"/accounts/{account_id}")

    assert [box.get("value") for box in after.all("input", name="invoice")] == [str(new)]
    assert "Please turn to whoever runs the proceeding" not in after.words
    assert "not asked for here" in home.words
    assert old not in {int(box.get("value") or 0) for box in home.all("input", name="invoice")}
