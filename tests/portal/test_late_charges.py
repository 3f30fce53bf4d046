"""Late charges as the customer reads them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from domain.accounts import queries as accounts
from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS
from domain.late_charges.waiving import waive
from domain.policies.sections import LateInterest, Sections
from domain.processing.extending import extend
from domain.shared.actor import OPERATOR
from domain.staff.model import Role
from tests.portal.conftest import ADDRESS, Portal, sign_in
from tests.support.builders import money
from tests.support.client import Client
from tests.support.lateness import DAILY, FORTY, Overdue
from tests.support.policies import a_policy

Browser = Callable[[], Client]


def overdue(portal: Portal) -> Overdue:
    """Maya's invoice, charged on 1 March with its cost; it is 4 March."""
    debt = Overdue(portal.db, portal.clock, Sections(late_interest=DAILY, recovery_cost=FORTY))
    with portal.db.transaction() as session:
        account = accounts.lock(session, debt.account_id)
        grant(session, account, email=ADDRESS, name="Maya", rights=ALL_RIGHTS, actor=OPERATOR)
    debt.charge(date(2026, 3, 1))
    debt.go_to(date(2026, 3, 4))
    return debt


def test_an_overdue_invoice_says_what_paying_today_adds_and_what_was_charged(
    portal: Portal, open_browser: Browser
) -> None:
    debt = overdue(portal)
    maya = sign_in(portal, open_browser())

    invoice = maya.get(f"/accounts/{debt.account_id}/invoices/{debt.invoice_id}")

    assert "If you pay it today, £3.00 of interest follows on a debit note" in invoice.words
    assert "DN-000001Fixed charge for late payment. Charged£40.00" in invoice.words
    assert "DN-000002Interest for late payment. Charged£29.00" in invoice.words


def test_a_debit_note_shows_its_working_and_what_would_change_it(portal: Portal, open_browser: Browser) -> None:
    debt = overdue(portal)
    maya = sign_in(portal, open_browser())

    note = maya.get(f"/accounts/{debt.account_id}/invoices/{debt.invoice_id}").follow("DN-000002")

    assert "of £1,000.00 was due on 31 Jan 2026" in note.words
    assert "1 Feb 20261 Mar 202629£1,000.0036.5%£29.00" in note.words
    assert "What would change it" in note.words
    assert note.link("What your terms say about late payment") == f"/accounts/{debt.account_id}/terms"


def test_the_second_debit_note_says_what_the_first_was_over_and_what_was_taken_back(
    portal: Portal, open_browser: Browser
) -> None:
    debt = overdue(portal)
    debt.charge(date(2026, 4, 1))
    second = debt.charges[-1].debit_note_id
    with portal.db.transaction() as session:
        waive(session, debt.account_id, second, money("5"), reason="x", role=Role.MANAGER, actor=OPERATOR)
    maya = sign_in(portal, open_browser())

    note = maya.get(f"/accounts/{debt.account_id}/invoices/{second}")

    assert "Accrued through 1 Apr 2026£60.00" in note.words
    assert "Charged before£29.00" in note.words
    assert "This debit note£31.00" in note.words
    assert "Taken back since£5.00" in note.words


def test_an_invoice_that_is_not_late_says_nothing_of_it(portal: Portal, open_browser: Browser) -> None:
    account_id, (invoice_id,) = portal.account("120.00")
    with portal.db.transaction() as session:
        a_policy(session, Sections(late_interest=DAILY, recovery_cost=FORTY))
    maya = sign_in(portal, open_browser())

    page = maya.get(f"/accounts/{account_id}/invoices/{invoice_id}")

    assert "Late charges" not in page.words


def test_interest_that_is_still_to_come_is_said_before_and_after_paying_and_then_comes(
    portal: Portal, open_browser: Browser
) -> None:
    debt = overdue(portal)
    maya = sign_in(portal, open_browser())
    path = f"/accounts/{debt.account_id}"

    home = maya.get(path)
    check = maya.get(f"{path}/pay", params={"invoice": str(debt.invoice_id)})
    paid = f"{path}/payments/{debt.pay('1000', date(2026, 3, 4))}"
    receipt = maya.get(paid)
    debt.charge(date(2026, 3, 5))
    later = sign_in(portal, open_browser()).get(paid)

    assert "Once it is paid, £3.00 of interest follows on a debit note" in home.words
    assert "£3.00 of interest follows on a debit note of its own: it is not part of this" in check.words
    assert "It was late: £3.00 of interest follows on a debit note of its own" in receipt.words
    assert debt.amounts[-1] == money("3")
    assert "It was late" not in later.words


def test_interest_below_what_is_charged_at_all_is_not_spoken_of(portal: Portal, open_browser: Browser) -> None:
    debt = Overdue(
        portal.db, portal.clock, Sections(late_interest=LateInterest(margin=DAILY.margin, least_minor=10_00))
    )
    with portal.db.transaction() as session:
        grant(
            session,
            accounts.lock(session, debt.account_id),
            email=ADDRESS,
            name="Maya",
            rights=ALL_RIGHTS,
            actor=OPERATOR,
        )
    debt.go_to(date(2026, 2, 4))
    maya = sign_in(portal, open_browser())
    path = f"/accounts/{debt.account_id}"

    pages = [maya.get(path), maya.get(f"{path}/invoices/{debt.invoice_id}")]
    debt.pay("1000", date(2026, 2, 4))
    debt.charge(date(2026, 2, 5))

    assert not any("interest follows" in page.words for page in pages)
    assert debt.charges == []


def test_a_charge_still_names_the_day_that_was_missed_when_a_later_one_is_granted(
    portal: Portal, open_browser: Browser
) -> None:
    debt = overdue(portal)
    with portal.db.transaction() as session:
        later = date(2026, 3, 20)
        extend(session, debt.account_id, debt.invoice_id, later, reason="Asked", role=Role.MANAGER, actor=OPERATOR)
    maya = sign_in(portal, open_browser())

    note = maya.get(f"/accounts/{debt.account_id}/invoices/{debt.invoice_id}").follow("DN-000001")

    assert "of £1,000.00 was due on 31 Jan 2026." in note.words
    assert "It has been moved to 20 Mar 2026 since. What was charged before stays." in note.words
