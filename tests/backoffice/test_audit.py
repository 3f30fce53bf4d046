"""The audit trail: narrowed, read whole, checked, taken out; whatever was written down, and whoever did it."""

from __future__ import annotations

import csv
import json
import re
from io import StringIO
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, update

from backoffice.audit_values import ANYWHERE, WITHIN, value_name
from domain.approvals.model import ApprovalKind
from domain.audit.erasing import erase_payload
from domain.audit.model import AUDIT_ENTRIES, AUDIT_PAYLOADS
from domain.audit.queries import acts_on
from domain.audit.recording import record
from domain.bulk.acts import Act
from domain.ledger.sealing import seal
from domain.processing.checking import PATIENCE, check_everything
from domain.reporting.acts import ACT_WORDS
from domain.reporting.audit_words import OTHER_ACTS
from domain.shared.actor import OPERATOR, Actor
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import an_account, money
from tests.support.client import Client
from tests.support.counting import counted
from tests.support.tampering import drop_guards


def wrote(office: Office, act: str = "limit.changed", **given: Any) -> int:
    """An act of somebody on account 1."""
    told: dict[str, Any] = {"actor": OPERATOR, "subject": ("account", 1), **given}
    with office.db.transaction() as session:
        return record(session, act, **told)


def tampered(office: Office, change: Any) -> None:
    """What somebody who owns the database does behind our back."""
    bind = office.db.bind
    assert isinstance(bind, Engine)
    with bind.begin() as connection:
        _without_guards(connection, change)


def _without_guards(connection: Connection, change: Any) -> None:
    drop_guards(connection)
    connection.execute(change)


def numbers(page: Any) -> set[str]:
    """The numbers of the acts on a page."""
    links = [str(a.get("href")) for a in page.all("a")]
    return {link.removeprefix("/audit/") for link in links if link.removeprefix("/audit/").isdigit()}


def test_each_act_says_who_what_from_where_on_what_and_what_it_changed(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        account = an_account(session, name="Harbour Cafe")
    actor = Actor.staff(office.person(Role.COLLECTOR), "192.0.2.77")
    before, after = {"limit": money("100"), "why": None}, {"limit": money("250"), "why": "Pays well"}
    number = wrote(
        office, actor=actor, subject=("account", account.id), account_id=account.id, before=before, after=after
    )

    words = manager.get("/audit").words
    whole = manager.get(f"/audit/{number}")

    for expected in ("limit.changed", "Collector Jones", "192.0.2.77", "Harbour Cafe", "£100.00 → £250.00"):
        assert expected in words
    assert "Nothing was changed" in whole.words
    assert "none yet" in whole.words
    assert whole.link(f"Account {account.id}") == f"/accounts/{account.id}"


def test_values_of_a_few_are_said_in_words() -> None:
    assert value_name("bulk", "act", Act.TAG) == "Add a tag"
    assert value_name("approval", "asked", ApprovalKind.CREDIT_NOTE) not in (None, "credit_note")
    assert value_name("account", "name", "tag") is None
    assert value_name("account", "role", "emperor") is None
    assert {str(value) for names in (*ANYWHERE.values(), *WITHIN.values()) for value in names} & {""} == set()


def test_nothing_to_choose_from_and_nothing_that_is_shown_is_as_the_code_calls_it(
    office: Office, manager: Client
) -> None:
    code = re.compile(r"[{}]|^[a-z_]+\.[a-z_]+|[a-z]_[a-z]")
    for act in (*ACT_WORDS, *OTHER_ACTS):
        wrote(office, act, subject=("bulk_run", 1))
    wrote(office, "bulk.asked", subject=("bulk_run", 1), after={"act": "tag"})
    wrote(office, "approval.asked", subject=("approval", 1), after={"asked": "credit_note", "status": "waiting"})

    page = manager.get("/audit?what=all:approval")
    options = {" ".join(option.itertext()).strip() for option in page.all("option")}

    assert len(options) > 300
    assert {words for words in options if code.search(words)} == set()
    for words in ("Approval asked for: Credit note", "asked: Credit note", "status: waits", "Request for approval 1"):
        assert words.casefold() in page.words.casefold()
    assert "act: Add a tag" in manager.get("/audit?what=bulk.asked").words


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"who": "staff"}, {"a"}),
        ({"who": "operator"}, {"b", "c", "d"}),
        ({"who": "operator", "what": "invoice.issued"}, {"b"}),
        ({"what": "invoice.issued"}, {"a", "b"}),
        ({"what": "all:invoice"}, {"a", "b", "c"}),
        ({"what": "all:nothing"}, set()),
        ({"kind": "invoice", "number": "7"}, {"a", "c"}),
        ({"kind": "invoice"}, {"a", "b", "c"}),
        ({"account": "A-900"}, {"c"}),
        ({"words": "INV-3_"}, {"d"}),
        ({"words": "inv-3"}, {"b", "d"}),
        ({"from": "2026-03-17"}, {"c", "d"}),
        ({"to": "2026-03-16", "what": "all:invoice"}, {"a", "b"}),
        ({"from": "2026-03-17", "to": "2026-03-17", "who": "operator", "words": "inv"}, {"d"}),
    ],
)
def test_the_trail_is_narrowed_by_each_thing_and_by_several(
    office: Office, asked: dict[str, str], expected: set[str]
) -> None:
    with office.db.transaction() as session:
        account_id = an_account(session, number="A-900").id
    collector = Actor.staff(office.person(Role.COLLECTOR))
    made = {
        "a": wrote(office, "invoice.issued", actor=collector, subject=("invoice", 7)),
        "b": wrote(office, "invoice.issued", subject=("invoice", 8), after={"number": "INV-31"}),
    }
    office.clock.advance(days=1)
    made["c"] = wrote(office, "invoice.voided", subject=("invoice", 7), account_id=account_id)
    made["d"] = wrote(office, "books.closed", subject=("books", "x"), after={"number": "INV-3_"})
    ours = {str(number) for number in made.values()}

    page = office.browser(Role.MANAGER).get("/audit", params=asked)

    assert numbers(page) & ours == {str(made[name]) for name in expected}


def test_an_act_on_staff_leads_to_their_page_only_whoever_may_see_it(office: Office, manager: Client) -> None:
    staff_id = office.person(Role.COLLECTOR)
    number = wrote(office, "signed_in", subject=("staff", staff_id))
    administrator = office.browser(Role.ADMINISTRATOR)

    def led(client: Client) -> list[bool]:
        pages = client.get("/audit"), client.get(f"/audit/{number}")
        return [f"/staff/{staff_id}" in {link.get("href") for link in page.all("a")} for page in pages]

    assert led(administrator) == [True, True]
    assert led(manager) == [False, False]


def test_pages_follow_each_other_without_a_gap_or_a_repeat(office: Office, manager: Client) -> None:
    made = [str(wrote(office, subject=("account", number))) for number in range(120)]
    seen: list[str] = []

    page = manager.get("/audit", params={"what": "limit.changed"})
    seen += sorted(numbers(page), key=int, reverse=True)
    while any("Older" in "".join(a.itertext()) for a in page.all("a")):
        page = page.follow("Older")
        seen += sorted(numbers(page), key=int, reverse=True)

    assert seen == made[::-1]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"who": "nobody"}, "Choose from the list."),
        ({"who": "staff:x"}, "Choose from the list."),
        ({"from": "yesterday"}, "Enter a day"),
        ({"from": "2026-03-02", "to": "2026-03-01"}, "The last day cannot be before the first."),
        ({"account": "A-nowhere"}, "There is no account with this number."),
        ({"number": "7"}, "Choose what sort of thing it is, too."),
        ({"words": "x" * 101}, "Use at most 100 characters"),
    ],
)
def test_what_cannot_be_asked_for_is_said_above_the_fields(
    office: Office, manager: Client, asked: dict[str, str], words: str
) -> None:
    page = manager.get("/audit", params=asked)

    assert page.status == 422
    assert words in page.words


def test_a_page_takes_no_more_queries_for_more_acts(office: Office, manager: Client) -> None:
    def asked() -> int:
        with counted(office.db.bind) as sent:
            manager.get("/audit")
        return len(sent)

    wrote(office)
    few = asked()
    for number in range(40):
        wrote(office, subject=("payment", number))
        wrote(office, "document.viewed", subject=("document", number), account_id=number)
        wrote(office, "access.granted", subject=("login", number), actor=Actor.login(number))
    asked()

    assert asked() <= few + 5


def test_whatever_was_written_down_is_shown_and_breaks_nothing(office: Office, manager: Client) -> None:
    odd: dict[str, Any] = {
        "stop": "none such",
        "channel": "pigeon",
        "amount": {"amount": "x", "currency": "GBP"},
        "due_on": "2026-99-99",
        "deep": {"a": {"b": {"c": {"d": {"e": 1}}}}},
        "list": [{"a": 1}, [2]],
        "empty": {},
        "flag": True,
        "at": "2026-03-16T12:00:00.000000Z",
    }
    for act in ("stop.set", "notice.sent", "promise.made", "never.heard.of", "call.recorded", "placement.placed"):
        wrote(office, act, subject=("promise", "not a number"), after=odd, before={"list": []}, account_id=5)

    page = manager.get("/audit")

    assert page.status == 200
    assert {manager.get(f"/audit/{number}").status for number in numbers(page)} == {200}


def test_what_was_erased_is_shown_as_that_with_its_ground(office: Office, manager: Client) -> None:
    number = wrote(office, after={"email": "ana@b.example"})
    with office.db.transaction() as session:
        erase_payload(session, number, ground="GDPR 17(1)(a)", actor=OPERATOR)

    page = manager.get(f"/audit/{number}")

    assert "GDPR 17(1)(a)" in page.words
    assert "ana@b.example" not in page.words
    assert "Nothing was changed" in page.words
    assert "Erased" in manager.get("/audit").words


def test_a_sealed_act_names_its_seal(office: Office, manager: Client) -> None:
    number = wrote(office)
    with office.db.transaction() as session:
        made = seal(session)
    assert made is not None

    page = manager.get(f"/audit/{number}")

    assert made.hash.hex() in page.words
    assert "One seal covers 1 of them, and holds." in page.words


@pytest.mark.parametrize("what", ["payload", "row"])
def test_a_row_that_was_edited_is_found_on_the_page_it_is_on(office: Office, manager: Client, what: str) -> None:
    number = wrote(office, after={"limit": 100})
    with office.db.transaction() as session:
        seal(session)
    change = (
        update(AUDIT_PAYLOADS).where(AUDIT_PAYLOADS.c.id == number).values(payload='{"after":{"limit":999}}')
        if what == "payload"
        else update(AUDIT_ENTRIES).where(AUDIT_ENTRIES.c.id == number).values(actor_kind="worker")
    )
    tampered(office, change)

    page = manager.get("/audit", params={"verify": "shown"})

    assert "One thing is not as it was written down" in page.words
    assert f"audit_entry {number}: " in page.words


def test_what_came_since_the_last_seal_is_checked_alone(office: Office, manager: Client) -> None:
    wrote(office)
    with office.db.transaction() as session:
        seal(session)
    first = manager.get("/audit", params={"verify": "since"}).words
    wrote(office)
    wrote(office)

    assert "0 rows were checked" in first
    assert "2 rows were checked" in manager.get("/audit", params={"verify": "since"}).words


def test_everything_is_checked_in_the_background_and_what_was_found_is_said(office: Office, manager: Client) -> None:
    number = wrote(office)

    asked = manager.follow(manager.get("/audit").submit("Check everything in the background"))
    again = asked.submit("Check everything now")
    with office.db.reading() as session:
        (told,) = acts_on(session, ("audit_check", "everything"))
    tampered(office, update(AUDIT_PAYLOADS).where(AUDIT_PAYLOADS.c.id == number).values(payload="[1"))
    check_everything(office.db, told.id)
    check_everything(office.db, told.id)
    after = manager.get("/audit/checks").words

    assert office.nudges
    assert "Being checked since" in asked.words
    assert again.status == 422
    assert "A check is under way." in again.words
    assert "one thing is off" in after
    assert f"audit_entry {number}: The payload of this row was edited." in after
    assert "one thing is off" in manager.get("/audit").words


def test_a_check_that_never_ended_does_not_keep_another_from_beginning(office: Office, manager: Client) -> None:
    page = manager.get("/audit/checks")
    page.submit("Check everything now")
    office.clock.advance(seconds=PATIENCE.total_seconds() + 1)

    browser = office.browser(Role.AUDITOR)

    assert browser.get("/audit/checks").submit("Check everything now").status == 303


def test_the_export_has_all_that_is_asked_for_and_no_cell_is_a_formula(office: Office, manager: Client) -> None:
    for number in range(60):
        wrote(office, "limit.changed", after={"n": number}, subject=("account", f"=1+{number}"))
    wrote(office, "other.act")

    page = manager.get("/audit", params={"what": "limit.changed"}).submit("CSV")
    rows = list(csv.reader(StringIO(page.response.text.removeprefix("\ufeff"))))

    assert page.is_download
    assert len(rows) == 61
    assert {row[2] for row in rows[1:]} == {"limit.changed"}
    assert rows[1][9] == "'=1+59"
    assert rows[1][12] == '{"n": 59}'


def test_the_export_as_json_can_be_read_again_and_is_on_the_trail(office: Office, manager: Client) -> None:
    number = wrote(office, "limit.changed", after={"limit": money("5")})

    page = manager.get("/audit", params={"what": "limit.changed"}).submit("JSON")
    (found,) = json.loads(page.response.text)
    nothing = manager.get("/audit", params={"words": "zebra"}).submit("JSON")
    words = manager.get("/audit").words

    assert (found["id"], found["after"]) == (number, {"limit": {"amount": "5.00", "currency": "GBP"}})
    assert json.loads(nothing.response.text) == []
    assert "Audit trail exported" in words
    assert "asked for · what: limit.changed" in words


def test_an_export_of_what_cannot_be_asked_for_says_why(office: Office, manager: Client) -> None:
    page = manager.get("/audit").submit("CSV", {"who": "nobody"})

    assert page.status == 422
    assert "Choose from the list." in page.words


def test_there_is_no_act_of_that_number(office: Office, manager: Client) -> None:
    assert manager.get("/audit/999999").status == 404
    assert manager.get("/audit", params={"place": "nonsense"}).status == 200
    assert manager.get("/audit", params={"place": "999999999999999999.1"}).status == 200
