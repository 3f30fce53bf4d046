"""Claims by mail: to the address that was asked for, with the paper, once, and written down."""

from __future__ import annotations

from datetime import timedelta

from app.wired import Wired
from app.worker import Worker
from domain.insolvencies import proving
from domain.reporting.act_words import Topic
from domain.reporting.timeline import timeline
from domain.shared.db.session import today
from tests.support.builders import an_account, an_invoice, money
from tests.support.insolvency import an_insolvent_debtor, claimed
from tests.support.outside import MemoryMail


def test_a_claim_is_mailed_with_its_paper_and_a_corrected_one_says_so(wired: Wired) -> None:
    with wired.database.transaction() as session:
        account, day = an_account(session), today(session)
        issued_on = day - timedelta(days=60)
        an_invoice(session, account, "120", issued_on=issued_on, due_on=issued_on)
        found = an_insolvent_debtor(session, account)
        account_id, insolvency_id = account.id, found.id
        claimed(session, wired.store, found)
        proving.send_proof(session, account_id, insolvency_id, "claims@mair.example")
    Worker(wired).drain()
    with wired.database.transaction() as session:
        claimed(session, wired.store, found, principal=money("100"), reason="One pallet came back")
        proving.send_proof(session, account_id, insolvency_id, "claims@mair.example")
    Worker(wired).drain()

    assert isinstance(wired.mailer, MemoryMail)
    first, second = (mail for mail in wired.mailer.sent if mail.to == "claims@mair.example")
    text = " ".join(first.text.replace("\xa0", " ").split())
    assert first.subject == "Our claim in the insolvency of Harbour Café Ltd"
    assert "We claim £120.00: what Harbour Café Ltd owed us at the beginning of 6 Mar 2026." in text
    assert "CR-2026-001234" in text
    assert "takes the place" not in text
    assert first.attachments[0].filename == f"claim-{insolvency_id}-1.pdf"
    assert first.attachments[0].content.startswith(b"%PDF claim")
    assert "takes the place of the claim that we sent before" in " ".join(second.text.split())
    assert second.attachments[0].filename == f"claim-{insolvency_id}-2.pdf"
    assert first.message_id != second.message_id
    with wired.database.reading() as session:
        told = [str(one.words) for one in timeline(session, account_id, Topic.MESSAGES).happenings]
    assert "Claim 1 was mailed to claims@mair.example" in told
