"""The account's page as a place to work: its data, notes, tags, calls and relations are kept where they are read."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from domain.accounts import queries as accounts
from domain.accounts.relations import queries as relations
from domain.documents.filing import file
from domain.documents.model import Category
from domain.notes import queries as notes
from domain.notices.model import Call, CallOutcome
from domain.outbox.model import OUTBOX
from domain.promises import queries as promises
from domain.shared.actor import OPERATOR
from domain.shared.db.session import today
from domain.staff.adding import add
from domain.staff.model import Role
from domain.stops import queries as stops
from domain.tasks import queries as tasks
from domain.tasks.model import TaskKind
from tests.backoffice.conftest import PASSWORD, Office
from tests.support.builders import an_account, an_invoice, money
from tests.support.client import Client, Page

HTMX = {"hx-request": "true"}


@pytest.fixture
def account_id(office: Office) -> int:
    """An account with a late invoice and a number."""
    with office.db.transaction() as session:
        account = an_account(session, name="Harbour", email="ap@harbour.example", phone="+44 1632 960001", country="GB")
        an_invoice(session, account, "120", number="INV-1", issued_on=today(session) - timedelta(days=60))
        return account.id


@pytest.fixture
def clerk(office: Office) -> Client:
    """A credit controller's browser."""
    return office.browser(Role.COLLECTOR)


def logged(client: Client, account_id: int, outcome: str, **more: str | list[str]) -> Page:
    """What comes back when a call is logged on the account's page."""
    form = client.get(f"/accounts/{account_id}")
    return form.submit("Write it down", {"outcome": outcome, "words": "Ana said so", **more})


# --- its own data


def test_a_field_is_changed_in_place_and_stands_on_the_timeline(clerk: Client, account_id: int) -> None:
    page = clerk.get(f"/accounts/{account_id}")
    form = page.follow("Change Email")
    after = clerk.follow(form.submit("Save", email="new@harbour.example"))

    assert "new@harbour.example" in after.words
    assert "Account changed: email ap@harbour.example → new@harbour.example" in after.words
    assert "Harbour" in clerk.get("/accounts?q=new@harbour").words


def test_with_a_script_the_form_comes_and_goes_where_the_field_was(office: Office, account_id: int) -> None:
    client = office.browser(Role.COLLECTOR)
    path = f"/accounts/{account_id}/details"
    form = client.fragment(path, params={"group": "reach"})
    token = form.all("input", name="csrf_token")[0].get("value") or ""
    sent = {"csrf_token": token, "group": "reach", "phone": "", "seen-phone": "+44 1632 960001"}
    seen = {"email": "ap@harbour.example", "seen-email": "ap@harbour.example"}

    saved = client.post(path, data={**sent, **seen}, headers=HTMX)
    left = client.fragment(path, params={"group": "none"})

    assert form.all("form", id="details")
    assert saved.status == left.status == 200
    assert "Saved" in saved.words
    assert saved.all("section", id="details")
    assert "not known" in left.words


def test_what_a_colleague_changed_meanwhile_is_shown_before_it_is_replaced(office: Office, account_id: int) -> None:
    mine, theirs = office.browser(Role.COLLECTOR), office.browser(Role.MANAGER)
    form = mine.get(f"/accounts/{account_id}/details?group=terms")
    theirs.get(f"/accounts/{account_id}/details?group=terms").submit("Save", terms_days="7")

    refused = form.submit("Save", terms_days="14")
    again = refused.submit("Save")

    assert refused.status == 422
    assert "it is “7” now" in refused.words
    assert refused.all("input", id="terms_days")[0].get("value") == "14"
    assert again.status == 303
    with office.db.reading() as session:
        assert accounts.account(session, account_id).terms_days == 14


@pytest.mark.parametrize(
    ("group", "typed", "field"),
    [
        ("name", {"name": " "}, "name"),
        ("reach", {"email": "nobody"}, "email"),
        ("place", {"country": "XX"}, "country"),
        ("speaks", {"time_zone": "Nowhere"}, "time_zone"),
        ("terms", {"terms_days": "999"}, "terms_days"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field(
    clerk: Client, account_id: int, group: str, typed: dict[str, str], field: str
) -> None:
    refused = clerk.get(f"/accounts/{account_id}/details?group={group}").submit("Save", typed)

    assert refused.status == 422
    assert refused.all("p", id=f"{field}-error")


def test_an_auditor_reads_and_finds_no_way_to_change(office: Office, account_id: int) -> None:
    page = office.browser(Role.AUDITOR).get(f"/accounts/{account_id}")

    assert page.status == 200
    for words in ("Change Email", "Write a note", "Add a tag", "Log a call", "Add a guarantor"):
        assert words not in page.words


# --- notes and tags


def test_a_note_tells_a_colleague_who_reads_it_from_their_task(office: Office, account_id: int) -> None:
    ana, ben = office.browser(Role.COLLECTOR), office.browser(Role.MANAGER)
    page = ana.get(f"/accounts/{account_id}")
    page.submit("Keep the note", note="@manager please look at INV-1")

    with office.db.reading() as session:
        [task] = tasks.tasks_of(session, account_id)
    assert (task.kind, task.owner_id) == (TaskKind.MENTIONED, office.person(Role.MANAGER))
    assert "not read yet" in ana.get(f"/accounts/{account_id}").words
    note = ben.get(f"/tasks/{task.id}").follow("Read the note")
    assert "@manager please look at INV-1" in note.words
    assert "not read yet" in ana.get(f"/accounts/{account_id}").words
    ben.follow(note.submit("I have read it"))
    assert "not read yet" not in ana.get(f"/accounts/{account_id}").words
    with office.db.reading() as session:
        assert tasks.tasks_of(session, account_id) == []


def test_somebody_elses_task_is_not_done_by_looking(office: Office, account_id: int) -> None:
    office.person(Role.MANAGER)
    clerk = office.browser(Role.COLLECTOR)
    clerk.get(f"/accounts/{account_id}").submit("Keep the note", note="Look", tell="Manager Jones")

    note = clerk.get(f"/notes/1/{office.person(Role.MANAGER)}")
    token = note.all("input", name="csrf_token")[0].get("value")

    assert "I have read it" not in note.words
    assert clerk.post("/notes/1/read", data={"csrf_token": str(token)}).status == 404

    with office.db.reading() as session:
        assert len(tasks.tasks_of(session, account_id)) == 1


def test_two_of_one_name_are_chosen_between_and_never_guessed(office: Office, account_id: int) -> None:
    office.person(Role.MANAGER)
    with office.db.transaction() as session:
        namesake = {"email": "m2@office.example", "name": "Manager Jones"}
        add(session, **namesake, role=Role.MANAGER, password=PASSWORD, actor=OPERATOR)
    page = office.browser(Role.COLLECTOR).get(f"/accounts/{account_id}")

    refused = page.submit("Keep the note", note="Look", tell="Manager Jones")
    kept = refused.submit("Keep the note", tell="Manager Jones (m2@office.example)")

    assert refused.status == 422
    assert "Manager Jones (manager@office.example), Manager Jones (m2@office.example)" in refused.words
    assert kept.status == 303
    assert "to Manager Jones (m2@office.example)" in office.browser().follow(kept).words


def test_a_name_that_may_be_two_people_is_asked_for_and_nothing_is_lost(office: Office, account_id: int) -> None:
    for role in (Role.MANAGER, Role.AUDITOR):
        office.person(role)
    refused = office.browser(Role.COLLECTOR).get(f"/accounts/{account_id}").submit("Keep the note", note="@jones look")

    assert refused.status == 422
    assert "may be Auditor Jones, Collector Jones, Manager Jones" in refused.words
    assert "@jones look" in refused.words


def test_a_note_is_pinned_on_top_and_its_words_go_with_it(office: Office, account_id: int) -> None:
    ana, ben = office.browser(Role.COLLECTOR), office.browser(Role.MANAGER)
    ana.get(f"/accounts/{account_id}").submit("Keep the note", note="Never call before ten")
    ben.get(f"/accounts/{account_id}").submit("Pin on top")

    page = ana.get(f"/accounts/{account_id}")
    assert "Pinned" in page.words
    assert "Withdraw" not in ben.get(f"/accounts/{account_id}").words
    gone = ana.follow(page.submit("Withdraw"))
    assert "Never call before ten" not in gone.words
    assert "Note withdrawn" in gone.words


def test_a_form_that_is_sent_twice_writes_one_note(office: Office, clerk: Client, account_id: int) -> None:
    form = clerk.get(f"/accounts/{account_id}")
    for _ in range(2):
        form.submit("Keep the note", note="Once")

    with office.db.reading() as session:
        assert [note.words for note in notes.latest(session, account_id)] == ["Once"]


def test_tags_are_added_suggested_and_taken_off(office: Office, clerk: Client, account_id: int) -> None:
    with office.db.transaction() as session:
        other = an_account(session).id
    clerk.get(f"/accounts/{other}/tags").submit("Add", tag="#Seasonal")
    form = clerk.get(f"/accounts/{account_id}").follow("Add a tag")
    page = clerk.follow(form.submit("Add", tag=" Key   ACCOUNT"))

    assert [one.get("value") for one in form.all("option")] == ["seasonal"]
    assert page.link("key account") == "/accounts?tag=key+account"
    refused = clerk.get(f"/accounts/{account_id}/tags").submit("Add", tag="<x>")
    assert (refused.status, bool(refused.all("p", id="tag-error"))) == (422, True)
    clerk.get(f"/accounts/{account_id}/tags").submit("Take off key account")
    with office.db.reading() as session:
        assert notes.tags_of(session, account_id) == []


# --- who stands behind it


def test_a_guarantor_stands_at_the_side_until_let_go(office: Office, clerk: Client, account_id: int) -> None:
    with office.db.transaction() as session:
        paper = file(
            session,
            office.store,
            b"%PDF-1.4",
            media_type="application/pdf",
            category=Category.GUARANTEE,
            filename="guarantee.pdf",
            account_id=account_id,
            subject=("account", account_id),
            actor=OPERATOR,
        ).id
        day = today(session).isoformat()
    form = clerk.get(f"/accounts/{account_id}").follow("Add a guarantor")
    refused = form.submit("Add the guarantor", name="Tom Ruiz", since_on="2099-01-01", most="500")
    clerk.follow(refused.submit("Add the guarantor", since_on=day, document=str(paper)))

    page = clerk.get(f"/accounts/{account_id}")
    assert refused.status == 422
    assert all(words in page.words for words in ("Tom Ruiz", "answers for the debts up to", "£500.00"))
    there = page.follow("Tom Ruiz")
    assert there.link("The paper that they signed") == f"/documents/{paper}"
    there.submit("Let them go", why="Sold the shares")
    with office.db.reading() as session:
        assert relations.guarantors(session, account_id) == []
    assert "Tom Ruiz answers for the debts no more: Sold the shares" in clerk.get(f"/accounts/{account_id}").words


def test_a_related_account_shows_what_it_owes_and_is_parted(office: Office, clerk: Client, account_id: int) -> None:
    with office.db.transaction() as session:
        parent = an_account(session, name="Parent plc", number="PAR")
        an_invoice(session, parent, "75", issued_on=today(session) - timedelta(days=60))
        parent_id = parent.id
    form = clerk.get(f"/accounts/{account_id}").follow("Tie a related account")
    refused = form.submit("Tie them", number="NONE", kind="parent")
    page = clerk.follow(refused.submit("Tie them", number="PAR"))

    assert (refused.status, bool(refused.all("p", id="number-error"))) == (422, True)
    assert all(words in page.words for words in ("Parent plc", "Parent company", "£75.00 late"))
    assert "Subsidiary" in clerk.get(f"/accounts/{parent_id}").words
    assert "Parent plc" not in clerk.follow(page.submit("Part them")).all("aside")[0].itertext()


# --- what to do next, and a call in two fields


def test_the_page_says_what_to_do_next_and_why(clerk: Client, account_id: int) -> None:
    page = clerk.get(f"/accounts/{account_id}")

    assert "£120.00 is late" in page.words
    assert page.link("Call them") == f"/accounts/{account_id}/calls/new"


def test_a_promise_is_logged_with_its_call_at_once(office: Office, clerk: Client, account_id: int) -> None:
    with office.db.reading() as session:
        day = today(session) + timedelta(days=3)
    asked = logged(clerk, account_id, "promise")
    done = clerk.follow(asked.submit("Write it down", promised_on=day.isoformat(), amount="100"))

    assert (asked.status, len(asked.all("p", id="promised_on-error"))) == (422, 1)
    assert done.path.partition("?")[0] == f"/accounts/{account_id}"
    assert "They have promised to pay by" in done.words
    with office.db.reading() as session:
        [promise] = promises.open_of_account(session, account_id)
        assert (promise.amount_minor, promise.promised_on, promise.words) == (100_00, day, "Ana said so")
        assert session.scalars(select(Call.outcome)).all() == [CallOutcome.PROMISE]


def test_a_refused_promise_leaves_no_call(office: Office, clerk: Client, account_id: int) -> None:
    refused = logged(clerk, account_id, "promise", promised_on="2099-01-01")

    assert refused.status in {403, 422}
    with office.db.reading() as session:
        assert session.scalars(select(Call.id)).all() == []


def test_a_dispute_goes_on_in_its_form_with_the_words(clerk: Client, account_id: int) -> None:
    done = clerk.follow(logged(clerk, account_id, "dispute"))

    assert "/dispute?call=" in done.path
    assert "Ana said so" in done.words


def test_a_day_to_call_again_is_kept(office: Office, clerk: Client, account_id: int) -> None:
    with office.db.reading() as session:
        day = today(session)
    wrong = logged(clerk, account_id, "reached", again_on=day.isoformat())
    logged(clerk, account_id, "reached", again_on=(day + timedelta(days=5)).isoformat())

    assert (wrong.status, bool(wrong.all("p", id="again_on-error"))) == (422, True)
    with office.db.reading() as session:
        [again] = [row for row in session.execute(select(OUTBOX)).all() if row.kind == "call_again"]
        assert again.due_at.date() in {day + timedelta(days=4), day + timedelta(days=5)}


def test_reminders_wait_where_they_wait_for_a_payment_run(office: Office, clerk: Client, account_id: int) -> None:
    with office.db.reading() as session:
        until = today(session) + timedelta(days=5)
    logged(clerk, account_id, "in_payment_run", until_on=until.isoformat())

    with office.db.reading() as session:
        [held] = stops.live(session, account_id)
        assert held.until_on == until


def test_where_the_last_number_is_wrong_somebody_has_to_find_them(office: Office, clerk: Client) -> None:
    with office.db.transaction() as session:
        account = an_account(session, phone="+44 1632 960001", country="GB")
        an_invoice(session, account, "120", issued_on=today(session) - timedelta(days=60))
        account_id = account.id
    logged(clerk, account_id, "wrong_number")

    with office.db.reading() as session:
        [task] = tasks.tasks_of(session, account_id)
        assert (task.kind, task.worth) == (TaskKind.TRACE, money("120"))


def test_what_an_outcome_asks_for_comes_as_it_is_chosen(clerk: Client, account_id: int) -> None:
    path = f"/accounts/{account_id}/log"

    asked = {
        outcome: {name for name in ("promised_on", "until_on", "again_on") if page.all("input", id=name)}
        for outcome in ("promise", "awaiting_approval", "voicemail", "wrong_number", "")
        for page in [clerk.fragment(path, params={"outcome": outcome})]
    }

    assert asked == {
        "promise": {"promised_on"},
        "awaiting_approval": {"until_on"},
        "voicemail": {"again_on"},
        "wrong_number": set(),
        "": set(),
    }
    kept = clerk.fragment(path, params={"outcome": "promise", "number": "", "promised_on": "2026-04-01"})
    assert kept.all("input", id="promised_on")[0].get("value") == "2026-04-01"


# --- the timeline


def test_the_timeline_is_narrowed_by_words_person_and_day(office: Office, clerk: Client, account_id: int) -> None:
    clerk.get(f"/accounts/{account_id}").submit("Keep the note", note="Café closes at noon")
    path = f"/accounts/{account_id}/timeline"
    whole = clerk.get(path)

    by_words = whole.submit("Find", words="cafe NOON")
    by_person = whole.submit("Find", who=f"staff:{office.person(Role.COLLECTOR)}")
    by_day = whole.submit("Find", {"from": "2020-01-01", "to": "2020-12-31"})
    nonsense = whole.submit("Find", {"from": "soon"})

    entries = [len(page.all("p", class_="timeline__title")) for page in (by_words, by_person, by_day)]
    assert entries == [1, 1, 0]
    assert len(whole.all("p", class_="timeline__title")) > 2
    assert nonsense.status == 422


def test_pages_of_a_narrowed_timeline_keep_the_filter(office: Office, clerk: Client, account_id: int) -> None:
    with office.db.transaction() as session:
        account = accounts.lock(session, account_id)
        for number in range(45):
            an_invoice(session, account, "1", number=f"N-{number}")
    page = clerk.get(f"/accounts/{account_id}/timeline?words=n-&show=money")
    pages = [page]
    while any("Earlier" in "".join(a.itertext()) for a in page.all("a")):
        page = page.follow("Earlier")
        pages.append(page)

    titles = [title for one in pages for title in one.all("p", class_="timeline__title")]
    assert len(titles) == 45
    assert len(pages) == 3
