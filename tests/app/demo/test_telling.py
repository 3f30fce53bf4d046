"""Telling: a short story ends with whole books, its own data are known again, and other people's are left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from adapters.bank_files.reader import BankFiles
from app.cli import main
from app.demo.codes import codes_now
from app.demo.company import ARTICLES
from app.demo.samples import FOLDER, STATEMENT
from app.demo.settings import Ports, demo_settings
from app.demo.telling import forget, told_at
from app.environment import WrongSetting
from app.opening import document_store, opened_database
from app.settings import Settings
from domain.accounts.model import Account
from domain.approvals.model import ApprovalKind, ApprovalRequest, ApprovalStatus
from domain.banking.model import BankLine, LineState
from domain.banking.taking_in import preview
from domain.chargebacks.model import Chargeback, FraudWarning
from domain.chargebacks.states import ChargebackState
from domain.clearing.model import Payout
from domain.collecting.model import Autopay, Collection, CollectionState, StopReason, SubjectKind
from domain.disputes.model import (
    Dispute,
    DisputeHandling,
    DisputeLine,
    DisputeMessage,
    DisputeStatus,
    MessageKind,
    Outcome,
)
from domain.documents.listing import Wanted, listed
from domain.documents.model import Category, Document
from domain.documents.reading import Reader
from domain.evidence.model import EvidencePack
from domain.evidence.verifying import verify
from domain.importing.model import ImportBatch
from domain.inbox.model import InboxEvent
from domain.invoicing.model import CreditNote
from domain.notices.incoming.model import Incoming
from domain.notices.model import Call, CallOutcome, HeldBack, Notice, NoticeContent, NoticeStatus
from domain.notices.pay_links import entered, invoices_of
from domain.notices.reach.model import AddressKind, AddressNews, ContactDuty
from domain.payments.model import Payment, PaymentMethod, PaymentReturn, PaymentStatus, ReceiptSlip
from domain.payments.snapshots import PayoutState
from domain.placements.correspondence.model import NoteKind, PlacementNote
from domain.placements.model import Placement, PlacementStatus
from domain.plans.health import Health
from domain.plans.model import RUNNING, PaymentPlan, PlanGrace, PlanStatus
from domain.plans.watching import watch
from domain.policies import reference_rates
from domain.policies.contacting import Recipient, Wording
from domain.practice.model import PracticeSession
from domain.processing.checks import check_books
from domain.receivables.model import Invoice, InvoiceLine, InvoiceStatus
from domain.refunds.model import Refund, RefundSource, RefundStatus
from domain.remittances.model import CostStatus, Difference, PlacedCollection, PlacementCost, Remittance, Way
from domain.settlements.model import Concession, OfferStatus, SettlementOffer
from domain.shared.db.session import Database
from domain.staff.model import StaffMember
from domain.tasks.model import Task, TaskKind
from tests.support.told import PORTS, told

__all__ = ["told"]

pytestmark = pytest.mark.slow

SHOWN_PAYOUTS = (PayoutState.PAID, PayoutState.IN_TRANSIT, PayoutState.FAILED)
SHOWN_REFUNDS = (RefundStatus.SUCCEEDED, RefundStatus.FAILED, RefundStatus.AWAITING_APPROVAL)
SHOWN_CHARGEBACKS = (ChargebackState.WON, ChargebackState.LOST, ChargebackState.NEEDS_RESPONSE)
SHOWN_OUTCOMES = (Outcome.PARTLY_ACCEPTED, Outcome.REJECTED, Outcome.UNANSWERED)
SHOWN_NOTICES = tuple(NoticeStatus)[:-1]
"""All but those that somebody has not approved."""
SHOWN_TEXTS = tuple(set(Wording) - {Wording.STATEMENT, Wording.CARD_EXPIRING, Wording.THANK_YOU})
"""Statements are off, no card is about to expire, and thanks are given at the turn of a quarter."""
SHOWN_PLANS = (
    PlanStatus.REQUESTED,
    PlanStatus.COUNTERED,
    PlanStatus.OFFERED,
    PlanStatus.ACTIVE,
    PlanStatus.PAUSED,
    PlanStatus.COMPLETED,
    PlanStatus.DEFAULTED,
)
SHOWN_OFFERS = (OfferStatus.OFFERED, OfferStatus.ACCEPTED, OfferStatus.FULFILLED)
SHOWN_PLACEMENTS = (
    PlacementStatus.SENT,
    PlacementStatus.REFUSED,
    PlacementStatus.ACTIVE,
    PlacementStatus.HELD,
    PlacementStatus.RETURNED,
    PlacementStatus.CLOSED,
)
SHOWN_REASONS = (HeldBack.AUTOPAY, HeldBack.PAUSED, HeldBack.OPTED_OUT)
SHOWN_CALLS = (CallOutcome.REACHED, CallOutcome.VOICEMAIL, CallOutcome.IN_PAYMENT_RUN)


@pytest.fixture
def books(told: Settings) -> Iterator[Database]:
    """Its books."""
    with opened_database(told) as database:
        yield database


def test_reference_rates_are_entered_as_they_were_published_each_with_its_source(books: Database) -> None:
    with books.reading() as session:
        rows, through = reference_rates.entered(session), reference_rates.looked_up(session)

    assert {row.reference for row in rows} == set(through) == set(reference_rates.PUBLISHED)
    assert all(row.source and row.from_on <= row.entered_at.date() for row in rows)


def test_the_books_of_the_demo_are_whole(books: Database) -> None:
    with books.reading() as session:
        assert check_books(session) == []


def test_the_story_has_of_everything_some(books: Database) -> None:
    wanted = {
        "invoices": select(func.count()).where(Invoice.status == InvoiceStatus.ISSUED),
        "void invoices": select(func.count()).where(Invoice.status == InvoiceStatus.VOID),
        "credit notes": select(func.count()).select_from(CreditNote),
        "card payments": select(func.count()).where(
            Payment.method == PaymentMethod.CHECKOUT, Payment.status == PaymentStatus.SUCCEEDED
        ),
        "given up": select(func.count()).where(Payment.status == PaymentStatus.CANCELED, Payment.failure.is_not(None)),
        "transfers": select(func.count()).where(Payment.method == PaymentMethod.IMPORTED),
        "undone imports": select(func.count()).where(ImportBatch.state == "undone"),
        "failed events": select(func.count()).where(InboxEvent.failed_at.is_not(None)),
        "paid too much": select(func.count()).where(Task.kind == TaskKind.SURPLUS),
        "by one press": select(func.count()).where(Payment.method == PaymentMethod.SAVED),
        "collected": select(func.count()).where(Collection.state == CollectionState.DONE),
        "announced": select(func.count()).where(Collection.state == CollectionState.ANNOUNCED),
        "stopped by itself": select(func.count()).where(Autopay.stopped_why == StopReason.FAILURES),
        "on its way": select(func.count()).where(Payment.status == PaymentStatus.PROCESSING),
        "refused debits": select(func.count()).where(Payment.status == PaymentStatus.FAILED),
        **{f"payouts {state}": select(func.count()).where(Payout.state == state) for state in SHOWN_PAYOUTS},
        **{f"refunds {status}": select(func.count()).where(Refund.status == status) for status in SHOWN_REFUNDS},
        "refunds to explain": select(func.count()).where(Refund.source == RefundSource.UNEXPLAINED),
        **{
            f"chargebacks {state}": select(func.count()).where(Chargeback.state == state) for state in SHOWN_CHARGEBACKS
        },
        **{f"disputes {status}": select(func.count()).where(Dispute.status == status) for status in DisputeStatus},
        **{f"disputes {outcome}": select(func.count()).where(Dispute.outcome == outcome) for outcome in SHOWN_OUTCOMES},
        "disputes opened again": select(func.count()).where(DisputeHandling.reopened_at.is_not(None)),
        "disputes of lines": select(func.count()).select_from(DisputeLine),
        "papers that answer": select(func.count()).where(DisputeMessage.kind == MessageKind.PAPER),
        "warnings": select(func.count()).select_from(FraudWarning),
        "cheques to bank": select(func.count()).where(ReceiptSlip.banked_on.is_(None)),
        "cheques returned": select(func.count()).select_from(PaymentReturn),
        **{f"lines {state}": select(func.count()).where(BankLine.state == state) for state in LineState},
        **{f"notices {status}": select(func.count()).where(Notice.status == status) for status in SHOWN_NOTICES},
        **{f"texts {wording}": select(func.count()).where(Notice.wording == wording) for wording in SHOWN_TEXTS},
        **{f"held back {why}": select(func.count()).where(Notice.why == why) for why in SHOWN_REASONS},
        **{f"calls {outcome}": select(func.count()).where(Call.outcome == outcome) for outcome in SHOWN_CALLS},
        "guarantors": select(func.count()).where(ContactDuty.recipient == Recipient.GUARANTOR),
        "who is texted": select(func.count()).where(ContactDuty.texts_agreed_at.is_not(None)),
        "who wants no mail": select(func.count()).where(AddressNews.kind == AddressKind.OPTED_OUT),
        "answers": select(func.count()).select_from(Incoming),
        "lost customers": select(func.count()).where(Task.kind == TaskKind.TRACE),
        "decisions asked for": select(func.count()).where(Task.kind == TaskKind.ESCALATION),
        **{f"plans {status}": select(func.count()).where(PaymentPlan.status == status) for status in SHOWN_PLANS},
        "plans in grace": select(func.count()).select_from(PlanGrace),
        "parts collected": select(func.count()).where(
            Collection.subject_kind == SubjectKind.INSTALMENT, Collection.state == CollectionState.DONE
        ),
        **{f"offers {status}": select(func.count()).where(SettlementOffer.status == status) for status in SHOWN_OFFERS},
        "given up of a debt": select(func.count()).select_from(Concession),
        "letters that nothing is owed": select(func.count()).where(Document.category == Category.DISCHARGE),
        **{f"handoffs {status}": select(func.count()).where(Placement.status == status) for status in SHOWN_PLACEMENTS},
        "what agents collected": select(func.count()).where(PlacedCollection.way == Way.AGENT),
        "what was paid to us directly": select(func.count()).where(PlacedCollection.way == Way.DIRECT),
        "remittances that differ": select(func.count()).where(Remittance.difference == Difference.OPEN),
        "costs to decide": select(func.count()).where(PlacementCost.status == CostStatus.TOLD),
        "questions of partners": select(func.count()).where(PlacementNote.kind == NoteKind.QUESTION),
        "settlements that partners ask for": select(func.count()).where(SettlementOffer.placement_id.is_not(None)),
        "letters in words": select(func.count()).select_from(NoticeContent),
    }

    with books.reading() as session:
        counts = {name: session.scalars(query).one() for name, query in wanted.items()}

    assert [name for name, count in counts.items() if not count] == []


def test_papers_are_found_by_the_words_in_them_after_the_worker_has_had_one_turn(
    books: Database, told: Settings
) -> None:
    Reader(books, document_store(told)).read_due()

    with books.reading() as session:
        found = {words: listed(session, Wanted(words=words)).rows for words in ("framework nitrile", "proof deliv")}

    assert [row.filename for row in found["framework nitrile"]] == ["framework-agreement.txt"]
    assert [row.filename for row in found["proof deliv"]] == ["proof-of-delivery.txt"]


def test_who_contests_an_article_was_invoiced_for_it(books: Database) -> None:
    articles = {each.name.split(",")[0].split()[-1].lower() for each in ARTICLES}
    with books.reading() as session:
        told: dict[str, str] = {}
        for words, line in session.execute(
            select(Dispute.words, InvoiceLine.description).join(
                InvoiceLine, InvoiceLine.invoice_id == Dispute.invoice_id
            )
        ):
            told[words] = f"{told.get(words, '')} {line.lower()}"

    contested = {(words, article) for words in told for article in articles if article in words.lower()}

    assert len(contested) >= 5
    assert [(words, article) for words, article in contested if article not in told[words]] == []


def test_plans_that_run_are_kept_late_and_in_grace(books: Database) -> None:
    with books.reading() as session:
        running = session.scalars(select(PaymentPlan.id).where(PaymentPlan.status.in_(RUNNING))).all()
        health = {watched.health for watched in watch(session, running).values()}

    assert health >= {Health.KEPT, Health.LATE, Health.IN_GRACE}


def test_the_longest_story_is_proven_and_tells_of_nobody_else(books: Database, told: Settings) -> None:
    with books.reading() as session:
        pack = session.scalars(select(EvidencePack)).one()
        sha256 = session.get_one(Document, pack.document_id).sha256
        others = session.execute(select(Account.number, Account.name).where(Account.id != pack.account_id)).all()
        theirs = session.scalars(select(Invoice.number).where(Invoice.account_id != pack.account_id)).all()
    with document_store(told).open(sha256) as content:
        report = verify(content, told_sha256=pack.manifest_sha256)
        with ZipFile(content) as files:
            said = " ".join(files.read(name).decode() for name in files.namelist() if not name.endswith(".pdf"))

    words = set(re.findall(r"[\w-]+", said))
    assert report.flaws == []
    assert report.entries > 10
    assert [number for number in (*theirs, *(other.number for other in others)) if number in words] == []
    assert [other.name for other in others if other.name in said] == []


def test_the_mails_of_the_last_days_have_links_that_work(books: Database, told: Settings) -> None:
    mails = [message_from_bytes(path.read_bytes(), policy=default) for path in (told.home / "mail").rglob("*.eml")]
    texts = [plain.get_content() for mail in mails if (plain := mail.get_body(("plain",))) is not None]

    tokens = {token for text in texts for token in re.findall(r"/l/([\w-]+)", text)}

    with books.reading() as session:
        links = [entered(session, token) for token in tokens]
        assert links
        assert None not in links
        assert any(invoices_of(session, link) for link in links if link is not None)


def test_the_bank_files_to_try_can_be_taken_in_and_bring_something_new(books: Database, told: Settings) -> None:
    content = (told.home / FOLDER / STATEMENT).read_bytes()

    with books.reading() as session:
        (seen,) = preview(session, BankFiles().read(BytesIO(content), STATEMENT))

    assert seen.before is None
    assert seen.known_count
    assert seen.new


def test_the_demo_knows_the_codes_of_its_staff(books: Database, told: Settings) -> None:
    codes = codes_now(books)
    said = CliRunner().invoke(main, ["demo", "code"], env={"QUITTANCE_HOME": str(told.home)})

    with books.reading() as session:
        assert [each.email for each in codes] == list(session.scalars(select(StaffMember.email).order_by("id")))
    assert all(len(each.code) == 6 for each in codes)
    assert all(each.email in said.stdout for each in codes)


def test_what_was_told_is_known_again_and_can_be_forgotten(told: Settings, tmp_path: Path) -> None:
    for path in told.home.iterdir():
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / "mine.txt").write_text("mine")

    assert told_at(tmp_path) == told_at(told.home) is not None
    for path in tmp_path.iterdir():
        if path.is_symlink() and path.is_dir():
            path.unlink()
    forget(tmp_path)

    assert told_at(tmp_path) is None
    assert (tmp_path / "mine.txt").exists()


def test_books_of_somebody_else_are_neither_used_nor_removed(tmp_path: Path) -> None:
    (tmp_path / "quittance.db").write_bytes(b"precious")

    with pytest.raises(WrongSetting, match="not the demo's"):
        forget(tmp_path)

    assert (tmp_path / "quittance.db").read_bytes() == b"precious"


def test_settings_for_real_do_not_reach_the_demo(tmp_path: Path) -> None:
    environ = {
        "QUITTANCE_HOME": str(tmp_path),
        "QUITTANCE_DATABASE_URL": "postgresql://db.example/real",
        "QUITTANCE_STRIPE_KEY": "sk_test_real",
        "QUITTANCE_MAIL_URL": "smtp://mail.example",
    }

    settings = demo_settings(environ, PORTS)

    assert settings.on_sqlite
    assert settings.stripe_key != "sk_test_real"
    assert settings.mail_url.startswith("folder:")
    assert settings.listen == "127.0.0.1"


def test_two_parts_of_the_demo_cannot_share_a_port() -> None:
    with pytest.raises(WrongSetting):
        Ports(1, 1, 2, 3, 4)


def test_a_colleague_has_practised_and_shares_what_went_well(told: Settings) -> None:
    with opened_database(told) as database, database.reading() as session:
        found = session.scalars(select(PracticeSession).order_by(PracticeSession.id)).all()

    assert [(one.situation, one.points == one.most) for one in found] == [
        ("angry", False),
        ("paid_letter", True),
        ("short", True),
    ]
    assert [one.shared_at is not None for one in found] == [False, False, True]


def test_a_colleague_asks_for_what_they_may_not_decide_alone(told: Settings) -> None:
    with opened_database(told) as database, database.reading() as session:
        asked = session.scalars(select(ApprovalRequest)).one()
        by = session.get_one(StaffMember, asked.asked_by)

    assert (asked.kind, asked.status, by.name) == (ApprovalKind.EXTEND, ApprovalStatus.WAITING, "Sam Reed")
