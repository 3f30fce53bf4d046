"""Terms on the site: read in plain words, accepted by whoever may, kept with their document, asked again when new."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest
from sqlalchemy import select

from domain.accounts.model import Right
from domain.accounts.queries import lock
from domain.documents.model import Document
from domain.invoicing.issuing import NewLine, issue
from domain.policies.model import PolicyVersion, TermsAcceptance, TermsPaper
from domain.policies.proof import proof
from domain.policies.ruling import RuleBook
from domain.policies.sections import Acceptance, Sections, Terms
from domain.shared.actor import OPERATOR
from domain.shared.db.session import today
from tests.portal.conftest import Portal, sign_in
from tests.support.builders import money
from tests.support.client import Client, Page
from tests.support.policies import a_policy
from tests.support.renderers import MemoryRenderer
from tests.support.terms import ASKED, MUST_SAY_YES, NET_14, NET_30, TWO_TEN, a_binder, asking, next_version

TICKED = {"name": "Maya Lind", "job_title": "Director", "read": "yes", "may": "yes"}


@pytest.fixture
def asked(portal: Portal) -> tuple[int, int]:
    """The ids of Maya's account and of the version that it is asked to accept."""
    account_id, _ = portal.account("120.00")
    with portal.db.transaction() as session:
        version = a_policy(session, Sections(terms=NET_30, early_discount=TWO_TEN, acceptance=ASKED))
        return account_id, version.id


@pytest.fixture
def maya(portal: Portal, asked: tuple[int, int], open_browser: Callable[[], Client]) -> Client:
    """Maya's browser."""
    return sign_in(portal, open_browser())


def acceptances(portal: Portal) -> list[TermsAcceptance]:
    with portal.db.reading() as session:
        return list(session.scalars(select(TermsAcceptance)))


def accepted(maya: Client, path: str) -> Page:
    """The page after she has read, filled in, checked and accepted."""
    check = maya.get(path).submit("Go on", TICKED)
    return maya.follow(check.submit("Accept the terms"))


def test_the_home_page_leads_to_the_new_terms_in_plain_words(maya: Client, asked: tuple[int, int]) -> None:
    account_id, version_id = asked

    home = maya.get(f"/accounts/{account_id}")
    terms = maya.get(f"/accounts/{account_id}/terms/{version_id}")

    assert "New terms to read" in home.words
    assert home.all("a", href=f"/accounts/{account_id}/terms/{version_id}") != []
    assert "Payment is due within 30 days." in terms.words
    assert "If you pay an invoice of £1,000.00 within 10 days, you save £20.00 and pay £980.00." in terms.words


def test_accepting_keeps_the_yes_and_shows_it(portal: Portal, maya: Client, asked: tuple[int, int]) -> None:
    account_id, version_id = asked
    path = f"/accounts/{account_id}/terms/{version_id}"

    check = maya.get(path).submit("Go on", TICKED)
    assert acceptances(portal) == []
    after = maya.follow(check.submit("Accept the terms"))

    (kept,) = acceptances(portal)
    assert (kept.name, kept.job_title, kept.version_id) == ("Maya Lind", "Director", version_id)
    assert (kept.address, kept.user_agent) != (None, None)
    assert "Accepted on 16 Mar 2026 by Maya Lind, Director" in after.words
    assert kept.sha256 in after.words
    assert "New terms to read" not in maya.get(f"/accounts/{account_id}").words
    assert "by Maya Lind, Director" in maya.get(f"/accounts/{account_id}/terms").words


def test_what_was_accepted_is_what_the_paper_said_and_can_be_saved(
    portal: Portal, maya: Client, asked: tuple[int, int]
) -> None:
    account_id, version_id = asked
    path = f"/accounts/{account_id}/terms/{version_id}"
    before = maya.get(f"{path}/pdf")

    accepted(maya, path)

    (kept,) = acceptances(portal)
    with portal.db.reading() as session:
        paper = session.scalars(select(TermsPaper)).one()
        document = session.get_one(Document, kept.document_id)
    saved = maya.get(f"/accounts/{account_id}/documents/{document.id}")
    assert paper.sha256 == kept.sha256 == document.sha256
    assert before.response.content == saved.response.content == portal.store.contents[kept.sha256]


def test_a_paper_names_the_customer_and_who_accepted(portal: Portal, maya: Client, asked: tuple[int, int]) -> None:
    account_id, version_id = asked
    path = f"/accounts/{account_id}/terms/{version_id}"
    before = maya.get(f"{path}/acceptance/pdf").status

    page = accepted(maya, path)
    paper = maya.get(page.link("Who accepted it and when, as a PDF"))

    (kept,) = acceptances(portal)
    assert before == 404
    assert paper.response.headers["content-type"] == "application/pdf"
    with portal.db.reading() as session:
        renderer = MemoryRenderer()
        proof(session, renderer, account_id, RuleBook(session, ()).versions[version_id], "en")
    [(_, data, _)] = renderer.printed
    facts = cast("list[dict[str, object]]", data["facts"])
    said = {str(fact["name"]): str(fact["value"]) for fact in facts}
    assert said["For"].endswith("Harbour Café Ltd")
    assert (said["Accepted by"], said["Job title"]) == ("Maya Lind", "Director")
    assert said["Fingerprint of the document (SHA-256)"] == kept.sha256


def test_pressing_twice_accepts_once(portal: Portal, maya: Client, asked: tuple[int, int]) -> None:
    account_id, version_id = asked
    check = maya.get(f"/accounts/{account_id}/terms/{version_id}").submit("Go on", TICKED)

    pages = [check.submit("Accept the terms") for _ in range(2)]

    assert [page.status for page in pages] == [303, 303]
    assert len(acceptances(portal)) == 1


def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(
    portal: Portal, maya: Client, asked: tuple[int, int]
) -> None:
    account_id, version_id = asked

    page = maya.get(f"/accounts/{account_id}/terms/{version_id}").submit("Go on", name="Maya Lind", job_title="")

    assert page.status == 422
    for words in ("Enter your job title", "tick this if you agree", "if you may accept terms for Harbour Café Ltd"):
        assert words in page.words
    assert page.all("input", name="name")[0].get("value") == "Maya Lind"
    assert acceptances(portal) == []


def test_the_check_can_be_left_to_change_what_was_typed(maya: Client, asked: tuple[int, int]) -> None:
    account_id, version_id = asked
    check = maya.get(f"/accounts/{account_id}/terms/{version_id}").submit("Go on", TICKED)

    page = check.submit("Change it")

    assert page.status == 200
    assert page.all("input", name="job_title")[0].get("value") == "Director"


def test_whoever_may_not_bind_reads_and_sees_who_may(
    portal: Portal, asked: tuple[int, int], open_browser: Callable[[], Client]
) -> None:
    account_id, _ = portal.account("1.00", email="eve@harbour.example", rights=frozenset({Right.VIEW}))
    _, version_id = asked
    with portal.db.transaction() as session:
        a_binder(session, lock(session, account_id), name="Olivia Hart")
    eve = sign_in(portal, open_browser(), "eve@harbour.example")

    page = eve.get(f"/accounts/{account_id}/terms/{version_id}")

    assert "these people may accept terms: Olivia Hart." in page.words
    assert page.all("input", name="job_title") == []


def test_a_new_version_asks_again_and_says_what_is_new(portal: Portal, maya: Client, asked: tuple[int, int]) -> None:
    account_id, version_id = asked
    accepted(maya, f"/accounts/{account_id}/terms/{version_id}")
    with portal.db.transaction() as session:
        policy_id = session.get_one(PolicyVersion, version_id).policy_id
        sections = Sections(terms=NET_14, early_discount=TWO_TEN, acceptance=ASKED)
        second = next_version(session, policy_id, sections, today(session)).id

    home = maya.get(f"/accounts/{account_id}")
    page = maya.get(f"/accounts/{account_id}/terms/{second}")

    assert "New terms to read" in home.words
    assert "What is new since version" in page.words
    assert "Payment is due within 14 days instead of 30." in page.words
    assert "Accepted on" in maya.get(f"/accounts/{account_id}/terms/{version_id}").words


@pytest.mark.parametrize("acceptance", [ASKED, MUST_SAY_YES])
def test_terms_that_were_accepted_stay_on_the_page_while_those_of_another_policy_wait(
    portal: Portal, maya: Client, asked: tuple[int, int], acceptance: Acceptance
) -> None:
    account_id, version_id = asked
    accepted(maya, f"/accounts/{account_id}/terms/{version_id}")
    with portal.db.transaction() as session:
        other = a_policy(session, asking(NET_14, acceptance), account_id=account_id).id

    page = maya.get(f"/accounts/{account_id}/terms")
    after = accepted(maya, f"/accounts/{account_id}/terms/{other}")
    then = maya.get(f"/accounts/{account_id}/terms")

    assert after.status == 200
    assert "Payment is due within 30 days." in page.words
    assert "you save £20.00" in page.words
    assert "once it is accepted. Until then nothing changes." in page.words
    assert "Payment is due within 14 days." in then.words
    assert "you save" not in then.words


def test_without_a_policy_the_accounts_own_days_stand_there(portal: Portal, open_browser: Callable[[], Client]) -> None:
    account_id, _ = portal.account("120.00")
    client = sign_in(portal, open_browser())

    page = client.get(f"/accounts/{account_id}/terms")

    assert "Payment is due within 30 days." in page.words
    assert "New terms to read" not in page.words


def test_what_leaves_the_due_day_to_the_account_says_its_days(
    portal: Portal, open_browser: Callable[[], Client]
) -> None:
    account_id, _ = portal.account("120.00")
    with portal.db.transaction() as session:
        version_id = a_policy(session, Sections(terms=Terms(), early_discount=TWO_TEN)).id
    client = sign_in(portal, open_browser())

    pages = [client.get(f"/accounts/{account_id}/terms{one}") for one in ("", f"/{version_id}")]

    for page in pages:
        assert "Payment is due within 30 days." in page.words
        assert "An invoice of 5 Mar 2027 is due on 4 Apr 2027." in page.words
        assert "as agreed" not in page.words


def test_the_terms_of_each_open_invoice_are_told_and_can_be_read(
    portal: Portal, open_browser: Callable[[], Client]
) -> None:
    account_id, without = portal.account("120.00")
    with portal.db.transaction() as session:
        first = a_policy(session, Sections(terms=NET_30, early_discount=TWO_TEN), account_id=account_id)
        line = NewLine("Cups", money("10.00"), money("0.00"))
        under = issue(session, lock(session, account_id), [line], actor=OPERATOR).id
        a_policy(session, Sections(terms=NET_14), account_id=account_id)
    client = sign_in(portal, open_browser())

    terms = client.get(f"/accounts/{account_id}/terms")
    invoice = client.get(f"/accounts/{account_id}/invoices/{under}")
    older = client.get(f"/accounts/{account_id}/invoices/{without}")

    href = f"/accounts/{account_id}/terms/{first.id}"
    assert "No version: only the day on which they are due" in terms.words
    assert terms.all("a", href=href) != []
    assert [link.text for link in invoice.all("a", href=href)] == [f"Version {first.policy_id}.1"]
    assert older.all("a", href=href) == []
    assert "you save £20.00" in client.get(href).words


def test_another_customer_gets_neither_the_terms_nor_the_document_that_was_accepted(
    portal: Portal, maya: Client, asked: tuple[int, int], open_browser: Callable[[], Client]
) -> None:
    account_id, version_id = asked
    accepted(maya, f"/accounts/{account_id}/terms/{version_id}")
    (kept,) = acceptances(portal)
    theirs, _ = portal.account("1.00", email="tom@elsewhere.example")
    tom = sign_in(portal, open_browser(), "tom@elsewhere.example")

    tried = [
        f"/accounts/{theirs}/documents/{kept.document_id}",
        f"/accounts/{account_id}/documents/{kept.document_id}",
        f"/accounts/{account_id}/terms/{version_id}/pdf",
    ]

    assert [tom.get(path).status for path in tried] == [404, 404, 404]
    assert maya.get(f"/accounts/{account_id}/documents/{kept.document_id}").status == 200
