"""Notes: written, told to colleagues, pinned, taken back."""

from __future__ import annotations

import pytest

from domain.audit.queries import acts_on_account
from domain.notes import queries, writing
from domain.shared.actor import OPERATOR, Actor
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid, NotAllowed, NotFound
from domain.staff.adding import add
from domain.staff.model import Role
from domain.tasks import queries as tasks
from domain.tasks.model import TaskKind
from tests.support.builders import an_account


@pytest.fixture
def people(db: Database) -> dict[str, Actor]:
    """Three who work here, by first name."""
    with db.transaction() as session:
        return {
            name.split()[0]: Actor.staff(
                add(
                    session,
                    email=f"{name.split()[0].lower()}@office.example",
                    name=name,
                    role=Role.COLLECTOR,
                    password="correct horse battery staple",
                    actor=OPERATOR,
                )[0].id
            )
            for name in ("Ana Ruiz", "Ben Stone", "Cleo Marsh")
        }


@pytest.fixture
def account_id(db: Database) -> int:
    """An account."""
    with db.transaction() as session:
        return an_account(session).id


def waiting(db: Database, account_id: int) -> list[tuple[TaskKind, int | None]]:
    """The open tasks of the account, and whose each is."""
    with db.reading() as session:
        return [(task.kind, task.owner_id) for task in tasks.tasks_of(session, account_id)]


def test_each_mentioned_colleague_has_a_task_of_their_own(
    db: Database, people: dict[str, Actor], account_id: int
) -> None:
    with db.transaction() as session:
        note = writing.write(session, account_id, "@ben @Cleo, and me, @ana: hold on", actor=people["Ana"])
        note_id = note.id

    assert waiting(db, account_id) == [
        (TaskKind.MENTIONED, people["Ben"].id),
        (TaskKind.MENTIONED, people["Cleo"].id),
    ]
    with db.transaction() as session:
        assert writing.read(session, note_id, actor=people["Ben"]) == account_id
    assert waiting(db, account_id) == [(TaskKind.MENTIONED, people["Cleo"].id)]
    with db.reading() as session:
        row = queries.note(session, note_id)
        assert row.mentions == ("Ana Ruiz", "Ben Stone", "Cleo Marsh")
        assert row.waits_for == {people["Cleo"].id}


def test_whom_it_could_not_be_told_to_keeps_it_from_being_written(
    db: Database, people: dict[str, Actor], account_id: int
) -> None:
    with db.transaction() as session:
        add(
            session,
            email="ben2@office.example",
            name="Ben Archer",
            role=Role.MANAGER,
            password="correct horse battery staple",
            actor=OPERATOR,
        )
    for words, said in (("@ben look", "Ben Archer"), ("@nobody look", "nobody"), ("  ", "remembered")):
        with pytest.raises(Invalid) as refused, db.transaction() as session:
            writing.write(session, account_id, words, actor=people["Ana"])
        assert said in str(refused.value)
        assert refused.value.field == "words"
    with db.reading() as session:
        assert queries.latest(session, account_id) == []


def test_of_two_with_the_same_name_the_one_who_is_chosen_is_told(
    db: Database, people: dict[str, Actor], account_id: int
) -> None:
    with db.transaction() as session:
        namesake = add(
            session,
            email="ben@elsewhere.example",
            name="Ben Stone",
            role=Role.MANAGER,
            password="correct horse battery staple",
            actor=OPERATOR,
        )[0].id
        here = writing.colleagues(session)
    for typed in ("Ben Stone", "Zoe"):
        with pytest.raises(Invalid) as refused:
            writing.meant(here, typed)
        assert refused.value.field == "tell"
    assert writing.meant(here, "Ana Ruiz") == people["Ana"].id
    chosen = writing.meant(here, "Ben Stone (ben@office.example)")
    assert chosen == people["Ben"].id == writing.meant(here, "Ben@Office.example")

    with db.transaction() as session:
        note_id = writing.write(session, account_id, "@ben@elsewhere.example", also=[chosen], actor=people["Ana"]).id

    assert waiting(db, account_id) == [(TaskKind.MENTIONED, namesake), (TaskKind.MENTIONED, chosen)]
    with db.reading() as session:
        told = queries.note(session, note_id).mentions
    assert sorted(told) == ["Ben Stone (ben@elsewhere.example)", "Ben Stone (ben@office.example)"]


def test_a_withdrawn_note_leaves_no_words_anywhere_and_no_task(
    db: Database, people: dict[str, Actor], account_id: int
) -> None:
    with db.transaction() as session:
        note_id = writing.write(session, account_id, "Secret words @ben", actor=people["Ana"]).id
        writing.pin(session, account_id, note_id, pinned=True, actor=people["Ben"])
    with pytest.raises(NotAllowed), db.transaction() as session:
        writing.withdraw(session, account_id, note_id, actor=people["Ben"])
    with db.transaction() as session:
        writing.withdraw(session, account_id, note_id, actor=people["Ana"])

    with db.reading() as session:
        assert (queries.pinned(session, account_id), queries.latest(session, account_id)) == ([], [])
        assert queries.note(session, note_id).words is None
        acts = acts_on_account(session, account_id)
        assert [act.act for act in acts][:3] == ["note.withdrawn", "note.pinned", "note.written"]
        assert not any("Secret" in str(act) for act in acts)
    assert waiting(db, account_id) == []
    with pytest.raises(Conflict), db.transaction() as session:
        writing.withdraw(session, account_id, note_id, actor=people["Ana"])


def test_pinned_notes_come_first_and_unpinned_ones_no_more(
    db: Database, people: dict[str, Actor], account_id: int
) -> None:
    with db.transaction() as session:
        ids = [writing.write(session, account_id, f"Note {n}", actor=people["Ana"]).id for n in range(3)]
        for note_id in ids[:2]:
            writing.pin(session, account_id, note_id, pinned=True, actor=people["Ben"])
        writing.pin(session, account_id, ids[1], pinned=False, actor=people["Ben"])

    with db.reading() as session:
        assert [note.id for note in queries.pinned(session, account_id)] == [ids[0]]
        assert [note.id for note in queries.latest(session, account_id)] == ids[::-1]


def test_a_note_is_its_accounts_alone(db: Database, people: dict[str, Actor], account_id: int) -> None:
    with db.transaction() as session:
        other = an_account(session).id
        note_id = writing.write(session, account_id, "Mine", actor=people["Ana"]).id
    with pytest.raises(NotFound), db.transaction() as session:
        writing.pin(session, other, note_id, pinned=True, actor=people["Ana"])
    with pytest.raises(NotFound), db.transaction() as session:
        writing.write(session, account_id, "For whom?", also=[999], actor=people["Ana"])
