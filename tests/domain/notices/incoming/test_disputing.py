"""What customers write by mail about their disputes: heard in the right one, once, and never in another account's."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from domain.accounts.model import Account
from domain.disputes import changing, silence, talking, thread
from domain.disputes.joining import merge
from domain.disputes.model import Dispute, DisputeStatus
from domain.disputes.raising import withdraw
from domain.notices.incoming.arriving import Mail, arrive
from domain.notices.incoming.disputing import hear
from domain.notices.incoming.reports import Outcome, Report
from domain.notices.incoming.taking_in import assign
from domain.shared.actor import OPERATOR, WORKER
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.tasks.model import Task, TaskKind
from tests.support.builders import an_account, an_invoice
from tests.support.disputing import a_dispute, contest
from tests.support.incoming import a_message

MAYA = "maya@harbour.example"


def asked(session: Session) -> tuple[Account, Dispute]:
    """A dispute of Maya's account that waits for her answer."""
    account, _, dispute = a_dispute(session)
    account.email = MAYA
    talking.ask(session, account.id, dispute.id, "Which box?", actor=OPERATOR)
    return account, dispute


def said(session: Session, dispute: Dispute) -> list[str]:
    """What stands in the thread as the customer's."""
    return [row.words for row in thread.thread(session, dispute.id, with_notes=True) if not row.from_us]


def state(session: Session, dispute: Dispute) -> tuple[DisputeStatus, bool, list[str]]:
    """Its state, whether silence may close it, and what the customer has said."""
    return dispute.status, changing.handling_of(session, dispute).silent_on is not None, said(session, dispute)


HEARD = (DisputeStatus.UNDER_REVIEW, False)
LEFT: tuple[DisputeStatus, bool, list[str]] = (DisputeStatus.AWAITING_CUSTOMER, True, [])


@pytest.mark.parametrize("named_in", ["references", "subject", "body"])
def test_an_answer_by_mail_stops_the_clock_of_its_dispute(db: Database, clock: MovableClock, named_in: str) -> None:
    with db.transaction() as session:
        _, dispute = asked(session)
        quoted = f"> We have a question about dispute {dispute.number}" if named_in == "body" else "> Which box?"
        more: dict[str, Any] = {"body": f"The second one.\n\n{quoted}"}
        if named_in == "references":
            more["references"] = ["<other@x>", f"<a@x> <dispute.{dispute.id}.asked.7@portal.example>"]
        if named_in == "subject":
            more["subject"] = f"Re: We have a question about dispute {dispute.number}"
        a_message(session, MAYA, **more)
        heard = state(session, dispute)
    clock.advance(days=60)

    assert heard == (*HEARD, ["The second one."])
    with db.reading() as session:
        assert silence.to_close(session) == []
        waiting = session.query(Task.kind).where(Task.done_at.is_(None)).order_by(Task.id)
        assert [row.kind for row in waiting] == [TaskKind.MESSAGE_IN, TaskKind.DISPUTE]


def test_what_nobody_knows_the_account_of_is_heard_once_it_is_assigned_and_only_once(db: Database) -> None:
    with db.transaction() as session:
        account, dispute = asked(session)
        theirs, _, another = a_dispute(session)
        talking.ask(session, theirs.id, another.id, "Which box?", actor=OPERATOR)
        words = f"About {dispute.number} and {another.number}: the second one."
        message = a_message(session, "stranger@x.example", body=words)
        before = state(session, dispute), state(session, another)
        assign(session, message.id, account.id, actor=OPERATOR)
        again = hear(session, message, actor=OPERATOR)
        between = state(session, dispute), state(session, another)
        for one in (theirs, account):
            assign(session, message.id, one.id, actor=OPERATOR)

        assert before == (LEFT, LEFT)
        assert again == []
        assert between == ((*HEARD, [words]), LEFT)
        assert said(session, dispute) == [words]
        assert said(session, another) == [words]


def test_the_number_of_a_dispute_tells_whose_a_message_is(db: Database) -> None:
    with db.transaction() as session:
        account, dispute = asked(session)
        an_account(session, email=MAYA)
        message = a_message(session, MAYA, subject=f"Re: dispute {dispute.number}", body="")

        assert message.account_id == account.id
        assert state(session, dispute) == (*HEARD, [message.subject])


def test_a_mail_that_answers_another_accounts_dispute_changes_nothing_of_it(db: Database) -> None:
    with db.transaction() as session:
        _, dispute = asked(session)
        an_account(session, email="tom@x.example")
        a_message(session, "tom@x.example", body=dispute.number, references=[f"<dispute.{dispute.id}.asked.7@portal>"])

        assert state(session, dispute) == LEFT


def test_programs_answer_no_question(db: Database) -> None:
    with db.transaction() as session:
        account, dispute = asked(session)
        away = a_message(session, MAYA, subject=dispute.number, body="I am away.", needs_answer=False)
        daemon = a_message(session, "MAILER-DAEMON@x.example", subject="Failed", body=dispute.number)
        bounce = Report(Outcome.FAILED, (f"<dispute.{dispute.id}.asked.7@portal>",))
        arrive(session, Mail("<9@x>", "robot@x.example", dispute.number, "", report=bounce), how="report", actor=WORKER)
        other = an_account(session)
        for message in (away, daemon):
            assign(session, message.id, other.id, actor=OPERATOR)
            assign(session, message.id, account.id, actor=OPERATOR)

        assert state(session, dispute) == LEFT


def test_what_goes_on_elsewhere_is_heard_there_and_what_has_ended_nowhere(db: Database) -> None:
    with db.transaction() as session:
        account, dispute = asked(session)
        invoice = an_invoice(session, account, "120")
        first, second = contest(session, account, invoice, "30"), contest(session, account, invoice, "50")
        merge(session, account.id, first.id, second.id, actor=OPERATOR)
        withdraw(session, account.id, dispute.id, actor=OPERATOR)
        a_message(session, MAYA, subject=f"{first.number} and {second.number}", body="Wet as well.")
        a_message(session, MAYA, subject=dispute.number, body="And this?")

        assert said(session, second) == ["Wet as well."]
        assert said(session, dispute) == []
