"""The email that says what was decided on an application for credit."""

from __future__ import annotations

import pytest

from app.handlers import outbox
from app.wired import Wired
from domain.accounts.model import LegalForm
from domain.credit import reviewing
from domain.credit.applications.deciding import Verdict, decide
from domain.credit.limits import set_limit
from domain.credit.queries import registered
from domain.policies.sections import Limits
from domain.shared.actor import Actor
from domain.staff.model import Role
from tests.support.applying import apply_for_credit
from tests.support.builders import an_account, an_invoice, money
from tests.support.crediting import ruled
from tests.support.outside import MemoryMail


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict(money("2500"), 14, "Good references"), ("up to £2,500.00", "within 14 days", "Good references")),
        (Verdict(None, None, "The check is too weak"), ("cannot give you credit now", "The check is too weak")),
    ],
)
def test_the_applicant_is_told_what_was_decided_and_why(wired: Wired, verdict: Verdict, words: tuple[str, ...]) -> None:
    with wired.database.transaction() as session:
        account = an_account(session, legal_form=LegalForm.COMPANY).id
    sent = apply_for_credit(wired.database, account)
    with wired.database.transaction() as session:
        decide(session, sent.id, verdict, role=Role.MANAGER, actor=Actor.staff(7))

    outbox.handle_due(wired)

    assert isinstance(wired.mailer, MemoryMail)
    received, mail = wired.mailer.sent
    assert received.subject == f"We have your application for credit {sent.number}"
    assert "£3,000.00" in received.text
    assert mail.to == f"owner.{account}@example.com"
    said = " ".join(mail.text.replace("\xa0", " ").split())
    assert [phrase for phrase in words if phrase not in said] == []


def test_the_holds_of_all_accounts_follow_when_that_was_asked_for(wired: Wired) -> None:
    ruled(wired.database, Limits(limit_minor=50_00))
    with wired.database.transaction() as session:
        an_invoice(session, an_account(session), "80")
        reviewing.ask(session)

    handled = outbox.handle_due(wired)

    with wired.database.reading() as session:
        review = reviewing.last_review(session)
        assert len(registered(session)) == 1
    assert handled == 1
    assert review is not None
    assert (review.is_over, review.changed) == (True, 1)


def test_a_limit_that_is_lower_than_before_says_so(wired: Wired) -> None:
    with wired.database.transaction() as session:
        account = an_account(session, legal_form=LegalForm.COMPANY).id
        set_limit(session, account, money("8000"), why="Known", role=Role.MANAGER, actor=Actor.staff(7))
    sent = apply_for_credit(wired.database, account, wanted=money("9000"))
    with wired.database.transaction() as session:
        decide(session, sent.id, Verdict(money("3000"), 14, "Late lately"), role=Role.MANAGER, actor=Actor.staff(7))

    outbox.handle_due(wired)

    assert isinstance(wired.mailer, MemoryMail)
    mail = wired.mailer.sent[-1]
    said = " ".join(mail.text.replace("\xa0", " ").split())
    assert mail.subject.endswith("has changed your credit limit")
    assert "Your credit limit is lower than before" in said
    assert "Until now you could owe us up to £8,000.00, and had 30 days to pay." in said
