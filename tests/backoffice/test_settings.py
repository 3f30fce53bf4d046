"""Settings: changed by those who may, once they are sure; they hold at once, go back, and leave old papers alone."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import Engine, select

from backoffice.installation import Installation, Outside
from domain.audit.queries import acts_on
from domain.outbox.model import OUTBOX
from domain.preferences.living import LiveBusiness
from domain.preferences.setting import WarnOfBank, history
from domain.preferences.trying import TestMessage
from domain.preferences.values import Bounds, Name
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.staff.model import Role
from tests.backoffice.conftest import Office, an_office
from tests.support.builders import an_account, an_invoice
from tests.support.client import Client


@pytest.fixture
def office(committed_db: Database, clock: MovableClock) -> Office:
    """The back office over a business that is described by its preferences."""
    assert isinstance(committed_db.bind, Engine)
    live = LiveBusiness(committed_db.bind, committed_db.business)
    return an_office(Database(committed_db.bind, clock, live), clock)


@pytest.fixture
def admin(office: Office) -> Client:
    """An administrator's browser."""
    return office.browser(Role.ADMINISTRATOR)


def a_picture(size: tuple[int, int] = (120, 40), kind: str = "PNG") -> bytes:
    """A small picture."""
    made = BytesIO()
    Image.new("RGB", size, "orange").save(made, kind)
    return made.getvalue()


def test_a_change_holds_at_once_on_every_page_and_has_its_history(office: Office, admin: Client) -> None:
    before = admin.get("/settings/company")

    answer = before.submit("Save", {"name": "Quay Ltd", "phone": "+44 20 7946 0999"})
    after = admin.follow(answer)

    assert answer.status == 303
    assert "Quay Ltd" in admin.get("/accounts").words
    assert "Administrator Jones" in after.words
    assert "+44 20 7946 0999" in after.words
    with office.db.reading() as session:
        (act,) = acts_on(session, ("setting", "name"))
        assert [row.value for row in history(session, Name.PHONE)] == ["+44 20 7946 0999"]
        assert history(session, Name.ADDRESS) == []
    assert (act.before, act.after) == ({"name": "Your business"}, {"name": "Quay Ltd"})


def test_what_is_given_back_is_as_installed_again_and_stays_in_the_history(office: Office, admin: Client) -> None:
    admin.get("/settings/company").submit("Save", {"name": "Quay Ltd"})

    page = admin.follow(admin.get("/settings/company").submit("Back to what the installation says"))

    assert office.db.business.name == "Your business"
    assert "Quay Ltd" in page.words
    assert "as installed" in page.words
    assert "Back to what the installation says" not in page.words


@pytest.mark.parametrize(
    ("part", "typed", "words"),
    [
        ("company", {"name": " "}, "Enter the name of the business."),
        ("company", {"name": "x" * 101}, "Use at most 100 characters"),
        ("company", {"name": "a\nb"}, "Write it in one line."),
        ("company", {"email": "nobody"}, "Enter an email address such as"),
        ("looks", {"accent": "red"}, "Enter a colour as # and six digits"),
        ("mail", {"reply_to": "nobody"}, "Enter an email address such as"),
        ("languages", {"languages": []}, "Choose at least one language."),
        ("hours", {"opens": "17", "closes": "9"}, "A working day begins before it ends"),
        ("hours", {"opens": "nine"}, "Enter a whole number from 0 to 23."),
        ("hours", {"closed": "Christmas"}, "Enter each day as year-month-day"),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field_and_nothing_typed_is_lost(
    office: Office, admin: Client, part: str, typed: dict[str, str | list[str]], words: str
) -> None:
    before = office.db.business

    page = admin.get(f"/settings/{part}").submit("Save", typed)

    assert page.status == 422
    assert words in page.words
    assert office.db.business == before


def test_colour_hours_days_languages_and_texts_reach_the_business(office: Office, admin: Client) -> None:
    admin.get("/settings/looks").submit("Save", {"accent": "#AA3300"})
    admin.get("/settings/hours").submit("Save", {"opens": "8", "closes": "18", "closed": "2026-12-24\n2026-12-31"})
    admin.get("/settings/languages").submit("Save", {"languages": ["es"]})
    admin.get("/settings/mail").submit("Save", {"sender": "Desk", "reply_to": "desk@b.example"})

    ours = office.db.business
    page = admin.get("/settings")

    assert (ours.accent, ours.opens, ours.closes, len(ours.closed)) == ("#aa3300", 8, 18, 2)
    assert (ours.languages, ours.sender, ours.reply_to) == (("es",), "Desk", "desk@b.example")
    assert page.all("link", href="/brand/colour/aa3300.css")
    assert admin.get("/brand/colour/aa3300.css").response.text == ":root { --brand: #aa3300; }\n"
    assert admin.get("/brand/colour/zebra.css").status == 404
    assert "8:00–18:00" in page.words


def test_each_channel_is_turned_off_by_itself_and_never_all(office: Office, admin: Client) -> None:
    page = admin.get("/settings/channels")

    refused = page.submit("Save", {"emails": "", "texts": "", "letters": "", "calls": ""})
    before = office.db.business
    page.submit("Save", {"emails": "yes", "texts": "", "letters": "", "calls": "yes"})

    ours = office.db.business
    assert refused.status == 422
    assert "Leave at least one way open" in refused.words
    assert (before.emails, before.texts, before.letters, before.calls) == (True, True, True, True)
    assert (ours.emails, ours.texts, ours.letters, ours.calls) == (True, False, False, True)
    assert admin.get("/settings").words.count("not used") == 2


def bank(office: Office, iban: str) -> dict[str, str]:
    """The form of the bank account, with a fresh code."""
    return {"holder": "Quay Ltd", "iban": iban, "confirm_code": office.code(Role.ADMINISTRATOR)}


def test_the_bank_account_asks_for_the_code_each_time_and_warns_every_administrator(
    office: Office, admin: Client
) -> None:
    asked = admin.get("/settings/bank").submit("Save", {"holder": "Quay Ltd", "iban": "GB82 WEST 1234 5698 7654 32"})
    wrong = admin.get("/settings/bank").submit("Save", bank(office, "GB82 WEST 1234 5698 7654 33"))
    office.clock.advance(minutes=1)
    done = admin.get("/settings/bank").submit("Save", bank(office, "GB82 WEST 1234 5698 7654 32"))

    assert "Confirm that it is you" in asked.words
    assert (wrong.status, "This is no IBAN" in wrong.words) == (422, True)
    assert done.status == 303
    assert office.db.business.bank.iban == "GB82WEST12345698765432"
    with office.db.reading() as session:
        assert list(session.scalars(select(OUTBOX.c.kind))) == [WarnOfBank.kind]


def test_a_logo_is_drawn_anew_and_shown_and_anything_else_is_refused(office: Office, admin: Client) -> None:
    page = admin.get("/settings/logo")
    sent = a_picture()

    refused = [
        page.submit("Use this logo", files={"file": file}).status
        for file in (("a.pdf", b"%PDF-1.7\n%%EOF"), ("a.png", b"\x89PNG broken"), ("a.png", a_picture((1200, 10))))
    ]
    nothing = page.submit("Use this logo").status
    done = page.submit("Use this logo", files={"file": ("a.png", sent)})
    logo = office.db.business.logo

    assert refused == [422, 422, 422]
    assert nothing == 422
    assert done.status == 303
    assert logo is not None
    shown = admin.get(f"/brand/logo/{logo.filename}")
    assert (shown.status, shown.headers["content-type"]) == (200, "image/png")
    assert admin.get(f"/brand/logo/{'0' * 64}.png").status == 404
    assert f"/brand/logo/{logo.filename}" in admin.get("/accounts").response.text


@pytest.mark.parametrize("role", [Role.MANAGER, Role.AUDITOR])
def test_those_who_only_see_have_no_form(office: Office, role: Role) -> None:
    browser = office.browser(role)

    pages = [browser.get(path) for path in ("/settings", "/settings/bank", "/installation", "/installation/tests")]

    assert [page.status for page in pages] == [200] * 4
    assert all(button not in page.words for page in pages for button in ("Save", "Send it"))


def test_a_test_message_goes_to_oneself_and_its_fate_is_shown(office: Office, admin: Client) -> None:
    page = admin.get("/installation/tests")

    after = admin.follow(page.submit("Send it", {"way": "email"}))
    text = page.submit("Send it", {"way": "sms", "number": "+441632960999"})

    assert "administrator@office.example" in after.words
    assert "waiting" in after.words
    assert office.nudges
    assert text.status == 422
    assert "Nobody is set up to carry text messages." in text.words
    with office.db.reading() as session:
        (row,) = session.execute(select(OUTBOX).where(OUTBOX.c.kind == TestMessage.kind)).all()
    assert row.payload["to"] == "administrator@office.example"


def test_the_overview_tells_how_things_are_and_shows_no_secret(office: Office, admin: Client) -> None:
    page = admin.get("/installation")

    for words in ("Schema", "Worker", "it has not worked yet", "look here", "Last backup", "not known"):
        assert words in page.words


def test_of_a_secret_only_whether_it_is_set_is_known() -> None:
    secret = Outside("QUITTANCE_STRIPE_KEY", is_secret=True, is_set=True)

    assert (secret.value, Installation().bounds) == ("", Bounds(("en", "es"), can_text=False))


def test_there_is_no_such_part(office: Office, admin: Client) -> None:
    assert admin.get("/settings/nothing").status == 404


def test_an_invoice_from_before_another_bank_account_says_that_its_paper_names_the_old_one(
    office: Office, admin: Client
) -> None:
    admin.get("/settings/bank").submit("Save", bank(office, "GB82 WEST 1234 5698 7654 32"))
    with office.db.transaction() as session:
        account = an_account(session)
        path = f"/accounts/{account.id}/invoices/{an_invoice(session, account, '120').id}"
    manager = office.browser(Role.MANAGER)
    before = manager.get(path)
    office.clock.advance(minutes=5)

    admin.get("/settings/bank").submit("Save", bank(office, "DE89 3704 0044 0532 0130 00"))

    assert "the paper as it was sent" not in before.words
    assert "the paper as it was sent, with the bank account of that day" in manager.get(path).words
