"""Mail for those who come in by links: to each site its own, and the first word to a partner's people."""

from __future__ import annotations

import pytest

from app.handlers import outbox as handlers
from app.wired import Wired
from domain.placements.people.inviting import end, invite
from domain.placements.people.queries import PARTNERS
from domain.sessions import links
from domain.sessions.customers import CUSTOMERS
from domain.shared.actor import OPERATOR
from tests.support.audited import acts
from tests.support.outside import MemoryMail
from tests.support.placing import a_partner


@pytest.fixture
def mail(wired: Wired) -> MemoryMail:
    assert isinstance(wired.mailer, MemoryMail)
    return wired.mailer


def invited(wired: Wired, *, language: str = "en") -> tuple[int, int]:
    """A partner and somebody of it."""
    with wired.database.transaction() as session:
        partner = a_partner(session, name="Fair Recovery Ltd", language=language)
        return partner.id, invite(session, partner.id, email="gus@fair.example", name="Gus", actor=OPERATOR).id


def handle_all(wired: Wired) -> None:
    while handlers.handle_due(wired):
        pass


def test_whoever_is_invited_is_told_where_to_sign_in(wired: Wired, mail: MemoryMail) -> None:
    invited(wired, language="es")

    handle_all(wired)

    [email] = mail.sent
    assert email.to == "gus@fair.example"
    assert "http://127.0.0.1:8002/sign-in" in email.text
    assert "Fair Recovery Ltd" in email.text
    assert '<html lang="es">' in email.html
    with wired.database.reading() as session:
        assert acts(session)[-1] == "partner_login.told"


def test_nobody_is_told_who_was_taken_away_meanwhile(wired: Wired, mail: MemoryMail) -> None:
    partner_id, login_id = invited(wired)
    with wired.database.transaction() as session:
        end(session, partner_id, login_id, actor=OPERATOR)

    handle_all(wired)

    assert mail.sent == []


def test_a_partners_link_leads_to_the_partners_site_and_opens_no_other(wired: Wired, mail: MemoryMail) -> None:
    _, login_id = invited(wired)
    handle_all(wired)
    with wired.database.transaction() as session:
        links.ask(session, PARTNERS, email="gus@fair.example", browser_secret="a browser")

    handle_all(wired)

    email = mail.sent[-1]
    token = email.text.partition("http://127.0.0.1:8002/sign-in/link?token=")[2].split()[0]
    with wired.database.transaction() as session:
        assert links.peek(session, CUSTOMERS, token=token, browser_secret="a browser") is None
        signed_in = links.use_token(session, PARTNERS, token=token, browser_secret="a browser")
        assert signed_in.subject_id == login_id


def test_a_partners_address_is_nobody_in_the_portal(wired: Wired, mail: MemoryMail) -> None:
    invited(wired)
    handle_all(wired)
    with wired.database.transaction() as session:
        links.ask(session, CUSTOMERS, email="gus@fair.example", browser_secret="a browser")

    handle_all(wired)

    assert len(mail.sent) == 1
