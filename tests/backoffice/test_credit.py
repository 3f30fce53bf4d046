"""Credit in the back office: limits, holds, checks, applications and keys, as staff work with them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.accounts.model import LegalForm
from domain.accounts.queries import lock
from domain.credit import reviewing
from domain.credit.applications import queries
from domain.credit.applications.model import ApplicationState
from domain.credit.checks.recording import checks_of
from domain.credit.holding import review_all
from domain.credit.queries import registered
from domain.credit.standing import standing_of
from domain.insolvencies.model import Insolvency
from domain.outbox import delivering
from domain.policies.sections import Limits, Outcome, Scorecard, Sections
from domain.shared.db.session import today
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.applying import apply_for_credit
from tests.support.builders import an_account, an_invoice, money
from tests.support.client import Client, Page
from tests.support.crediting import ruled
from tests.support.policies import a_policy
from web.csrf import FIELD


@pytest.fixture
def account(office: Office) -> int:
    """An account that uses 80 of 50."""
    ruled(office.db, Limits(limit_minor=50_00))
    with office.db.transaction() as session:
        account = an_account(session, legal_form=LegalForm.COMPANY)
        an_invoice(session, account, "80")
        return account.id


def sent_by(page: Page) -> dict[str, str]:
    """What every form of a page sends along."""
    return {name: page.all("input", name=name)[0].get("value") or "" for name in (FIELD, "once")}


def test_a_hold_is_listed_lifted_with_a_reason_and_shown_as_lifted(
    office: Office, manager: Client, account: int
) -> None:
    review_all(office.db)
    listed = manager.get("/credit-holds")
    there = listed.follow("Harbour Café Ltd")
    done = there.submit("Lift the hold", until_on="2026-03-20", lift_why="The transfer is seen")
    after = manager.follow(done)

    assert "More is used than the credit limit allows" in there.words
    assert "£30.00" in there.words
    assert "Lifted by Manager Jones until 20 Mar 2026: The transfer is seen" in after.words
    assert "Lifted until 20 Mar 2026" in manager.get("/credit-holds").words


def test_a_lifted_hold_is_held_again_with_who_and_why(office: Office, manager: Client, account: int) -> None:
    review_all(office.db)
    path = f"/accounts/{account}/credit-limit"
    lifted = manager.follow(manager.get(path).submit("Lift the hold", until_on="2026-03-20", lift_why="It is seen"))

    silent = lifted.submit("End the lifting")
    ended = manager.follow(lifted.submit("End the lifting", end_why="It came back"))
    twice = manager.post(path + "/end-lifting", data={**sent_by(ended), "lifted": "above_limit", "end_why": "Again"})

    assert silent.all("p", id="end_why-error")
    assert "New credit is on hold since 16 Mar 2026" in ended.words
    assert "lifted by Manager Jones until 20 Mar 2026: It is seen; held again by Manager Jones on" in ended.words
    assert "It came back" in ended.words
    assert (twice.status, "This is not lifted any more." in twice.words) == (422, True)


def test_who_may_not_lift_a_hold_may_not_end_that_either(office: Office, account: int) -> None:
    path = f"/accounts/{account}/credit-limit"
    office.browser(Role.MANAGER).get(path).submit("Lift the hold", until_on="2026-03-20", lift_why="It is seen")
    collector = office.browser(Role.COLLECTOR)

    there = collector.get(path)
    page = collector.post(f"{path}/end-lifting", data={**sent_by(there), "lifted": "above_limit", "end_why": "Now"})

    assert "End the lifting" not in there.words
    assert page.status == 403


def test_insolvency_stops_new_credit_until_it_is_dismissed(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        insolvent = an_account(session, address="1 Quay, Leith").id
    form = manager.get(f"/accounts/{insolvent}/stops").follow("Is the customer insolvent?")
    form.follow("The customer is insolvent").submit(
        "Open it and stop everything", kind="liquidation", started_on="2026-03-12"
    )
    credit = manager.get(f"/accounts/{insolvent}/credit-limit")
    invoice = manager.get(f"/accounts/{insolvent}/invoices/new")
    checked = invoice.submit("Check it", {"description-1": "Cups", "net-1": "10", "tax-1": "2"})
    listed = manager.get("/credit-holds")
    with office.db.reading() as session:
        found = session.scalars(select(Insolvency.id)).one()
    manager.get(f"/insolvencies/{found}").submit("End it", outcome="dismissed")
    stop = credit.follow("See the stop")

    assert "Insolvency proceedings" in credit.words
    assert "New credit of this customer is on hold" in checked.words
    assert "Insolvency proceedings" in checked.words
    assert "Insolvency proceedings" in listed.words
    assert "Nothing is held" in stop.words
    assert "Nobody is on hold" in manager.get("/credit-holds").words


def test_the_list_of_holds_says_what_the_account_says_also_before_the_register_follows(
    office: Office, manager: Client, account: int
) -> None:
    review_all(office.db)
    listed = manager.get("/credit-holds")
    with office.db.transaction() as session:
        a_policy(session, Sections(limits=Limits(limit_minor=500_00)), account_id=account)
    after = manager.get("/credit-holds")

    assert "£30.00" in listed.words
    assert "Harbour Café Ltd" not in after.words
    assert "Nobody is on hold" in after.words
    with office.db.reading() as session:
        assert len(registered(session)) == 1


@pytest.mark.parametrize(
    ("is_done", "words"),
    [
        (True, "something began or ended for 1 account."),
        (False, "The holds on new credit could not be brought up to date"),
    ],
)
def test_the_list_says_how_looking_at_all_accounts_went(
    office: Office, manager: Client, account: int, is_done: bool, words: str
) -> None:
    with office.db.transaction() as session:
        reviewing.ask(session)
    waiting = manager.get("/credit-holds")
    if is_done:
        reviewing.carry_out(office.db)
    with office.db.transaction() as session:
        [row] = delivering.lease(session, 9)
        if is_done:
            delivering.done(session, row)
        else:
            delivering.failed(session, row, "no space left", for_good=True)

    assert "The holds on new credit are being brought up to date" in waiting.words
    assert words in manager.get("/credit-holds").words


def test_who_may_not_lift_a_hold_is_told_who_may(office: Office, account: int) -> None:
    office.browser(Role.MANAGER)
    collector = office.browser(Role.COLLECTOR)

    there = collector.get(f"/accounts/{account}/credit-limit")
    sent = sent_by(there) | {"reason": "above_limit", "until_on": "2026-03-20", "lift_why": "Please"}
    page = collector.post(f"/accounts/{account}/credit-limit/lift", data=sent)

    assert "Lift the hold" not in there.words
    assert "This hold can be lifted by" in there.words
    assert "(Manager)" in there.words
    assert page.status == 403
    assert "It can be done by" in page.words


def test_a_limit_is_set_and_given_back_to_the_policy(office: Office, manager: Client, account: int) -> None:
    there = manager.get(f"/accounts/{account}/credit-limit")
    after = manager.follow(there.submit("Set the limit", limit="100", why="Grows"))
    with office.db.reading() as session:
        raised = standing_of(session, account).limit
    manager.follow(after.submit("Back to the policy's limit", why="Shrinks"))
    with office.db.reading() as session:
        back = standing_of(session, account).limit

    assert (raised, back) == (money("100"), money("50"))
    assert "decided for this account" in after.words


def test_what_is_typed_wrong_is_said_beside_its_field_and_not_lost(manager: Client, account: int) -> None:
    page = manager.get(f"/accounts/{account}/credit-limit").submit("Set the limit", limit="lots", why="Grows")

    assert page.status == 422
    assert [field.get("value") for field in page.all("input", name="limit")] == ["lots"]
    assert [field.get("value") for field in page.all("input", name="why")] == ["Grows"]


def test_a_check_is_entered_by_hand_with_its_file(office: Office, manager: Client, account: int) -> None:
    there = manager.get(f"/accounts/{account}/credit-limit")

    done = there.submit(
        "Keep the check",
        files={"file": ("report.pdf", b"%PDF-1.7 report")},
        provider="Agency",
        score="61",
        recommended="900",
        rating="Medium",
        as_of="2026-03-10",
    )

    page = manager.follow(done)
    with office.db.reading() as session:
        [check] = checks_of(session, account)
    assert (check.score, check.limit_minor, check.provider) == (61, 900_00, "Agency")
    assert "Medium" in page.words
    assert manager.get(f"/documents/{check.document_id}").response.content == b"%PDF-1.7 report"


@pytest.mark.parametrize("content", [b"MZ\x00\x01program", b"", b"GIF89a\x00%PDF-1.7"])
def test_a_file_of_another_kind_is_refused(manager: Client, account: int, content: bytes) -> None:
    there = manager.get(f"/accounts/{account}/credit-limit")

    page = there.submit("Keep the check", files={"file": ("report.pdf", content)}, score="61", as_of="2026-03-10")

    assert page.status == 422


def test_the_provider_is_asked_at_the_press_of_a_button(office: Office, manager: Client, account: int) -> None:
    page = manager.follow(manager.get(f"/accounts/{account}/credit-limit").submit("Ask Agency"))

    assert "Low risk" in page.words


def test_an_application_is_looked_into_and_approved(office: Office, manager: Client, account: int) -> None:
    sent = apply_for_credit(office.db, account)
    there = manager.get("/credit-applications").follow("Harbour Café Ltd")
    asked = manager.follow(there.submit("Keep it", answer="good", note="Ten years"))
    done = manager.follow(asked.submit("Approve", limit="2500", terms_days="14", reasons="Good references"))

    assert "Pays as agreed" in asked.words
    assert "Ten years" in asked.words
    assert "Heard by Manager Jones" in asked.words
    assert "Approved" in done.words
    with office.db.reading() as session:
        assert queries.sent(session, sent.id).state is ApplicationState.APPROVED
        assert standing_of(session, account).limit == money("2500")
    assert office.nudges


def test_a_person_is_refused_by_two(office: Office, manager: Client, account: int) -> None:
    sent = apply_for_credit(office.db, account, legal_form=LegalForm.SOLE_TRADER)
    path = f"/credit-applications/{sent.id}"
    mine = manager.follow(manager.get(path).submit("Refuse", reasons="Too weak"))
    theirs = office.browser(Role.COLLECTOR).get(path).submit("Agree, refuse", reasons="Too weak, I agree")

    assert "A colleague looks at it" in mine.words
    assert theirs.status == 303
    with office.db.reading() as session:
        assert queries.sent(session, sent.id).state is ApplicationState.REFUSED


def test_a_key_is_shown_once_and_taken_back(office: Office) -> None:
    admin = office.browser(Role.ADMINISTRATOR)
    made = admin.get("/api-keys").submit("Make the key", name="Shop", scope=["credit:read"])
    [token] = [words for words in made.words.split() if words.startswith("qk_")]
    listed = admin.get("/api-keys")
    after = admin.follow(listed.submit("Take it back"))

    assert token not in listed.words
    assert token[:10] in listed.words
    assert "Taken back" in after.words


def test_a_key_without_a_scope_or_a_name_is_refused(office: Office) -> None:
    admin = office.browser(Role.ADMINISTRATOR)

    assert admin.get("/api-keys").submit("Make the key", name="Shop").status == 422
    assert admin.get("/api-keys").submit("Make the key", name=" ", scope=["credit:read"]).status == 422


def test_every_part_of_an_account_says_that_new_credit_is_on_hold(manager: Client, account: int) -> None:
    page = manager.get(f"/accounts/{account}/people")

    assert "New credit" in page.words
    assert "on hold since 16 Mar 2026" in page.words
    assert page.link("More is used than the credit limit allows") == f"/accounts/{account}/credit-limit"


def test_an_answer_of_a_reference_is_chosen_and_put_into_words(manager: Client, office: Office, account: int) -> None:
    apply_for_credit(office.db, account)
    there = manager.get("/credit-applications").follow("Harbour Café Ltd")

    unchosen, wordless = there.submit("Keep it", note="Ten years"), there.submit("Keep it", answer="good")

    assert "Choose what they said." in unchosen.words
    assert "Write down what they said." in wordless.words
    assert [unchosen.status, wordless.status] == [422, 422]


def test_what_we_know_ourselves_stands_beside_an_application(office: Office, manager: Client, account: int) -> None:
    ruled(
        office.db, Limits(limit_minor=50_00), scorecard=Scorecard(weighed=(), outcomes=(Outcome(35, 50, 100_00, 14),))
    )
    apply_for_credit(office.db, account)
    with office.db.transaction() as session:
        due_on = today(session) - timedelta(days=120)
        an_invoice(session, lock(session, account), "20", issued_on=due_on, due_on=due_on)

    page = manager.get("/credit-applications").follow("Harbour Café Ltd")
    manager.get(f"/accounts/{account}/credit-limit").submit("Set the limit", limit="5000", why="Grows")
    raised = manager.get("/credit-applications").follow("Harbour Café Ltd")

    assert "the oldest for 120 days£20.00" in page.words
    assert "with what is overdueD" in page.words
    assert "0 points do not reach the 35 that the least outcome takes" in page.words
    assert "This account has a limit of £50.00 already" in page.words
    assert "A refusal leaves it as it is." in page.words
    assert "To approve what they ask for would lower it." in raised.words
    assert "More is used than the credit limit allows" in page.words
