"""Mail comes from whom the settings of now say, and answers go where they say."""

from __future__ import annotations

from dataclasses import replace

from app.ours import OurMail
from domain.shared.business import Business
from domain.shared.clock import SystemClock
from domain.shared.db.session import Database
from domain.shared.mail import Email
from tests.support.outside import MemoryMail

EMAIL = Email("ana@b.example", "Hello", "Hello", "<p>Hello</p>", "<1@x>", headers={"Reply-To": "old@b.example"})


def sent(business: Business, *, installed: str = "Desk <desk@harbour.example>", is_named: bool = True) -> Email:
    """The mail as it leaves."""
    carrier = MemoryMail()
    OurMail(carrier, Database(None, SystemClock(), business), installed, is_named).send(EMAIL)  # type: ignore[arg-type]
    return carrier.sent[0]


def test_where_nothing_is_set_it_is_the_installations() -> None:
    email = sent(Business(name="Harbour"))

    assert (email.sender, email.headers) == ("Desk <desk@harbour.example>", {"Reply-To": "old@b.example"})


def test_a_sender_without_a_name_of_its_own_has_that_of_the_business_now() -> None:
    assert sent(Business(name="Quay, Ltd"), is_named=False).sender == '"Quay, Ltd" <desk@harbour.example>'


def test_the_name_and_the_address_for_answers_that_are_set_hold_and_the_senders_address_stays() -> None:
    email = sent(replace(Business(), sender="Müller", reply_to="answers@b.example"))

    assert email.sender is not None
    assert email.sender.endswith(" <desk@harbour.example>")
    assert email.headers["Reply-To"] == "answers@b.example"
