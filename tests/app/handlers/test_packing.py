"""Packing: what waits is made by the worker, and what cannot be made keeps nothing else from its turn."""

from __future__ import annotations

from dataclasses import replace

from app.handlers import packing
from app.wired import Wired
from app.worker import Worker
from domain.documents.rendering import Paper
from domain.dunning.turns import Did
from domain.evidence.asking import ask_for
from domain.evidence.model import About, Audience, EvidencePack, PackStatus
from domain.shared.actor import OPERATOR
from tests.support.builders import an_account


class BrokenRenderer:
    """Cannot print."""

    def render(self, template: str, data: Paper, language: str) -> bytes:
        """Never."""
        raise OSError("the disk is full")


def an_asked_pack(wired: Wired) -> int:
    """The id of a pack that waits."""
    with wired.database.transaction() as session:
        account_id = an_account(session).id
        return ask_for(
            session,
            account_id,
            About.ACCOUNT,
            account_id,
            audience=Audience.STAFF,
            language="en",
            actor=OPERATOR,
        ).id


def pack(wired: Wired, pack_id: int) -> EvidencePack:
    """It, as it stands."""
    with wired.database.reading() as session:
        return session.get_one(EvidencePack, pack_id)


def test_the_worker_makes_what_waits_and_writes_down_its_turn(wired: Wired) -> None:
    pack_id = an_asked_pack(wired)

    Worker(wired).drain()

    assert pack(wired, pack_id).status is PackStatus.READY
    assert packing.make_due(wired) == Did()


def test_what_cannot_be_made_waits_for_its_next_turn_and_says_why(wired: Wired) -> None:
    pack_id = an_asked_pack(wired)

    did = packing.make_due(replace(wired, renderer=BrokenRenderer()))

    kept = pack(wired, pack_id)
    assert (did.done, did.failures, did.error) == (0, 1, "the disk is full")
    assert (kept.status, kept.attempts) == (PackStatus.QUEUED, 1)
    assert "the disk is full" in str(kept.problem)
