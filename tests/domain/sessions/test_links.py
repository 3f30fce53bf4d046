"""Signing in by link: once, soon, from the browser that asked, and silent about who has a login."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import select

from domain.accounts import logins
from domain.accounts.model import Right
from domain.outbox.model import OUTBOX
from domain.sessions import links
from domain.sessions.customers import CUSTOMERS
from domain.sessions.links import SignedIn, SignInSecrets
from domain.sessions.model import REQUESTS, Site
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import Conflict, Invalid, Refused
from tests.support.audited import acts
from tests.support.builders import an_account

ANA = "ana@example.com"
EVERYBODY = {Site.PORTAL: CUSTOMERS}


def a_login(db: Database) -> int:
    with db.transaction() as session:
        account = an_account(session)
        return logins.grant(session, account, email=ANA, name="Ana", rights={Right.PAY}, actor=OPERATOR).id


def ask(db: Database, email: str = ANA, browser: str = "laptop", next_path: str | None = None) -> int:
    with db.transaction() as session:
        return links.ask(session, CUSTOMERS, email=email, browser_secret=browser, next_path=next_path)


def mint(db: Database, request_id: int) -> SignInSecrets:
    with db.transaction() as session:
        secrets = links.mint(session, request_id, EVERYBODY)
    assert secrets is not None
    return secrets


def use_token(db: Database, token: str, browser: str | None = "laptop") -> SignedIn:
    with db.transaction() as session:
        return links.use_token(session, CUSTOMERS, token=token, browser_secret=browser)


def wrong(code: str) -> str:
    """Six digits that are not these."""
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_the_link_lets_in_the_browser_that_asked_and_leads_where_it_wanted_to_go(db: Database) -> None:
    login_id = a_login(db)
    secrets = mint(db, ask(db, next_path="/accounts/1/invoices"))

    signed_in = use_token(db, secrets.token)

    assert signed_in == SignedIn(login_id, "/accounts/1/invoices")
    assert (secrets.email, secrets.name, secrets.language) == (ANA, "Ana", "en")
    with db.reading() as session:
        assert acts(session)[-1] == "login.signed_in"


def test_looking_at_the_link_uses_nothing_up(db: Database) -> None:
    a_login(db)
    token = mint(db, ask(db)).token

    with db.reading() as session:
        here = links.peek(session, CUSTOMERS, token=token, browser_secret="laptop")
        elsewhere = links.peek(session, CUSTOMERS, token=token, browser_secret=None)

    assert here is not None
    assert elsewhere is not None
    assert (here.email, here.same_browser, elsewhere.same_browser) == (ANA, True, False)
    assert use_token(db, token).subject_id


def test_a_link_works_once(db: Database) -> None:
    a_login(db)
    token = mint(db, ask(db)).token
    use_token(db, token)

    with pytest.raises(Conflict):
        use_token(db, token)

    with db.reading() as session:
        assert links.peek(session, CUSTOMERS, token=token, browser_secret="laptop") is None


def test_a_link_that_is_used_twice_at_once_lets_in_once(committed_db: Database) -> None:
    a_login(committed_db)
    token = mint(committed_db, ask(committed_db)).token
    at_once, outcomes = threading.Barrier(8), []

    def use() -> None:
        at_once.wait()
        try:
            outcomes.append(use_token(committed_db, token).subject_id > 0)
        except Conflict:
            outcomes.append(False)

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == [False] * 7 + [True]


@pytest.mark.parametrize("browser", [None, "phone"])
def test_in_another_browser_the_link_does_nothing_and_says_what_to_do(db: Database, browser: str | None) -> None:
    a_login(db)
    secrets = mint(db, ask(db))

    with pytest.raises(links.OtherBrowser, match="six digits"):
        use_token(db, secrets.token, browser)

    assert links.use_code(db, CUSTOMERS, browser_secret="laptop", code=secrets.code).subject_id


def test_link_and_code_work_for_ten_minutes_from_asking(db: Database, clock: MovableClock) -> None:
    a_login(db)
    request_id = ask(db)
    clock.advance(minutes=8)
    secrets = mint(db, request_id)
    clock.advance(minutes=2)

    with pytest.raises(Conflict):
        use_token(db, secrets.token)
    with pytest.raises(Invalid):
        links.use_code(db, CUSTOMERS, browser_secret="laptop", code=secrets.code)


def test_a_link_that_nobody_made_is_refused(db: Database) -> None:
    with pytest.raises(Conflict):
        use_token(db, "made-up")


def test_the_code_may_be_typed_with_spaces_and_works_once(db: Database) -> None:
    login_id = a_login(db)
    code = mint(db, ask(db)).code

    signed_in = links.use_code(db, CUSTOMERS, browser_secret="laptop", code=f" {code[:3]} {code[3:]} ")

    assert signed_in.subject_id == login_id
    with pytest.raises(Invalid):
        links.use_code(db, CUSTOMERS, browser_secret="laptop", code=code)


def test_a_code_is_worth_nothing_in_another_browser(db: Database) -> None:
    a_login(db)
    code = mint(db, ask(db)).code

    with pytest.raises(Invalid):
        links.use_code(db, CUSTOMERS, browser_secret="phone", code=code)


def test_after_five_wrong_codes_the_right_one_is_refused_and_the_link_still_works(db: Database) -> None:
    a_login(db)
    secrets = mint(db, ask(db))
    for _ in range(links.MOST_TRIES):
        with pytest.raises(Invalid):
            links.use_code(db, CUSTOMERS, browser_secret="laptop", code=wrong(secrets.code))

    with pytest.raises(Invalid):
        links.use_code(db, CUSTOMERS, browser_secret="laptop", code=secrets.code)

    assert use_token(db, secrets.token).subject_id
    with db.reading() as session:
        assert acts(session).count("sign_in.refused") == links.MOST_TRIES


def test_guessing_on_with_new_requests_ends_after_twenty_tries_a_day(db: Database, clock: MovableClock) -> None:
    a_login(db)
    for _ in range(links.MOST_TRIES_A_DAY // links.MOST_TRIES):
        secrets = mint(db, ask(db))
        for _ in range(links.MOST_TRIES):
            with pytest.raises(Invalid):
                links.use_code(db, CUSTOMERS, browser_secret="laptop", code=wrong(secrets.code))
    clock.advance(hours=2)
    late = mint(db, ask(db))

    with pytest.raises(Invalid):
        links.use_code(db, CUSTOMERS, browser_secret="laptop", code=late.code)

    assert use_token(db, late.token).subject_id


def test_only_the_code_that_was_asked_for_last_counts(db: Database) -> None:
    a_login(db)
    first, second = mint(db, ask(db)), mint(db, ask(db))

    assert links.use_code(db, CUSTOMERS, browser_secret="laptop", code=second.code).subject_id
    with pytest.raises(Invalid):
        links.use_code(db, CUSTOMERS, browser_secret="laptop", code=first.code)


def test_an_address_without_a_login_is_told_the_same_and_gets_nothing(db: Database) -> None:
    a_login(db)
    ask(db)
    ask(db, email="nobody@example.com", browser="phone")

    with db.transaction() as session:
        known, unknown = session.execute(select(OUTBOX).order_by(OUTBOX.c.id)).all()
        assert known.kind == unknown.kind == links.SendSignInLink.kind
        assert links.mint(session, unknown.payload["request_id"], EVERYBODY) is None
    for code in ("000000", "999999"):
        with pytest.raises(Invalid) as refused:
            links.use_code(db, CUSTOMERS, browser_secret="phone", code=code)
        assert refused.value.text == links.WRONG_CODE


@pytest.mark.parametrize("email", [ANA, "nobody@example.com"])
def test_too_many_requests_are_refused_alike(db: Database, clock: MovableClock, email: str) -> None:
    a_login(db)
    for _ in range(links.MOST_ASKED):
        ask(db, email)

    with pytest.raises(Conflict):
        ask(db, email)

    clock.advance(hours=1)
    assert ask(db, email)


def test_a_closed_login_is_as_good_as_none(db: Database) -> None:
    login_id = a_login(db)
    before = mint(db, ask(db))
    with db.transaction() as session:
        logins.disable(session, login_id, actor=OPERATOR)
    after = ask(db)

    with db.transaction() as session:
        assert links.mint(session, after, EVERYBODY) is None
    with pytest.raises(Conflict):
        use_token(db, before.token)


def test_making_the_mail_again_makes_new_secrets_and_a_used_request_none(db: Database) -> None:
    a_login(db)
    request_id = ask(db)
    first, second = mint(db, request_id), mint(db, request_id)

    with pytest.raises(Conflict):
        use_token(db, first.token)
    use_token(db, second.token)

    with db.transaction() as session:
        assert links.mint(session, request_id, EVERYBODY) is None
        assert links.mint(session, request_id + 1, EVERYBODY) is None


def test_no_secret_is_kept(db: Database) -> None:
    a_login(db)
    secrets = mint(db, ask(db))

    with db.reading() as session:
        kept = [str(value) for value in session.execute(select(REQUESTS)).one()]

    assert not {secrets.token, secrets.code, "laptop", ANA} & set(kept)


@pytest.mark.parametrize(
    "path",
    ["https://evil.example", "//evil.example", "/\\evil.example", "evil", "", "/" + "x" * 500, "/a\r\nX: 1"],
)
def test_a_path_that_leads_elsewhere_is_dropped(db: Database, path: str) -> None:
    a_login(db)

    signed_in = use_token(db, mint(db, ask(db, next_path=path)).token)

    assert signed_in.next_path is None


def test_what_is_no_address_is_refused_before_anything(db: Database) -> None:
    with pytest.raises(Refused):
        ask(db, email="nobody")


def test_requests_are_forgotten_after_a_day(db: Database, clock: MovableClock) -> None:
    ask(db, email="nobody@example.com")
    clock.advance(hours=24, seconds=1)
    ask(db, email="nobody@example.com")

    with db.transaction() as session:
        assert links.forget_old(session) == 1
        assert len(session.execute(select(REQUESTS)).all()) == 1
