"""Acts: what the audit trail has of the account: for staff all that is evidence, for a customer their own acts."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlalchemy import select

from domain.accounts import queries as accounts
from domain.audit.model import AUDIT_ENTRIES, AUDIT_PAYLOADS
from domain.audit.queries import Act, Position, acts_on_account
from domain.evidence.sources import MOST_ROWS, File, Record, Section, Sources, Table, json_file
from domain.reporting.acts import ACT_WORDS
from domain.reporting.timeline import WHO, happenings
from domain.shared.actor import ActorKind
from domain.shared.errors import N_
from domain.shared.hashing import instant_text
from domain.shared.words import Words

FOLDER = "acts"
ABOUT_OTHERS = (
    "message.",
    "movement.",
    "bank_line.",
    "round.",
    "fraud_warning.",
    "credit_check.",
    "application.",
    "task.",
    "group.",
    "audit.",
    "note.",
    "relation.",
    "approval.",
    "account.tagged",
    "account.untagged",
)
"""Acts that may name another customer or a third party, or are only how we work: never in a pack."""
THEIRS = frozenset({ActorKind.LOGIN, ActorKind.PAY_LINK})
"""Who acts in the portal."""
SIGN_IN = "login.signed_in"
BATCH = 500


def section(sources: Sources) -> Section:
    """The acts on the account with who, when, from where; and the sign-ins of those who may see it."""
    told = list(_told(sources))
    signed_in = _sign_ins(sources)
    files: list[File] = [
        json_file(f"{FOLDER}/acts.json", [record for record, _ in told]),
        json_file(f"{FOLDER}/sign-ins.json", signed_in),
    ]
    rows = [row for _, row in told[:MOST_ROWS]]
    head = (N_("Time"), N_("Who"), N_("What"))
    return Section(files, (Table(N_("Acts, newest first"), head, 3, rows, wide=2),))


def _told(sources: Sources) -> Iterator[tuple[Record, list[object]]]:
    """Each act, newest first, as a record and as a row of the index."""
    wanted = [act for act in ACT_WORDS if not act.startswith(ABOUT_OTHERS)]
    after: Position | None = None
    while acts := acts_on_account(sources.session, sources.account.id, acts=wanted, after=after, limit=BATCH):
        after = acts[-1].position
        kept = [act for act in acts if sources.for_staff or act.actor_kind in THEIRS]
        hashes = _hashes(sources, kept)
        for act, happening in zip(kept, happenings(sources.session, sources.account.id, kept), strict=True):
            who = sources.who(act.actor_kind, act.actor_id)
            record: Record = {
                "at": instant_text(act.at),
                "act": act.act,
                "what": str(happening.words),
                "by": who,
                "from_address": act.address if act.actor_kind in THEIRS else None,
                "about": act.subject_kind,
                "row_hash": hashes[act.id],
            }
            yield record, [act.at, who.get("name") or who_words(act.actor_kind), happening.words]


def who_words(kind: str) -> Words:
    """What somebody is called who has no name, or none that may be told."""
    return Words.of(WHO.get(ActorKind(kind), N_("us")))


def _hashes(sources: Sources, acts: list[Act]) -> dict[int, str]:
    """The hash of each act's row in the audit trail, which the seals cover."""
    wanted = select(AUDIT_ENTRIES.c.id, AUDIT_ENTRIES.c.hash).where(AUDIT_ENTRIES.c.id.in_([act.id for act in acts]))
    return {row.id: row.hash.hex() for row in sources.session.execute(wanted)}


def _sign_ins(sources: Sources) -> list[Record]:
    """When those who may see the account signed in, since they may, and from where; the oldest first."""
    found: list[Record] = []
    for login in accounts.logins_on(sources.session, sources.account.id):
        rows = sources.session.execute(
            select(AUDIT_ENTRIES.c.at, AUDIT_ENTRIES.c.hash, AUDIT_PAYLOADS.c.payload)
            .join(AUDIT_PAYLOADS, AUDIT_PAYLOADS.c.id == AUDIT_ENTRIES.c.id)
            .where(
                AUDIT_ENTRIES.c.subject_kind == "login",
                AUDIT_ENTRIES.c.subject_id == str(login.id),
                AUDIT_ENTRIES.c.act == SIGN_IN,
                AUDIT_ENTRIES.c.at >= login.granted_at,
            )
            .order_by(AUDIT_ENTRIES.c.id)
        )
        found += [
            {
                "at": instant_text(row.at),
                "login": login.name,
                "from_address": json.loads(row.payload or "{}").get("address"),
                "row_hash": row.hash.hex(),
            }
            for row in rows
        ]
    return sorted(found, key=lambda one: str(one["at"]))
