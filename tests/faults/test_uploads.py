"""Fault 11: whatever hostile file is sent, on every way that takes one: refused, with flat memory, and of no effect."""

from __future__ import annotations

import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from PIL import Image
from sqlalchemy import func, select

from domain.advices.model import RemittanceAdvice
from domain.documents.filing import enter
from domain.documents.model import Category, Document
from domain.importing.model import ImportBatch
from domain.ledger.model import ENTRIES
from domain.shared.actor import OPERATOR
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.staff.model import Role
from tests.backoffice.conftest import Office, an_office
from tests.faults.conftest import Prove
from tests.partners.conftest import Partners, a_site
from tests.portal.conftest import Portal, a_portal, sign_in
from tests.support import files
from tests.support.builders import an_account, an_invoice
from tests.support.client import Client, Page
from tests.support.files import taken_in
from tests.support.pdfs import a_pdf
from tests.support.planning import an_asked_plan
from tests.support.policies import a_policy
from tests.support.routes import Way, ways
from tests.support.terms import asking

ROOT = Path(__file__).resolve().parents[2]
MEGABYTE = 1024 * 1024
MOST_MEMORY = 160 * MEGABYTE
"""What answering one request may take at its peak, its body and the page included."""
WAYS = {
    "portal": {"tell_us", "apply", "raise_it", "write_about_dispute", "link_dispute", "link_write"},
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
        "edit_answer",
        "file_documents",
        "supersede_document",
        "send_package",
        "file_partner_agreement",
        "change_logo",
    },
    "partners": {"bring_file"},
}
"""Every handler that takes files; a new one has to be tried here too."""
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def a_zip(name: str, content: bytes) -> bytes:
    """An archive of one file."""
    return files.a_zip((name, content))


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
        "macros": ("book.docm", a_zip("word/vbaProject.bin", b"Sub AutoOpen()")),
        "film": ("photo.heic", b"\x00\x00\x00\x18ftypheic" + bytes(64)),
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


@pytest.fixture
def partners(committed_db: Database, clock: MovableClock) -> Partners:
    """The partners' site."""
    return a_site(committed_db, clock)


def effects(database: Database) -> list[int]:
    """How many documents, advices, batches and entries there are."""
    with database.reading() as session:
        counted = (Document.id, RemittanceAdvice.id, ImportBatch.id, ENTRIES.c.id)
        return [session.scalar(select(func.count(column))) or 0 for column in counted]


def taking_files(site: Litestar) -> list[Way]:
    """The ways that let in more than a form of words has."""
    return [way for way in ways(site) if way.method == "POST" and _takes_more_than_a_form(way)]


def test_every_way_that_takes_files_is_known_here_and_takes_them_in_as_all_do(
    portal: Portal, office: Office, partners: Partners
) -> None:
    sites = {"portal": portal.app, "office": office.app, "partners": partners.app}
    taking = {name: taking_files(site) for name, site in sites.items()}

    beside = [
        way.name
        for site in taking.values()
        for way in site
        if "intake" not in way.handler.parsed_fn_signature.parameters
    ]

    assert {site: {way.name for way in found} for site, found in taking.items()} == WAYS
    assert beside == []


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
def test_a_hostile_file_from_a_partner_is_refused_and_nothing_of_it_is_stored(partners: Partners, prove: Prove) -> None:
    page = partners.browser(partners.person()).get("/files")
    before = effects(partners.db)
    answers, peaks = {}, {}

    for what, sent in hostile().items():
        tracemalloc.start()
        answers[what] = page.submit("See what it comes to", files={"file": sent}).status
        peaks[what] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    assert set(answers.values()) <= {413, 422}, answers
    assert (effects(partners.db), partners.store.near.contents) == (before, {})
    assert max(peaks.values()) < MOST_MEMORY, peaks
    prove(11, "hostile files sent by a partner", f"{len(answers)} refused, at most {max(peaks.values()) >> 20} MB")


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

    text = {"test virus", "path names", "entities", "film"}
    """To a reader of tables a line of text is a table of one cell: shown as that, it can only be matched in vain."""
    assert {what for what, status in answers.items() if status not in {400, 413, 422}} <= text, answers
    assert effects(office.db)[1:] == before
    assert max(peaks.values()) < MOST_MEMORY, peaks
    prove(11, f"hostile files sent to {path}", f"{len(answers)} of no effect, at most {max(peaks.values()) >> 20} MB")


@pytest.mark.figure
def test_of_a_hostile_package_nothing_is_kept(office: Office, prove: Prove) -> None:
    with office.db.transaction() as session:
        number = an_invoice(session, an_account(session), "120").number
    form = office.browser(Role.COLLECTOR).get("/documents/package")
    named = {what: (f"{number} {name}", content) for what, (name, content) in hostile().items()}
    within = {what: ("papers.zip", a_zip(name, content)) for what, (name, content) in named.items()}
    wrong = [kind for kind in hostile() if kind in NO_KIND_OF_OURS]
    before, answers = effects(office.db), []

    for sent in (*hostile().values(), *(within[what] for what in wrong)):
        tracemalloc.start()
        answers.append(form.submit("File them", files={"file": sent}).status)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < MOST_MEMORY

    assert set(answers) <= {200, 422}, answers
    assert effects(office.db) == before
    assert office.store.contents == {}
    prove(11, "hostile files sent as a package, or in one", f"{len(answers)}, of none anything kept")


NO_KIND_OF_OURS = {"zip bomb", "polyglot", "path names", "pixel flood", "macros", "film"}
"""What is neither a PDF nor a picture, a text or an office document; the rest is kept, and never opened by us."""


@pytest.mark.figure
@pytest.mark.parametrize(
    "way", ["an application", "a check", "a signed paper", "a signed plan", "filed papers", "a newer version"]
)
def test_a_hostile_paper_is_refused_or_kept_unopened(portal: Portal, office: Office, prove: Prove, way: str) -> None:
    with portal.db.transaction() as session:
        a_policy(session, asking())
    account_id, _ = portal.account("120.00")
    senders: dict[str, Callable[[tuple[str, bytes]], Page]] = {
        "an application": partial(_beside_an_application, portal, account_id),
        "a check": partial(_with_a_check, office, account_id),
        "a signed paper": partial(_as_a_signed_paper, office, account_id),
        "a signed plan": partial(_as_a_signed_plan, office),
        "filed papers": partial(_as_filed_papers, office, account_id),
        "a newer version": partial(_as_a_newer_version, office, account_id),
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


def _as_filed_papers(office: Office, account_id: int, sent: tuple[str, bytes]) -> Page:
    form = office.browser(Role.COLLECTOR).get(f"/accounts/{account_id}/documents")
    return form.submit("File", {"category": Category.CONTRACT.value}, files={"files": sent})


def _as_a_newer_version(office: Office, account_id: int, sent: tuple[str, bytes]) -> Page:
    """Each for a paper of its own: one that was replaced is not replaced again."""
    with office.db.transaction() as session:
        paper = enter(
            session,
            taken_in(office.store, b"first"),
            category=Category.CONTRACT,
            account_id=account_id,
            subject=("account", account_id),
            actor=OPERATOR,
        )
        path = f"/documents/{paper.id}/details"
    return office.browser(Role.COLLECTOR).get(path).submit("Replace", files={"file": sent})


def _sent_by_staff(manager: Client, path: str, sent: tuple[str, bytes]) -> Page:
    """The answer, or that of the page to which it leads."""
    form = next(form for form in manager.get(path).all("form") if form.get("enctype") == "multipart/form-data")
    token = next(field.get("value") for field in form.iter() if field.get("name") == "csrf_token")
    answer = manager.post(path, data={"csrf_token": token or ""}, files={"file": sent})
    return manager.follow(answer)


PICTURES: dict[str, tuple[str, str, tuple[int, int], dict[str, Any]]] = {
    "a photograph, progressive": ("a.jpg", "RGB", (8660, 5773), {"progressive": True, "subsampling": 0}),
    "a photograph": ("a.jpg", "RGB", (8660, 5773), {}),
    "a scan with all it can have": ("a.png", "RGBA", (5000, 5000), {"compress_level": 1}),
}
"""The largest pictures that are taken in."""
MOST_OF_A_PICTURE = 400
"""Megabytes that a process grows by at its peak, however many of them come at once: one is opened at a time."""
TAKING_IN = """
import sys, threading
from pathlib import Path
from adapters.storage.disk import DiskStore
from domain.documents.intake import Intake
from tests.support.files import Sent

def peak():
    return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])

path, folder = Path(sys.argv[1]), Path(sys.argv[2])
intake, before = Intake(DiskStore(folder)), peak()
takes = [threading.Thread(target=lambda: intake.take_in(Sent(path.name, path.open("rb")))) for _ in range(2)]
[take.start() for take in takes]
[take.join() for take in takes]
print((peak() - before) // 1024)
"""


@pytest.mark.figure
@pytest.mark.slow
def test_the_largest_pictures_take_no_more_memory_than_we_say(tmp_path: Path, prove: Prove) -> None:
    peaks = {}

    for what, (name, mode, size, options) in PICTURES.items():
        path = tmp_path / name
        Image.new(mode, size, "orange").save(path, **options)
        command = [sys.executable, "-c", TAKING_IN, str(path), str(tmp_path / "documents")]
        took = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120, cwd=ROOT)
        peaks[what] = int(took.stdout)

    assert all(0 < peak < MOST_OF_A_PICTURE for peak in peaks.values()), peaks
    prove(11, "the largest pictures, two at once", f"at most {max(peaks.values())} MB more for the process")


def _takes_more_than_a_form(way: Way) -> bool:
    size = way.handler.request_max_body_size
    return isinstance(size, int) and size > MEGABYTE
