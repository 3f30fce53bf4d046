"""Tags: words that staff put on accounts, written one way, so that an account and its like are found again."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.accounts.model import ACCOUNTS
from domain.audit.recording import record
from domain.notes.model import TAGS
from domain.shared.actor import Actor
from domain.shared.db.inserting import insert_new
from domain.shared.db.session import now
from domain.shared.errors import N_, Invalid, NotFound

LONGEST = 40
ALLOWED = re.compile(r"[\w &+./\-]+")


def normalised(given: str) -> str:
    """The one way in which a tag is written: lower case, single spaces, no leading #; Invalid for what is none."""
    words = " ".join(unicodedata.normalize("NFC", given).replace("_", " ").split()).lstrip("# ").lower()
    if not words:
        raise Invalid(N_("Enter a word or two."), field="tag")
    if len(words) > LONGEST:
        raise Invalid(N_("A tag may have {most} characters at most."), field="tag", most=LONGEST)
    if not ALLOWED.fullmatch(words):
        raise Invalid(N_("A tag is made of letters, digits, spaces and - . / & +."), field="tag")
    return words


def tag(session: Session, account_ids: Collection[int], given: str, *, actor: Actor) -> list[int]:
    """Put a tag on these accounts, and return those that did not have it; the others stay as they are.

    Invalid for what is no tag; NotFound where one of the accounts is none.
    """
    words, ids = normalised(given), sorted(set(account_ids))
    known = set(session.scalars(select(ACCOUNTS.c.id).where(ACCOUNTS.c.id.in_(ids))))
    if known != set(ids):
        raise NotFound
    if actor.id is None:
        raise ValueError("tags are put by staff")
    rows = [{"account_id": one, "tag": words, "tagged_by": actor.id, "tagged_at": now(session)} for one in ids]
    added = insert_new(session, TAGS, ("account_id", "tag"), rows, returning=("account_id",)) if rows else []
    new = sorted(row.account_id for row in added)
    for account_id in new:
        _record(session, "account.tagged", account_id, words, actor)
    return new


def untag(session: Session, account_ids: Collection[int], given: str, *, actor: Actor) -> list[int]:
    """Take a tag off these accounts, and return those that had it."""
    words = normalised(given)
    gone = delete(TAGS).where(TAGS.c.account_id.in_(set(account_ids)), TAGS.c.tag == words)
    ids = sorted(session.scalars(gone.returning(TAGS.c.account_id)))
    for account_id in ids:
        _record(session, "account.untagged", account_id, words, actor)
    return ids


def _record(session: Session, act: str, account_id: int, words: str, actor: Actor) -> None:
    record(session, act, actor=actor, subject=("account", account_id), account_id=account_id, after={"name": words})
