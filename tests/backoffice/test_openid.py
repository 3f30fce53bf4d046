"""Coming in by the house's identity provider: linked first, proven each time, and what it owes us."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from litestar import Litestar

from adapters.bank_files.reader import BankFiles
from adapters.openid.provider import OpenIdProvider
from backoffice.application import application
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.staff import changing
from domain.staff.model import Role, StaffMember
from tests.backoffice.conftest import SETTINGS, Office
from tests.support.audited import acts, last_payload
from tests.support.client import Client, Page
from tests.support.openid import CLIENT, SECRET, LocalProvider, local_provider
from tests.support.outside import FarStore, PlainRenderer
from tests.support.standing import Nudges, standing

SINGLE = "Sign in with House"


@pytest.fixture
def there(clock: MovableClock) -> Iterator[LocalProvider]:
    with local_provider(clock.now()) as provider:
        yield provider


@pytest.fixture
def house(committed_db: Database, clock: MovableClock, there: LocalProvider) -> Office:
    """The back office with a provider."""
    store, nudges = FarStore(committed_db), Nudges()
    provider = OpenIdProvider(
        there.issuer,
        client_id=CLIENT,
        client_secret=SECRET,
        name="House",
        redirect_uri="http://127.0.0.1:8001/sign-in/openid/back",
        now=clock.now,
    )
    app = standing(_build, database=committed_db, store=store, nudge=nudges, provider=provider)
    return Office(app, committed_db, clock, store, nudges.made)


def _build(database: Database, store: FarStore, nudge: Nudges, provider: OpenIdProvider) -> Litestar:
    return application(
        settings=SETTINGS,
        database=database,
        store=store,
        renderer=PlainRenderer(),
        bank_reader=BankFiles(),
        nudge=nudge,
        webhook_counts=dict,
        portal_url="http://127.0.0.1:8000",
        identity_provider=provider,
    )


def link(house: Office, there: LocalProvider, role: Role = Role.MANAGER, *, subject: str = "ana-7") -> Page:
    """Somebody links themselves on their profile."""
    client = house.browser(role)
    away = client.get("/profile").submit("Link yourself")
    return client.get(there.sign_in(away.location, subject=subject))


def arrive(client: Client, there: LocalProvider, next_path: str = "", **claims: object) -> Page:
    """Go there from the door, sign in, and come back."""
    away = client.get("/sign-in").submit(SINGLE, next=next_path)
    return client.get(there.sign_in(away.location, **claims))  # type: ignore[arg-type]


def test_whoever_is_linked_comes_in_with_our_second_factor(house: Office, there: LocalProvider) -> None:
    linked, client = link(house, there), Client(house.app)
    owing = arrive(client, there, "/payments")
    wrong = owing.submit("Sign in", code="000000")

    inside = wrong.submit("Sign in", code=house.code())

    assert linked.location == "/profile#elsewhere"
    assert "ana-7" in house.browser().get("/profile").words
    assert owing.status == 200
    assert (wrong.status, bool(wrong.all("p", id="code-error"))) == (422, True)
    assert inside.location == "/payments"
    assert client.get("/profile").status == 200


def test_who_proved_several_factors_there_comes_in_at_once_but_confirms_dangerous_acts(
    house: Office, there: LocalProvider
) -> None:
    link(house, there, Role.ADMINISTRATOR)
    client = Client(house.app)

    inside = arrive(client, there, amr=["pwd", "mfa"])

    assert inside.status == 303
    with house.db.reading() as session:
        assert last_payload(session, "staff.signed_in")["words"] == {"by": "identity_provider"}
    page = client.get(f"/staff/{house.person(Role.COLLECTOR)}")
    assert "Confirm that it is you" in page.submit("Change the role", role="auditor").words


def test_who_is_not_linked_stays_out_whatever_their_address(house: Office, there: LocalProvider) -> None:
    house.person(Role.MANAGER)

    refused = arrive(Client(house.app), there, email="manager@office.example", email_verified=True, amr=["mfa"])

    assert refused.status == 422
    assert "Nobody who may come in is linked to that" in refused.words
    with house.db.reading() as session:
        assert acts(session)[-1] == "sign_in.refused"


@pytest.mark.parametrize("several", [[], ["mfa"]])
def test_who_has_left_stays_out(house: Office, there: LocalProvider, several: list[str]) -> None:
    link(house, there)
    with house.db.transaction() as session:
        changing.disable(session, house.person(Role.MANAGER), actor=OPERATOR)

    refused = arrive(Client(house.app), there, amr=several)

    assert refused.status == 422


def test_a_door_that_wrong_tries_closed_is_closed_here_too(house: Office, there: LocalProvider) -> None:
    link(house, there)
    with house.db.transaction() as session:
        session.get_one(StaffMember, house.person(Role.MANAGER)).locked_until = house.clock.now().replace(hour=23)

    assert arrive(Client(house.app), there, amr=["mfa"]).status == 422


def test_another_browser_cannot_take_the_way_back(house: Office, there: LocalProvider) -> None:
    link(house, there)
    away = Client(house.app).get("/sign-in").submit(SINGLE)
    thief = Client(house.app)
    thief.get("/sign-in").submit(SINGLE)

    assert thief.get(there.sign_in(away.location, amr=["mfa"])).status == 422


def test_a_way_back_works_once(house: Office, there: LocalProvider) -> None:
    link(house, there)
    client = Client(house.app)
    back = there.sign_in(client.get("/sign-in").submit(SINGLE).location, amr=["mfa"])

    assert [client.get(back).status for _ in range(2)] == [303, 422]


@pytest.mark.parametrize("query", ["", "?state=x&code=y", "?error=access_denied&state=x"])
def test_coming_back_from_nowhere_opens_nothing(house: Office, query: str) -> None:
    assert Client(house.app).get(f"/sign-in/openid/back{query}").status == 422


def test_an_answer_that_names_another_issuer_is_not_followed(house: Office, there: LocalProvider) -> None:
    link(house, there)
    client = Client(house.app)
    back = there.sign_in(client.get("/sign-in").submit(SINGLE).location, amr=["mfa"])

    assert client.get(f"{back}&iss=https%3A%2F%2Fevil.example").status == 422


@pytest.mark.parametrize("lies", [{"nonce": "x"}, {"aud": "x"}, {"iss": "x"}, {"exp": 1}])
def test_a_token_that_is_not_believed_opens_nothing(
    house: Office, there: LocalProvider, lies: dict[str, object]
) -> None:
    link(house, there)
    there.lies = lies

    refused = arrive(Client(house.app), there, amr=["mfa"])

    assert refused.status == 422
    assert "House did not prove who you are" in refused.words


def test_a_provider_that_is_away_is_said_to_be(house: Office, there: LocalProvider) -> None:
    client = Client(house.app)
    back = there.sign_in(client.get("/sign-in").submit(SINGLE).location)
    there.is_down = True

    assert "does not answer" in client.get(back).words
    assert "does not answer" in client.get("/sign-in").submit(SINGLE).words


def test_one_identity_is_one_colleague_and_a_link_can_end(house: Office, there: LocalProvider) -> None:
    link(house, there)
    taken = link(house, there, Role.COLLECTOR)
    client = house.browser()
    client.get("/profile").submit("End this link")

    assert taken.status == 422
    assert "A colleague is linked" in taken.words
    assert arrive(Client(house.app), there, amr=["mfa"]).status == 422
    assert link(house, there, Role.COLLECTOR).status == 303


def test_who_is_linked_is_nobody_else_there(house: Office, there: LocalProvider) -> None:
    client = house.browser()
    still_open = client.get("/profile")
    link(house, there)

    other = arrive(Client(house.app), there, subject="mallory-9", email="manager@office.example", email_verified=True)
    second = client.get(there.sign_in(still_open.submit("Link yourself").location, subject="mallory-9"))

    assert other.status == 422
    assert "Nobody who may come in is linked to that" in other.words
    assert second.status == 422
    assert "You are linked to somebody else there" in second.words
    assert arrive(Client(house.app), there, amr=["mfa"]).status == 303


def test_the_answer_to_one_way_is_not_taken_on_another(house: Office, there: LocalProvider) -> None:
    link(house, there)
    client = Client(house.app)
    ways = [there.sign_in(client.get("/sign-in").submit(SINGLE).location, amr=["mfa"]) for _ in range(2)]
    first, second = ({name: values[0] for name, values in parse_qs(urlsplit(way).query).items()} for way in ways)

    mixed = client.get(f"{urlsplit(ways[0]).path}?{urlencode({'code': first['code'], 'state': second['state']})}")

    assert mixed.status == 422
    assert "House did not prove who you are" in mixed.words


def test_linking_wants_the_second_factor_and_whoever_began_it(house: Office, there: LocalProvider) -> None:
    client = house.browser(is_sure=False)
    asked = client.get("/profile").submit("Link yourself")
    away = asked.submit("Confirm and go on", confirm_code=house.code())
    back = there.sign_in(away.location)
    client.get("/profile").submit("Sign out")

    assert "Confirm that it is you" in asked.words
    assert client.get(back).status == 422


def test_without_a_provider_there_is_no_button(office: Office) -> None:
    assert SINGLE not in Client(office.app).get("/sign-in").words
    assert "Link yourself" not in office.browser().get("/profile").words
