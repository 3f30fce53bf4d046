"""A bank line that was booked to the wrong account: taken back in one act, with the reason, and booked anew."""

from __future__ import annotations

from domain.accounts.model import Account
from domain.banking.model import LineState
from domain.processing.bank.booking import book_recorded
from domain.processing.checks import check_books
from domain.processing.moving import move_credit
from domain.receivables.model import Invoice
from domain.shared.money import Money
from tests.backoffice.conftest import Office
from tests.backoffice.test_bank import nobodys, owing, pounds
from tests.support.bank_files import DAY
from tests.support.banking import CLERK, lines_of, state_of
from tests.support.client import Client
from tests.support.credit import a_cheque, open_of


def booked(office: Office, manager: Client, account: int, amount: str) -> int:
    """A line of a stranger that was booked to the account."""
    (line,) = lines_of(office.db, nobodys(amount))
    assert manager.get(f"/bank/lines/{line}?account={account}").submit("Book it").status == 303
    return line


def test_it_says_what_it_does_then_the_line_waits_again_and_is_booked_anew(office: Office, manager: Client) -> None:
    wrong, (theirs,) = owing(office, "50")
    right, (ours,) = owing(office, "60", name="Old Mill Ltd")
    line = booked(office, manager, wrong, "60")

    asked = manager.get(manager.get(f"/bank/lines/{line}").link("Book it differently"))
    done = manager.follow(asked.submit("Take it back", reason="It is the mill's"))
    again = manager.follow(manager.get(f"/bank/lines/{line}?account={right}").submit("Book it"))
    timeline = manager.get(f"/accounts/{wrong}/timeline")

    assert "Open again of INV-" in asked.words
    assert "£50.00" in asked.words
    assert done.path == f"/bank/lines/{line}"
    assert "To decide" in done.words
    assert "Booked by mistake It is the mill's" in done.words
    assert "Old Mill" in again.words
    assert "Booked by mistake: bank transfer, hello" in timeline.words
    assert "booked differently: It is the mill's" in timeline.words
    with office.db.reading() as session:
        left = open_of(session, session.get_one(Invoice, theirs), session.get_one(Invoice, ours))
        assert left == [pounds("50"), Money.zero("GBP")]
        assert check_books(session) == []


def test_without_a_reason_or_after_its_credit_has_moved_it_is_refused_in_words(office: Office, manager: Client) -> None:
    wrong, _ = owing(office, "50")
    other, _ = owing(office, "60", name="Old Mill Ltd")
    line = booked(office, manager, wrong, "60")

    wordless = manager.get(f"/bank/lines/{line}/undo").submit("Take it back", reason="")
    form = manager.get(f"/bank/lines/{line}/undo")
    with office.db.transaction() as session:
        move_credit(session, wrong, other, pounds("10"), reason="Theirs", actor=CLERK)
    late = form.submit("Take it back", reason="It is the mill's")

    assert wordless.status == 422
    assert "Say what was wrong." in wordless.words
    assert late.status == 422
    assert "has been moved to another account since" in late.words
    assert state_of(office.db, line) is LineState.BOOKED


def test_a_line_that_was_never_booked_has_nothing_to_undo(office: Office, manager: Client) -> None:
    (line,) = lines_of(office.db, nobodys("60"))

    page = manager.get(f"/bank/lines/{line}")
    asked = manager.get(f"/bank/lines/{line}/undo")

    assert "Book it differently" not in page.words
    assert "There is nothing to undo" in asked.words


def test_a_line_of_the_wrong_cheque_says_that_the_bank_is_waited_for_again(office: Office, manager: Client) -> None:
    account, _ = owing(office, "60")
    with office.db.transaction() as session:
        payment = a_cheque(session, session.get_one(Account, account), "60", on=DAY)
    (line,) = lines_of(office.db, nobodys("60"))
    with office.db.transaction() as session:
        book_recorded(session, line, [payment.id], actor=CLERK)

    asked = manager.get(manager.get(f"/bank/lines/{line}").link("Book it differently"))
    done = manager.follow(asked.submit("Take it back", reason="It is the mill's"))

    assert f"Recorded receipt {payment.receipt_number}" in asked.words
    assert "The bank is waited for again" in asked.words
    assert "To decide" in done.words
