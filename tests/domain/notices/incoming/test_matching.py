"""Matching: whose a message is, and when nobody can say."""

from __future__ import annotations

import pytest

from domain.accounts.contacts import ContactDetails, add
from domain.notices.incoming.matching import Match, MatchedBy, match
from domain.policies.contacting import Channel
from domain.shared.actor import OPERATOR
from domain.shared.db.session import Database, now
from tests.support.builders import an_account, an_invoice
from tests.support.linking import a_notice

MAYA = "maya@harbour.example"
EMAIL = Channel.EMAIL


def test_by_what_it_answers_to_whoever_writes(db: Database) -> None:
    with db.transaction() as session:
        account, other = an_account(session), an_account(session, email=MAYA)
        notice = a_notice(session, account)
        references = ["<other@x.example>", f"<x@y.example> <{notice.mark}@portal.example>"]

        assert match(session, EMAIL, MAYA, "", references) == Match(account.id, notice.id, MatchedBy.HEADER)
        assert match(session, EMAIL, MAYA, "", [f"<{notice.mark[:-1]}@x>"]) == Match(other.id, None, MatchedBy.SENDER)


def test_by_an_address_that_belongs_to_one_account_alone(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session, email=MAYA)
        alone = match(session, EMAIL, "Maya@Harbour.example", "")
        another = an_account(session)
        add(session, another, ContactDetails("Maya", email=MAYA), actor=OPERATOR)

        assert alone == Match(account.id, None, MatchedBy.SENDER)
        assert match(session, EMAIL, MAYA, "") is None
        assert match(session, EMAIL, "tom@elsewhere.example", "") is None


def test_a_number_says_which_of_several_is_meant(db: Database) -> None:
    with db.transaction() as session:
        one, two = an_account(session, email=MAYA), an_account(session, email=MAYA)
        stranger = an_account(session)
        an_invoice(session, one, "10", number="INV-000042")
        an_invoice(session, two, "10", number="INV-000043")
        an_invoice(session, stranger, "10", number="INV-000099")

        assert match(session, EMAIL, MAYA, "About inv-000043, please") == Match(two.id, None, MatchedBy.NUMBER)
        assert match(session, EMAIL, MAYA, "INV-000042 or INV-000043?") is None
        assert match(session, EMAIL, MAYA, "INV-000043, like INV-000099") == Match(two.id, None, MatchedBy.NUMBER)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("(INV-000042)", True),
        ("your invoice INV-000042.", True),
        ("INV-0000421", False),
        ("INV-00004", False),
        ("Factura nº 777777", True),
        ("invoice: 777777", True),
        ("call 777777", False),
        ("777777", False),
        ("Kundennummer 5, Konto 4711", True),
        ("in 4711 Köln", False),
        ("", False),
    ],
)
def test_by_a_number_exactly_as_it_is_ours(db: Database, words: str, found: bool) -> None:
    with db.transaction() as session:
        account = an_account(session, number="4711")
        an_invoice(session, account, "10", number="INV-000042")
        an_invoice(session, account, "10", number="777777")

        assert (match(session, EMAIL, "tom@elsewhere.example", words) is not None) is found


def test_a_text_answers_the_last_one_that_we_sent(db: Database) -> None:
    number = "+441632960001"
    with db.transaction() as session:
        account = an_account(session, country="GB", phone="01632 960001")
        first, last = (a_notice(session, account, address=number, channel=Channel.SMS) for _ in range(2))
        first.sent_at = last.sent_at = now(session)

        assert match(session, Channel.SMS, number, "OK") == Match(account.id, last.id, MatchedBy.SENDER)
