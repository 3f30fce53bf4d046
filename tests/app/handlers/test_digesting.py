"""The mail of a working morning: once, to who wants it and is here, about what waits for them; else none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.handlers import digesting, outbox
from app.wired import Wired
from domain.assignments.absences import write_down
from domain.assignments.assigning import assign
from domain.digests import gathering
from domain.digests.choosing import choose
from domain.digests.gathering import gather
from domain.dunning.turns import Did
from domain.promises.model import PromiseToPay
from domain.shared.actor import OPERATOR, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import today
from domain.shared.errors import NotFound
from domain.shared.mail import Email
from domain.staff.changing import disable, set_language
from domain.staff.model import StaffMember
from domain.tasks.model import TaskKind
from domain.tasks.opening import open_task
from domain.tasks.working import done, take
from tests.support.assigning import a_colleague
from tests.support.audited import acts
from tests.support.builders import an_account, money
from tests.support.outside import MemoryMail
from tests.support.promising import a_promise

MONDAY_EARLY = datetime(2026, 3, 16, 8, 59, tzinfo=UTC)
TUESDAY = datetime(2026, 3, 17, 9, 5, tzinfo=UTC)
SATURDAY = datetime(2026, 3, 21, 10, 0, tzinfo=UTC)
GOOD_FRIDAY = datetime(2026, 4, 3, 10, 0, tzinfo=UTC)


def a_reader(session: Session, name: str = "Eva Lind") -> StaffMember:
    """Somebody who wants it."""
    member = a_colleague(session, name)
    choose(session, member.id, wanted=True, actor=OPERATOR)
    return member


def a_task(session: Session, member: StaffMember, number: int = 1, worth: str = "120") -> int:
    """Something that waits for them, about an account."""
    account = an_account(session, name=f"Customer {number}")
    task_id = open_task(
        session, TaskKind.UNIDENTIFIED_RECEIPT, subject=("bank_line", number), account_id=account.id, worth=money(worth)
    )
    assert task_id is not None
    take(session, task_id, actor=Actor.staff(member.id))
    return task_id


def sent(wired: Wired) -> list[Email]:
    """Every mail there is once whatever is due has been done."""
    digesting.tell_due(wired.database)
    while outbox.handle_due(wired):
        pass
    assert isinstance(wired.mailer, MemoryMail)
    return wired.mailer.sent


def plain(mail: Email) -> str:
    """Its text in one line."""
    return " ".join(mail.text.replace("\xa0", " ").split())


def test_it_tells_what_waits_what_that_is_worth_and_where_it_is(wired: Wired) -> None:
    with wired.database.transaction() as session:
        eva = a_reader(session)
        first, second = a_task(session, eva), a_task(session, eva, 2, "30")
        account = an_account(session, name="Harbour Café")
        note = open_task(session, TaskKind.MENTIONED, subject=("note", 7), account_id=account.id)
        assert note is not None
        take(session, note, actor=Actor.staff(eva.id))

    (mail,) = sent(wired)

    said = plain(mail)
    assert mail.to == eva.email
    assert mail.subject == "3 things wait for you"
    assert "This is what waits for you on 16 Mar 2026" in said
    assert "2: Money at the bank that nobody has identified (£150.00)" in said
    assert "You are mentioned: - Harbour Café" in said
    office = wired.settings.office.public_url
    assert f"{office}/worklist" in said
    for task_id in (first, second, note):
        assert f"{office}/tasks/{task_id}" in said
        assert f'href="{office}/tasks/{task_id}"' in (mail.html or "")
    assert "Customer 1, £120.00" in said or "Customer 1, £120.00" in said.replace(": Customer", ", Customer")
    assert "£150.00" in (mail.html or "").replace("\xa0", " ")
    with wired.database.reading() as session:
        assert acts(session)[-1] == "staff.digest_sent"


def test_what_was_promised_by_today_and_has_not_come_is_told(wired: Wired, clock: MovableClock) -> None:
    with wired.database.transaction() as session:
        eva = a_reader(session)
        account, promise = a_promise(session, days=1)
        assign(session, [account.id], eva.id, actor=OPERATOR)
        promise_id = promise.id
    assert sent(wired) == []
    clock.move_to(TUESDAY)

    (mail,) = sent(wired)

    assert mail.subject == "What was promised by today"
    assert f"/promises/{promise_id}" in mail.text
    with wired.database.reading() as session:
        assert session.get_one(PromiseToPay, promise_id).promised_on == today(session)


def test_it_comes_once_a_morning_in_ones_own_language(wired: Wired, clock: MovableClock) -> None:
    with wired.database.transaction() as session:
        eva = a_reader(session)
        a_task(session, eva)
        set_language(session, eva.id, "es")

    assert len(sent(wired)) == 1
    assert len(sent(wired)) == 1
    clock.move_to(TUESDAY)
    assert len(sent(wired)) == 2
    assert 'lang="es"' in (sent(wired)[0].html or "")


@pytest.mark.parametrize("moment", [MONDAY_EARLY, SATURDAY, GOOD_FRIDAY])
def test_none_before_work_begins_nor_on_days_without_any(wired: Wired, clock: MovableClock, moment: datetime) -> None:
    with wired.database.transaction() as session:
        a_task(session, a_reader(session))
    clock.move_to(moment)

    assert digesting.tell_due(wired.database) == Did()
    assert sent(wired) == []


def test_none_for_who_does_not_want_it_has_left_or_has_nothing(wired: Wired) -> None:
    with wired.database.transaction() as session:
        a_task(session, a_colleague(session, "Does not want it"))
        gone = a_reader(session, "Gone")
        a_task(session, gone, 2)
        disable(session, gone.id, actor=OPERATOR)
        a_reader(session, "Nothing to do")

    assert sent(wired) == []


def test_who_is_away_gets_none_and_the_stand_in_reads_of_it(wired: Wired) -> None:
    with wired.database.transaction() as session:
        eva, tom = a_reader(session), a_reader(session, "Tom Roe")
        a_task(session, eva)
        day = today(session)
        last_on = day + timedelta(days=1)
        write_down(session, eva.id, stand_in_id=tom.id, first_on=day, last_on=last_on, actor=OPERATOR)

    (mail,) = sent(wired)

    assert mail.to == tom.email
    assert "Customer 1" in plain(mail)


def test_what_is_done_before_it_is_sent_is_not_told(wired: Wired) -> None:
    with wired.database.transaction() as session:
        eva = a_reader(session)
        task = a_task(session, eva)
    assert digesting.tell_due(wired.database) == Did(1)
    with wired.database.transaction() as session:
        done(session, task, actor=Actor.staff(eva.id))

    assert sent(wired) == []


def test_a_mail_of_yesterday_is_not_sent_today(wired: Wired, clock: MovableClock) -> None:
    with wired.database.transaction() as session:
        a_task(session, a_reader(session))
    assert digesting.tell_due(wired.database) == Did(1)
    clock.move_to(TUESDAY)

    assert len(sent(wired)) == 1


def test_of_too_much_no_sum_is_told(wired: Wired, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST_SUMMED", 1)
    with wired.database.transaction() as session:
        eva = a_reader(session)
        a_task(session, eva)
        a_task(session, eva, 2)

        (kind,) = gather(session, eva.id).kinds

    assert (kind.many, kind.worth) == (2, [])


def test_wanting_it_is_kept_and_written_down_once(wired: Wired) -> None:
    with wired.database.transaction() as session:
        eva = a_reader(session)
        choose(session, eva.id, wanted=True, actor=OPERATOR)
        assert acts(session).count("staff.digest_chosen") == 1
        with pytest.raises(NotFound):
            choose(session, 10**9, wanted=True, actor=OPERATOR)
