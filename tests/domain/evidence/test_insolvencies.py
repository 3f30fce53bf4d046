"""Insolvency in evidence packs: proceedings with what was claimed, admitted and paid; reasons are for staff alone."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from domain.accounts.queries import account as the_account
from domain.evidence.model import Audience
from domain.evidence.sections import insolvencies
from domain.evidence.sources import Sources
from domain.shared.db.session import Database, today
from tests.support.builders import an_account, an_invoice, money
from tests.support.insolvency import admitted, an_insolvent_debtor, claimed, declared
from tests.support.outside import MemoryStore, PlainRenderer


def told(session: Session, store: MemoryStore, account_id: int, audience: Audience, only: int | None = None) -> Any:
    """The files of the section, and what its JSON says."""
    sources = Sources(
        session,
        store,
        PlainRenderer(),
        the_account(session, account_id),
        audience,
        "en",
        None if only is None else frozenset({only}),
    )
    made = insolvencies.section(sources)
    content = b"".join(made.files[0].pieces()) if made.files else b"null"
    return [file.path for file in made.files], json.loads(content)


def test_a_pack_has_the_proceedings_and_reasons_are_for_staff_alone(db: Database) -> None:
    store = MemoryStore()
    with db.transaction() as session:
        account, day = an_account(session), today(session)
        issued_on = day - timedelta(days=60)
        first, _ = (an_invoice(session, account, each, issued_on=issued_on, due_on=day) for each in ("100", "50"))
        found = an_insolvent_debtor(session, account)
        claimed(session, store, found, principal=money("120"), reason="Pallets")
        admitted(session, found, "100", "Ours alone")
        declared(session, found, "10")

        files, staff = told(session, store, account.id, Audience.STAFF)
        seen, theirs = told(session, store, account.id, Audience.CUSTOMER)
        _, narrow = told(session, store, account.id, Audience.STAFF, first.id)

    [proceeding] = staff
    [claim] = proceeding["claims"]
    assert files == ["insolvencies/insolvencies.json", f"insolvencies/claims/claim-{found.id}-1.pdf"]
    assert seen == ["insolvencies/insolvencies.json"]
    assert (claim["principal_minor"], claim["computed_minor"], claim["reason"]) == (120_00, 150_00, "Pallets")
    assert claim["decisions"][0]["note"] == "Ours alone"
    assert [one["amount_minor"] for one in proceeding["dividends"]] == [10_00]
    assert "reason" not in theirs[0]["claims"][0]
    assert "note" not in theirs[0]["claims"][0]["decisions"][0]
    assert [one["invoice"] for one in narrow[0]["claims"][0]["invoices"]] == [first.number]


def test_without_a_proceeding_there_is_nothing(db: Database) -> None:
    with db.transaction() as session:
        account = an_account(session)

        assert told(session, MemoryStore(), account.id, Audience.STAFF) == ([], None)
