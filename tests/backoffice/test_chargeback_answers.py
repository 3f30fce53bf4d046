"""Answering a bank in the back office: put together, changed, looked at, handed in once; and the debt of a lost one."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from domain.chargebacks import answering
from domain.chargebacks.model import AnswerState, ChargebackAnswer, ChargebackChoice
from domain.documents.model import Category, Document
from domain.outbox.model import OutboxMessage
from domain.shared.actor import OPERATOR
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.client import Client, Page
from tests.support.contesting import a_paid_debt, contest, open_tasks
from tests.support.outside import PlainRenderer
from tests.support.paying import open_minor
from tests.support.pdfs import a_pdf


@pytest.fixture(autouse=True)
def _papers_that_can_be_put_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is made for the bank is one file a field, and so has to be PDF."""
    monkeypatch.setattr(PlainRenderer, "render", lambda self, template, data, language: a_pdf([template]))


def answer(office: Office) -> ChargebackAnswer:
    """The answer as it stands."""
    with office.db.reading() as session:
        return session.scalars(select(ChargebackAnswer)).one()


def told(office: Office) -> list[object]:
    """The chargebacks whose answer the worker is to hand in."""
    with office.db.reading() as session:
        wanted = select(OutboxMessage.payload).where(OutboxMessage.kind == "answer_chargeback")
        return [payload["chargeback_ref"] for payload in session.scalars(wanted)]


def begun(office: Office, client: Client) -> Page:
    """The page of a draft that was put together of what we hold."""
    a_paid_debt(office.db, "120")
    contest(office.db, "needs_response", "120")
    begin = client.get("/chargebacks/du_1").follow("Answer the bank")
    return client.follow(begin.submit("Put together what we hold"))


def test_it_is_put_together_changed_looked_at_and_handed_in_once(office: Office, manager: Client) -> None:
    draft = begun(office, manager)

    changed = manager.follow(draft.submit("Save, and look at all of it", uncategorized_text="They got all of it."))
    done = changed.submit("Hand it in")
    again = changed.submit("Hand it in")

    assert "No proof of delivery goes with the answer." in draft.words
    assert "They got all of it." in changed.words
    assert "RCT-000001.pdf" in changed.words
    assert (done.status, again.status) == (303, 303)
    assert told(office) == ["du_1"]
    assert answer(office).state is AnswerState.SENDING
    page = manager.follow(done)
    assert "The answer is being handed in" in page.words
    assert "They got all of it." in page.words
    assert "Accept it" not in page.words


def test_a_file_that_is_sent_goes_to_its_field_and_can_be_taken_out(office: Office, manager: Client) -> None:
    draft = begun(office, manager)
    note = ("delivery note.pdf", a_pdf(["Delivered"]))

    kept = manager.follow(draft.submit("Save for now", files={"files": note}, files_go="shipping_documentation"))
    with office.db.reading() as session:
        filed = session.scalars(select(Document).where(Document.category == Category.PROOF_OF_DELIVERY)).one()
    with_it = answer(office).files
    out = manager.follow(kept.submit("Save for now", {f"goes-{filed.id}": ""}))

    assert with_it["shipping_documentation"] == [filed.id]
    assert "No proof of delivery goes with the answer." not in kept.words
    assert "shipping_documentation" not in answer(office).files
    assert "Other files of this customer (1)" in out.words


def test_two_who_work_on_it_do_not_overwrite_each_other(office: Office, manager: Client) -> None:
    draft = begun(office, manager)
    draft.submit("Save for now", uncategorized_text="Mine.")

    refused = draft.submit("Save for now", uncategorized_text="Theirs.")

    assert refused.status == 422
    assert "A colleague has changed this answer meanwhile" in refused.words
    assert answer(office).texts["uncategorized_text"] == "Mine."


def test_too_long_a_text_is_refused_beside_its_field(office: Office, manager: Client) -> None:
    draft = begun(office, manager)

    refused = draft.submit("Save for now", customer_name="x" * 501)

    assert refused.status == 422
    assert "Use at most 500 characters" in refused.words


def test_a_day_that_no_calendar_has_and_a_file_that_no_bank_takes_are_refused_beside_their_fields(
    office: Office, manager: Client
) -> None:
    draft = begun(office, manager)

    day = draft.submit("Save for now", shipping_date="31 Feb 2026", uncategorized_text="They got it.")
    file = draft.submit("Save for now", {"uncategorized_text": "They got it."}, files={"files": ("a.txt", b"words")})

    assert (day.status, file.status) == (422, 422)
    assert "31 Feb 2026" in "".join(day.all("p", id="shipping_date-error")[0].itertext())
    assert "banks take PDF" in "".join(file.all("p", id="files-error")[0].itertext())
    assert "They got it." in day.words
    assert "They got it." in file.words


def test_what_could_not_be_handed_in_says_so_and_is_tried_again(office: Office, manager: Client) -> None:
    begun(office, manager)
    with office.db.transaction() as session:
        answering.submit(session, "du_1", version=1, actor=OPERATOR)
        session.execute(update(OutboxMessage).values(given_up_at=office.clock.now()))

    page = manager.get("/chargebacks/du_1")
    after = manager.follow(page.submit("Try again"))

    assert "The answer could not be handed in" in page.words
    assert "The answer is being handed in" in after.words


def test_somebody_takes_it_and_finds_it_among_their_own(office: Office, manager: Client) -> None:
    a_paid_debt(office.db, "120")
    contest(office.db, "needs_response", "120")

    before = manager.get("/disputes", params={"whose": "mine"})
    after = manager.follow(manager.get("/chargebacks/du_1").submit("Take it"))
    refused = manager.get("/chargebacks/du_1").submit("Give", owner="999")

    assert "At the customer's bank" not in before.words
    assert "Manager Jones" in after.words
    assert "At the customer's bank" in manager.get("/disputes", params={"whose": "mine"}).words
    assert "At the customer's bank" not in manager.get("/disputes", params={"whose": "nobody"}).words
    assert refused.status == 422


def test_nothing_at_all_cannot_be_handed_in(office: Office, manager: Client) -> None:
    contest(office.db, "needs_response", "120")
    draft = manager.follow(manager.get("/chargebacks/du_1/answer").submit("Put together what we hold"))

    checked = manager.follow(draft.submit("Save, and look at all of it"))

    assert "There is nothing in this answer yet" in checked.words
    assert "Hand it in" not in checked.words


@pytest.mark.parametrize("state", ["lost", "won", "under_review"])
def test_where_the_bank_takes_no_answer_none_is_begun(office: Office, manager: Client, state: str) -> None:
    a_paid_debt(office.db, "120")
    contest(office.db, state, "120")

    page = manager.get("/chargebacks/du_1/answer")

    assert "The bank takes no answer from here" in page.words
    assert "Answer the bank" not in manager.get("/chargebacks/du_1").words


def test_a_collector_prepares_and_somebody_else_hands_in(office: Office) -> None:
    collector = office.browser(Role.COLLECTOR)
    draft = begun(office, collector)

    checked = collector.follow(draft.submit("Save, and look at all of it"))

    assert "Whoever may answer chargebacks hands it in from this page" in checked.words
    assert "Hand it in" not in checked.words


def test_a_debt_of_a_lost_one_stands_or_is_credited(office: Office, manager: Client) -> None:
    debt, _ = a_paid_debt(office.db, "120")
    contest(office.db, "lost", "120")
    page = manager.get("/chargebacks/du_1").follow("Decide about the debt")

    unsaid = page.submit("Decide", choice="credited")
    done = page.submit("Decide", choice="credited", why="It never arrived.")

    assert unsaid.status == 422
    assert "Say why." in unsaid.words
    assert done.status == 303
    assert open_minor(office.db, debt.invoices[0]) == 0
    shown = manager.follow(done)
    assert "The debt is credited" in shown.words
    assert "Decide about the debt" not in shown.words
    assert open_tasks(office.db) == set()
    with office.db.reading() as session:
        assert session.scalars(select(ChargebackChoice)).one().why == "It never arrived."


def test_repeated_chargebacks_are_warned_of_on_the_list_and_the_page(office: Office, manager: Client) -> None:
    a_paid_debt(office.db, "120")
    for number in (1, 2, 3):
        contest(office.db, "needs_response", "40", name=f"du_{number}")

    assert "Chargebacks in the last 30 days because the cardholder says it was not them: 3" in (
        manager.get("/chargebacks").words
    )
    assert "Other chargebacks of the same customer in the 180 days before: 2" in manager.get("/chargebacks/du_3").words
