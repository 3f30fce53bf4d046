"""Notices as staff see them: the lists, the batch to approve, and one notice with all that is known of it."""

from __future__ import annotations

from datetime import date

import pytest

from domain.accounts.queries import lock
from domain.notices import changing, pay_links
from domain.notices.model import HeldBack, Notice, NoticeContent, NoticeStatus
from domain.policies.contacting import Channel, Wording
from domain.receivables.model import Invoice
from domain.shared.actor import WORKER
from domain.shared.db.session import now
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import a_receipt, an_account, an_invoice
from tests.support.noticing import a_held_notice, a_notice
from web.csrf import FIELD


def owing(office: Office, name: str = "Harbour", number: str = "INV-1") -> int:
    """An account that owes 120 and can be written to."""
    with office.db.transaction() as session:
        account = an_account(session, name=name, email="ap@harbour.example", country="GB")
        an_invoice(session, account, "120", number=number, issued_on=date(2026, 1, 2))
        return account.id


def waiting(office: Office, name: str = "Harbour", number: str = "INV-1") -> int:
    """A notice that waits for approval."""
    account_id = owing(office, name, number)
    with office.db.transaction() as session:
        return a_notice(session, lock(session, account_id), wording=Wording.DEMAND, approve=True).id


def pay(office: Office, account_id: int, invoice_id: int) -> None:
    """All that is open comes in."""
    with office.db.transaction() as session:
        invoice = session.get_one(Invoice, invoice_id)
        a_receipt(session, lock(session, account_id), "120", date(2026, 3, 1), invoice)


def state(office: Office, notice_id: int) -> tuple[NoticeStatus, HeldBack | None]:
    """How a notice stands, and why."""
    with office.db.reading() as session:
        notice = session.get_one(Notice, notice_id)
        return notice.status, notice.why


def test_a_batch_is_approved_and_each_row_says_what_became_of_it(office: Office) -> None:
    goes, paid = waiting(office), waiting(office, "Quay", "INV-2")
    pay(office, 2, 2)
    client = office.browser(Role.COLLECTOR)

    done = client.get("/notices").submit("Approve the ticked ones")

    assert "Goes out now" in done.words
    assert "Held back after all: it is paid" in done.words
    assert state(office, goes) == (NoticeStatus.READY, None)
    assert state(office, paid) == (NoticeStatus.SUPPRESSED, HeldBack.PAID)
    assert "Notices wait for somebody" not in client.get("/worklist").words


def test_only_the_ticked_ones_are_approved_and_all_that_are_shown_on_asking(office: Office) -> None:
    first, second, third = waiting(office), waiting(office, "Quay", "INV-2"), waiting(office, "Pier", "INV-3")
    client = office.browser(Role.COLLECTOR)

    after = client.get("/notices").submit("Approve the ticked ones", notice=str(second))
    between = [state(office, one)[0] for one in (first, second, third)]
    after.submit("Approve all that are shown", notice=[])

    assert between == [NoticeStatus.WAITING, NoticeStatus.READY, NoticeStatus.WAITING]
    assert {state(office, one)[0] for one in (first, second, third)} == {NoticeStatus.READY}


def test_rejecting_wants_a_reason_and_says_so_without_losing_the_list(office: Office) -> None:
    notice = waiting(office)
    client = office.browser(Role.COLLECTOR)

    refused = client.get("/notices").submit("Reject the ticked ones")
    done = refused.submit("Reject the ticked ones", notice=str(notice), why="They paid by phone")

    assert refused.status == 422
    assert "Say why it is not to go." in refused.words
    assert "Harbour" in refused.words
    assert "Does not go" in done.words
    assert state(office, notice)[0] is NoticeStatus.REJECTED
    assert "They paid by phone" in client.get(f"/notices/{notice}").words


def test_what_is_refused_keeps_the_ticks_and_what_the_list_was_narrowed_by(office: Office) -> None:
    first, second = waiting(office), waiting(office, "Quay", "INV-2")
    client = office.browser(Role.COLLECTOR)

    refused = client.get("/notices?wording=demand").submit("Reject the ticked ones", notice=str(second))
    done = refused.submit("Approve the ticked ones")

    ticks = refused.all("input", name="notice")
    assert [one.get("value") for one in ticks if one.get("checked") is not None] == [str(second)]
    assert [state(office, one)[0] for one in (first, second)] == [NoticeStatus.WAITING, NoticeStatus.READY]
    for page in (refused, done):
        assert page.all("option", value="demand")[0].get("selected") is not None


def test_enter_in_the_reason_rejects_and_never_approves(office: Office) -> None:
    one = waiting(office)
    client = office.browser(Role.COLLECTOR)

    batch, alone = client.get("/notices"), client.get(f"/notices/{one}")
    token = batch.all("input", name=FIELD)[0].get("value") or ""
    neither = client.post("/notices", data={FIELD: token, "notice": str(one), "shown": str(one)})

    for page in (batch, alone):
        [form] = [each for each in page.all("form") if "why" in {field.get("name") for field in each.iter("input")}]
        assert next(form.iter("button")).get("value") == "reject"
    assert neither.status == 422
    assert state(office, one)[0] is NoticeStatus.WAITING


def test_nothing_ticked_is_said(office: Office) -> None:
    waiting(office)

    refused = office.browser(Role.COLLECTOR).get("/notices").submit("Approve the ticked ones", notice=[])

    assert refused.status == 422
    assert "Tick at least one notice." in refused.words


def test_one_that_was_decided_on_meanwhile_is_told_in_its_row(office: Office) -> None:
    waiting(office)
    mine, theirs = office.browser(Role.COLLECTOR), office.browser(Role.MANAGER)
    form = mine.get("/notices")
    theirs.get("/notices").submit("Approve the ticked ones")

    late = form.submit("Approve the ticked ones")

    assert "does not wait for approval any more" in late.words


def test_the_list_unfolds_what_the_customer_will_see(office: Office) -> None:
    notice = waiting(office)

    words = office.browser(Role.AUDITOR).fragment(f"/notices/{notice}/words").words

    assert "INV-1" in words
    assert "£120.00" in words
    assert "Menu" not in words


def test_who_may_not_approve_sees_the_list_without_ticks(office: Office) -> None:
    waiting(office)

    page = office.browser(Role.AUDITOR).get("/notices")

    assert "Harbour" in page.words
    assert page.all("input", name="notice") == []


def test_one_notice_says_who_what_which_invoices_and_what_became_of_it(office: Office) -> None:
    account_id = owing(office)
    with office.db.transaction() as session:
        notice = a_notice(session, lock(session, account_id))
        pay_links.mint(session, notice)
        content = NoticeContent(
            notice_id=notice.id, subject="Reminder", body="Please pay INV-1", sha256="ab" * 32, made_at=now(session)
        )
        session.add(content)
        changing.change(session, notice, NoticeStatus.SENT, actor=WORKER)
        notice_id = notice.id

    page = office.browser(Role.COLLECTOR).get(f"/notices/{notice_id}")

    for words in ("ap@harbour.example", "Please pay INV-1", "ab" * 32, "INV-1", "£120.00", "Sent", "Not used"):
        assert words in page.words


def test_its_link_is_taken_back(office: Office) -> None:
    account_id = owing(office)
    with office.db.transaction() as session:
        notice = a_notice(session, lock(session, account_id))
        token, notice_id = pay_links.mint(session, notice), notice.id
    client = office.browser(Role.COLLECTOR)

    page = client.follow(client.get(f"/notices/{notice_id}").submit("Take it back"))

    assert "taken back" in page.words
    with office.db.reading() as session:
        assert pay_links.entered(session, token) is None


def test_the_link_of_another_notice_is_not_found(office: Office) -> None:
    mine, other = waiting(office), waiting(office, "Quay", "INV-2")
    with office.db.transaction() as session:
        pay_links.mint(session, session.get_one(Notice, other))
        [link] = pay_links.of_notice(session, other)
    client = office.browser(Role.COLLECTOR)
    form = client.get(f"/notices/{mine}")
    token = str(form.all("input", name="csrf_token")[0].get("value"))

    answer = client.post(f"/notices/{mine}/links/{link.id}/revoke", data={"csrf_token": token})

    assert answer.status == 404


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("show=held_back", ["Harbour", "Quay"]),
        ("show=held_back&why=promised", ["Harbour"]),
        ("show=held_back&why=disputed", ["Quay"]),
        ("show=held_back&wording=demand", ["Quay"]),
        ("show=held_back&channel=letter", []),
        ("show=held_back&first=2026-03-16&last=2026-03-16", ["Harbour", "Quay"]),
        ("show=held_back&last=2026-03-15", []),
        ("show=sent", []),
    ],
)
def test_what_was_held_back_is_found_by_reason_step_channel_and_day(
    office: Office, query: str, shown: list[str]
) -> None:
    for name, number, why, wording in (
        ("Harbour", "INV-1", HeldBack.PROMISED, Wording.FIRST_REMINDER),
        ("Quay", "INV-2", HeldBack.DISPUTED, Wording.DEMAND),
    ):
        account_id = owing(office, name, number)
        with office.db.transaction() as session:
            a_held_notice(session, lock(session, account_id), why, wording=wording)

    page = office.browser(Role.COLLECTOR).get(f"/notices?{query}")

    assert [name for name in ("Harbour", "Quay") if name in page.words] == shown


def test_an_account_says_what_was_held_back_and_why(office: Office) -> None:
    account_id = owing(office)
    with office.db.transaction() as session:
        a_held_notice(session, lock(session, account_id))

    page = office.browser(Role.COLLECTOR).get(f"/accounts/{account_id}")

    assert "First reminder: held back, about INV-1 (the customer has promised to pay)" in page.words


def test_an_account_says_what_was_sent_to_whom_about_what(office: Office) -> None:
    account_id = owing(office)
    with office.db.transaction() as session:
        notice = a_notice(session, lock(session, account_id), wording=Wording.SECOND_REMINDER)
        changing.change(session, notice, NoticeStatus.SENT, actor=WORKER)
    client = office.browser(Role.COLLECTOR)

    page = client.get(f"/accounts/{account_id}")

    assert "Second reminder: sent by email to ap@harbour.example, about INV-1 (£120.00)" in page.words
    assert page.follow("Look at it: Second reminder: sent").path == "/notices/1"


def test_a_task_leads_to_what_waits(office: Office) -> None:
    waiting(office)
    account_id = owing(office, "Quay", "INV-2")
    with office.db.transaction() as session:
        a_notice(session, lock(session, account_id), Channel.CALL)
    client = office.browser(Role.COLLECTOR)

    notice = client.get("/worklist").follow("Notices wait for somebody").follow("Go to the notice")
    call = client.get("/worklist").follow("A customer is to be called").follow("Make the call")

    assert (notice.path, call.path) == ("/notices/1", "/notices/2/call")
