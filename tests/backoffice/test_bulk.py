"""Acts on many accounts: looked at first, done one by one with a result for each, and undone where they can be."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, update

from domain.assignments.model import ASSIGNMENTS
from domain.audit.model import AUDIT_ENTRIES
from domain.bulk import running
from domain.bulk.acts import NEEDS, Act
from domain.bulk.model import BULK_ROWS, BULK_RUNS, RowState
from domain.bulk.running import WorkOn
from domain.notes import queries as notes
from domain.notes.tags import tag
from domain.outbox.model import OUTBOX
from domain.placements import queries as placements
from domain.shared.actor import Actor
from domain.shared.errors import Invalid, NotAllowed
from domain.staff.model import Role, StaffMember
from domain.staff.permissions import may
from domain.stops import queries as stops
from tests.backoffice.conftest import Office
from tests.support.builders import an_account
from tests.support.client import Client, Page
from tests.support.counting import counted
from tests.support.placing import a_late_debt, a_partner


def some_accounts(office: Office, count: int = 3) -> list[int]:
    with office.db.transaction() as session:
        return [an_account(session, name=f"Harbour {number}", country="DE").id for number in range(count)]


def work(office: Office) -> int:
    """Do what waits in the outbox for runs, until nothing does; how many messages there were."""
    done = 0
    while True:
        with office.db.transaction() as session:
            waiting = select(OUTBOX.c.id, OUTBOX.c.payload).where(
                OUTBOX.c.kind == WorkOn.kind, OUTBOX.c.done_at.is_(None)
            )
            row = session.execute(waiting.order_by(OUTBOX.c.id).limit(1)).one_or_none()
            if row is None:
                return done
            session.execute(update(OUTBOX).where(OUTBOX.c.id == row.id).values(done_at=office.clock.now()))
        running.work_on(office.db, WorkOn(**row.payload))
        done += 1


def ticked(manager: Client, ids: list[int]) -> Page:
    return manager.get("/bulk/new", params={"account": [str(one) for one in ids]})


def looked_at(manager: Client, ids: list[int], *, act: str, **fields: Any) -> Page:
    """Choose the act, fill in what it asks for, and look at what it would do."""
    return ticked(manager, ids).submit("Go on", act=act).submit("See what it would do", **fields)


def done(office: Office, manager: Client, ids: list[int], **fields: Any) -> Page:
    """Choose, look, have it done, and look at the run when it is through."""
    asked = looked_at(manager, ids, **fields).submit("Do it")
    work(office)
    return manager.follow(asked)


def states(office: Office) -> list[RowState]:
    with office.db.reading() as session:
        return list(session.scalars(select(BULK_ROWS.c.state).order_by(BULK_ROWS.c.id)))


def test_what_cannot_be_kept_is_refused_beside_its_field_and_not_in_the_background(office: Office) -> None:
    ids = some_accounts(office)
    manager = office.browser(Role.MANAGER, reads=False)

    unreadable = looked_at(manager, ids, act="pause", why="They\x00moved")
    kept = looked_at(manager, ids, act="note", words="They moved\r\n" * 360)

    assert (unreadable.status, "There is a character in this" in unreadable.response.text) == (422, True)
    assert (kept.status, "It would be done on 3 accounts." in kept.words) == (200, True)


def test_it_is_seen_what_would_be_done_and_what_not_before_anything_is(office: Office, manager: Client) -> None:
    ids = some_accounts(office)
    with office.db.transaction() as session:
        tag(session, ids[:1], "key", actor=Actor.staff(office.person(Role.MANAGER)))

    page = looked_at(manager, ids, act="tag", new_tag="Key")

    assert "It would be done on 2 accounts." in page.words
    assert "It has this tag already." in page.words
    assert states(office) == []


def test_each_account_has_its_result(office: Office, manager: Client) -> None:
    ids = some_accounts(office)
    with office.db.transaction() as session:
        tag(session, ids[:1], "key", actor=Actor.staff(office.person(Role.MANAGER)))

    page = done(office, manager, ids, act="tag", new_tag="key")

    assert states(office) == [RowState.REFUSED, RowState.DONE, RowState.DONE]
    assert "It is through." in page.words
    assert "It has this tag already." in page.words
    with office.db.reading() as session:
        assert set(notes.tags_of_each(session, ids)) == set(ids)


def test_tags_keepers_and_holds_are_undone(office: Office, manager: Client) -> None:
    collector = office.person(Role.COLLECTOR)
    ids = some_accounts(office)
    for fields in (
        {"act": "tag", "new_tag": "key"},
        {"act": "assign", "staff_id": str(collector)},
        {"act": "pause", "why": "Holidays"},
        {"act": "note", "words": "Rang all of them."},
    ):
        page = done(office, manager, ids, **fields)
        with office.db.reading() as session:
            was_held = bool(stops.live(session, ids[0]))
        undone = page.submit("Undo what was done")
        work(office)

        assert "Undone" in manager.follow(undone).words
        assert was_held is (fields["act"] == "pause")

    with office.db.reading() as session:
        assert notes.tags_of_each(session, ids) == {}
        assert session.execute(select(ASSIGNMENTS)).all() == []
        assert stops.live(session, ids[0]) == []
        assert notes.latest(session, ids[0]) == []
    assert set(states(office)) == {RowState.UNDONE}


def test_an_account_that_is_none_is_refused_before_anything_is_done(office: Office, manager: Client) -> None:
    ids = some_accounts(office, 1)

    page = ticked(manager, [*ids, 999_999]).submit("Go on", act="tag").submit("See what it would do", new_tag="key")

    assert page.status == 404
    assert states(office) == []


def test_the_words_of_a_note_are_in_the_notes_alone_once_it_is_written(office: Office, manager: Client) -> None:
    ids = some_accounts(office)

    page = done(office, manager, ids, act="note", words="Rang all of them.")

    assert "Rang" not in page.words
    with office.db.reading() as session:
        assert [note.words for note in notes.latest(session, ids[0])] == ["Rang all of them."]
        assert session.execute(select(BULK_RUNS.c.given)).scalars().all() == [{}]


def test_what_was_changed_again_since_is_not_undone_and_says_so(office: Office, manager: Client) -> None:
    ids = some_accounts(office, 2)
    collector, other = office.person(Role.COLLECTOR), office.person(Role.MANAGER)
    first = done(office, manager, ids, act="assign", staff_id=str(collector))
    done(office, manager, ids[:1], act="assign", staff_id=str(other))

    undone = first.submit("Undo what was done")
    work(office)

    assert "It was changed again since" in manager.follow(undone).words
    with office.db.reading() as session:
        kept = session.execute(select(ASSIGNMENTS.c.account_id, ASSIGNMENTS.c.staff_id)).all()
    assert [tuple(row) for row in kept] == [(ids[0], other)]


def test_reminders_go_on_again_and_that_is_not_undone(office: Office, manager: Client) -> None:
    ids = some_accounts(office, 2)
    done(office, manager, ids[:1], act="pause", why="Holidays")

    page = done(office, manager, ids, act="resume", why="They are back")

    assert "Reminders are not held by staff." in page.words
    assert "This cannot be undone at once" in page.words
    with office.db.reading() as session:
        assert stops.live(session, ids[0]) == []


def test_all_that_the_list_shows_is_worked_on_whatever_its_page(office: Office, manager: Client) -> None:
    ids = some_accounts(office, 60)
    with office.db.transaction() as session:
        an_account(session, name="Elsewhere", country="ES")

    looked = manager.get("/bulk/new", params={"all": "yes", "country": "DE"})
    seen = looked.submit("Go on", act="tag").submit("See what it would do", new_tag="north")
    asked = seen.submit("Do it")
    under_way = manager.follow(asked)
    messages = work(office)

    assert "Act on 60 accounts" in looked.words
    assert "Under way: 0 of 60" in under_way.words
    assert messages == 2
    with office.db.reading() as session:
        assert set(notes.tags_of_each(session, range(1, 100))) == set(ids)


def test_where_there_are_other_accounts_than_were_seen_nothing_is_done(office: Office, manager: Client) -> None:
    some_accounts(office, 2)
    chosen = manager.get("/bulk/new", params={"all": "yes"}).submit("Go on", act="tag")
    seen = chosen.submit("See what it would do", new_tag="x")
    some_accounts(office, 1)

    refused = seen.submit("Do it")

    assert refused.status == 422
    assert "What it would do has changed since you looked. Look again." in refused.words
    assert states(office) == []


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"act": "tag", "new_tag": ""}, "new_tag"),
        ({"act": "pause", "why": " "}, "why"),
        ({"act": "note", "words": ""}, "words"),
        ({"act": "note", "words": "Ask @mary"}, "words"),
        ({"act": "assign", "staff_id": ""}, "staff_id"),
        ({"act": "handoff", "partner_id": "", "why": "Old"}, "partner_id"),
    ],
)
def test_what_an_act_needs_is_asked_beside_its_field(
    office: Office, manager: Client, fields: dict[str, Any], field: str
) -> None:
    refused = looked_at(manager, some_accounts(office), **fields)

    assert refused.status == 422
    assert refused.all("p", id=f"{field}-error")


def test_what_is_no_act_is_refused_and_each_act_asks_for_its_own_fields_alone(office: Office, manager: Client) -> None:
    page = ticked(manager, some_accounts(office))

    refused, chosen = page.submit("Go on", act="nothing"), page.submit("Go on", act="note")

    assert refused.status == 422
    assert refused.all("p", id="act-error")
    assert chosen.all("textarea", id="words")
    assert not chosen.all("input", id="new_tag")
    changed = chosen.submit("See what it would do", act="tag", words="Rang.")
    assert changed.all("input", id="new_tag")
    assert "It would be done" not in changed.words


def test_last_months_statement_goes_once_to_each_and_cannot_be_undone(office: Office, manager: Client) -> None:
    with office.db.transaction() as session:
        ids = [an_account(session, name="Harbour", email="ap@harbour.example", country="GB").id]
        ids.append(an_account(session, name="Nowhere", email=None).id)

    first = done(office, manager, ids, act="statement")
    again = looked_at(manager, ids, act="statement")

    assert states(office) == [RowState.DONE, RowState.REFUSED]
    assert "There is no address to which we may send it" in first.words
    assert "what was sent is sent" in first.words
    assert "It would be done on 1 account." in again.words
    assert "They were sent last month's statement already" in again.words.replace("’", "'")


def test_what_meets_the_criteria_is_proposed_for_a_partner_and_the_rest_says_which_is_not_met(
    office: Office, manager: Client
) -> None:
    with office.db.transaction() as session:
        partner = a_partner(session)
        account, _ = a_late_debt(session)
        early = an_account(session, name="Early")
        ids = [account.id, early.id]

    looked = looked_at(manager, ids, act="handoff", partner_id=str(partner.id), why="Nothing helped")
    run = done(office, manager, ids, act="handoff", partner_id=str(partner.id), why="Nothing helped")

    assert "It would be done on 1 account." in looked.words
    assert "This debt cannot be handed over now" in looked.words
    assert states(office) == [RowState.DONE, RowState.REFUSED]
    assert "decline each proposal" in run.words
    with office.db.reading() as session:
        assert placements.proposed_accounts(session) == {account.id}


def test_nothing_ticked_is_refused(manager: Client) -> None:
    assert manager.get("/bulk/new").status == 422


def test_no_more_than_a_run_takes_is_worked_on(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = some_accounts(office)
    monkeypatch.setattr(running, "MOST", 2)
    with office.db.reading() as session, pytest.raises(Invalid):
        running.look_ahead(session, Act.TAG, {"tag": "x"}, ids, role=Role.MANAGER)


def test_each_act_needs_the_permission_that_it_needs_on_one_account(office: Office) -> None:
    ids = some_accounts(office)
    office.person(Role.COLLECTOR)
    collector = office.browser(Role.COLLECTOR)

    asked = ticked(collector, ids)
    offered = [choice.get("value") for choice in asked.all("input", name="act")]

    assert "assign" not in offered
    assert not asked.all("select", name="staff_id")
    assert "tag" in offered
    with office.db.reading() as session, pytest.raises(NotAllowed):
        running.look_ahead(session, Act.ASSIGN, {"staff_id": 1}, ids, role=Role.COLLECTOR)


@pytest.mark.parametrize("role", Role)
def test_each_role_looks_at_and_has_done_what_it_may_and_nothing_else(office: Office, role: Role) -> None:
    ids = some_accounts(office)
    given = {"staff_id": str(office.person(Role.COLLECTOR)), "new_tag": "x", "why": "They asked", "words": "Rang."}
    allowed = {act for act in Act if may(role, NEEDS[act])}
    browser = office.browser(role)
    token = browser.get("/profile").all("input", name="csrf_token")[0].get("value")

    for step in ("check", "do"):
        fields = {
            "account": [str(one) for one in ids],
            "step": step,
            "csrf_token": str(token),
            **given,
        }
        answers = {
            act: browser.post("/bulk/new", data={**fields, "act": act.value, "of": act.value}).status for act in Act
        }
        assert {act for act, status in answers.items() if status != 403} == allowed, step
    assert (browser.get("/bulk/new", params={"account": [str(ids[0])]}).status != 403) is bool(allowed)


def test_what_was_done_is_undone_by_whoever_may_do_it(office: Office, manager: Client) -> None:
    done(office, manager, some_accounts(office), act="tag", new_tag="x")
    done(office, manager, some_accounts(office), act="assign", staff_id=str(office.person(Role.MANAGER)))
    administrator = office.browser(Role.ADMINISTRATOR)
    tagged, given = (administrator.get(f"/bulk/{run}") for run in (1, 2))
    token = administrator.get("/profile").all("input", name="csrf_token")[0].get("value")

    assert "Undo what was done" not in tagged.words
    assert administrator.post("/bulk/1/undo", data={"csrf_token": str(token)}).status == 403
    assert given.submit("Undo what was done").status == 303


def test_nothing_is_done_for_somebody_who_may_no_longer(office: Office, manager: Client) -> None:
    ids = some_accounts(office)
    looked_at(manager, ids, act="tag", new_tag="x").submit("Do it")
    with office.db.transaction() as session:
        session.get_one(StaffMember, office.person(Role.MANAGER)).role = Role.AUDITOR

    work(office)

    assert set(states(office)) == {RowState.REFUSED}
    with office.db.reading() as session:
        assert notes.tags_of_each(session, ids) == {}


def test_a_message_that_comes_twice_does_nothing_twice(office: Office, manager: Client) -> None:
    ids = some_accounts(office)
    done(office, manager, ids, act="note", words="Rang.")

    running.work_on(office.db, WorkOn(1))

    with office.db.reading() as session:
        assert [len(notes.latest(session, one)) for one in ids] == [1, 1, 1]
        acts = list(
            session.scalars(
                select(AUDIT_ENTRIES.c.act).where(AUDIT_ENTRIES.c.act.like("bulk.%")).order_by(AUDIT_ENTRIES.c.id)
            )
        )
    assert acts == ["bulk.asked", "bulk.ended"]


def test_its_pages_ask_no_more_for_more_accounts(office: Office, manager: Client) -> None:
    done(office, manager, some_accounts(office, 2), act="tag", new_tag="x")
    with counted(office.db.bind) as few:
        manager.get("/bulk/1")
    done(office, manager, some_accounts(office, 20), act="tag", new_tag="x")
    with counted(office.db.bind) as many:
        manager.get("/bulk/2")

    assert len(many) <= len(few)
    assert "Acts on many accounts" in manager.get("/bulk").words


def test_what_is_still_under_way_cannot_be_undone(office: Office, manager: Client) -> None:
    asked = looked_at(manager, some_accounts(office), act="tag", new_tag="x")
    run = manager.follow(asked.submit("Do it"))
    token = str(run.all("input", name="csrf_token")[0].get("value"))

    refused = manager.post("/bulk/1/undo", data={"csrf_token": token})

    assert refused.status == 422
    assert "It is still under way." in refused.words
    assert manager.fragment("/bulk/1").all("progress")
