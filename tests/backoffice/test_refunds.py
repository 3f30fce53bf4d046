"""Refunds as staff make, approve and follow them."""

from __future__ import annotations

from sqlalchemy import select

from domain.refunds.model import Refund, RefundSource, RefundStatus, RefundWay
from domain.shared.actor import Actor
from domain.shared.db.session import Database
from domain.staff.model import Role
from domain.tasks.model import Task, TaskKind
from tests.backoffice.conftest import Office
from tests.support.client import Client, Page
from tests.support.paying import open_minor
from tests.support.refunding import Paid, again, ask, paid, paid_twice, report

REVERSAL = {"source": "reversal", "amount": "50.00", "reason": "Paid twice", "way": "processor"}


def the_refund(db: Database) -> Refund:
    """The only refund there is."""
    with db.reading() as session:
        return session.scalars(select(Refund)).one()


def checked(browser: Client, given: Paid, **fields: str) -> Page:
    """The form, filled in and sent to be checked."""
    page = browser.get(f"/payments/{given.public_id}/refund")
    return page.submit("See what it will do", {**REVERSAL, **fields})


def waiting(office: Office) -> Refund:
    """A refund that a collector asked for and may not decide."""
    actor = Actor.staff(office.person(Role.COLLECTOR))
    return ask(office.db, paid_twice(office.db, "900"), "900", RefundSource.CREDIT, role=Role.COLLECTOR, actor=actor)


def test_a_refund_is_checked_then_asked_for_and_has_a_page(office: Office, manager: Client) -> None:
    given = paid(office.db, "120")

    check = checked(manager, given)
    before = open_minor(office.db, given.debt.invoices[0])
    page = manager.follow(check.submit("Refund it"))

    assert "£50.00 is open again" in check.words
    assert (before, open_minor(office.db, given.debt.invoices[0])) == (0, 5000)
    for words in ("Refund of £50.00", "On its way", "The payment itself", "Paid twice", "Refunds in transit"):
        assert words in page.words
    assert len(office.nudges) == 1
    payment = manager.get(f"/payments/{given.public_id}")
    assert "What went back" in payment.words
    assert payment.all("a", href=f"/payments/{given.public_id}/refund")


def test_pressed_twice_it_goes_back_once(office: Office, manager: Client) -> None:
    given = paid(office.db, "120")
    check = checked(manager, given)

    check.submit("Refund it")
    check.submit("Refund it")

    assert the_refund(office.db).amount_minor == 5000


def test_it_asks_who_it_is_and_loses_nothing(office: Office) -> None:
    given = paid(office.db, "120")
    browser = office.browser(Role.MANAGER, is_sure=False)

    asked = checked(browser, given).submit("Refund it")
    done = asked.submit("Confirm and go on", confirm_code=office.code())

    assert "Confirm that it is you" in asked.words
    assert done.location == f"/refunds/{the_refund(office.db).public_id}"


def test_changing_it_brings_the_form_back_as_it_was_typed(office: Office, manager: Client) -> None:
    given = paid(office.db, "120")

    form = checked(manager, given).submit("Change it")

    assert form.all("input", name="amount")[0].get("value") == "50.00"
    assert form.all("input", name="source", value="reversal")[0].get("checked") is not None


def test_what_is_more_than_can_go_back_is_refused_beside_its_field(office: Office, manager: Client) -> None:
    given = paid(office.db, "120")

    refused = checked(manager, given, amount="120.01")
    nothing = manager.get(f"/payments/{given.public_id}/refund").submit("See what it will do")

    assert refused.status == 422
    assert "At most £120.00 of this payment can still be refunded." in refused.words
    assert "Say what the money is taken from." in nothing.words


def test_a_credit_note_shows_its_tax_and_what_it_sets_free(office: Office, manager: Client) -> None:
    given = paid(office.db, "120")

    check = checked(manager, given, source="credit_note", invoice=str(given.debt.invoices[0]))
    page = manager.follow(check.submit("Refund it"))

    assert "Of which tax" in check.words
    assert "A credit note" in page.words


def test_a_surplus_is_one_press_away_from_its_refund(office: Office, manager: Client) -> None:
    paid_twice(office.db, "120")
    with office.db.reading() as session:
        task = session.scalars(select(Task).where(Task.kind == TaskKind.SURPLUS)).one()

    form = manager.get(f"/tasks/{task.id}").follow("Refund it")
    check = form.submit("See what it will do", reason="Paid twice")

    assert form.all("input", name="amount")[0].get("value") == "120.00"
    assert "Goes back£120.00" in check.words


def test_beyond_ones_authority_a_colleague_approves_it(office: Office, manager: Client) -> None:
    given = paid_twice(office.db, "900")
    collector = office.browser(Role.COLLECTOR)
    check = checked(collector, given, source="credit", amount="900")
    asked = collector.follow(check.submit("Ask for approval"))

    listed = manager.get("/refunds").follow("To approve")
    page = listed.follow("RCT-")
    done = manager.follow(page.submit("Approve"))

    assert "You asked for this refund" in asked.words
    assert "Waits for approval" in listed.words
    assert "On its way" in done.words
    assert the_refund(office.db).decided_by == office.person(Role.MANAGER)


def test_refused_it_needs_a_reason_and_stands_on_the_account_again(office: Office, manager: Client) -> None:
    refund = waiting(office)
    page = manager.get(f"/refunds/{refund.public_id}")

    without = page.submit("Refuse")
    done = manager.follow(page.submit("Refuse", why="They owe more than that"))

    assert "Say why it is refused." in without.words
    assert "They owe more than that" in done.words
    assert again(office.db, refund).status is RefundStatus.REFUSED


def test_somebody_with_too_little_authority_is_told_who_can(office: Office) -> None:
    given, browser = paid(office.db, "9000"), office.browser(Role.DISPUTE_HANDLER)
    actor = Actor.staff(office.person(Role.COLLECTOR))
    small, large = (ask(office.db, given, amount, role=Role.COLLECTOR, actor=actor) for amount in ("1000", "1000.01"))

    allowed = browser.get(f"/refunds/{small.public_id}").submit("Approve")
    refused = browser.get(f"/refunds/{large.public_id}").submit("Approve")

    assert (allowed.status, refused.status) == (303, 403)


def test_a_refund_from_the_bank_is_followed_by_hand(office: Office, manager: Client) -> None:
    refund = ask(office.db, paid(office.db, "120"), "120", way=RefundWay.BANK)
    page = manager.get("/refunds?show=bank").follow("RCT-")

    out = manager.follow(page.submit("It went out"))
    without = out.submit("It came back")
    back = manager.follow(out.submit("It came back", why="Account closed"))

    assert "Refunded" in out.words
    assert "Say why it came back." in without.words
    assert "Account closed" in back.words
    assert again(office.db, refund).status is RefundStatus.FAILED


def test_a_refund_from_the_bank_that_is_not_made_is_undone(office: Office, manager: Client) -> None:
    refund = ask(office.db, paid(office.db, "120"), "120", way=RefundWay.BANK)

    manager.get(f"/refunds/{refund.public_id}").submit("Do not make it", why="Wrong customer")

    assert again(office.db, refund).status is RefundStatus.CANCELED


def test_a_refund_made_elsewhere_is_explained(office: Office, manager: Client) -> None:
    given = paid(office.db, "120")
    report(office.db, None, "50")

    page = manager.get("/refunds?show=explain").follow("RCT-")
    check = page.follow("Explain it").submit("See what it will do", source="reversal", reason="Dashboard")
    done = manager.follow(check.submit("Book it so"))

    assert "Nobody has said what this was taken from" in page.words
    assert "£50.00 is open again" in check.words
    assert "The payment itself" in done.words
    assert open_minor(office.db, given.debt.invoices[0]) == 5000
    assert manager.get(f"/refunds/{the_refund(office.db).public_id}/explain").status == 422


def test_an_explanation_that_does_not_fit_is_refused(office: Office, manager: Client) -> None:
    paid(office.db, "120")
    report(office.db, None, "50")
    form = manager.get(f"/refunds/{the_refund(office.db).public_id}/explain")

    refused = form.submit("See what it will do", source="credit", reason="Dashboard")

    assert refused.status == 422
    assert "The account has £0.00 of credit." in refused.words


def test_the_lists_say_when_there_is_nothing(manager: Client) -> None:
    assert "No refunds here" in manager.get("/refunds?show=failed").words


def test_whoever_approves_sees_the_payment_what_is_there_the_credit_and_who_asks(
    office: Office, manager: Client
) -> None:
    refund = waiting(office)

    page = manager.get(f"/refunds/{refund.public_id}")
    task = manager.get("/worklist").follow("A refund waits for somebody who may approve it")

    for shown in (page, task):
        about = shown.words.partition("What it is about")[2]
        credit = "Credit of the account now£0.00"
        for words in ("£900.00", "Visa 4242", "Was still there of it", credit, "Collector Jones"):
            assert words in about


def test_each_list_says_how_many_stand_in_it(office: Office, manager: Client) -> None:
    waiting(office)
    report(office.db, None, "1", ref="re_2")

    filters = manager.get("/refunds").all("nav", aria_label="Which refunds")[0]

    assert " ".join("".join(filters.itertext()).split()) == (
        "All 2 To approve 1 To explain 1 To pay from the bank 0 Failed 0"
    )


def test_who_approves_a_refund_from_the_bank_sees_where_it_goes(office: Office, manager: Client) -> None:
    collector = office.browser(Role.COLLECTOR)
    asker = Actor.staff(office.person(Role.COLLECTOR))
    refund = ask(office.db, paid(office.db, "900"), "900", way=RefundWay.BANK, role=Role.COLLECTOR, actor=asker)
    unknown = manager.get(f"/refunds/{refund.public_id}").submit("Approve")
    page = collector.get(f"/refunds/{refund.public_id}")
    page.submit("Keep it", payee="Harbour Café", bank_account="12-34-56 12345678")

    asked = manager.get(f"/refunds/{refund.public_id}")
    done = manager.follow(asked.submit("Approve"))

    assert "Write down to which bank account it goes" in unknown.words
    assert "12-3 4-56 1234 5678" in asked.words
    assert "Pay it to another bank account" in asked.words
    assert "To pay from the bank" in done.words
    assert "Pay it to another bank account" not in done.words
