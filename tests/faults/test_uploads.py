"""Fault 11: whatever hostile file is sent, on every way that takes one: refused, with flat memory, and of no effect."""

from __future__ import annotations

import tracemalloc
import zipfile
from collections.abc import Callable
from functools import cache, partial
from io import BytesIO

import pytest
from sqlalchemy import func, select

from domain.advices.model import RemittanceAdvice
from domain.documents.model import Document
from domain.importing.model import ImportBatch
from domain.ledger.model import ENTRIES
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.staff.model import Role
from tests.backoffice.conftest import Office, an_office
from tests.faults.conftest import Prove
from tests.portal.conftest import Portal, a_portal, sign_in
from tests.support.client import Client, Page
from tests.support.pdfs import a_pdf
from tests.support.planning import an_asked_plan
from tests.support.policies import a_policy
from tests.support.routes import ways
from tests.support.terms import asking

MEGABYTE = 1024 * 1024
MOST_MEMORY = 160 * MEGABYTE
"""What answering one request may take at its peak, its body and the page included."""
WAYS = {
    "portal": {"tell_us", "apply"},
    "office": {
        "upload",
        "upload_bank_file",
        "enter_check",
        "file_paper",
        "file_plan_paper",
        "raise_it",
        "raise_several",
        "talk_in_dispute",
        "file_in_dispute",
        "reopen_dispute",
    },
}
"""Every handler that takes files; a new one has to be tried here too."""
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def a_zip(name: str, content: bytes) -> bytes:
    """An archive of one file."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


@cache
def hostile() -> dict[str, tuple[str, bytes]]:
    """What is sent, by what it is: the name that it is given, and its bytes; to press so much costs seconds."""
    return {
        "test virus": ("advice.csv", EICAR),
        "zip bomb": ("book.xlsx", a_zip("xl/worksheets/sheet1.xml", b"<row/>" * (40 * MEGABYTE // 6))),
        "pdf bomb": ("advice.pdf", a_pdf(["nothing of ours"], padding=60 * MEGABYTE)),
        "polyglot": ("advice.pdf.csv", b"PK\x03\x04" + a_pdf(["nothing of ours"])),
        "path names": ("../../../etc/passwd\x00.csv", b"\x00\x01\x02"),
        "pixel flood": (
            "scan.png",
            b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xff\xff\xff\xff\xff\xff\xff\x08\x06\x00\x00\x00",
        ),
        "entities": ("bank.xml", b'<!DOCTYPE d [<!ENTITY a "aaaa">]><Document xmlns="urn:iso">&a;</Document>'),
        "broken pdf": ("advice.pdf", b"%PDF-1.7\n" + b"<<" * 20_000),
    }


@pytest.fixture
def portal(committed_db: Database, clock: MovableClock) -> Portal:
    """The portal."""
    return a_portal(committed_db, clock)


@pytest.fixture
def office(committed_db: Database, clock: MovableClock) -> Office:
    """The back office."""
    return an_office(committed_db, clock)


def effects(database: Database) -> list[int]:
    """How many documents, advices, batches and entries there are."""
    with database.reading() as session:
        counted = (Document.id, RemittanceAdvice.id, ImportBatch.id, ENTRIES.c.id)
        return [session.scalar(select(func.count(column))) or 0 for column in counted]


def test_every_way_that_takes_files_is_tried_here(portal: Portal, office: Office) -> None:
    taking = {
        site: {way.name for way in ways(app) if way.handler.request_max_body_size and way.method == "POST"}
        for site, app in (("portal", portal.app), ("office", office.app))
    }

    grown = {
        site: {way.name for way in ways(app) if _takes_more_than_a_form(way.handler.request_max_body_size)} & names
        for (site, names), app in zip(taking.items(), (portal.app, office.app), strict=True)
    }

    assert grown == WAYS


@pytest.mark.figure
def test_a_hostile_advice_is_refused_and_nothing_of_it_is_stored(portal: Portal, prove: Prove) -> None:
    account_id, _ = portal.account("120.00")
    maya = sign_in(portal, Client(portal.app))
    page = maya.get(f"/accounts/{account_id}/advice")
    before = effects(portal.db)
    answers, peaks = {}, {}

    for what, sent in hostile().items():
        tracemalloc.start()
        answers[what] = page.submit("Read the file", files={"file": sent}).status
        peaks[what] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    assert set(answers.values()) == {422}, answers
    assert (effects(portal.db), portal.store.contents) == (before, {})
    assert max(peaks.values()) < MOST_MEMORY, peaks
    prove(11, "hostile files sent as an advice", f"{len(answers)} refused, at most {max(peaks.values()) >> 20} MB")


def test_a_body_without_end_is_cut_off(portal: Portal) -> None:
    account_id, _ = portal.account("120.00")
    maya = sign_in(portal, Client(portal.app))

    answer = maya.get(f"/accounts/{account_id}/advice").submit(
        "Read the file", files={"file": ("advice.csv", b"a" * (6 * MEGABYTE))}
    )

    assert answer.status == 413
    assert portal.store.contents == {}


@pytest.mark.figure
@pytest.mark.parametrize("path", ["/imports", "/bank/statements"])
def test_a_hostile_file_from_staff_is_of_no_effect(office: Office, prove: Prove, path: str) -> None:
    manager = office.browser(Role.MANAGER)
    before = effects(office.db)[1:]
    answers, peaks = {}, {}

    for what, sent in hostile().items():
        tracemalloc.start()
        answers[what] = _sent_by_staff(manager, path, sent).status
        peaks[what] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    text = {"test virus", "path names", "entities"}
    """To a reader of tables a line of text is a table of one cell: shown as that, it can only be matched in vain."""
    assert {what for what, status in answers.items() if status not in {400, 413, 422}} <= text, answers
    assert effects(office.db)[1:] == before
    assert max(peaks.values()) < MOST_MEMORY, peaks
    prove(11, f"hostile files sent to {path}", f"{len(answers)} of no effect, at most {max(peaks.values()) >> 20} MB")


NO_KIND_OF_OURS = {"zip bomb", "polyglot", "path names"}
"""What is neither a PDF nor a picture nor a text; the rest is kept as it came, and never opened by us."""


@pytest.mark.figure
@pytest.mark.parametrize("way", ["an application", "a check", "a signed paper", "a signed plan"])
def test_a_hostile_paper_is_refused_or_kept_unopened(portal: Portal, office: Office, prove: Prove, way: str) -> None:
    with portal.db.transaction() as session:
        a_policy(session, asking())
    account_id, _ = portal.account("120.00")
    senders: dict[str, Callable[[tuple[str, bytes]], Page]] = {
        "an application": partial(_beside_an_application, portal, account_id),
        "a check": partial(_with_a_check, office, account_id),
        "a signed paper": partial(_as_a_signed_paper, office, account_id),
        "a signed plan": partial(_as_a_signed_plan, office),
    }
    answers, peaks = {}, {}

    for what, sent in sorted(hostile().items(), key=lambda each: each[0] not in NO_KIND_OF_OURS):
        tracemalloc.start()
        answers[what] = senders[way](sent).status
        peaks[what] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    kept = {what for what, status in answers.items() if status == 303}
    assert NO_KIND_OF_OURS & kept == set(), answers
    assert kept, answers
    assert set(answers.values()) == {303, 422}, answers
    assert max(peaks.values()) < MOST_MEMORY, peaks
    prove(11, f"hostile files sent with {way}", f"{len(answers)} refused or kept unopened")


def _beside_an_application(portal: Portal, account_id: int, sent: tuple[str, bytes]) -> Page:
    maya = sign_in(portal, Client(portal.app))
    return maya.get(f"/accounts/{account_id}/apply-for-credit").submit("Save for later", files={"file": sent})


def _with_a_check(office: Office, account_id: int, sent: tuple[str, bytes]) -> Page:
    form = office.browser(Role.MANAGER).get(f"/accounts/{account_id}/credit-limit")
    return form.submit("Keep the check", files={"file": sent}, score="61", as_of="2026-03-10")


def _as_a_signed_paper(office: Office, account_id: int, sent: tuple[str, bytes]) -> Page:
    """The first that is kept is the acceptance; from then on nothing waits for one, and there is no form."""
    browser = office.browser(Role.COLLECTOR)
    form = browser.get(f"/accounts/{account_id}/acceptances")
    versions = form.all("option") or form.all("input", name="version")
    filled = {"name": "Olivia Hart", "job_title": "Director", "signed_on": "2026-03-12"}
    if not versions:
        token = form.all("input", name="csrf_token")[0].get("value") or ""
        return browser.post(
            f"/accounts/{account_id}/acceptances", data={"csrf_token": token, **filled}, files={"file": sent}
        )
    chosen = {**filled, "version": versions[-1].get("value") or ""}
    return form.submit("File the signed paper", chosen, files={"file": sent})


def _as_a_signed_plan(office: Office, sent: tuple[str, bytes]) -> Page:
    """Each is sent for a plan of its own: one that is signed can not be signed again."""
    with office.db.transaction() as session:
        *_, plan = an_asked_plan(session, "100")
        path = f"/plans/{plan.id}/paper"
    filled = {"name": "Olivia Hart", "job_title": "Director", "signed_on": "2026-03-12"}
    return office.browser(Role.COLLECTOR).get(path).submit("File the signed paper", filled, files={"file": sent})


def _sent_by_staff(manager: Client, path: str, sent: tuple[str, bytes]) -> Page:
    """The answer, or that of the page to which it leads."""
    form = next(form for form in manager.get(path).all("form") if form.get("enctype") == "multipart/form-data")
    token = next(field.get("value") for field in form.iter() if field.get("name") == "csrf_token")
    answer = manager.post(path, data={"csrf_token": token or ""}, files={"file": sent})
    return manager.follow(answer)


def _takes_more_than_a_form(size: object) -> bool:
    return isinstance(size, int) and size > MEGABYTE
