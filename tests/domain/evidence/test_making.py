"""Making: a pack holds the whole story of one customer and nothing of another, and can be verified by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update

from domain.audit.queries import acts_on
from domain.disputes.talking import note_down
from domain.documents import filing
from domain.documents.intake import TakenIn
from domain.documents.model import Category
from domain.documents.rendering import Paper
from domain.evidence import making
from domain.evidence.asking import ask_for
from domain.evidence.model import About, Audience, EvidencePack, PackStatus
from domain.evidence.verifying import verify
from domain.ledger.balances import receivable
from domain.processing.moving import move_credit
from domain.shared.actor import OPERATOR, Actor
from domain.shared.clock import MovableClock
from domain.shared.db.session import Database
from domain.shared.errors import NotFound
from domain.tasks.model import Task, TaskKind
from tests.support.builders import a_receipt, an_account, an_invoice, money
from tests.support.contesting import a_paid_debt
from tests.support.contesting import contest as contest_at_the_bank
from tests.support.disputing import contest
from tests.support.evidence import Made, OnlyTheIndex, a_pack, typeset
from tests.support.noticing import a_held_notice, a_notice
from tests.support.outside import MemoryStore, PlainRenderer
from tests.support.planning import a_running_plan
from tests.support.promising import promised
from tests.support.settling import an_accepted_offer

OTHERS = ("Zebra Quarry", "ZQ-77", "ZQINV", "zebra.example", "Zoe Zander")
"""What a pack of somebody else must not know."""


@dataclass(frozen=True)
class Scene:
    """Two customers: `account_id` has a story of two invoices; the other one is busy, and was given credit by it."""

    account_id: int
    contested: int
    other: int
    dispute_id: int


@pytest.fixture
def scene(db: Database) -> Scene:
    return a_scene(db)


def a_scene(db: Database) -> Scene:
    with db.transaction() as session:
        first = date(2026, 1, 5)
        account = an_account(session, number="HC-1")
        other = an_account(session, number="ZQ-77", name="Zebra Quarry Ltd", email="ap@zebra.example")
        contested = an_invoice(session, account, "120", tax="20", issued_on=first, due_on=first, number="INV/A 1")
        later = an_invoice(session, account, "80.50", issued_on=first, due_on=first, number="INV-A-2")
        for number in range(3):
            theirs = an_invoice(session, other, "50", issued_on=first, due_on=first, number=f"ZQINV{number}")
            a_receipt(session, other, "50", first + timedelta(days=number), theirs)
            a_notice(session, other, invoices=[theirs])
        a_receipt(session, account, "100.50", first + timedelta(days=20), later)
        move_credit(session, account.id, other.id, money("10"), reason="For Zoe Zander", actor=OPERATOR)
        a_notice(session, account, invoices=[contested])
        a_held_notice(session, account)
        promised(session, account, contested, of="60")
        dispute = contest(session, account, contested, "30")
        return Scene(account.id, contested.id, other.id, dispute.id)


class DeadlyRenderer:
    """Ends its worker wherever something is to be typeset."""

    def render(self, template: str, data: Paper, language: str) -> bytes:
        """Nobody hears of it any more."""
        raise SystemExit


def everything_said(made: Made) -> str:
    """All bytes of all files, their names, and the text of every PDF."""
    files = made.files
    texts = [made.content.decode("latin-1"), *files]
    for content in files.values():
        texts.append(content.decode("latin-1"))
        if content.startswith(b"%PDF-"):
            texts += [page.extract_text() for page in PdfReader(BytesIO(content)).pages]
    return "\n".join(texts)


def test_a_pack_verifies_by_itself_and_its_ledger_comes_to_the_balance(db: Database, scene: Scene) -> None:
    made = a_pack(db, scene.account_id)

    report = verify(BytesIO(made.content), told_sha256=made.pack.manifest_sha256)

    with db.reading() as session:
        owed = receivable(session, scene.account_id)
    assert report.flaws == []
    assert report.balance == f"GBP {owed.decimal}"
    assert (report.entries, made.pack.balance_minor) == (made.pack.head_seq, owed.minor)
    assert made.pack.files_done == made.pack.files_in_all == len(made.files)


def test_nothing_of_another_customer_is_in_it(db: Database, scene: Scene) -> None:
    made = a_pack(db, scene.account_id, renderer=typeset())

    said = everything_said(made)

    assert "Harbour Caf" in said
    assert [name for name in OTHERS if name in said] == []


def test_each_part_of_the_story_has_its_place(db: Database, scene: Scene) -> None:
    made = a_pack(db, scene.account_id)
    files = made.files

    folders = {name.partition("/")[0] for name in files if "/" in name}
    invoice = made.told("invoices/INV_A_1/invoice.json")
    assert folders == {"account", "acts", "disputes", "invoices", "ledger", "notices", "payments", "promises"}
    assert (invoice["number"], invoice["amount_minor"], invoice["tax_minor"]) == ("INV/A 1", 12_000, 2_000)
    assert [notice["status"] for notice in made.told("notices/notices.json")] == ["ready", "suppressed"]
    assert [dispute["amount_minor"] for dispute in made.told("disputes/disputes.json")] == [3_000]
    assert [promise["about"] for promise in made.told("promises/promises.json")] == [
        [{"amount_minor": 6_000, "invoice": "INV/A 1"}]
    ]


def test_a_pack_of_one_invoice_leaves_the_others_out_and_keeps_the_ledger_whole(db: Database, scene: Scene) -> None:
    made = a_pack(db, scene.account_id, about=About.INVOICE, subject_id=scene.contested)

    assert {name.split("/")[1] for name in made.files if name.startswith("invoices/")} == {"INV_A_1"}
    assert made.told("payments/payments.json") == []
    assert made.told("manifest.json")["about"] == {"kind": "invoice", "number": "INV/A 1"}
    assert verify(BytesIO(made.content)).flaws == []


def test_a_pack_of_a_dispute_is_about_its_invoice(db: Database, scene: Scene) -> None:
    made = a_pack(db, scene.account_id, about=About.DISPUTE, subject_id=scene.dispute_id)

    assert {name.split("/")[1] for name in made.files if name.startswith("invoices/")} == {"INV_A_1"}
    assert len(made.told("disputes/disputes.json")) == 1


def test_what_a_customer_gets_leaves_out_what_is_ours_alone(db: Database, scene: Scene) -> None:
    ours, theirs = (a_pack(db, scene.account_id, audience=audience) for audience in (Audience.STAFF, Audience.CUSTOMER))

    assert "operator" in {act["by"]["kind"] for act in ours.told("acts/acts.json")}
    assert theirs.told("acts/acts.json") == []
    assert "notices/notices.json" not in theirs.files
    assert "why" in ours.told("disputes/disputes.json")[0]["changes"][0]
    assert "why" not in theirs.told("disputes/disputes.json")[0]["changes"][0]
    assert theirs.files["ledger/ledger.json"] == ours.files["ledger/ledger.json"]
    assert verify(BytesIO(theirs.content)).flaws == []


def test_papers_that_were_filed_are_in_it_each_under_a_name_of_its_own(db: Database, scene: Scene) -> None:
    store = MemoryStore()
    with db.transaction() as session:
        for content in (b"%PDF one", b"%PDF two"):
            filing.file(
                session,
                store,
                content,
                media_type="application/pdf",
                category=Category.PROOF_OF_DELIVERY,
                filename="signed: by Ana.pdf",
                account_id=scene.account_id,
                subject=("invoice", scene.contested),
                actor=OPERATOR,
            )

    files = a_pack(db, scene.account_id, store=store).files

    assert files["invoices/INV_A_1/filed/signed_by_Ana.pdf"] == b"%PDF one"
    assert files["invoices/INV_A_1/filed/signed_by_Ana-2.pdf"] == b"%PDF two"


def test_numbers_that_differ_only_in_case_or_in_signs_have_folders_of_their_own(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)
        for number in ("ab-1", "AB-1", "AB/2", "AB_2"):
            an_invoice(session, account, "10", number=number)

    made = a_pack(db, account.id)

    folders = {name.split("/")[1] for name in made.files if name.startswith("invoices/")}
    assert folders == {"ab-1", "AB-1-2", "AB_2", "AB_2-2"}
    assert verify(BytesIO(made.content)).flaws == []


def test_the_index_is_in_english_and_in_the_readers_language(db: Database, scene: Scene) -> None:
    made = a_pack(db, scene.account_id, language="es")

    first = [PdfReader(BytesIO(made.files[name])).pages[0].extract_text() for name in ("index.pdf", "index.es.pdf")]
    assert "Evidence pack" in first[0]
    assert "£110.00" in first[0]
    assert verify(BytesIO(made.content)).flaws == []


def bookmarks(outline: list[Any]) -> Iterator[Any]:
    """All of them, whatever they stand under."""
    for each in outline:
        yield from bookmarks(each) if isinstance(each, list) else [each]


def test_the_index_has_bookmarks(db: Database, scene: Scene) -> None:
    made = a_pack(db, scene.account_id)

    titles = [str(each["/Title"]) for each in bookmarks(PdfReader(BytesIO(made.files["index.pdf"])).outline)]
    assert {"How to verify it", "Ledger", "Invoices", "Files"} <= set(titles)


def test_what_it_was_sealed_with_stands_in_the_audit_trail(db: Database, scene: Scene) -> None:
    made = a_pack(db, scene.account_id)

    with db.reading() as session:
        acts = acts_on(session, ("evidence_pack", made.pack.id))
    assert [act.act for act in acts] == ["evidence.made", "evidence.asked_for"]
    assert acts[0].after["manifest_sha256"] == made.pack.manifest_sha256


def test_asked_for_twice_it_is_the_same_one_until_it_is_ready(db: Database, scene: Scene) -> None:
    def ask(audience: Audience = Audience.STAFF) -> int:
        with db.transaction() as session:
            return ask_for(
                session,
                scene.account_id,
                About.ACCOUNT,
                scene.account_id,
                audience=audience,
                language="en",
                actor=OPERATOR,
            ).id

    first, second, customers = ask(), ask(), ask(Audience.CUSTOMER)
    making.make(db, MemoryStore(), OnlyTheIndex(), first)

    assert first == second
    assert len({first, customers, ask()}) == 3


def test_what_is_another_accounts_cannot_be_asked_for(db: Database, scene: Scene) -> None:
    with pytest.raises(NotFound), db.transaction() as session:
        ask_for(
            session,
            scene.other,
            About.INVOICE,
            scene.contested,
            audience=Audience.STAFF,
            language="en",
            actor=OPERATOR,
        )


def asked(db: Database, scene: Scene) -> int:
    with db.transaction() as session:
        about, actor = About.ACCOUNT, Actor.login(1)
        return ask_for(
            session, scene.account_id, about, scene.account_id, audience=Audience.STAFF, language="en", actor=actor
        ).id


def test_only_one_worker_makes_it_unless_that_one_falls_silent(db: Database, scene: Scene, clock: MovableClock) -> None:
    pack_id = asked(db, scene)
    with db.transaction() as session:
        values = {"status": PackStatus.MAKING, "attempts": 1, "heard_at": clock.now()}
        session.execute(update(EvidencePack).where(EvidencePack.id == pack_id).values(values))

    refused = making.make(db, MemoryStore(), OnlyTheIndex(), pack_id)
    clock.advance(minutes=6)

    assert not refused
    assert making.make(db, MemoryStore(), OnlyTheIndex(), pack_id)


def test_what_kills_each_worker_that_makes_it_is_given_up_and_somebody_looks(
    db: Database, scene: Scene, clock: MovableClock
) -> None:
    pack_id = asked(db, scene)

    for _ in range(making.MOST_ATTEMPTS):
        with pytest.raises(SystemExit):
            making.make(db, MemoryStore(), DeadlyRenderer(), pack_id)
        clock.advance(minutes=6)
    made = making.make(db, MemoryStore(), DeadlyRenderer(), pack_id)

    with db.reading() as session:
        assert not made
        assert making.due(session) == []
        assert session.get_one(EvidencePack, pack_id).status is PackStatus.FAILED
        tasks = session.scalars(select(Task.kind).where(Task.account_id == scene.account_id)).all()
    assert TaskKind.WORK_FAILED in tasks


def test_what_cannot_be_made_rests_is_tried_again_and_then_somebody_looks(
    db: Database, scene: Scene, clock: MovableClock
) -> None:
    pack_id = asked(db, scene)
    states = []

    for _ in range(making.MOST_ATTEMPTS):
        clock.advance(minutes=1)
        with db.transaction() as session:
            assert making.due(session) == [pack_id]
            session.execute(
                update(EvidencePack)
                .where(EvidencePack.id == pack_id)
                .values(status=PackStatus.MAKING, attempts=EvidencePack.attempts + 1)
            )
        with db.transaction() as session:
            making.give_up(session, pack_id, "the disk is full")
            assert making.due(session) == []
        with db.reading() as session:
            states.append(session.get_one(EvidencePack, pack_id).status)

    with db.reading() as session:
        tasks = session.scalars(select(Task.kind).where(Task.account_id == scene.account_id)).all()
    assert states == [PackStatus.QUEUED, PackStatus.QUEUED, PackStatus.FAILED]
    assert TaskKind.WORK_FAILED in tasks


def test_a_plan_is_told_with_its_signature_and_its_agreement(db: Database) -> None:
    store = MemoryStore()
    with db.transaction() as session:
        account, _, _, _ = a_running_plan(session, store, "120", "60")

    made = a_pack(db, account.id, store=store, renderer=PlainRenderer())

    [plan] = made.told("plans/plans.json")
    assert (plan["status"], len(plan["instalments"]), len(plan["invoices"])) == ("active", 3, 2)
    assert plan["signature"][0]["name"] == "Olive Owner"
    assert [content for name, content in made.files.items() if name.startswith("plans/") and name.endswith(".pdf")]


def test_a_settlement_is_told_and_its_reason_to_staff_only(db: Database) -> None:
    with db.transaction() as session:
        account_id = an_accepted_offer(session, "100", pays="70")[0].id

    ours, theirs = (
        a_pack(db, account_id, audience=audience, renderer=PlainRenderer()).told("settlements/settlements.json")[0]
        for audience in (Audience.STAFF, Audience.CUSTOMER)
    )

    assert (ours["amount_minor"], ours["open_minor"], ours["reason"]) == (7_000, 10_000, "They asked for it")
    assert "reason" not in theirs
    assert theirs["status"] == "accepted"


def test_a_chargeback_is_told_with_the_money_that_it_took(db: Database) -> None:
    debt, public_id = a_paid_debt(db, "120")
    contested = contest_at_the_bank(db, "lost", "120")

    made = a_pack(db, debt.account_id, renderer=PlainRenderer())

    [told] = made.told("chargebacks/chargebacks.json")
    assert (told["payment"], told["state"]) == (public_id, contested.state.value)
    assert [move["amount_minor"] for move in told["moved"]] == [-12_000]
    assert made.told("payments/payments.json")[0]["settled"][0]["amount_minor"] == 12_000


def test_notes_among_staff_and_their_files_stay_with_staff(db: Database, scene: Scene) -> None:
    store, words = MemoryStore(), "The driver is not sure."
    stored = store.put(b"%PDF ours")
    ours_alone = TakenIn(stored.sha256, stored.size, "application/pdf", "ours.pdf")
    with db.transaction() as session:
        note_down(session, scene.account_id, scene.dispute_id, words, files=[ours_alone], actor=OPERATOR)

    ours, theirs = (
        a_pack(db, scene.account_id, audience=each, store=store).files for each in (Audience.STAFF, Audience.CUSTOMER)
    )

    assert words in ours["disputes/disputes.json"].decode()
    assert words not in theirs["disputes/disputes.json"].decode()
    assert b"%PDF ours" in ours.values()
    assert b"%PDF ours" not in theirs.values()
