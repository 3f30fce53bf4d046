"""Receipts by hand in the back office: recorded, banked, returned, and credit used and moved."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.accounts.model import Account
from domain.accounts.queries import account
from domain.accounts.searching import refresh
from domain.advices.telling import tell
from domain.ledger.balances import receivable
from domain.payments.model import Payment
from domain.receivables.model import Allocation, Invoice
from domain.receivables.queries import totals
from domain.shared.actor import OPERATOR
from domain.shared.db.session import today
from tests.backoffice.conftest import Office
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.client import Client, Page
from tests.support.credit import a_cheque


def account_with(office: Office, *amounts: str, credit: str = "") -> tuple[int, list[int]]:
    """An account that owes an invoice of each amount and has so much credit."""
    with office.db.transaction() as session:
        account = an_account(session, email="pay@harbour.example")
        if credit:
            a_receipt(session, account, credit, today(session))
        return account.id, [an_invoice(session, account, amount).id for amount in amounts]


def recorded(client: Client, account_id: int, **typed: str) -> Page:
    """A cheque typed in and checked."""
    page = client.get(f"/accounts/{account_id}/receipts/new")
    return page.submit("See what it will do", {"amount": "100", "reference": "000123", **typed})


def standing(office: Office, account_id: int) -> tuple[int, int]:
    """Open and credit, in minor units."""
    with office.db.reading() as session:
        found = totals(session, account_id, "GBP")
    return found.open.minor, found.credit.minor


def test_a_cheque_is_checked_then_recorded_and_called_by_its_number(office: Office, manager: Client) -> None:
    account_id, _ = account_with(office, "80", "50")

    checked = recorded(manager, account_id)
    payment = manager.follow(checked.submit("Record it"))

    assert "Cheque 000123" in checked.words
    assert "Settles of" in checked.words
    assert standing(office, account_id) == (3000, 0)
    assert "Cheque 000123" in payment.words
    assert "not yet" in payment.words
    assert "Cheque 000123" in manager.get(f"/accounts/{account_id}").words


def test_what_the_payer_said_is_followed_and_the_rest_becomes_credit(office: Office, manager: Client) -> None:
    account_id, invoices = account_with(office, "80", "50")

    checked = recorded(manager, account_id, **{f"amount-{invoices[1]}": "50"})
    payment = manager.follow(checked.submit("Record it"))

    assert "Becomes credit of the account£50.00" in checked.words
    assert "Credit that is not used" in payment.words
    assert standing(office, account_id) == (8000, 5000)


def test_while_somebody_types_the_effect_is_shown_beside_the_form(office: Office, manager: Client) -> None:
    account_id, _ = account_with(office, "80")
    page = manager.get(f"/accounts/{account_id}/receipts/new")
    token = page.all("input", name="csrf_token")[0].get("value") or ""
    typed = {"csrf_token": token, "step": "look", "method": "cash", "received_on": "2026-03-16"}

    unfinished = manager.post(page.path, data=typed | {"amount": ""}, headers={"hx-request": "true"})
    finished = manager.post(page.path, data=typed | {"amount": "90"}, headers={"hx-request": "true"})

    assert "It shows here once" in unfinished.words
    assert "£80.00" in finished.words
    assert "£10.00" in finished.words
    assert standing(office, account_id) == (8000, 0)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"amount": ""}, "amount"),
        ({"received_on": "2026-03-17"}, "received_on"),
        ({"method": "gold"}, "method"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_typed_is_lost(
    office: Office, manager: Client, typed: dict[str, str], field: str
) -> None:
    account_id, _ = account_with(office, "80")

    refused = recorded(manager, account_id, **typed)

    assert refused.status == 422
    assert refused.all("p", id=f"{field}-error")
    assert refused.all("input", name="reference")[0].get("value") == "000123"


def test_a_press_too_many_records_nothing_twice(office: Office, manager: Client) -> None:
    account_id, _ = account_with(office, "80")
    checked = recorded(manager, account_id)

    for _ in range(2):
        assert checked.submit("Record it").status == 303

    with office.db.reading() as session:
        assert len(session.scalars(select(Payment.id)).all()) == 1


def test_something_typed_can_still_be_changed_on_the_check_page(office: Office, manager: Client) -> None:
    account_id, _ = account_with(office, "80")

    back = recorded(manager, account_id).submit("Change it")

    assert back.all("input", name="amount")[0].get("value") == "100"


def test_ticked_receipts_are_printed_on_a_slip_and_banked(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        account = an_account(session, name="Mill & Sons")
        payments = [a_cheque(session, account, amount, reference=amount).id for amount in ("10", "20", "30")]
    page = manager.get("/receipts")
    chosen = [str(one) for one in payments[:2]]

    slip_at = page.submit("Paying-in slip", {"receipt": chosen}).headers["location"]
    slip = manager.get(slip_at)
    page.submit("Banked", {"receipt": chosen, "on": "2026-03-16"})
    left = manager.get("/receipts")

    assert "£60.00" in page.words
    assert slip_at == f"/receipts/slip?receipt={chosen[0]}&receipt={chosen[1]}"
    assert "2 receipts together£30.00" in slip.words
    assert "Cheque 30" in left.words
    assert "Cheque 10" not in left.words
    assert page.submit("Banked", {"receipt": [], "on": "2026-03-16"}).status == 422
    assert manager.get("/receipts/slip").status == 422


def test_a_bounced_cheque_is_previewed_returned_and_taken_by_the_bank(office: Office, manager: Client) -> None:
    account_id, invoices = account_with(office, "80")
    payment = manager.follow(recorded(manager, account_id, amount="80").submit("Record it"))
    with office.db.reading() as session:
        [payment_id] = session.scalars(select(Payment.id)).all()
        number = session.get_one(Invoice, invoices[0]).number
    manager.get("/receipts").submit("Banked", {"receipt": [str(payment_id)]})

    form = manager.get(payment.link("It came back"))
    unsaid = form.submit("Return it")
    done = manager.follow(form.submit("Return it", {"reason": "bounced"}))
    waiting = manager.get("/receipts")
    waiting.submit("Taken by the bank", {"receipt": [str(payment_id)]})

    assert f"Open again of {number}£80.00" in form.words
    assert unsaid.status == 422
    assert "The bank did not pay it" in done.words
    assert "Nothing any more" in done.words
    assert "Succeeded" in payment.words
    assert "Not finished" not in payment.words
    assert standing(office, account_id) == (8000, 0)
    assert "Returned: cheque 000123" in manager.get(f"/accounts/{account_id}").words
    assert "Returns that the bank has still to take" not in manager.get("/receipts").words
    assert form.submit("Return it", {"reason": "bounced"}).status == 422


def test_credit_is_suggested_for_the_oldest_checked_and_used(office: Office, manager: Client) -> None:
    account_id, invoices = account_with(office, "80", "50", credit="100")
    page = manager.get(manager.get(f"/accounts/{account_id}").link("Use credit"))

    checked = page.submit("See what it will do")
    too_much = page.submit("See what it will do", {f"amount-{invoices[0]}": "80", f"amount-{invoices[1]}": "50"})
    checked.submit("Use the credit")

    assert page.all("input", name=f"amount-{invoices[1]}")[0].get("value") == "20.00"
    assert "Together£100.00" in checked.words
    assert too_much.status == 422
    assert standing(office, account_id) == (3000, 0)
    assert "Credit used for" in manager.get(f"/accounts/{account_id}").words


def test_credit_is_moved_to_another_account_after_a_look_at_both(office: Office, manager: Client) -> None:
    account_id, _ = account_with(office, credit="100")
    other_id, _ = account_with(office, "30")
    with office.db.reading() as session:
        number = account(session, other_id).number
    page = manager.get(f"/accounts/{account_id}/credit/move")

    wrong = page.submit("See what it will do", {"account": "nobody", "reason": "Same customer"})
    checked = page.submit("See what it will do", {"account": number, "amount": "40", "reason": "Same customer"})
    arrived = manager.follow(checked.submit("Move the credit"))

    assert wrong.status == 422
    assert "Nobody signs in for both accounts" in checked.words
    assert (standing(office, account_id), standing(office, other_id)) == ((0, 6000), (3000, 4000))
    assert "Credit from another account" in arrived.words
    with office.db.reading() as session:
        assert receivable(session, other_id).minor == -1000


def test_the_other_account_is_found_by_its_name_and_chosen_where_several_fit(office: Office, manager: Client) -> None:
    account_id, _ = account_with(office, credit="100")
    one, other = (account_with(office, "30")[0] for _ in range(2))
    with office.db.transaction() as session:
        for number, name in ((one, "Old Mill North"), (other, "Old Mill South")):
            session.get_one(Account, number).name = name
            refresh(session, number)
    page = manager.get(f"/accounts/{account_id}/credit/move")
    typed = {"account": "old mill", "amount": "40", "reason": "Same customer"}

    several = page.submit("See what it will do", typed)
    chosen = several.submit("See what it will do", {"to": str(other)})
    only = page.submit("See what it will do", typed | {"account": "mill south"})
    nobody = page.submit("See what it will do", typed | {"account": "windmill"})
    chosen.submit("Move the credit")

    assert several.status == 422
    assert "Several accounts fit" in several.words
    assert [one_of.get("value") for one_of in several.all("input", name="to")] == [str(one), str(other)]
    assert "Old Mill South" in chosen.words
    assert "Old Mill South" in only.words
    assert "No account in this currency" in nobody.words
    assert (standing(office, account_id), standing(office, other)) == ((0, 6000), (3000, 4000))


def test_accounts_are_offered_while_somebody_types(office: Office, manager: Client) -> None:
    account_id, _ = account_with(office, credit="100")
    other, _ = account_with(office, "30")
    with office.db.transaction() as session:
        session.get_one(Account, other).name = "Old Mill"
        refresh(session, other)
    page = manager.get(f"/accounts/{account_id}/credit/move")
    token = page.all("input", name="csrf_token")[0].get("value") or ""

    path, asking = f"/accounts/{account_id}/credit/move", {"csrf_token": token, "step": "look"}
    found = manager.post(path, data=asking | {"account": "mill"})
    none = manager.post(path, data=asking | {"account": "windmill"})

    assert [one.get("value") for one in found.all("input", name="to")] == [str(other)]
    assert "No other account in this currency has that." in none.words


def test_what_settles_one_invoice_is_moved_to_another(office: Office, manager: Client) -> None:
    account_id, invoices = account_with(office, "80", "50")
    payment = manager.follow(recorded(manager, account_id, amount="80").submit("Record it"))

    form = manager.get(payment.link("Move"))
    unsaid = form.submit("See what it will do", {"invoice": str(invoices[1])})
    checked = form.submit("See what it will do", {"invoice": str(invoices[1]), "reason": "They said so"})
    moved = manager.follow(checked.submit("Move it"))

    assert unsaid.status == 422
    assert "Becomes credit of the account£30.00" in checked.words
    assert "Settled" in moved.words
    assert standing(office, account_id) == (8000, 3000)


def test_what_has_been_moved_already_is_not_moved_again(office: Office, manager: Client) -> None:
    account_id, invoices = account_with(office, "80", "50")
    manager.follow(recorded(manager, account_id, amount="80").submit("Record it"))
    with office.db.reading() as session:
        [allocation] = session.scalars(select(Allocation.id)).all()
    path = f"/accounts/{account_id}/allocations/{allocation}/move"
    checked = manager.get(path).submit("See what it will do", {"invoice": str(invoices[1]), "reason": "x"})
    checked.submit("Move it")

    assert manager.get(path).status == 422


def test_what_the_customer_told_of_a_transfer_fills_the_form_in(office: Office, manager: Client) -> None:
    account_id, invoices = account_with(office, "80", "50")
    with office.db.transaction() as session:
        tell(session, account_id, {invoices[1]: money("45")}, expected_on=today(session), actor=OPERATOR)

    page = manager.get(manager.get(f"/accounts/{account_id}/receipts/new").link("Use the advice"))
    page.submit("See what it will do").submit("Record it")

    assert "told us of a transfer of £45.00" in page.words
    assert page.all("input", name="amount")[0].get("value") == "45.00"
    assert standing(office, account_id) == (8500, 0)
    assert "told us of a transfer" not in manager.get(f"/accounts/{account_id}/payments").words
