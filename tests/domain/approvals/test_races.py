"""Races: two who may approve press at the same moment, and it is done once; so does whoever withdraws it meanwhile."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from domain.approvals.asking import withdraw
from domain.approvals.deciding import approve, refuse
from domain.approvals.model import ApprovalRequest, ApprovalStatus
from domain.approvals.wishes import CreditInvoice
from domain.invoicing.model import CreditNote
from domain.receivables.model import Invoice
from domain.shared.actor import Actor
from domain.shared.db.session import Database
from domain.shared.errors import Conflict
from domain.staff.model import Role
from tests.support.approving import asked, two
from tests.support.assigning import a_colleague
from tests.support.builders import an_account, an_invoice

MANAGERS = 4


def a_request(db: Database) -> tuple[int, int, Actor, list[Actor]]:
    """A request over an invoice of 900, that invoice, its asker and those who may approve it."""
    with db.transaction() as session:
        account, people = an_account(session), two(session)
        invoice_id = an_invoice(session, account, "900").id
        wish = CreditInvoice(invoice_id=invoice_id, amount_minor=600_00, why="Delivered broken")
        request_id = asked(session, account.id, wish, people.asker).id
        others = [a_colleague(session, f"Manager {place}", Role.MANAGER).id for place in range(MANAGERS)]
        return request_id, invoice_id, people.asker, [Actor.staff(each) for each in others]


def test_many_who_approve_at_once_do_it_once(committed_db: Database) -> None:
    db = committed_db
    request_id, invoice_id, _, managers = a_request(db)
    barrier = Barrier(MANAGERS)

    def press(actor: Actor) -> str:
        barrier.wait()
        try:
            with db.transaction() as session:
                approve(session, request_id, role=Role.MANAGER, actor=actor)
        except Conflict:
            return "too late"
        return "done"

    with ThreadPoolExecutor(MANAGERS) as pool:
        ends = Counter(pool.map(press, managers))

    assert ends == {"done": 1, "too late": MANAGERS - 1}
    with db.reading() as session:
        assert session.scalar(select(func.count()).select_from(CreditNote)) == 1
        assert session.get_one(Invoice, invoice_id).open_minor == 300_00


def test_approved_refused_and_withdrawn_at_once_it_ends_in_one_way(committed_db: Database) -> None:
    db = committed_db
    request_id, invoice_id, asker, managers = a_request(db)
    barrier = Barrier(3)

    def press(way: ApprovalStatus) -> ApprovalStatus | None:
        barrier.wait()
        try:
            with db.transaction() as session:
                if way is ApprovalStatus.APPROVED:
                    approve(session, request_id, role=Role.MANAGER, actor=managers[0])
                elif way is ApprovalStatus.REFUSED:
                    refuse(session, request_id, why="No", role=Role.MANAGER, actor=managers[1])
                else:
                    withdraw(session, request_id, actor=asker)
        except Conflict:
            return None
        return way

    ways = (ApprovalStatus.APPROVED, ApprovalStatus.REFUSED, ApprovalStatus.WITHDRAWN)
    with ThreadPoolExecutor(3) as pool:
        [ended] = [each for each in pool.map(press, ways) if each is not None]

    with db.reading() as session:
        assert session.get_one(ApprovalRequest, request_id).status is ended
        left = session.get_one(Invoice, invoice_id).open_minor
    assert left == (300_00 if ended is ApprovalStatus.APPROVED else 900_00)
