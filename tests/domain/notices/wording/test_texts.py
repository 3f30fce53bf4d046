"""A text is built in until staff write a version of it; two never write over each other, and there is a way back."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from domain.audit.model import AUDIT_ENTRIES
from domain.notices.wording.texts import changed, go_back, save_text, text_for, versions
from domain.notices.wording.wordbook import wordbook
from domain.policies.contacting import Channel, Wording
from domain.shared.actor import Actor
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid, NotFound

ANA = Actor.staff(7)
WHICH = (Wording.FIRST_REMINDER, Channel.EMAIL, "en")
OURS = "Please pay {total}. It was due on {due_on}."


def write(db: Database, body: str, seen: int, *, channel: Channel = Channel.EMAIL, language: str = "en") -> int:
    """Somebody writes the first reminder."""
    with db.transaction() as session:
        return save_text(
            session,
            Wording.FIRST_REMINDER,
            channel,
            language,
            subject="Please pay" if body else "",
            body=body,
            seen=seen,
            actor=ANA,
        )


def test_a_text_that_nobody_changed_is_the_one_that_came_with_the_product(db: Database) -> None:
    with db.reading() as session:
        found = text_for(session, *WHICH)

    built_in = wordbook("en").texts[WHICH[:2]]
    assert (found.subject, found.body, found.text_id, found.number) == (built_in.subject, built_in.body, None, 0)


def test_the_newest_version_counts_and_an_empty_one_goes_back(db: Database) -> None:
    write(db, "  Please pay {total} soon.\r\n\r\nIt was due on {due_on}.  ", 0)
    write(db, OURS, 1)
    with db.reading() as session:
        newest, all_changed = text_for(session, *WHICH), changed(session)

    number = write(db, "", 2)

    assert (newest.body, newest.subject, newest.number) == (OURS, "Please pay", 2)
    assert newest.text_id is not None
    assert all_changed == {WHICH}
    assert number == 3
    with db.reading() as session:
        assert text_for(session, *WHICH).body == wordbook("en").texts[WHICH[:2]].body
        assert changed(session) == set()
        assert [row.number for row in versions(session, *WHICH)] == [3, 2, 1]
        assert versions(session, *WHICH)[2].body == "Please pay {total} soon.\n\nIt was due on {due_on}."


def test_every_version_is_on_the_audit_trail(db: Database) -> None:
    write(db, OURS, 0)
    write(db, "", 1)

    with db.reading() as session:
        trail = session.execute(select(AUDIT_ENTRIES.c.act, AUDIT_ENTRIES.c.actor_id).order_by(AUDIT_ENTRIES.c.id))
        assert trail.all() == [("notice_text.written", 7), ("notice_text.reset", 7)]


def test_what_changes_nothing_makes_no_version(db: Database) -> None:
    write(db, OURS, 0)

    assert write(db, OURS, 1) == 1
    assert write(db, "", 0, language="fr") == 0


def test_whoever_read_an_older_version_does_not_write_over_the_newer(db: Database) -> None:
    write(db, OURS, 0)

    with pytest.raises(Conflict, match="Somebody else"):
        write(db, OURS + " Thank you.", 0)
    with db.reading() as session:
        assert text_for(session, *WHICH).body == OURS


def test_what_cannot_be_sent_is_not_kept(db: Database) -> None:
    with pytest.raises(Invalid, match="total"):
        write(db, "It was due on {due_on}.", 0)
    with db.reading() as session:
        assert versions(session, *WHICH) == []


def test_a_version_comes_back_as_the_newest(db: Database) -> None:
    write(db, OURS, 0)
    write(db, OURS + " Thank you.", 1)

    with db.transaction() as session:
        again = go_back(session, *WHICH, to=1, seen=2, actor=ANA)
    with db.transaction() as session:
        first = text_for(session, *WHICH)
        built_in = go_back(session, *WHICH, to=0, seen=3, actor=ANA)

    assert (again, first.body, built_in) == (3, OURS, 4)
    with pytest.raises(NotFound), db.transaction() as session:
        go_back(session, *WHICH, to=9, seen=4, actor=ANA)


def test_a_letter_says_what_the_email_says_until_it_has_words_of_its_own(db: Database) -> None:
    write(db, OURS, 0)
    with db.reading() as session:
        as_email = text_for(session, Wording.FIRST_REMINDER, Channel.LETTER, "en")
        own = text_for(session, Wording.DEMAND, Channel.LETTER, "en")
    write(db, OURS + " By letter.", 0, channel=Channel.LETTER)

    assert (as_email.body, as_email.channel, as_email.number) == (OURS, Channel.EMAIL, 0)
    assert own.channel is Channel.LETTER
    with db.reading() as session:
        letter = text_for(session, Wording.FIRST_REMINDER, Channel.LETTER, "en")
    assert (letter.body, letter.channel) == (OURS + " By letter.", Channel.LETTER)


@pytest.mark.parametrize(("tag", "language"), [("en-US", "en"), ("es-MX", "es"), ("pl", "en")])
def test_a_reader_gets_the_nearest_language(db: Database, tag: str, language: str) -> None:
    with db.reading() as session:
        found = text_for(session, Wording.DEMAND, Channel.EMAIL, tag)

    assert found.body == wordbook(language).texts[Wording.DEMAND, Channel.EMAIL].body


def test_there_is_no_script_for_thanking_and_no_fifth_language_to_write(db: Database) -> None:
    with pytest.raises(NotFound), db.reading() as session:
        text_for(session, Wording.THANK_YOU, Channel.CALL, "en")
    with pytest.raises(NotFound), db.reading() as session:
        versions(session, Wording.DEMAND, Channel.EMAIL, "pl")
