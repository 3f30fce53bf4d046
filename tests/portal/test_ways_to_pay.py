"""The page for the ways to pay: what is kept, for whom, until when; adding and removing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from domain.accounts.logins import grant
from domain.accounts.model import ALL_RIGHTS
from domain.accounts.queries import lock, logins_on
from domain.collecting.queries import running
from domain.collecting.turning import turn_on
from domain.outbox.model import OutboxMessage
from domain.payments.processor import ProcessorUnreachable
from domain.payments.snapshots import MethodSnapshot, SetupSnapshot, SetupState
from domain.processing.reconciling.setups import reconcile_setup
from domain.saved_methods.keeping import lose
from domain.saved_methods.model import MethodSetup, SavedMethod
from domain.shared.actor import OPERATOR, WORKER, Actor
from tests.portal.conftest import Portal, sign_in
from tests.support.client import Client
from tests.support.saving import AGREED, VISA, a_method

BEN = "ben@harbour.example"


@pytest.fixture
def account_id(portal: Portal) -> int:
    return portal.account("120.00")[0]


@pytest.fixture
def ways(account_id: int) -> str:
    return f"/accounts/{account_id}/ways-to-pay"


@pytest.fixture
def client(portal: Portal, account_id: int, open_browser: Callable[[], Client]) -> Client:
    return sign_in(portal, open_browser())


def logins(portal: Portal, account_id: int) -> dict[str, int]:
    """The logins on the account by their address."""
    with portal.db.reading() as session:
        return {row.email: row.id for row in logins_on(session, account_id)}


def kept(portal: Portal, account_id: int, **changed: object) -> int:
    """A card of Maya's."""
    maya = min(logins(portal, account_id).values())
    return a_method(portal.db, account_id, maya, replace(VISA, **changed))  # type: ignore[arg-type]


def ben(portal: Portal, account_id: int, client: Client) -> Client:
    """Somebody else who may pay for the account, in a browser of their own."""
    with portal.db.transaction() as session:
        grant(session, lock(session, account_id), email=BEN, name="Ben", rights=ALL_RIGHTS, actor=OPERATOR)
    return sign_in(portal, client, BEN)


def test_an_empty_page_says_what_will_be_there(client: Client, ways: str) -> None:
    page = client.get(ways)

    assert "Nothing is saved yet" in page.words
    assert "Keep this card or bank account with the payment service" in page.words


def test_a_card_says_until_when_it_is_good(portal: Portal, client: Client, account_id: int, ways: str) -> None:
    today = portal.clock.now()
    kept(portal, account_id, method_ref="pm_1", label="Visa •••• 1111")
    kept(portal, account_id, method_ref="pm_2", label="Visa •••• 2222", expires=(today.year, today.month))
    kept(portal, account_id, method_ref="pm_3", label="Visa •••• 3333", expires=(today.year - 1, 12))
    lost = kept(portal, account_id, method_ref="pm_4", label="Visa •••• 4444")
    with portal.db.transaction() as session:
        lose(session, session.get_one(SavedMethod, lost), actor=WORKER)

    words = client.get(ways).words

    assert "Expires 04/2030" in words
    assert [words.count(said) for said in ("Expires soon", "Expired", "Can no longer be used")] == [1, 1, 1]


def test_what_its_owner_shares_others_see_and_may_use_but_not_remove(
    portal: Portal, client: Client, account_id: int, ways: str, open_browser: Callable[[], Client]
) -> None:
    method = kept(portal, account_id)
    other = ben(portal, account_id, open_browser())
    before = other.get(ways)

    shared = client.follow(client.get(ways).submit("Share"))
    after = other.get(ways)
    refused = other.get(f"{ways}/{method}/remove")
    client.follow(shared.submit("Stop sharing"))

    assert "Visa" not in before.words
    assert "Others who may pay" in shared.words
    assert "Shared by Maya" in after.words
    assert "Remove" not in after.words
    assert refused.status == 403
    assert "Visa" not in other.get(ways).words


def test_it_is_removed_after_a_question(portal: Portal, client: Client, account_id: int, ways: str) -> None:
    kept(portal, account_id)

    question = client.get(ways).follow("Remove")
    removed = client.follow(question.submit("Remove it"))

    assert "Remove Visa •••• 4242?" in question.words
    assert "Nothing is saved yet" in removed.words
    with portal.db.reading() as session:
        kinds = session.scalars(select(OutboxMessage.kind)).all()
    assert "forget_method" in kinds


def test_what_automatic_payment_uses_goes_only_together_with_it(
    portal: Portal, client: Client, account_id: int, ways: str
) -> None:
    method = kept(portal, account_id)
    maya = min(logins(portal, account_id).values())
    with portal.db.transaction() as session:
        turn_on(session, account_id, method, AGREED, login_id=maya, actor=Actor.login(maya))

    question = client.get(ways).follow("Remove")
    refused = question.submit("Remove it")
    removed = client.follow(refused.submit("Remove it", {"stops_autopay": "yes"}))

    assert "Automatic payment takes its money from it" in question.words
    assert refused.status == 422
    assert refused.all("p", id="stops_autopay-error")
    assert "Nothing is saved yet" in removed.words
    with portal.db.reading() as session:
        assert running(session, account_id) is None


def test_one_more_is_added_on_the_processors_page_and_waited_for(portal: Portal, client: Client, ways: str) -> None:
    handed_over = client.get(ways).submit("Add a card or bank account")
    with portal.db.reading() as session:
        public_id = session.scalars(select(MethodSetup.public_id)).one()

    waiting = client.get(f"{ways}/added/{public_id}")
    with portal.db.transaction() as session:
        reconcile_setup(
            session,
            SetupSnapshot("seti_1", public_id, "quittance", SetupState.SUCCEEDED, "pm_1", None),
            MethodSnapshot("pm_1", "cus_1", "bank_debit", "Bacs Direct Debit •••• 2345", None),
        )
    done = client.fragment(f"{ways}/added/{public_id}/state")

    assert handed_over.location == "https://processor.example/cs_1"
    assert "We are confirming what you have just added" in waiting.words
    assert "It is saved" in done.words
    assert "Bacs Direct Debit •••• 2345" in done.words
    assert portal.nudges
    assert client.get(f"{ways}/added/{public_id}").location == ways


def test_when_the_processor_is_out_of_reach_it_says_that_nothing_was_saved(
    portal: Portal, client: Client, ways: str
) -> None:
    page = client.get(ways)
    portal.processor.trouble = ProcessorUnreachable()
    away = page.submit("Add a card or bank account")
    portal.processor.create_customer = lambda request, *, key: "cus_1"  # type: ignore[method-assign]
    portal.processor.trouble = ProcessorUnreachable()

    lost = away.submit("Add a card or bank account")
    again = lost.submit("Add a card or bank account")

    assert (away.status, lost.status) == (503, 503)
    assert "Nothing was saved" in lost.words
    assert again.location == "https://processor.example/cs_1"
