"""The emails about a dispute: that we have it, and how it ended."""

from __future__ import annotations

import pytest

from app.handlers import dispute_turns, outbox
from app.wired import Wired
from domain.accounts.logins import grant, revoke
from domain.accounts.model import ALL_RIGHTS, Account
from domain.disputes.model import Dispute
from domain.disputes.raising import Complaint, raise_dispute, withdraw
from domain.disputes.reasons import Reason
from domain.disputes.resolving import reject
from domain.disputes.silence import remind
from domain.disputes.talking import answer, ask, write_to_us
from domain.dunning.turns import Did
from domain.processing.disputes.accepting import accept
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.staff.model import Role
from tests.support.builders import an_account, an_invoice, money
from tests.support.outside import MemoryMail

MAYA = "maya@harbour.example"


def raised(wired: Wired, *, by_maya: bool = True) -> tuple[int, int]:
    """The account and its dispute over 40 of an invoice of 120."""
    with wired.database.transaction() as session:
        account = an_account(session, email="office@harbour.example")
        login = grant(session, account, email=MAYA, name="Maya", rights=ALL_RIGHTS, actor=OPERATOR)
        invoice = an_invoice(session, account, "120")
        complaint = Complaint(Reason.DAMAGED, "Two boxes came wet.", money("40"))
        who = login.id if by_maya else None
        return account.id, raise_dispute(session, account.id, invoice.id, complaint, login_id=who, actor=OPERATOR).id


def mails(wired: Wired) -> list[tuple[str, str]]:
    """Who was written to, and what."""
    while outbox.handle_due(wired):
        pass
    assert isinstance(wired.mailer, MemoryMail)
    return [(mail.to, " ".join(mail.text.replace("\xa0", " ").split())) for mail in wired.mailer.sent]


@pytest.mark.parametrize(("by_maya", "to"), [(True, MAYA), (False, "office@harbour.example")])
def test_whoever_raised_it_is_told_that_we_have_it(wired: Wired, by_maya: bool, to: str) -> None:
    raised(wired, by_maya=by_maya)

    [(written_to, said)] = mails(wired)

    assert written_to == to
    assert "We have your dispute DSP-" in said
    assert "In dispute: £40.00" in said
    assert "/disputes/" in said


@pytest.mark.parametrize(
    ("ending", "phrases"),
    [
        ("accept", ("We have credited £25.00", "Answer: Half of it was wet.")),
        ("reject", ("Not accepted.", "Answer: Signed for as dry.")),
        ("withdraw", ("is withdrawn", "The invoice is owed as before.")),
    ],
)
def test_whoever_raised_it_is_told_how_it_ended(wired: Wired, ending: str, phrases: tuple[str, ...]) -> None:
    account_id, dispute_id = raised(wired)
    with wired.database.transaction() as session:
        if ending == "accept":
            said = "Half of it was wet."
            accept(session, account_id, dispute_id, money("25"), answer=said, role=Role.MANAGER, actor=OPERATOR)
        elif ending == "reject":
            reject(session, account_id, dispute_id, answer="Signed for as dry.", actor=OPERATOR)
        else:
            withdraw(session, account_id, dispute_id, actor=OPERATOR)

    (to, said) = mails(wired)[-1]

    assert to == MAYA
    assert [phrase for phrase in phrases if phrase not in said] == []


def test_what_we_write_ask_and_remind_of_is_told_with_its_words_and_the_last_day(wired: Wired) -> None:
    account_id, dispute_id = raised(wired)
    with wired.database.transaction() as session:
        answer(session, account_id, dispute_id, "We have asked the carrier.", actor=OPERATOR)
        ask(session, account_id, dispute_id, "Which boxes were wet?", actor=OPERATOR)
    said = [text for _, text in mails(wired)]

    assert ["We have asked the carrier." in text for text in said] == [False, True, False]
    assert ["Which boxes were wet?" in text for text in said] == [False, False, True]
    assert "Please answer by 30 Mar 2026" in said[-1]

    with wired.database.transaction() as session:
        assert remind(session, dispute_id)

    assert "If you say nothing by 30 Mar 2026" in mails(wired)[-1][1]


def test_one_that_closes_in_silence_says_so(wired: Wired, clock: MovableClock) -> None:
    account_id, dispute_id = raised(wired)
    with wired.database.transaction() as session:
        ask(session, account_id, dispute_id, "Which boxes were wet?", actor=OPERATOR)
    clock.advance(days=15)

    assert dispute_turns.take_due(wired.database) == Did(1)

    assert "Closed without an answer." in mails(wired)[-1][1]


def test_a_login_that_may_no_longer_see_the_account_is_not_written_to(wired: Wired) -> None:
    account_id, dispute_id = raised(wired)
    with wired.database.transaction() as session:
        account = session.get_one(Account, account_id)
        grant(session, account, email="boss@harbour.example", name="Boss", rights=ALL_RIGHTS, actor=OPERATOR)
        revoke(session, account, session.get_one(Dispute, dispute_id).raised_by or 0, actor=OPERATOR)
        answer(session, account_id, dispute_id, "The new price is 12.50.", actor=OPERATOR)

    assert {to for to, _ in mails(wired)} == {"office@harbour.example"}


def test_what_waits_for_nobody_any_more_names_no_day(wired: Wired) -> None:
    account_id, dispute_id = raised(wired)
    with wired.database.transaction() as session:
        ask(session, account_id, dispute_id, "Which box?", actor=OPERATOR)
        remind(session, dispute_id)
        write_to_us(session, account_id, dispute_id, "The second.", actor=OPERATOR)

    [(_, confirmed), (_, asked)] = mails(wired)

    assert "We have your dispute" in confirmed
    assert "Which box?" in asked
    assert "You can answer on its page" in asked
    assert "None" not in asked
