"""Staff see who has not accepted which terms, ask again, and file what was signed by hand."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from domain.policies.messages import SendTerms
from domain.policies.model import TermsAcceptance
from domain.policies.telling import tell_due
from domain.staff.model import Role
from tests.backoffice.conftest import Office
from tests.support.builders import an_account
from tests.support.policies import a_policy
from tests.support.terms import asking, left_in_the_outbox


@pytest.fixture
def asked(office: Office) -> tuple[int, int, int]:
    """The ids of an account that is asked, of one that nobody can write to, and of the version."""
    with office.db.transaction() as session:
        version = a_policy(session, asking())
        harbour = an_account(session, name="Harbour", email="office@harbour.example")
        mute = an_account(session, name="Mute")
        tell_due(session)
        return harbour.id, mute.id, version.id


def test_the_overview_counts_and_its_list_names_who_has_not_accepted(
    office: Office, asked: tuple[int, int, int]
) -> None:
    _, _, version_id = asked
    browser = office.browser(Role.AUDITOR)

    overview = browser.get("/policies/acceptances")
    waiting = browser.get(f"/policies/acceptances/{version_id}")
    never = browser.get(f"/policies/acceptances/{version_id}?show=not_asked")
    accepted = browser.get(f"/policies/acceptances/{version_id}?show=accepted")

    assert len(overview.all("a", href=f"/policies/acceptances/{version_id}")) == 1
    assert "Harbour" in waiting.words
    assert "16 Mar 2026" in waiting.words
    assert "Mute" in waiting.words
    assert "Harbour" not in never.words
    assert "no address" in never.words
    assert "No account stands so with this version." in accepted.words
    assert waiting.all("input", name="account") == []


def test_staff_ask_those_they_tick_again_the_next_day(office: Office, asked: tuple[int, int, int]) -> None:
    harbour, mute, version_id = asked
    office.clock.advance(days=1)
    listed = office.browser(Role.COLLECTOR).get(f"/policies/acceptances/{version_id}")

    answer = listed.submit("Ask again by mail", account=[str(harbour), str(mute)])
    twice = listed.submit("Ask again by mail", account=[str(harbour)])

    with office.db.reading() as session:
        assert len(left_in_the_outbox(session, SendTerms.kind)) == 2
    assert answer.status == 303
    assert twice.status == 422
    assert "They were asked today already." in twice.words


def test_asking_nobody_is_refused(office: Office, asked: tuple[int, int, int]) -> None:
    listed = office.browser(Role.COLLECTOR).get(f"/policies/acceptances/{asked[2]}")

    assert "Tick whom to ask." in listed.submit("Ask again by mail").words


def test_a_signed_paper_is_filed_and_shown_with_who_signed_it(office: Office, asked: tuple[int, int, int]) -> None:
    harbour, _, version_id = asked
    browser = office.browser(Role.COLLECTOR)
    form = browser.get(f"/accounts/{harbour}/acceptances")

    answer = form.submit(
        "File the signed paper",
        version=str(version_id),
        name="Olivia Hart",
        job_title="Director",
        signed_on="2026-03-12",
        files={"file": ("signed.pdf", b"%PDF-1.7 signed")},
    )

    shown = browser.follow(answer)
    with office.db.reading() as session:
        kept = session.scalars(select(TermsAcceptance)).one()
    assert (kept.name, kept.accepted_on, kept.version_id) == ("Olivia Hart", date(2026, 3, 12), version_id)
    assert "12 Mar 2026, by Olivia Hart, Director" in shown.words
    assert len(shown.all("a", href=f"/documents/{kept.document_id}")) == 1
    assert browser.get(f"/documents/{kept.document_id}").response.content == b"%PDF-1.7 signed"


def test_what_is_missing_of_a_signed_paper_is_said_beside_its_field(
    office: Office, asked: tuple[int, int, int]
) -> None:
    form = office.browser(Role.COLLECTOR).get(f"/accounts/{asked[0]}/acceptances")

    page = form.submit("File the signed paper", version=str(asked[2]), name="", job_title="", signed_on="")

    assert page.status == 422
    for words in ("Enter who signed it.", "Enter their job title", "Enter the day", "Choose the file"):
        assert words in page.words


def test_what_has_happened_stands_on_the_accounts_page(office: Office, asked: tuple[int, int, int]) -> None:
    page = office.browser(Role.AUDITOR).get(f"/accounts/{asked[0]}/acceptances")

    assert "asked by mail" in page.words
    assert page.all("input", name="file") == []
