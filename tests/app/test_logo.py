"""The logo of the business: on its letters and in its mail, from the screen or from the installation."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from typing import BinaryIO

import pytest
from pypdf import PdfReader

from adapters.pdf.typst import TypstRenderer
from app.handlers.mailing import send_letter
from app.logo import picture_of, pictures
from app.wired import Wired
from domain.documents.letterhead import letterhead
from domain.shared.business import Business, Logo
from domain.shared.mail import Picture
from tests.support.files import a_photo
from tests.support.outside import MemoryMail, MemoryStore
from web.localisation import SOURCE

CHOSEN = a_photo(90, 30)
INSTALLED = Picture("our.png", a_photo(form="PNG"), "image/png")


@pytest.fixture
def business() -> Business:
    """A creditor that has chosen a logo on the screen."""
    return Business(texts=True, logo=Logo(sha256(CHOSEN).hexdigest(), "image/jpeg"))


@pytest.fixture
def branded(wired: Wired) -> Wired:
    """Everything, with the logo where files are kept."""
    wired.store.put(CHOSEN)
    return wired


def test_every_mail_shows_the_logo_in_place_of_the_name(branded: Wired) -> None:
    assert isinstance(branded.mailer, MemoryMail)

    send_letter(branded, "test", {"name": "Eva"}, to="eva@example.com", language="en", mark="test.1")

    email = branded.mailer.sent[-1]
    assert email.pictures == (Picture("logo", CHOSEN, "image/jpeg"),)
    assert 'src="cid:logo"' in email.html
    assert f'alt="{branded.database.business.name}"' in email.html


def test_a_mail_whose_logo_is_out_of_reach_has_the_name(wired: Wired) -> None:
    assert isinstance(wired.mailer, MemoryMail)

    send_letter(wired, "test", {"name": "Eva"}, to="eva@example.com", language="en", mark="test.1")

    assert wired.mailer.sent[-1].pictures == ()
    assert "<img" not in wired.mailer.sent[-1].html


def test_papers_have_the_logo_that_the_business_had(branded: Wired) -> None:
    ours = branded.database.business
    renderer = TypstRenderer(
        lambda _: branded.letters.speaking(SOURCE), logo=lambda logo: picture_of(branded.store, logo, None)
    )
    data = {
        "made_at": branded.database.clock.now(),
        "customer": {"name": "Harbour", "number": "A-1", "address": ""},
        "title": "To whom it may concern",
        "reference": "",
        "entries": [],
    }

    pages = [
        PdfReader(BytesIO(renderer.render("correspondence", data | {"business": letterhead(each)}, "en"))).pages[0]
        for each in (ours, replace(ours, logo=None))
    ]

    assert [len(page.images) for page in pages] == [1, 0]


def test_what_cannot_be_had_gives_way_to_the_installations_own(branded: Wired) -> None:
    lost = Logo("0" * 64, "image/png")

    assert picture_of(branded.store, lost, INSTALLED) == INSTALLED
    assert picture_of(branded.store, None, INSTALLED) == INSTALLED
    assert picture_of(branded.store, lost, None) is None


def test_the_store_is_asked_once_for_the_logo_of_all_papers_and_again_where_it_was_out_of_reach() -> None:
    store = CountingStore()
    chosen, unknown = Logo(store.put(CHOSEN).sha256, "image/jpeg"), Logo("0" * 64, "image/png")
    find = pictures(store, INSTALLED)

    found = [find(each) for each in (chosen, chosen, None, unknown, unknown)]

    assert found == [Picture(chosen.filename, CHOSEN, "image/jpeg")] * 2 + [INSTALLED] * 3
    assert store.opened == [chosen.sha256, unknown.sha256, unknown.sha256]


class CountingStore(MemoryStore):
    """Remembers what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    def open(self, sha256: str) -> BinaryIO:
        """Read it."""
        self.opened.append(sha256)
        return super().open(sha256)
