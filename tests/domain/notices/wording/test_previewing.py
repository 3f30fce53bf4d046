"""A text is looked at on what an account really owes, or on made-up invoices; nothing comes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from domain.notices.model import Notice
from domain.notices.wording.previewing import Draft, an_account, preview
from domain.policies.contacting import Channel, Wording
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import NotFound
from tests.support import builders

DRAFT = Draft(Wording.FIRST_REMINDER, Channel.EMAIL, "en", "About {total}", "Pay {total} for {invoices}.")


def test_what_is_late_is_asked_for_and_nothing_is_kept(db: Database, clock: MovableClock) -> None:
    with db.transaction() as session:
        account = builders.an_account(session, number="A-77")
        builders.an_invoice(session, account, "50", number="OLD")
    clock.advance(days=60)
    with db.transaction() as session:
        builders.an_invoice(session, builders.an_account(session), "5")
        builders.an_invoice(session, account, "70", number="NEW")

    with db.reading() as session:
        said = preview(session, " A-77 ", DRAFT)
        before_due = preview(session, "A-77", Draft(Wording.COURTESY, Channel.EMAIL, "en", "", "{invoices}"))
        offered = an_account(session)
        notices = session.scalar(select(func.count()).select_from(Notice))

    assert (said.subject, said.paragraphs, said.greeting) == (
        "About £50.00",
        ("Pay £50.00 for invoice OLD.",),
        f"Hello {account.name},",
    )
    assert before_due.paragraphs == ("invoice NEW",)
    assert (offered, notices) == ("A-77", 0)


def test_without_an_account_the_invoices_are_made_up(db: Database) -> None:
    with db.reading() as session:
        said = preview(session, "", DRAFT)
        offered = an_account(session)

    assert (len(said.rows), said.total, offered) == (2, "£1,550.50", "")


@pytest.mark.parametrize("wording", [Wording.STATEMENT, Wording.CARD_EXPIRING, Wording.THANK_YOU, Wording.INVOICE])
def test_what_is_not_about_late_invoices_shows_common_values(db: Database, wording: Wording) -> None:
    body = {
        Wording.STATEMENT: "{balance} {to_on}",
        Wording.CARD_EXPIRING: "{card} {expires}",
        Wording.THANK_YOU: "{paid} {paid_on}",
        Wording.INVOICE: "{discount} {discounted} {discount_until} {total}",
    }[wording]

    with db.reading() as session:
        said = preview(session, "", Draft(wording, Channel.EMAIL, "en", "", body))

    assert len(said.paragraphs) == 1
    assert bool(said.rows) is (wording is Wording.INVOICE)
    assert said.act_by is None


def test_a_number_that_no_account_has_is_not_found(db: Database) -> None:
    with pytest.raises(NotFound), db.reading() as session:
        preview(session, "A-0", DRAFT)


def test_a_day_to_act_by_is_a_week_away(db: Database) -> None:
    with db.reading() as session:
        said = preview(session, "", Draft(Wording.DEMAND, Channel.EMAIL, "de", "", "{act_by}"))
        day = session.info["now"].date() + timedelta(days=7)

    assert said.paragraphs == (f"{day:%d.%m.%Y}",)
