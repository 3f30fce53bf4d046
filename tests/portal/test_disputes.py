"""Disputes in the portal: raised, answered, withdrawn; the undisputed part is paid meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from PIL import Image

from domain.accounts import queries as accounts
from domain.accounts.model import Account
from domain.disputes import queries
from domain.disputes.answering import answer_with_paper
from domain.disputes.model import DisputeStatus
from domain.disputes.raising import Complaint, raise_dispute
from domain.disputes.reasons import Reason
from domain.disputes.resolving import reject
from domain.disputes.talking import ask, note_down
from domain.documents.model import Category
from domain.invoicing.issuing import NewLine, issue
from domain.processing.disputes.accepting import accept
from domain.processing.filing_papers import file_papers
from domain.receivables import queries as receivables
from domain.shared.actor import OPERATOR
from domain.shared.db.rows import AnyRow
from domain.staff.model import Role
from tests.portal.conftest import Portal, sign_in
from tests.support.builders import money
from tests.support.client import Client, Page
from tests.support.credit import a_cheque
from tests.support.files import taken_in

SAID = {"reason": "damaged", "amount": "40", "words": "Two boxes came wet."}


@pytest.fixture
def owed(portal: Portal) -> tuple[int, int]:
    """An account and its invoice of 120."""
    account_id, [invoice_id] = portal.account("120.00")
    return account_id, invoice_id


@pytest.fixture
def maya(portal: Portal, owed: tuple[int, int], open_browser: Callable[[], Client]) -> Client:
    """Maya's browser."""
    return sign_in(portal, open_browser())


def form(maya: Client, owed: tuple[int, int]) -> Page:
    """The page that asks what is wrong."""
    account_id, invoice_id = owed
    return maya.get(f"/accounts/{account_id}/invoices/{invoice_id}").follow("There is a problem with this invoice")


def raised(maya: Client, owed: tuple[int, int], amount: str = "40") -> Page:
    """The page of a dispute over so much of an invoice."""
    return maya.follow(form(maya, owed).submit("Send it to us", SAID | {"amount": amount}))


def newest(portal: Portal, account_id: int) -> AnyRow:
    """The dispute that was raised last."""
    with portal.db.reading() as session:
        return queries.of_account(session, account_id, limit=1)[0]


def test_a_part_is_contested_and_the_page_says_what_comes_next(maya: Client, owed: tuple[int, int]) -> None:
    page = raised(maya, owed)
    invoice = maya.get(f"/accounts/{owed[0]}/invoices/{owed[1]}")
    listed = maya.get(f"/accounts/{owed[0]}/disputes")

    assert "Dispute DSP-" in page.words
    assert "we do not remind you of £40.00" in page.words
    assert "Two boxes came wet." in page.words
    assert "£40.00 in dispute" in invoice.words
    assert "It came damaged or does not work" in invoice.words
    assert "DSP-" in listed.words


def test_the_undisputed_part_is_what_paying_asks_for(maya: Client, owed: tuple[int, int]) -> None:
    page = raised(maya, owed)

    paying = page.submit("Pay the undisputed part now")
    home = maya.get(f"/accounts/{owed[0]}")

    assert [field.get("value") for field in paying.all("input", name=f"amount-{owed[1]}")] == ["80.00"]
    listed = maya.get(f"/accounts/{owed[0]}/invoices")
    assert "£40.00 in dispute" in listed.words
    assert ["".join(cell.itertext()) for cell in listed.all("td", **{"class": "invoices__pay num"})] == ["£80.00"]
    assert home.status == 200


def test_what_is_in_dispute_is_asked_for_nowhere_and_paid_only_when_it_is_typed(
    portal: Portal, maya: Client, owed: tuple[int, int]
) -> None:
    account_id, invoice_id = owed
    raised(maya, owed)
    with portal.db.transaction() as session:
        account = accounts.lock(session, account_id)
        a_cheque(session, account, "80", wanted={invoice_id: money("80")})

    page = maya.get(f"/accounts/{account_id}/pay", params={"invoice": str(invoice_id)})
    listed = maya.get(f"/accounts/{account_id}/invoices")
    empty = page.submit("Go on to your card")
    typed = page.submit("Go on to your card", {f"amount-{invoice_id}": "40"})

    assert not page.all("input", name=f"amount-{invoice_id}")[0].get("value")
    assert "All of the £40.00 that is open is in dispute, and nothing of it is asked for" in page.words
    assert listed.all("input", name="invoice")[0].get("data-minor") == "0"
    assert empty.status == 422
    assert typed.location == "https://processor.example/cs_1"


def test_an_invoice_in_dispute_stays_out_of_a_payment_for_several(
    portal: Portal, open_browser: Callable[[], Client]
) -> None:
    account_id, [first, second] = portal.account("120.00", "30.00")
    maya = sign_in(portal, open_browser())
    raised(maya, (account_id, first))
    raised(maya, (account_id, second), amount="30")

    page = maya.get(f"/accounts/{account_id}/pay", params={"invoice": [str(first), str(second)]})
    page.submit("Go on to your card")
    home = maya.get(f"/accounts/{account_id}")

    assert "£40.00 is in dispute and not asked for" in page.words
    assert "A payment of £80.00 is not finished" in home.words


def test_a_dispute_on_what_was_paid_all_the_same_says_so_until_it_is_withdrawn(
    portal: Portal, maya: Client, owed: tuple[int, int]
) -> None:
    page = raised(maya, owed)
    with portal.db.transaction() as session:
        a_cheque(session, accounts.lock(session, owed[0]), "120", wanted={owed[1]: money("120")})

    paid = maya.get(page.path)

    assert "The invoice is paid meanwhile, and we look into it all the same" in paid.words
    assert "we do not remind you" not in paid.words
    assert "The invoice stays paid." in paid.words


def test_all_that_is_wrong_is_said_beside_its_field_and_kept(maya: Client, owed: tuple[int, int]) -> None:
    page = form(maya, owed).submit("Send it to us", {"amount": "a lot", "words": "It broke."})

    assert page.status == 422
    assert "2 things to put right" in page.words
    assert "It broke." in page.words


def test_more_than_is_open_is_not_contested(maya: Client, owed: tuple[int, int]) -> None:
    page = form(maya, owed).submit("Send it to us", {**SAID, "amount": "120.01"})

    assert page.status == 422
    assert "Enter an amount up to £120.00." in page.words


def test_nothing_is_contested_twice(maya: Client, owed: tuple[int, int]) -> None:
    whole = form(maya, owed)
    whole.submit("Send it to us", {**SAID, "amount": "120"})

    invoice = maya.get(f"/accounts/{owed[0]}/invoices/{owed[1]}")
    again = maya.get(f"/accounts/{owed[0]}/invoices/{owed[1]}/dispute")
    twice = whole.submit("Send it to us", {**SAID, "amount": "120"})

    assert "There is a problem with this invoice" not in invoice.words
    assert "Nothing of it can be disputed" in again.words
    assert twice.status == 303
    assert maya.get(f"/accounts/{owed[0]}/disputes").words.count("DSP-") == 1


def test_who_thinks_better_of_it_withdraws(portal: Portal, maya: Client, owed: tuple[int, int]) -> None:
    asked = raised(maya, owed)
    page = maya.follow(asked.submit("Yes, withdraw it"))
    stale = maya.get(f"/accounts/{owed[0]}/invoices/{owed[1]}")

    assert "a dispute that is withdrawn is not opened again. £40.00 is owed as before: it is due by" in asked.words
    assert "The dispute was withdrawn on" in page.words
    assert "in dispute" not in stale.words


def test_withdrawing_twice_says_that_it_has_ended(maya: Client, owed: tuple[int, int]) -> None:
    page = raised(maya, owed)
    page.submit("Yes, withdraw it")

    again = page.submit("Yes, withdraw it")

    assert again.status == 422
    assert "has ended already" in again.words


@pytest.mark.parametrize("accepted", [True, False])
def test_the_answer_is_on_the_dispute_and_on_the_invoice(
    portal: Portal, maya: Client, owed: tuple[int, int], accepted: bool
) -> None:
    page = raised(maya, owed)
    row = newest(portal, owed[0])
    with portal.db.transaction() as session:
        if accepted:
            accept(session, owed[0], row.id, money("40"), answer="Wet indeed.", role=Role.MANAGER, actor=OPERATOR)
        else:
            reject(session, owed[0], row.id, answer="Signed for as dry.", actor=OPERATOR)

    answered = maya.get(page.path)
    invoice = maya.get(f"/accounts/{owed[0]}/invoices/{owed[1]}")

    assert ("We have credited £40.00" in answered.words) is accepted
    assert ("Wet indeed." if accepted else "Signed for as dry.") in invoice.words
    assert ("Decided: we accept it" if accepted else "Decided: we do not accept it") in answered.words
    assert answered.words.count("Wet indeed." if accepted else "Signed for as dry.") == 1
    assert "in dispute" not in invoice.words


def photo() -> tuple[str, bytes]:
    """A small picture."""
    drawn = BytesIO()
    Image.new("RGB", (4, 3), "teal").save(drawn, "PNG")
    return ("boxes.png", drawn.getvalue())


def lined(portal: Portal, account_id: int) -> int:
    """An invoice of two lines, over 80 and 40."""
    with portal.db.transaction() as session:
        account = accounts.account(session, account_id)
        lines = [NewLine(words, money(amount), money("0")) for words, amount in (("Boxes", "80"), ("Lids", "40"))]
        return issue(session, account, lines, actor=OPERATOR).id


def test_lines_are_ticked_a_photo_goes_along_and_the_rest_is_paid(
    portal: Portal, maya: Client, owed: tuple[int, int]
) -> None:
    account_id, invoice_id = owed[0], lined(portal, owed[0])
    asked = maya.get(f"/accounts/{account_id}/invoices/{invoice_id}/dispute")
    with portal.db.reading() as session:
        [_, second] = receivables.lines(session, invoice_id)

    sent = asked.submit(
        "Send it, and pay what is right now",
        {"reason": "damaged", "line": str(second.id), "words": "Two boxes came wet."},
        files=[("files", photo())],
    )
    paying = maya.follow(sent)
    page = maya.get(f"/accounts/{account_id}/disputes").follow(newest(portal, account_id).number)

    assert "£40.00 is in dispute and not asked for" in paying.words
    assert "In dispute£40.00" in page.words
    assert "boxes.png" in page.words


def test_who_goes_on_to_pay_reads_that_we_have_the_dispute(
    portal: Portal, maya: Client, owed: tuple[int, int], open_browser: Callable[[], Client]
) -> None:
    sent = form(maya, owed).submit("Send it, and pay what is right now", SAID)
    paying = maya.follow(sent)
    refused = paying.submit("Go on to your card", {f"amount-{owed[1]}": "a lot"})
    row = newest(portal, owed[0])
    stranger_id, [strangers] = portal.account("5.00", email="tom@elsewhere.example")
    tom = sign_in(portal, open_browser(), "tom@elsewhere.example")
    prying = tom.get(f"/accounts/{stranger_id}/pay?invoice={strangers}&disputed={row.id}")

    for page in (paying, refused):
        assert f"We have your dispute {row.number}" in page.words
        assert "we do not remind you of £40.00" in page.words
        assert f"Dispute {row.number}" in page.follow("See how it stands").words
    assert prying.status == 200
    assert "DSP-" not in prying.words


def test_where_all_is_wrong_there_is_nothing_to_go_on_to_pay(maya: Client, owed: tuple[int, int]) -> None:
    sent = form(maya, owed).submit("Send it, and pay what is right now", SAID | {"amount": "120"})

    assert "We have it, and will write to you" in maya.follow(sent).words


def test_lines_say_how_many_there_are_of_each(portal: Portal, maya: Client, owed: tuple[int, int]) -> None:
    with portal.db.transaction() as session:
        account = accounts.account(session, owed[0])
        lines = [
            NewLine(words, money("40"), money("0"), quantity) for words, quantity in (("Boxes", "3"), ("Lids", None))
        ]
        invoice = issue(session, account, lines, actor=OPERATOR)

    page = maya.get(f"/accounts/{owed[0]}/invoices/{invoice.id}/dispute")

    assert "BoxesQuantity: 3£40.00" in page.words
    assert "Lids£40.00" in page.words


def test_the_paper_that_answers_stands_in_our_message_and_not_in_theirs(
    portal: Portal, maya: Client, owed: tuple[int, int]
) -> None:
    said = SAID | {"reason": "missing_proof"}
    sent = form(maya, owed).submit("Send it to us", said, files=[("files", photo())])
    row = newest(portal, owed[0])
    with portal.db.transaction() as session:
        papers = [taken_in(portal.store, b"Signed: A. Patel", "proof.txt")]
        about, category = ("invoice", owed[1]), Category.PROOF_OF_DELIVERY
        file_papers(session, owed[0], papers, category=category, about=about, actor=OPERATOR)
        answer_with_paper(session, row.id, actor=OPERATOR)

    ours, theirs = maya.follow(sent).words.split("What you told us")

    assert "The paper is there" in ours
    assert "proof.txt" in ours
    assert "boxes.png" not in ours
    assert "boxes.png" in theirs
    assert "proof.txt" not in theirs


def test_both_sides_write_and_only_what_is_for_the_customer_is_shown(
    portal: Portal, maya: Client, owed: tuple[int, int]
) -> None:
    raised(maya, owed)
    row = newest(portal, owed[0])
    with portal.db.transaction() as session:
        note_down(session, owed[0], row.id, "The driver is new.", actor=OPERATOR)
        ask(session, owed[0], row.id, "Which boxes were wet?", actor=OPERATOR)
    page = maya.get(f"/accounts/{owed[0]}/disputes/{row.id}")
    empty = page.submit("Send", {"words": " "})
    answered = maya.follow(page.submit("Send", {"words": "The two small ones."}))

    assert "It is your turn" in page.words
    assert "Which boxes were wet?" in page.words
    assert "driver" not in page.words
    assert empty.status == 422
    assert "The two small ones." in answered.words
    assert "We are looking into it, and will write to you" in answered.words
    assert newest(portal, owed[0]).status is DisputeStatus.UNDER_REVIEW


def test_whoever_does_not_agree_asks_once_more(portal: Portal, maya: Client, owed: tuple[int, int]) -> None:
    raised(maya, owed)
    row = newest(portal, owed[0])
    with portal.db.transaction() as session:
        reject(session, owed[0], row.id, answer="Signed for as dry.", actor=OPERATOR)
    page = maya.get(f"/accounts/{owed[0]}/disputes/{row.id}")

    again = maya.follow(page.submit("Ask us to look once more", {"words": "The signature is not ours."}))

    assert "In dispute£40.00" in again.words
    assert newest(portal, owed[0]).status is DisputeStatus.OPEN


def test_a_file_that_is_none_of_ours_is_refused_beside_the_field_and_nothing_typed_is_lost(
    maya: Client, owed: tuple[int, int]
) -> None:
    refused = form(maya, owed).submit("Send it to us", SAID, files=[("files", ("run.exe", b"MZ\x90\x00" + bytes(64)))])

    assert refused.status == 422
    assert "Two boxes came wet." in refused.words


def test_what_is_in_dispute_is_neither_late_nor_in_the_sums(
    portal: Portal, open_browser: Callable[[], Client], owed: tuple[int, int]
) -> None:
    with portal.db.transaction() as session:
        complaint = Complaint(Reason.DAMAGED, "Two boxes came wet.", money("40"))
        raise_dispute(session, *owed, complaint, login_id=None, actor=OPERATOR)
    portal.clock.advance(days=45)
    maya = sign_in(portal, open_browser())

    home, invoices = maya.get(f"/accounts/{owed[0]}"), maya.get(f"/accounts/{owed[0]}/invoices")
    late = maya.get(f"/accounts/{owed[0]}/disputes/{newest(portal, owed[0]).id}")
    accounts, aged = maya.get("/accounts"), maya.get(f"/accounts/{owed[0]}/statement")

    assert "£80.00 of it is late." in home.words
    assert "£40.00 of it is in dispute, and not asked for." in home.words
    assert "£40.00 of what is open is in dispute" in invoices.words
    assert "We should have answered by 17 Mar 2026" in late.words
    assert "Late£80.00" in invoices.words
    assert "£80.00 late" in accounts.words
    assert "£40.00 more is in dispute, and not asked for." in aged.words


def test_a_receipt_does_not_call_late_what_is_in_dispute(
    portal: Portal, open_browser: Callable[[], Client], owed: tuple[int, int]
) -> None:
    account_id, invoice_id = owed
    with portal.db.transaction() as session:
        raise_dispute(
            session, *owed, Complaint(Reason.DAMAGED, "Two boxes came wet.", money("40")), login_id=None, actor=OPERATOR
        )
    portal.clock.advance(days=45)
    with portal.db.transaction() as session:
        paid = a_cheque(session, session.get_one(Account, account_id), "30", wanted={invoice_id: money("30")})
        public_id = paid.public_id

    receipt = sign_in(portal, open_browser()).get(f"/accounts/{account_id}/payments/{public_id}")

    assert "£50.00 of it is late. £40.00 of it is in dispute, and not asked for." in receipt.words
